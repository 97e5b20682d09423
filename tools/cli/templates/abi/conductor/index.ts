// Moves a note by a number of semitones. `execute` gets the mapping's parameters as JSON and hands JSON back.

@external("conductor", "set_result")
declare function setResult(address: usize, length: i32): void;

const NONE: i64 = i64.MIN_VALUE;

export function init(): void {}

export function execute(address: usize, length: i32): i32 {
  const params = String.UTF8.decodeUnsafe(address, <usize>length);
  const note = numberAfter(params, '"note"', NONE);
  if (note == NONE) return answer(1, '{"error":"there is no note"}');
  const semitones = numberAfter(params, '"semitones"', 0);
  // Each alone, so that their sum cannot overflow.
  const stays = note >= 0 && note <= 127 && semitones >= -note && semitones <= 127 - note;
  if (!stays) return answer(1, '{"error":"the note would leave 0 to 127"}');
  return answer(0, '{"note":' + (note + semitones).toString() + "}");
}

/** The whole number behind a key. Enough for flat parameters; take a JSON library for more. */
function numberAfter(text: string, key: string, otherwise: i64): i64 {
  const at = text.indexOf(key);
  if (at < 0) return otherwise;
  const rest = text.substring(at + key.length).trimStart();
  if (!rest.startsWith(":")) return otherwise;
  const digits = rest.substring(1).trimStart();
  let end = digits.startsWith("-") ? 1 : 0;
  while (end < digits.length && digits.charCodeAt(end) >= 48 && digits.charCodeAt(end) <= 57) end++;
  // More digits than a note or an interval has are no number here.
  return end == 0 || end > 12 ? otherwise : i64.parse(digits.substring(0, end));
}

function answer(status: i32, json: string): i32 {
  const bytes = String.UTF8.encode(json);
  setResult(changetype<usize>(bytes), bytes.byteLength);
  return status;
}

export function alloc(size: i32): usize {
  return heap.alloc(<usize>max(size, 1));
}

export function dealloc(address: usize, _size: i32): void {
  heap.free(address);
}

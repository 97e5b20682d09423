// Moves a note by a number of semitones. The usual build: env.abort with a message and a line number, garbage collection.
@external('conductor', 'set_result')
declare function setResult(pointer: usize, length: i32): void;

export function alloc(size: i32): usize {
  return heap.alloc(<usize>max(size, 1));
}

export function init(): void {}

export function execute(pointer: usize, length: i32): i32 {
  const params = String.UTF8.decodeUnsafe(pointer, <usize>length);
  const note = numberOf(params, '"note":');
  assert(note >= 0 && note <= 127, 'a note is a number from 0 to 127');
  const answer = String.UTF8.encode('{"note":' + (note + numberOf(params, '"semitones":')).toString() + '}');
  setResult(changetype<usize>(answer), answer.byteLength);
  return 0;
}

function numberOf(text: string, key: string): i32 {
  const at = text.indexOf(key);
  return at < 0 ? 0 : i32.parse(text.substring(at + key.length));
}

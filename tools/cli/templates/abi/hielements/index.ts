// A library with one function, count, and one check, all_different, over a list of texts. Arguments and answers are JSON.

/** The text lent to the host until the next call. */
let lent: ArrayBuffer = new ArrayBuffer(0);

export function library_name(): usize {
  return lend('"__IDENTIFIER__"');
}

export function library_call(name: usize, args: usize, _workspace: usize): usize {
  if (read(name) != '"count"') return lend('{"error":"there is no such function"}');
  return lend('{"ok":' + texts(read(args)).length.toString() + "}");
}

export function library_check(name: usize, args: usize, _workspace: usize): usize {
  if (read(name) != '"all_different"') return lend('{"status":"error","message":"there is no such check"}');
  const seen = new Set<string>();
  const found = texts(read(args));
  for (let i = 0; i < found.length; i++) {
    if (seen.has(found[i])) return lend('{"status":"fail","message":"' + found[i] + ' occurs twice"}');
    seen.add(found[i]);
  }
  return lend('{"status":"pass"}');
}

/** The texts of a JSON value, without their quotes and with their escapes: fit to be put into another JSON text. */
function texts(json: string): string[] {
  const found: string[] = [];
  let at = json.indexOf('"');
  while (at >= 0) {
    let end = at + 1;
    while (end < json.length && json.charAt(end) != '"') end += json.charAt(end) == "\\" ? 2 : 1;
    found.push(json.substring(at + 1, end));
    at = json.indexOf('"', end + 1);
  }
  return found;
}

/** Up to the zero byte. */
function read(address: usize): string {
  let end = address;
  while (load<u8>(end) != 0) end++;
  return String.UTF8.decodeUnsafe(address, end - address);
}

function lend(json: string): usize {
  lent = String.UTF8.encode(json, true);
  return changetype<usize>(lent);
}

export function alloc(size: i32): usize {
  return heap.alloc(<usize>max(size, 1));
}

export function dealloc(address: usize, _size: i32): void {
  heap.free(address);
}

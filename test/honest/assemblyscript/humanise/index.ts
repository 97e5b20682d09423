// Moves a note a little, so that it sounds played by hand. Math.random, Date.now, console and trace are what the language
// offers; each becomes an import of `env` that says nothing about what the plugin can reach.
@external('conductor', 'set_result')
declare function setResult(pointer: usize, length: i32): void;

export function alloc(size: i32): usize {
  return heap.alloc(<usize>max(size, 1));
}

export function dealloc(pointer: usize, _size: i32): void {
  heap.free(pointer);
}

export function init(): void {
  console.log('ready at ' + Date.now().toString());
}

export function execute(pointer: usize, length: i32): i32 {
  const params = String.UTF8.decodeUnsafe(pointer, <usize>length);
  const at = params.indexOf('"velocity":');
  if (at < 0) {
    console.error('no velocity');
    return 1;
  }
  const velocity = parseInt(params.substring(at + 11));
  const moved = Math.round(velocity + (Math.random() - 0.5) * 8);
  trace('moved', 2, velocity, moved);
  const answer = String.UTF8.encode('{"velocity":' + Math.max(1, Math.min(127, moved)).toString() + '}');
  setResult(changetype<usize>(answer), answer.byteLength);
  return 0;
}

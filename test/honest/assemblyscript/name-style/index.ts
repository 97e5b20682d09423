// Checks that names are written in one style. Works on the arguments alone and reads no file; regular AssemblyScript with
// maps, classes and closures over nothing.
export function alloc(size: i32): usize {
  return heap.alloc(<usize>max(size, 1));
}

class Style {
  constructor(public readonly separator: string, public readonly capitals: bool) {}
}

const STYLES = new Map<string, Style>();
STYLES.set('snake', new Style('_', false));
STYLES.set('kebab', new Style('-', false));
STYLES.set('pascal', new Style('', true));

let answer: ArrayBuffer = new ArrayBuffer(0);

function say(json: string): usize {
  answer = String.UTF8.encode(json, true);
  return changetype<usize>(answer);
}

/** Up to the zero byte. */
function textAt(pointer: usize): string {
  let end = pointer;
  while (load<u8>(end) != 0) end++;
  return String.UTF8.decodeUnsafe(pointer, end - pointer);
}

export function library_name(): usize {
  return say('"name_style"');
}

export function library_call(_name: usize, _args: usize, _workspace: usize): usize {
  return say('{"ok":[' + STYLES.keys().map<string>((key) => '"' + key + '"').join(',') + ']}');
}

export function library_check(name: usize, args: usize, _workspace: usize): usize {
  const wanted = textAt(name).replaceAll('"', '');
  if (!STYLES.has(wanted)) return say('{"status":"error","message":"no such style"}');
  const style = STYLES.get(wanted);
  const names = textAt(args).split('"');
  for (let i = 1; i < names.length; i += 2) {
    const capital = names[i].charCodeAt(0) >= 65 && names[i].charCodeAt(0) <= 90;
    if (capital != style.capitals) return say('{"status":"fail","message":"' + names[i] + '"}');
  }
  return say('{"status":"pass"}');
}

// The modules inside a .wast script of the WebAssembly testsuite, as bytes. Only the outermost forms are looked at;
// the text of a module goes to wasm-tools as it stands.
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';

export interface WastModule {
  /** `valid` modules stand alone; the others are what an assertion says must be refused. */
  readonly expected: 'valid' | 'invalid' | 'malformed';
  readonly line: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const EXPECTED: Readonly<Record<string, WastModule['expected']>> = {
  module: 'valid',
  assert_invalid: 'invalid',
  assert_malformed: 'malformed',
};
const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '"': 34, "'": 39, '\\': 92 };

/** Every module of a script that can be assembled; a malformed text never can. */
export async function wastModules(script: string): Promise<WastModule[]> {
  const found: WastModule[] = [];
  for (const { text, line } of forms(script)) {
    const expected = EXPECTED[/^\((\w+)/.exec(text)?.[1] ?? ''];
    if (expected === undefined) continue;
    const module = expected === 'valid' ? text : (forms(text.slice(1)).next().value?.text ?? '');
    const bytes = await assemble(module);
    if (bytes !== undefined) found.push({ expected, line, bytes });
  }
  return found;
}

/** The parenthesised forms at the outermost level. */
function* forms(script: string): Generator<{ text: string; line: number }> {
  const tokens = /;;[^\n]*|\(;|;\)|"(?:[^"\\]|\\[\s\S])*"|[()]/g;
  let depth = 0;
  let comment = 0;
  let start = 0;
  for (const { 0: token, index } of script.matchAll(tokens)) {
    if (token === '(;') comment += 1;
    else if (token === ';)') comment -= 1;
    else if (comment > 0) continue;
    else if (token === '(' && depth++ === 0) start = index;
    else if (token === ')' && --depth === 0) {
      yield { text: script.slice(start, index + 1), line: script.slice(0, start).split('\n').length };
    }
  }
}

async function assemble(module: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const head = /^\(module\s+(?:definition\s+)?(?:\$\S+\s+)?(binary|quote|instance)?/.exec(module);
  if (head === null || head[1] === 'instance') return undefined;
  if (head[1] === 'binary') return strings(module);
  const text = head[1] === 'quote' ? new TextDecoder().decode(strings(module)) : module;
  try {
    const source = text.replace(/^\(module\s+definition/, '(module');
    return new Uint8Array(await parse(head[1] === 'quote' && !/^\s*\(module/.test(text) ? `(module ${text})` : source));
  } catch {
    return undefined;
  }
}

/** The contents of all strings, one after the other. */
function strings(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  // A comment is matched too, so that a quote inside it starts no string.
  for (const [, content = ''] of text.matchAll(/;;[^\n]*|"((?:[^"\\]|\\[\s\S])*)"/g)) {
    for (const [piece] of content.matchAll(/\\u\{[0-9a-fA-F]+\}|\\[0-9a-fA-F]{2}|\\[\s\S]|[^\\]+/g)) {
      if (!piece.startsWith('\\')) bytes.push(...new TextEncoder().encode(piece));
      else if (piece.startsWith('\\u')) {
        bytes.push(...new TextEncoder().encode(String.fromCodePoint(Number.parseInt(piece.slice(3), 16))));
      } else bytes.push(ESCAPES[piece[1] ?? ''] ?? Number.parseInt(piece.slice(1), 16));
    }
  }
  return Uint8Array.from(bytes);
}

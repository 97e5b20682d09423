// The JSON readers of the example plugins in Rust and C accept what JSON.parse accepts, and nothing else.
import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NATIVE_PLUGINS, nativeFile } from './testkit/native-plugins.ts';

interface Guest {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (size: number) => number;
  readonly dealloc: (address: number, size: number) => void;
}

/** Whether the plugin's entry takes the text: status 0. */
async function reader(folder: string, entry: string): Promise<(text: string) => boolean> {
  const plugin = NATIVE_PLUGINS.find((candidate) => candidate.folder === folder);
  if (plugin === undefined) throw new Error(`there is no ${folder}`);
  const module = await WebAssembly.compile(Uint8Array.from(await readFile(nativeFile(plugin))));
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    imports[from] = { ...imports[from], [name]: () => 0 };
  const { exports } = await WebAssembly.instantiate(module, imports);
  const {
    memory,
    alloc,
    dealloc,
    [entry]: call,
  } = exports as unknown as Guest & Record<string, (...values: number[]) => number>;
  return (text) => {
    const bytes = new TextEncoder().encode(text);
    const address = alloc(bytes.length);
    new Uint8Array(memory.buffer).set(bytes, address);
    const status = call?.(address, bytes.length);
    dealloc(address, bytes.length);
    return status === 0;
  };
}

const accepted = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

const READERS = [
  { folder: 'permutation-entropy', entry: 'analyze', member: '' },
  { folder: 'scale-harmoniser', entry: 'execute', member: '"note":60,' },
];

test.each(READERS)('$folder', async ({ folder, entry, member }) => {
  const takes = await reader(folder, entry);
  const object = fc
    .json({ maxDepth: 5 })
    .map((text) => `{${member}"x": ${text}, "y":[-0, 1.5e+3, 0.25, "\\u00e9\\n"]}`);
  const pieces = fc.constantFrom(
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '-',
    '.',
    'e',
    'tru',
    ' ',
    '\t',
    '\u0001',
    'é',
    '\\u12',
    '01',
  );
  let refused = 0;
  fc.assert(
    fc.property(object, fc.nat(), fc.nat(2), pieces, (text, at, length, piece) => {
      expect(takes(text), text).toBe(true);
      // After the member the plugin needs, so that only the grammar decides.
      const start = 1 + member.length + (at % (text.length - 1 - member.length));
      const changed = text.slice(0, start) + piece + text.slice(start + length);
      // A surrogate without its other half is JSON to JavaScript and no text to anybody else.
      fc.pre(!/\\u[dD]/.test(changed));
      if (!accepted(changed)) refused += 1;
      expect(takes(changed), changed).toBe(accepted(changed));
    }),
    { numRuns: 1_500 },
  );
  expect(refused).toBeGreaterThan(300);
  for (const open of ['[', '{"a":']) expect(takes(`{${member}"x":${open.repeat(5_000)}`)).toBe(false);
});

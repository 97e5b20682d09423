// Facts against what the running engine says about the same module.
import { type ModuleFacts, readWasm } from '@plugmark/wasm';
import { expect } from 'vitest';

function readCore(bytes: Uint8Array): ModuleFacts {
  const facts = readWasm(bytes);
  if (facts.kind !== 'core') throw new TypeError('a core module was expected');
  return facts;
}

/** Compares imports, exports and custom sections; `bytes` must be a core module the engine accepts. */
export function expectEngineAgrees(bytes: Uint8Array<ArrayBuffer>): ModuleFacts {
  const facts = readCore(bytes);
  const module = new WebAssembly.Module(bytes);
  expect(facts.imports.map(({ module: from, name, kind }) => ({ module: from, name, kind }))).toEqual(
    WebAssembly.Module.imports(module),
  );
  expect(facts.exports.map(({ name, kind }) => ({ name, kind }))).toEqual(WebAssembly.Module.exports(module));
  for (const name of new Set(facts.customSections.map((section) => section.name))) {
    const contents = facts.customSections
      .filter((section) => section.name === name)
      .map(({ offset, size }) => bytes.subarray(offset, offset + size));
    const expected = WebAssembly.Module.customSections(module, name).map((content) => new Uint8Array(content));
    expect(contents.length).toBe(expected.length);
    expect(contents.every((content, index) => equalBytes(content, expected[index]))).toBe(true);
  }
  return facts;
}

/** By hand, since `toEqual` on megabytes takes seconds. */
function equalBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, index) => byte === b[index]);
}

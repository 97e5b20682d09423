// Inspection of other people's modules against what the engine says of them.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspectArtifact } from '@plugmark/analysis';
import { Inspection, parse } from '@plugmark/schemas';
import { WasmError } from '@plugmark/wasm';
import { expect, test } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const FILES = globSync('**/*.wasm', { cwd: PACKAGES }).sort();

test.each(FILES)('%s', async (file) => {
  const bytes = new Uint8Array(readFileSync(join(PACKAGES, file)));
  const found = parse(Inspection, await inspectArtifact(bytes), file);
  const module = new WebAssembly.Module(bytes);
  if (found.kind !== 'core') throw new TypeError('a core module was expected');
  expect(found.imports.map(({ module: from, name, kind }) => ({ module: from, name, kind }))).toEqual(
    WebAssembly.Module.imports(module),
  );
  expect(found.exports.map(({ name, kind }) => ({ name, kind }))).toEqual(WebAssembly.Module.exports(module));
  expect(found.size).toBe(bytes.length);
});

test('the dprint plugins are among them', () => {
  expect(FILES).toEqual(
    expect.arrayContaining(
      ['dockerfile', 'json', 'toml', 'typescript'].map((name) => join('@dprint', name, 'plugin.wasm')),
    ),
  );
});

test('what is no module is a WasmError', async () => {
  await expect(inspectArtifact(new TextEncoder().encode('<!doctype html>'))).rejects.toBeInstanceOf(WasmError);
});

// Every .wasm file of the installed packages: other people's compilers, found by looking, so that a dependency's
// update brings new ones.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectEngineAgrees } from './engine.ts';

const PACKAGES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const FILES = globSync('**/*.wasm', { cwd: PACKAGES }).sort();
/** The plugins the registry lists must be among them. */
const PLUGINS = ['dockerfile', 'json', 'toml', 'typescript'].map((name) => join('@dprint', name, 'plugin.wasm'));

test('the plugins of the registry are there', () => {
  expect(FILES).toEqual(expect.arrayContaining(PLUGINS));
});

describe.each(FILES)('%s', (file) => {
  const bytes = new Uint8Array(readFileSync(join(PACKAGES, file)));

  test('agrees with the engine', () => {
    const facts = expectEngineAgrees(bytes);
    expect(facts.size).toBe(bytes.length);
    for (const { minPages, maxPages = minPages, pageSize } of facts.memories) {
      expect(pageSize).toBe(65536);
      expect(minPages).toBeLessThanOrEqual(maxPages);
      expect(maxPages).toBeLessThanOrEqual(65536);
    }
    const code = facts.sections.find(({ name }) => name === 'code');
    expect(facts.codeSize).toBe(code?.size ?? 0);
    expect(facts.exports.filter(({ type }) => type === '')).toEqual([]);
  });
});

test('a plugin in full', () => {
  const { producers, targetFeatures, moduleName, memories, imports, start, dynamicLinking } = expectEngineAgrees(
    new Uint8Array(readFileSync(join(PACKAGES, '@dprint/json/plugin.wasm'))),
  );
  expect(imports).toEqual([]);
  expect(memories).toEqual([{ imported: false, minPages: 17, shared: false, memory64: false, pageSize: 65536 }]);
  expect({ moduleName, start, dynamicLinking }).toEqual({
    moduleName: 'dprint_plugin_json.wasm',
    start: undefined,
    dynamicLinking: false,
  });
  expect(producers.map(({ field }) => field)).toEqual(['language', 'processed-by']);
  expect(targetFeatures).toContain('+bulk-memory');
});

test('the data segments fill their section but for their headers', () => {
  const bytes = new Uint8Array(readFileSync(join(PACKAGES, '@dprint/toml/plugin.wasm')));
  const { sections, dataSegments, functionCount } = expectEngineAgrees(bytes);
  const data = sections.find(({ name }) => name === 'data');
  const used = dataSegments.reduce((sum, { size }) => sum + size, 0);
  expect(functionCount).toBeGreaterThan(100);
  expect(used).toBeLessThanOrEqual(data?.size ?? 0);
  expect(used).toBeGreaterThan((data?.size ?? 0) - 16 * (dataSegments.length + 1));
});

// The whole table again: our own plugins compiled anew where the compilers are, other people's where the corpus is.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusPath } from '../wasm/corpus.ts';
import { compile, compileCore, compilerProblem, HONEST } from './build.ts';
import { ADAPTED, COMPILERS, type Language, RECIPES } from './recipes.ts';
import { checkPath, corpusRow, recordedRows } from './verdicts.ts';
import { parseltongueWit, wrapComponent } from './wrap-component.ts';

describe.each(Object.keys(COMPILERS) as Language[])('%s', (language) => {
  const problem = compilerProblem(language);
  if (problem !== undefined) process.stderr.write(`honest ${language} plugins are not made anew: ${problem}\n`);

  test.skipIf(problem !== undefined).each(RECIPES.filter((recipe) => recipe.language === language))(
    '$folder compiles to the committed bytes',
    async (recipe) => {
      const committed = readFileSync(join(HONEST, recipe.folder, 'plugin.wasm'));
      expect(Buffer.compare(await compile(recipe), committed)).toBe(0);
    },
  );
});

const folder = process.env['PLUGMARK_CORPUS_DIR'] ?? '';
const present = corpusFiles().filter((entry) => entry.host !== undefined && existsSync(corpusPath(folder, entry)));
if (folder === '') process.stderr.write('honest plugins of other people skipped: PLUGMARK_CORPUS_DIR is not set\n');

const ADAPTER = join(folder, '@bytecodealliance+jco@1.35.0/lib/wasi_snapshot_preview1.reactor.wasm');
const withoutAdapter = !existsSync(ADAPTER) || compilerProblem('c') !== undefined;

test.skipIf(withoutAdapter)('a component that prints through WASI passes and can do nothing', async () => {
  const adapter = new Uint8Array(readFileSync(ADAPTER));
  const bytes = await wrapComponent(compileCore(ADAPTED), parseltongueWit(), [['wasi_snapshot_preview1', adapter]]);
  const scratch = mkdtempSync(join(tmpdir(), 'plugmark-honest-'));
  try {
    writeFileSync(join(scratch, 'plugin.wasm'), bytes);
    const { verdict, capabilities } = await checkPath(join(scratch, 'plugin.wasm'), 'parseltongue');
    expect([verdict, capabilities?.derived]).toEqual(['pass', []]);
    expect(capabilities?.runtime.map(({ module }) => module)).toContain('wasi:cli/stdout');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

test.skipIf(folder === '')('there are plugins of other people', () => {
  expect(present.length).toBeGreaterThan(0);
});

test.skipIf(folder === '').each(present)('$package@$version passes under $host, as the table says', async (entry) => {
  const row = await corpusRow(folder, entry);
  expect(row.verdict).toBe('pass');
  expect(recordedRows()).toContainEqual(row);
});

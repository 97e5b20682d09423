// The whole table again: our own plugins compiled anew where the compilers are, other people's where the corpus is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusPath } from '../wasm/corpus.ts';
import { compile, compilerProblem, HONEST } from './build.ts';
import { COMPILERS, type Language, RECIPES } from './recipes.ts';
import { corpusRow, recordedRows } from './verdicts.ts';

describe.each(Object.keys(COMPILERS) as Language[])('%s', (language) => {
  const problem = compilerProblem(language);
  if (problem !== undefined) process.stderr.write(`honest ${language} plugins are not made anew: ${problem}\n`);

  test.skipIf(problem !== undefined).each(RECIPES.filter((recipe) => recipe.language === language))(
    '$folder compiles to the committed bytes',
    (recipe) => {
      const committed = readFileSync(join(HONEST, recipe.folder, 'plugin.wasm'));
      expect(Buffer.compare(compile(recipe), committed)).toBe(0);
    },
  );
});

const folder = process.env['PLUGMARK_CORPUS_DIR'] ?? '';
const present = corpusFiles().filter((entry) => entry.host !== undefined && existsSync(corpusPath(folder, entry)));
if (folder === '') process.stderr.write('honest plugins of other people skipped: PLUGMARK_CORPUS_DIR is not set\n');

test.skipIf(folder === '')('there are plugins of other people', () => {
  expect(present.length).toBeGreaterThan(0);
});

test.skipIf(folder === '').each(present)('$package@$version passes under $host, as the table says', async (entry) => {
  const row = await corpusRow(folder, entry);
  expect(row.verdict).toBe('pass');
  expect(recordedRows()).toContainEqual(row);
});

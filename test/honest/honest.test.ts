// Honest plugins pass as they are, and the same bytes are refused when the manifest leaves out what they can do.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { corpusFiles } from '../wasm/corpus.ts';
import { HONEST } from './build.ts';
import { RECIPES } from './recipes.ts';
import { tableJson, tableMarkdown } from './render-table.ts';
import { checkPath, corpusName, type HonestRow, ownRow, REPOSITORY, recordedRows } from './verdicts.ts';

const recorded = recordedRows();
const FOR_HOSTS = corpusFiles().filter(({ host }) => host !== undefined);

describe.each(RECIPES)('$folder', (recipe) => {
  test('passes, as the table says', async () => {
    const row = await ownRow(recipe);
    expect(row.verdict).toBe('pass');
    expect(recorded).toContainEqual(row);
  });
});

const CAPABLE = RECIPES.filter(({ folder }) =>
  recorded.some(({ plugin, capabilities }) => plugin === folder && capabilities.length > 0),
);

test.each(CAPABLE)('$folder without its capabilities in the manifest is refused', async ({ folder }) => {
  const scratch = mkdtempSync(join(tmpdir(), 'plugmark-honest-'));
  try {
    cpSync(join(HONEST, folder), scratch, { recursive: true });
    const file = join(scratch, readdirSync(scratch).find((name) => name.endsWith('.yaml')) ?? '');
    const { capabilities: _, permissions: __, ...manifest } = parseYaml(readFileSync(file, 'utf8'));
    writeFileSync(file, stringify(manifest));
    const { verdict, outcomes } = await checkPath(scratch);
    expect(verdict).toBe('fail');
    expect(outcomes.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId))).toContain(
      'wasm.import-undeclared',
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

test('the table has every honest plugin once, by the bytes that are listed', () => {
  const expected = [
    ...RECIPES.map(({ folder }) => [folder, undefined]),
    ...FOR_HOSTS.map((entry) => [corpusName(entry), entry.sha256]),
  ];
  expect(recorded.map(({ plugin, sha256 }) => [plugin, plugin.includes('@') ? sha256 : undefined])).toEqual(expected);
});

test('at least 95 % pass, and none is refused', () => {
  const of = (verdict: string): HonestRow[] => recorded.filter((row) => row.verdict === verdict);
  expect(recorded.length).toBeGreaterThan(80);
  expect(of('pass').length / recorded.length).toBeGreaterThanOrEqual(0.95);
  expect(of('fail')).toEqual([]);
});

test('what is shown is made from what is recorded', () => {
  const read = (name: string): string => readFileSync(join(HONEST, name), 'utf8');
  expect(read('table.json')).toBe(tableJson(recorded));
  expect(read('table.md')).toBe(tableMarkdown(recorded));
});

test.each(['dockerfile', 'json', 'toml', 'typescript'])(
  '@dprint/%s as installed has the verdict of the table',
  async (name) => {
    const { subject, verdict } = await checkPath(
      join(REPOSITORY, 'node_modules/@dprint', name, 'plugin.wasm'),
      'dprint',
    );
    expect(recorded).toContainEqual(expect.objectContaining({ sha256: subject.artifact.sha256, verdict }));
  },
);

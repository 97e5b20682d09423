// One template of each language is built here; all of them in templates.slow.test.ts.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from '../testkit/run-process.ts';
import { proveTemplate } from './prove-template.ts';
import { buildProblem, initPlugin, makeWorkplace, TEMPLATE_CASES, type TemplateCase } from './template-cases.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const BUILT_HERE: readonly string[] = ['ddalab rust', 'hielements c', 'conductor assemblyscript'];
let workplace: string;

beforeAll(async () => {
  workplace = await mkdtemp(join(tmpdir(), 'plugmark-init-'));
  await makeWorkplace(workplace);
});

afterAll(() => rm(workplace, { recursive: true, force: true }));

const title = ({ host, template }: TemplateCase): string => `${host} ${template}`;

for (const row of TEMPLATE_CASES) {
  const problem = BUILT_HERE.includes(title(row)) ? await buildProblem(row) : 'built in templates.slow.test.ts';
  if (problem === undefined)
    test(`${title(row)}: builds, passes check, runs its vectors`, () => proveTemplate(workplace, row), 120_000);
  else
    test(`${title(row)}: every word is filled in (${problem})`, async () => {
      const made = await initPlugin(workplace, row);
      expect([made.exit, made.stderr]).toEqual([0, '']);
    });
}

test('no word of a template is left open, and the manifest has the host’s own name', async () => {
  for (const row of TEMPLATE_CASES) {
    const folder = join(workplace, `${row.host}-${row.template}`);
    const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const texts = names.filter(({ name }) => !name.endsWith('.wasm'));
    expect(texts.map(({ name }) => name)).toContain(row.manifest);
    for (const { parentPath, name } of texts) {
      const text = await readFile(join(parentPath, name), 'utf8');
      expect(text.match(/__[A-Z][A-Z_]*__/g), `${title(row)} ${name}`).toBeNull();
    }
  }
});

test('the packed command carries every template', async () => {
  const packed = await runProcess('npm', ['pack', '--dry-run', '--json', '--workspace', 'tools/cli'], REPOSITORY);
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
  const there = files.map(({ path }) => path).filter((path) => path.startsWith('templates/'));
  const templates = join(REPOSITORY, 'tools/cli/templates');
  const names = (await readdir(templates, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const wanted = names.map(({ parentPath, name }) =>
    join(parentPath, name).slice(templates.length - 'templates'.length),
  );
  expect(there.sort()).toEqual(wanted.sort());
});

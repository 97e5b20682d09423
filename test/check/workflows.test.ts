// Every file below .github and the workflow that `plugmark init` writes, then one vector for each way around a rule.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pluginFiles } from '../../tools/cli/src/plugin-files.ts';
import { TEMPLATE_NAMES } from '../../tools/cli/src/plugin-templates.ts';
import { TOOLS } from '../../tools/cli/src/tools-commit.ts';
import { CORE_HOST } from '../testkit/host-profile.ts';
import { filesBelow } from './repository-files.ts';
import { WORKFLOW_RULES } from './workflow-rules.ts';
import { violationsIn, workflowViolations } from './workflows.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const VECTORS = join(REPOSITORY, 'test/vectors/workflows');

test('everything below .github keeps the rules', () => {
  expect(workflowViolations(REPOSITORY)).toEqual([]);
});

test.each(TEMPLATE_NAMES)('the workflow that init writes for %s keeps them, in twelve lines', async (template) => {
  const files = await pluginFiles({
    plugin: 'acme/thing',
    license: 'MIT',
    template,
    profile: { ...CORE_HOST, abi: 'raw' },
    vectors: ['bounds'],
    summary: 'It does',
    readme: 'README.md',
    repository: 'plugmark/registry',
  });
  const text = new TextDecoder().decode(files.get('.github/workflows/release.yml'));
  expect(violationsIn(text, 'workflow').filter(({ rule }) => rule !== 'concurrency')).toEqual([]);
  expect(text.trimEnd().split('\n').length).toBe(12);
});

test('all tools come from one commit', () => {
  const files = filesBelow(REPOSITORY, '.github').filter((path) => /\.ya?ml$/.test(path));
  const named = files.flatMap((path) =>
    [...readFileSync(join(REPOSITORY, path), 'utf8').matchAll(/ref: ([0-9a-f]{40})/g)].map(([, commit]) => commit),
  );
  expect([...new Set(named)]).toEqual([TOOLS.commit]);
});

test('the live site that is looked at is the registry’s own', () => {
  const { url } = JSON.parse(readFileSync(join(REPOSITORY, 'registry/registry.json'), 'utf8')) as { url: string };
  expect(readFileSync(join(REPOSITORY, '.github/workflows/look-ahead.yml'), 'utf8')).toContain(`--registry ${url} `);
});

interface Vector {
  readonly name: string;
  readonly text: string;
  readonly rules: readonly string[];
}

const CASES: readonly Vector[] = readdirSync(VECTORS).map((name) => ({
  name,
  // The commit changes with every release of the tools.
  text: readFileSync(join(VECTORS, name, 'workflow.yml'), 'utf8').replace('TOOLS_COMMIT', TOOLS.commit),
  rules: (JSON.parse(readFileSync(join(VECTORS, name, 'expect.json'), 'utf8')) as { rules: string[] }).rules,
}));

describe('vectors', () => {
  test.each(CASES)('$name', ({ name, text, rules }) => {
    expect([...new Set(violationsIn(text, 'workflow').map(({ rule }) => rule))]).toEqual(rules);
    expect(rules.length > 0).toBe(name.endsWith('_fail'));
  });

  test('every rule has one', () => {
    expect([...new Set(CASES.flatMap(({ rules }) => rules))].sort()).toEqual(Object.keys(WORKFLOW_RULES).sort());
  });
});

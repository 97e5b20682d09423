// Every file below .github and the workflow that `plugmark init` writes, then one vector for each way around a rule.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { releaseWorkflow, TOOLS as TOOLS_OF_PAGES } from '../../site/src/data/release-workflow.ts';
import { CRONS, ENVIRONMENTS, SECRETS } from '../../tools/cli/src/office/settings.ts';
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
  const [, build = ''] = /build: ("[^"]+")/.exec(text) ?? [];
  const repository = 'https://github.com/plugmark/registry';
  expect(releaseWorkflow({ repository, build: JSON.parse(build) as string, artifact: 'thing.wasm' })).toBe(text);
});

test('the workflow of /analyse/ keeps them for any name of a file, and is none where the registry is not on GitHub', () => {
  const repository = 'https://github.com/plugmark/registry.git';
  for (const artifact of ['a.wasm', '{ x: "y" }.wasm', "it's.wasm", '- #.wasm'])
    expect(
      violationsIn(releaseWorkflow({ repository, build: './build.sh', artifact }) ?? '', 'workflow').filter(
        ({ rule }) => rule !== 'concurrency',
      ),
    ).toEqual([]);
  expect(releaseWorkflow({ repository: undefined, build: 'x', artifact: 'a.wasm' })).toBeUndefined();
  expect(TOOLS_OF_PAGES).toEqual(TOOLS);
});

test('all tools come from one commit', () => {
  const files = filesBelow(REPOSITORY, '.github').filter((path) => /\.ya?ml$/.test(path));
  const named = files.flatMap((path) =>
    [...readFileSync(join(REPOSITORY, path), 'utf8').matchAll(/ref: ([0-9a-f]{40})/g)].map(([, commit]) => commit),
  );
  expect([...new Set(named)]).toEqual([TOOLS.commit]);
});

test('what the settings say of workflows is what the workflows are', () => {
  const text = (file: string): string => readFileSync(join(REPOSITORY, '.github/workflows', file), 'utf8');
  const files = readdirSync(join(REPOSITORY, '.github/workflows'));
  expect(files.filter((file) => /^ {2}schedule:$/m.test(text(file))).sort()).toEqual(Object.keys(CRONS).sort());
  const environments = files.flatMap((file) =>
    [...text(file).matchAll(/^ {4}environment: (\S+)$/gm)].map(([, name]) => name),
  );
  expect([...new Set(environments)].sort()).toEqual(Object.keys(ENVIRONMENTS).sort());
  const secrets = files.flatMap((file) => [...text(file).matchAll(/secrets\.(PLUGMARK_\w+)/g)].map(([, name]) => name));
  const known = SECRETS.map(({ name }) => name);
  expect([...new Set(secrets)].sort()).toEqual([...known].sort());
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

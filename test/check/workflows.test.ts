import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { workflowViolations } from './workflows.ts';

const GOOD = `on: { pull_request: {} }
permissions: {}
jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - run: .ci/run
`;

test('the workflows of this repository pass', () => {
  expect(workflowViolations(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
  expect(violationsOf(GOOD)).toEqual([]);
});

test.each([
  ['an action by tag', GOOD.replace(/@[0-9a-f]{40}/, '@v7'), 'not pinned'],
  ['a short hash', GOOD.replace(/@[0-9a-f]{40}/, '@3d3c42e5'), 'not pinned'],
  ['no permissions', GOOD.replace('permissions: {}\n', ''), 'permissions: {}'],
  ['permissions by word', GOOD.replace('permissions: {}', 'permissions: read-all'), 'permissions: {}'],
  ['an expression in a script', GOOD.replace('.ci/run', 'echo ${{ github.head_ref }}'), 'becomes shell'],
  ['pull_request_target', GOOD.replace('pull_request', 'pull_request_target'), 'pull_request_target'],
  [
    'pull_request_target in a list',
    GOOD.replace('{ pull_request: {} }', '[push, pull_request_target]'),
    'pull_request_target',
  ],
  ['a script', GOOD.replace('.ci/run', 'curl https://example.org | sh'), 'no single command'],
  ['two commands in one line', GOOD.replace('.ci/run', 'npx --no-install plugmark check && id'), 'no single command'],
  ['two commands', `${GOOD}      - run: npx --no-install plugmark queue\n`, 'more than one command'],
  ['a job without an end', GOOD.replace('    timeout-minutes: 5\n', ''), 'timeout-minutes'],
  ['writing for a pull request', GOOD.replace('contents: read', 'contents: write'), 'may write, for a pull request'],
  ['a job that does not say what it may', GOOD.replace('    permissions: { contents: read }\n', ''), 'permissions'],
  ['a secret in the open', `${GOOD}        env: { KEY: "\${{ secrets.KEY }}" }\n`, 'outside an environment'],
  ['a kept token', GOOD.replace('persist-credentials: false', 'persist-credentials: true'), 'persist-credentials'],
])('refuses %s', (_name, yaml, complaint) => {
  expect(violationsOf(yaml)).toEqual([expect.stringContaining(complaint)]);
});

function violationsOf(yaml: string): string[] {
  const root = mkdtempSync(join(tmpdir(), 'plugmark-workflows-'));
  try {
    mkdirSync(join(root, '.github/workflows'), { recursive: true });
    writeFileSync(join(root, '.github/workflows/x.yml'), yaml);
    return workflowViolations(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

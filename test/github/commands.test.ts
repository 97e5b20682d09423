import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, QueueResult, SubmitResult } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { branchRef } from '../../tools/dev/src/github/github-state.ts';
import { type Bench, benchForEach } from './reviewing.ts';

let bench: Bench;
benchForEach((opened) => {
  bench = opened;
});

const release = { plugin: 'acme/thing', version: '1.2.0' };

describe('the other commands', () => {
  test('queue says what waits, by which rule and until when, and writes nothing', async () => {
    const { people } = bench;
    await bench.submit(await bench.signed({ plugin: 'acme/lantern', version: '0.1.0' }), people.alice);
    await bench.review();
    bench.later(60);
    const written = bench.github.requests.length;
    const argv = ['queue', '--repository', 'plugmark/registry', '--artifacts', `${bench.folder}/artifacts`, '--json'];
    const ended = await bench.run(argv, { cwd: bench.checkout });
    const { waiting } = parse(QueueResult, JSON.parse(ended.stdout), 'queue');
    expect(waiting).toMatchObject([
      { pull: 1, author: 'alice', ageMinutes: 60, answer: 'wait', until: '2026-11-04T09:00:00Z' },
    ]);
    expect(bench.github.requests.slice(written).filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  test('a dry run of submit prints exactly the tree that a real one pushes, and asks nobody', async () => {
    const { people, github } = bench;
    const folder = await bench.signed(release);
    const before = github.requests.length;
    const planned = await bench.submit(folder, people.alice, '--dry-run');
    expect(github.requests.length).toBe(before);
    const real = await bench.submit(folder, people.alice);
    expect([real.tree, real.folder, real.message]).toEqual([planned.tree, planned.folder, planned.message]);
    const { git } = github.state;
    const head = (await git.readRef(branchRef(bench.forkOf('alice'), planned.branch))) ?? '';
    const pushed = await git.readTree(head, { recursive: true });
    for (const { path, sha, size } of planned.tree)
      expect(pushed).toContainEqual({ path, mode: '100644', type: 'blob', sha, size });
    // As Git itself names it, and nothing beside it: the folder's tree has no other entry.
    expect(await git.git(['rev-parse', `${head}:${planned.folder.path}`])).toBe(planned.folder.sha);
    expect(await git.git(['log', '-1', '--format=%B', head])).toBe(`${planned.message}\n`);
    const changed = await git.git(['diff', '--name-only', `${head}^`, head]);
    expect(changed.split('\n').sort()).toEqual(planned.tree.map(({ path }) => path).sort());
  });

  test('submitting again moves the branch and keeps the pull request', async () => {
    const { people } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    const again = await bench.submit(await bench.signed({ ...release, vectors: ['one'] }), people.alice);
    expect(again.pull).toMatchObject({ number: 1, updated: true });
  });

  test('without a token the steps are printed, and git does by them what a token would have done', async () => {
    const { github, folder: temporary, people, registry } = bench;
    const folder = await bench.signed({ plugin: 'acme/lantern', version: '0.1.0' });
    const argv = ['submit', folder, '--repository', 'plugmark/registry', '--registry', `${bench.checkout}/registry`];
    const ended = await bench.run([...argv, '--json']);
    expect(ended.exit).toBe(4);
    const planned = parse(SubmitResult, JSON.parse(ended.stdout), 'submit');
    const work = await mkdtemp(join(temporary, 'by-hand-'));
    const network = `file://${github.state.git.folder}`;
    for (const step of (planned.steps ?? []).slice(0, -1)) {
      const isPush = step.includes(' push ');
      const owner = isPush ? people.alice.id : registry.owner.id;
      execFileSync('sh', ['-c', step.replace('<you>', 'alice')], {
        cwd: work,
        stdio: 'pipe',
        env: {
          PATH: process.env['PATH'],
          GIT_NAMESPACE: `${owner}-registry`,
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `url.${network}.insteadOf`,
          GIT_CONFIG_VALUE_0: `https://github.com/${isPush ? 'alice' : 'plugmark'}/registry.git`,
          ...Object.fromEntries(
            ['AUTHOR', 'COMMITTER'].flatMap((role) => [
              [`GIT_${role}_NAME`, 'alice'],
              [`GIT_${role}_EMAIL`, 'a@example.org'],
            ]),
          ),
        },
      });
    }
    const { git } = github.state;
    const head = await git.git([
      'rev-parse',
      `refs/namespaces/${people.alice.id}-registry/refs/heads/${planned.branch}`,
    ]);
    const listed = await git.git(['ls-tree', '-r', head, '--', 'registry/plugins/acme/lantern']);
    const wanted = planned.tree.map(({ path, mode, sha }) => `${mode} blob ${sha}\t${path}`);
    expect(listed.split('\n').sort()).toEqual(wanted.sort());
  });

  test('a lost answer to opening does not open it twice', async () => {
    const { people, github } = bench;
    github.faults.push({ kind: 'truncated', on: /^POST .*\/pulls$/, times: 1 });
    const { pull } = await bench.submit(await bench.signed(release), people.alice);
    expect(pull?.number).toBe(1);
    expect(github.state.pulls.get(bench.registry.id)).toHaveLength(1);
  });
});

// Submit, review, merge: the commands against GitHub on this machine, over real Git objects.
import { createHash } from 'node:crypto';
import { MERGE_MARKER } from '@plugmark/analysis';
import { describe, expect, test } from 'vitest';
import { editJson, type Json } from '../testkit/registry-folder.ts';
import { type Bench, benchForEach, openBench } from './reviewing.ts';

let bench: Bench;
benchForEach((opened) => {
  bench = opened;
});

const release = { plugin: 'acme/thing', version: '1.2.0' };

describe('a release by an owner', () => {
  test('waits, is merged with its head, and publishing is started', async () => {
    const { people, github, registry } = bench;
    const submitted = await bench.submit(await bench.signed(release), people.alice);
    expect(submitted.pull).toMatchObject({ number: 1, updated: false });

    const first = await bench.review();
    expect(first.reviewed[0]?.decision).toMatchObject({ answer: 'wait', until: '2026-11-01T09:05:00Z' });
    expect(first.reviewed[0]?.actions).toEqual(['commented', 'labelled']);
    expect([...(github.state.pulls.get(registry.id)?.[0]?.labels ?? [])]).toEqual(['plugmark: waits']);

    const again = await bench.review();
    expect(again.reviewed[0]?.actions).toEqual(['none']);
    expect(bench.comments()).toHaveLength(1);

    bench.later(5);
    const last = await bench.review();
    expect(last.reviewed[0]?.decision?.answer).toBe('merge');
    expect(last.reviewed[0]?.merged).toBe(await bench.mainSha());
    expect(bench.comments()).toHaveLength(1);
    expect(bench.comments()[0]?.body).toMatch(new RegExp(`^${MERGE_MARKER}`));
    expect(bench.comments()[0]?.body).toContain('✅ Merged');
    expect(github.state.dispatches).toEqual([{ repository: registry.id, workflow: 'publish.yml', ref: 'main' }]);

    // Main holds exactly the submitted blobs, and a second look at it decides from there.
    const { git } = github.state;
    const tree = await git.readTree((await bench.mainSha()) ?? '', { recursive: true });
    for (const { path, sha, mode } of submitted.tree)
      expect(tree).toContainEqual(expect.objectContaining({ path, sha, mode }));
    await bench.pull();
    expect(await bench.review()).toMatchObject({ reviewed: [], left: [] });
  });

  test('a push starts the wait again, and an approval of the head before does not count', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed({ plugin: 'acme/lantern', version: '0.1.0' }), people.alice);
    await bench.review();
    const [pull] = github.state.pulls.get(bench.registry.id) ?? [];
    const head = (await bench.review()).reviewed[0]?.decision?.head ?? '';
    pull?.reviews.push({ id: 1, user: people.mona, state: 'APPROVED', commit: head, at: '2026-11-01T09:01:00Z' });
    bench.later(4000);
    await bench.submit(
      await bench.signed({ plugin: 'acme/lantern', version: '0.1.0', vectors: ['one'] }),
      people.alice,
    );
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    expect(decision?.head).not.toBe(head);
    expect(decision).toMatchObject({
      answer: 'wait',
      until: new Date(bench.clock.now.getTime() + 4320 * 60_000).toISOString().replace('.000', ''),
    });
    expect(bench.comments()).toHaveLength(1);
  });

  test('what is pushed while it is judged is not merged', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.review();
    bench.later(10);
    const before = await bench.mainSha();
    // Just before the merge is asked for: the head that was judged is no longer the head.
    const workflow = new Map([['.github/workflows/ci.yml', new TextEncoder().encode('on: push\n')]]);
    github.before.push({
      on: /^PUT .*\/merge$/,
      act: () => github.push(bench.forkOf('alice'), 'plugmark/acme.thing-1.2.0', workflow),
    });
    const [done] = (await bench.review()).reviewed;
    expect(done).toMatchObject({ actions: ['failed'], problem: expect.stringContaining('409') });
    expect(await bench.mainSha()).toBe(before);
    const [next] = (await bench.review()).reviewed;
    expect(next?.decision?.findings.map(({ ruleId }) => ruleId)).toEqual(['scope.outside']);
  });

  test('what main gained by another way while it is judged is noticed after the merge', async () => {
    const { people, github, registry } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.review();
    bench.later(10);
    // The branch keeps its head, but the service merges something else: as if it had been lied to about the trial merge.
    github.state.mergesAlso.set('registry/policy.json', new TextEncoder().encode('{}'));
    const ended = await bench.run(
      ['review', '--repository', 'plugmark/registry', '--artifacts', `${bench.folder}/artifacts`, '--json'],
      {
        cwd: bench.checkout,
        env: { GITHUB_TOKEN: bench.reviewer },
      },
    );
    expect(ended.exit).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'MERGED_OTHERWISE' } });
    expect(github.state.dispatches.filter(({ repository }) => repository === registry.id)).toEqual([]);
  });

  test('two in one run: the second is judged from the main that the first one made', async () => {
    const { people } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.submit(await bench.signed({ plugin: 'indie/tool', version: '0.2.0' }), people.bob);
    await bench.review();
    bench.later(10);
    const { reviewed } = await bench.review();
    const merged = reviewed.filter((one) => one.merged !== undefined);
    // The second one's trial merge is made anew when it is asked for.
    expect(merged).toHaveLength(2);
    expect(reviewed[1]?.decision?.base).toBe(merged[0]?.merged);
    expect(await bench.mainSha()).toBe(merged[1]?.merged);
  });
});

describe('what strangers try', () => {
  test('a link, a submodule and a removed file are seen in the tree and never read', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    const at = 'registry/plugins/acme/thing/1.2.0';
    await github.push(
      bench.forkOf('alice'),
      'plugmark/acme.thing-1.2.0',
      new Map([
        [`${at}/README.md`, { mode: '120000', bytes: new TextEncoder().encode('/etc/passwd') }],
        [`${at}/vectors`, { mode: '160000', sha: 'f'.repeat(40) }],
        ['registry/plugins/acme/thing/1.0.0/README.md', null],
      ]),
    );
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    expect(decision?.answer).toBe('refuse');
    expect(new Set(decision?.findings.map(({ ruleId }) => ruleId))).toEqual(
      new Set(['tree.mode', 'tree.removed', 'scope.outside']),
    );
    expect(
      github.requests.some((line) => line.endsWith(createHash('sha1').update('blob 11\0/etc/passwd').digest('hex'))),
    ).toBe(false);
  });

  test('ten thousand files are refused with few requests', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    const bytes = new TextEncoder().encode('{}');
    const many = Array.from(
      { length: 10_000 },
      (_, i) => [`registry/plugins/acme/thing/1.2.0/vectors/v${i}.json`, bytes] as const,
    );
    const { git } = github.state;
    const blob = await git.writeBlob(bytes);
    await github.push(
      bench.forkOf('alice'),
      'plugmark/acme.thing-1.2.0',
      new Map(many.map(([path]) => [path, { mode: '100644', sha: blob }])),
    );
    const before = github.requests.length;
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    expect(decision?.findings.map(({ ruleId }) => ruleId)).toEqual(['tree.too-many']);
    expect(github.requests.length - before).toBeLessThan(40);
  });

  test('a takeover through a fork: its own main calls its owner this publisher’s', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed({ plugin: 'acme/thing', version: '1.2.0', key: 'indie' }), people.mallory);
    const fork = bench.forkOf('mallory');
    const owners = JSON.stringify({
      schemaVersion: 1,
      publisher: 'acme',
      title: 'acme',
      owners: [{ github: 'mallory', githubId: 666 }],
      identities: [],
    });
    await github.push(fork, 'main', new Map([['registry/publishers/acme.json', new TextEncoder().encode(owners)]]));
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    expect(decision?.findings.map(({ ruleId }) => ruleId)).toEqual(['owner.not-owner']);
  });

  test('a flood of one account: the first are looked at, the others are told to wait and cost nothing more', async () => {
    const limit = 2;
    await bench.end();
    bench = await openBench({
      change: (files) =>
        editJson(files, 'policy.json', (policy: Json) => ({
          ...policy,
          limits: { ...policy.limits, openPullRequests: limit },
        })),
    });
    const { people, github } = bench;
    for (let i = 0; i < limit + 2; i++)
      await bench.submit(await bench.signed({ plugin: 'acme/thing', version: `1.2.${i}` }), people.alice);
    const first = await bench.review();
    const waiting = first.reviewed.map(({ decision }) =>
      decision?.findings.some(({ ruleId }) => ruleId === 'pull.too-many'),
    );
    expect(waiting).toEqual([false, false, true, true]);
    const before = github.requests.length;
    const again = await bench.review();
    expect(again.reviewed.slice(limit).map(({ decision }) => decision)).toEqual([undefined, undefined]);
    expect(github.requests.slice(before).some((line) => line.includes(`/pulls/${limit + 1}`))).toBe(false);
  });

  test('a comment with the reviewer’s marker is not the reviewer’s', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.mallory);
    const mine = {
      id: 1,
      issue: 1,
      user: people.mallory,
      body: `${MERGE_MARKER}\n✅ Merged`,
      createdAt: '2026-11-01T09:00:00Z',
      updatedAt: '',
    };
    github.state.comments.set(bench.registry.id, [mine]);
    await bench.review();
    expect(bench.comments()).toHaveLength(2);
    expect(mine.body).toContain('✅ Merged');
    expect(bench.comments()[1]?.body).toContain('owner.not-owner');
  });

  test('a title that would end the line or turn it', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.mallory);
    const [pull] = github.state.pulls.get(bench.registry.id) ?? [];
    if (pull) pull.title = '::set-output name=x::y\n\u202e#1 merged';
    const ended = await bench.run(['review', '--repository', 'plugmark/registry', '--dry-run'], {
      cwd: bench.checkout,
    });
    expect(ended.stdout).not.toMatch(/\u202e|^::/m);
    expect((await bench.review()).reviewed[0]?.title).not.toMatch(/[\n\u202e]/);
  });

  test('a change of the registry’s own code is left to people without a word', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.bob);
    const fork = bench.forkOf('bob');
    await github.push(fork, 'docs', new Map([['README.md', new TextEncoder().encode('# Better\n')]]));
    const [first] = github.state.pulls.get(bench.registry.id) ?? [];
    if (first) Object.assign(first.head, { branch: 'docs' });
    const result = await bench.review();
    expect(result).toMatchObject({ left: [1], reviewed: [] });
    expect(bench.comments()).toEqual([]);
  });
});

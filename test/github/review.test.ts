// Submit, review, merge: the commands against GitHub on this machine, over real Git objects.
import { createHash } from 'node:crypto';
import { MERGE_MARKER } from '@plugmark/analysis';
import { parse, QueueResult, SubmitResult } from '@plugmark/schemas';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { branchRef, type Repository } from '../../tools/dev/src/github/github-state.ts';
import { type Bench, openBench } from './reviewing.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(async () => {
  expect(bench.github.unknown).toEqual([]);
  await bench.end();
});

const later = (minutes: number): void => {
  bench.clock.now = new Date(bench.clock.now.getTime() + minutes * 60_000);
};
const comments = () => bench.github.state.comments.get(bench.registry.id) ?? [];
const mainSha = () => bench.github.state.git.readRef(branchRef(bench.registry, 'main'));
const release = { plugin: 'acme/thing', version: '1.2.0' };
const forkOf = (login: string): Repository => {
  const found = [...bench.github.state.repositories.values()].find(({ owner }) => owner.login === login);
  if (found === undefined) throw new Error(`${login} has no fork`);
  return found;
};

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
    expect(comments()).toHaveLength(1);

    later(5);
    const last = await bench.review();
    expect(last.reviewed[0]?.decision?.answer).toBe('merge');
    expect(last.reviewed[0]?.merged).toBe(await mainSha());
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.body).toMatch(new RegExp(`^${MERGE_MARKER}`));
    expect(comments()[0]?.body).toContain('✅ Merged');
    expect(github.state.dispatches).toEqual([{ repository: registry.id, workflow: 'publish.yml', ref: 'main' }]);

    // Main holds exactly the submitted blobs, and a second look at it decides from there.
    const { git } = github.state;
    const tree = await git.readTree((await mainSha()) ?? '', { recursive: true });
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
    later(4000);
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
    expect(comments()).toHaveLength(1);
  });

  test('what is pushed while it is judged is not merged', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.review();
    later(10);
    const before = await mainSha();
    // Just before the merge is asked for: the head that was judged is no longer the head.
    const workflow = new Map([['.github/workflows/ci.yml', new TextEncoder().encode('on: push\n')]]);
    github.before.push({
      on: /^PUT .*\/merge$/,
      act: () => github.push(forkOf('alice'), 'plugmark/acme-thing-1.2.0', workflow),
    });
    const [done] = (await bench.review()).reviewed;
    expect(done).toMatchObject({ actions: ['failed'], problem: expect.stringContaining('409') });
    expect(await mainSha()).toBe(before);
    const [next] = (await bench.review()).reviewed;
    expect(next?.decision?.findings.map(({ ruleId }) => ruleId)).toEqual(['scope.outside']);
  });

  test('what main gained by another way while it is judged is noticed after the merge', async () => {
    const { people, github, registry } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.review();
    later(10);
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
    later(10);
    const { reviewed } = await bench.review();
    const merged = reviewed.filter((one) => one.merged !== undefined);
    // The second one's trial merge is made anew when it is asked for.
    expect(merged).toHaveLength(2);
    expect(reviewed[1]?.decision?.base).toBe(merged[0]?.merged);
    expect(await mainSha()).toBe(merged[1]?.merged);
  });
});

describe('what strangers try', () => {
  test('a link, a submodule and a removed file are seen in the tree and never read', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    const at = 'registry/plugins/acme/thing/1.2.0';
    await github.push(
      forkOf('alice'),
      'plugmark/acme-thing-1.2.0',
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
      forkOf('alice'),
      'plugmark/acme-thing-1.2.0',
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
    const fork = forkOf('mallory');
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
    expect(comments()).toHaveLength(2);
    expect(mine.body).toContain('✅ Merged');
    expect(comments()[1]?.body).toContain('owner.not-owner');
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
    const fork = forkOf('bob');
    await github.push(fork, 'docs', new Map([['README.md', new TextEncoder().encode('# Better\n')]]));
    const [first] = github.state.pulls.get(bench.registry.id) ?? [];
    if (first) Object.assign(first.head, { branch: 'docs' });
    const result = await bench.review();
    expect(result).toMatchObject({ left: [1], reviewed: [] });
    expect(comments()).toEqual([]);
  });
});

describe('when GitHub fails', () => {
  test('limits are waited for, gateways are asked again, broken answers are not believed', async () => {
    const { people, github, slept } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    github.faults.push({ kind: 'rateLimit', on: /GET .*\/git\/trees\//, times: 1, retryAfter: 7 });
    github.faults.push({ kind: 'secondaryRateLimit', on: /GET .*\/git\/blobs\//, times: 1, retryAfter: 3 });
    github.faults.push({ kind: 'badGateway', on: /GET .*\/reviews$/, times: 2 });
    github.faults.push({ kind: 'truncated', on: /GET .*\/git\/commits\//, times: 1 });
    github.faults.push({ kind: 'reset', on: /GET .*\/comments$/, times: 1 });
    github.faults.push({ kind: 'slow', on: /GET .*\/pulls$/, times: 1 });
    const { reviewed } = await bench.review();
    expect(reviewed[0]?.decision?.answer).toBe('wait');
    expect(slept).toContain(3000);
    expect(slept.some((delay) => delay >= 7000 && delay <= 9000)).toBe(true);
    expect(github.faults).toEqual([]);
  });

  test('an answer that stays broken is a failure of that pull request, never an empty list', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.submit(await bench.signed({ plugin: 'indie/tool', version: '0.2.0' }), people.bob);
    github.faults.push({ kind: 'truncated', on: /\/pulls\/1\/reviews$/ });
    const { reviewed } = await bench.review();
    expect(reviewed[0]).toMatchObject({ actions: ['failed'] });
    expect(reviewed[1]?.decision?.answer).toBe('wait');
  });

  test('a limit that lasts stops the run', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    github.faults.push({ kind: 'rateLimit', on: /\/pulls\/1$/, retryAfter: 3600 });
    const ended = await bench.run(['review', '--repository', 'plugmark/registry', '--json'], {
      cwd: bench.checkout,
      env: { GITHUB_TOKEN: bench.reviewer },
    });
    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'GITHUB_LIMIT' } });
  });

  test('an answer to the merge that is lost does not lose the merge', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.review();
    later(10);
    github.faults.push({ kind: 'truncated', on: /^PUT .*\/merge$/, times: 1 });
    const { reviewed } = await bench.review();
    expect(reviewed[0]?.merged).toBe(await mainSha());
  });

  test('a trial merge that is not there yet is waited for', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    github.state.isSlowToTry = true;
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    expect(decision?.answer).toBe('wait');
    expect(decision?.findings.map(({ ruleId }) => ruleId)).toContain('pull.not-tried');
  });

  test('a checkout that is not main decides nothing', async () => {
    const { people, github, registry } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await github.push(registry, 'main', new Map([['registry/reserved-names.json', new TextEncoder().encode('{}')]]));
    const ended = await bench.run(['review', '--repository', 'plugmark/registry', '--json'], {
      cwd: bench.checkout,
      env: { GITHUB_TOKEN: bench.reviewer },
    });
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'MAIN_DIFFERS' } });
    expect(comments()).toEqual([]);
  });
});

describe('the other commands', () => {
  test('queue says what waits, by which rule and until when, and writes nothing', async () => {
    const { people } = bench;
    await bench.submit(await bench.signed({ plugin: 'acme/lantern', version: '0.1.0' }), people.alice);
    await bench.review();
    later(60);
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
    const { tree } = await bench.submit(folder, people.alice);
    expect(tree).toEqual(planned.tree);
    const { git } = github.state;
    const head = (await git.readRef(branchRef(forkOf('alice'), planned.branch))) ?? '';
    const pushed = await git.readTree(head, { recursive: true });
    for (const { path, sha, size } of planned.tree)
      expect(pushed).toContainEqual({ path, mode: '100644', type: 'blob', sha, size });
  });

  test('submitting again moves the branch and keeps the pull request', async () => {
    const { people } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    const again = await bench.submit(await bench.signed({ ...release, vectors: ['one'] }), people.alice);
    expect(again.pull).toMatchObject({ number: 1, updated: true });
  });

  test('without a token the steps are printed, which say the same', async () => {
    const folder = await bench.signed(release);
    const ended = await bench.run([
      'submit',
      folder,
      '--repository',
      'plugmark/registry',
      '--registry',
      `${bench.checkout}/registry`,
      '--json',
    ]);
    expect(ended.exit).toBe(4);
    const { steps = [], branch } = parse(SubmitResult, JSON.parse(ended.stdout), 'submit');
    expect(steps.filter((step) => step.includes(branch)).length).toBeGreaterThan(1);
    expect(steps.join('\n')).toContain('registry/plugins/acme/thing/1.2.0');
  });

  test('a lost answer to opening does not open it twice', async () => {
    const { people, github } = bench;
    github.faults.push({ kind: 'truncated', on: /^POST .*\/pulls$/, times: 1 });
    const { pull } = await bench.submit(await bench.signed(release), people.alice);
    expect(pull?.number).toBe(1);
    expect(github.state.pulls.get(bench.registry.id)).toHaveLength(1);
  });
});

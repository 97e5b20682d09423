// A plugin's life, from the request for a namespace to what a host application runs: real commands, real Git, real keys, the office's
// workflow as it is written. The tests are chapters of one story and need each other's order.
import { sha256 } from '@plugmark/publish';
import { Index, parseCanonical } from '@plugmark/schemas';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { branchRef } from '../../tools/dev/src/github/github-state.ts';
import { holdCeremony, type Journey, openJourney } from './journey.ts';
import { type Desk, digestOf, makeKey, makeRelease, openDesk, publisherFile } from './publisher-desk.ts';
import type { OfficeRun } from './run-workflow.ts';

const PLUGIN = 'acme/note-shift';
// A chapter is a dozen commands and as many processes; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 300_000 });

let journey: Journey;
let desk: Desk;
let first: OfficeRun;

beforeAll(async () => {
  journey = await openJourney();
}, 300_000);
afterAll(async () => {
  expect(journey.github.unknown).toEqual([]);
  await journey.end();
});

const rules = ({ findings }: Awaited<ReturnType<Journey['decision']>>): string[] =>
  findings.map(({ ruleId }) => ruleId);

async function served(path: string): Promise<Uint8Array> {
  const answer = await fetch(`${journey.pages.url}${path}`);
  expect([path, answer.status]).toEqual([path, 200]);
  return new Uint8Array(await answer.arrayBuffer());
}

test('a namespace is requested, looked at by a person, and listed as verified by an offline signature', async () => {
  const { people } = journey;
  const { key, identity } = await makeKey(journey, 'acme');
  await journey.propose(
    people.alice,
    'namespace',
    new Map([['publishers/acme.json', publisherFile('acme', people.alice, [identity])]]),
  );
  const asked = await journey.decision();
  expect(asked.answer).toBe('human');
  expect(rules(asked)).toEqual(expect.arrayContaining(['kind.by-people', 'publisher.new', 'wait.new-publisher']));
  journey.approve(people.mona);
  expect((await journey.decision()).answer).toBe('merge');

  const verified = { since: '2026-11-01T00:00:00Z', by: 'mona' };
  await journey.propose(
    people.mona,
    'verify',
    new Map([['publishers/acme.json', publisherFile('acme', people.alice, [identity], { verified })]]),
  );
  journey.approve(people.mick);
  expect((await journey.decision()).answer).toBe('merge');

  const held = await holdCeremony(journey, 'targets');
  expect(JSON.stringify(held)).toContain('acme');
  desk = { journey, plugin: PLUGIN, key, identity, folder: '', place: '' };
});

test('init, check, sign, submit: the pull request is what the dry run said', async () => {
  const { people, github } = journey;
  desk = await openDesk(journey, desk);
  const checked = await journey.does(['check', desk.folder], { cwd: desk.place });
  expect(checked.verdict).toBe('pass');
  const folder = await makeRelease(desk, { version: '0.1.0' });
  const planned = await journey.submit(folder, people.alice, '--dry-run');
  const { tree, pull } = await journey.submit(folder, people.alice);
  expect(tree).toEqual(planned.tree);
  expect(pull?.updated).toBe(false);
  const head = await github.state.git.readRef(branchRef(journey.pull().head.repository, planned.branch));
  const pushed = await github.state.git.readTree(head ?? '', { recursive: true });
  for (const { path, mode, sha } of planned.tree)
    expect(pushed).toContainEqual(expect.objectContaining({ path, mode, sha }));
});

test('the comment says what is waited for; an approval ends it; publishing is started', async () => {
  const { people, github, registry } = journey;
  const waiting = await journey.decision();
  expect(waiting.answer).toBe('human');
  expect(rules(waiting)).toEqual(expect.arrayContaining(['publisher.first-release', 'wait.new-plugin']));
  const said = github.state.comments.get(registry.id)?.filter(({ issue }) => issue === journey.pull().number) ?? [];
  expect(said).toHaveLength(1);
  expect(said[0]?.body).toContain('publisher.first-release');
  journey.approve(people.mona);
  expect((await journey.decision()).answer).toBe('merge');
  expect(github.state.dispatches.at(-1)).toEqual({ repository: registry.id, workflow: 'publish.yml', ref: 'main' });
});

test('the office fetches, runs on two machines, signs, deploys; it is listed and installed with the root alone', async () => {
  first = await journey.publish();
  const index = parseCanonical(Index, await served('v1/index.json'), 'index');
  expect(index.plugins).toMatchObject([{ plugin: PLUGIN, latest: '0.1.0', tier: 'verified' }]);
  const host = await journey.host();
  const [installed] = await host.install(PLUGIN);
  expect(installed).toMatchObject({ version: '0.1.0', tier: 'verified', registry: { state: 'verified' } });
  // Two machines agreed, or this level would not be there.
  expect(installed?.registry.levels).toContain('PLUGMARK_OBSERVED_DETERMINISTIC');
  const { bytes, sha256: digest } = await host.load(PLUGIN);
  expect([digest, sha256(new Uint8Array(bytes))]).toEqual([await digestOf(desk), await digestOf(desk)]);
});

test('an update waits ten minutes, is merged by itself, and reaches the host', async () => {
  await journey.submit(await makeRelease(desk, { version: '0.2.0' }), journey.people.alice);
  const waiting = await journey.decision();
  expect([waiting.answer, rules(waiting)]).toEqual(['wait', ['wait.update']]);
  journey.later(10);
  expect((await journey.decision()).answer).toBe('merge');
  const office = await journey.publish();
  // On both machines, and nothing that the ledger has reports of already.
  const analysed = office.ran('analyse').map(({ stderr }) => stderr);
  expect(analysed.filter((said) => said.includes(`${PLUGIN} 0.2.0`))).toHaveLength(2);
  expect(analysed.filter((said) => said.includes(`${PLUGIN} 0.1.0`))).toEqual([]);
  const host = await journey.host();
  expect(await host.update()).toMatchObject([{ from: '0.1.0', to: '0.2.0', state: 'updated' }]);
  expect((await host.load(PLUGIN)).sha256).toBe(await digestOf(desk));
});

test('a start of the office that got lost is healed by its cron', async () => {
  const { github, people } = journey;
  await journey.submit(await makeRelease(desk, { version: '0.2.1' }), people.alice);
  await journey.decision();
  journey.later(10);
  const started = github.state.dispatches.length;
  github.faults.push({ kind: 'badGateway', on: /^POST .*\/dispatches$/ });
  expect((await journey.decision()).answer).toBe('merge');
  github.faults.length = 0;
  expect(github.state.dispatches).toHaveLength(started);
  expect(parseCanonical(Index, await served('v1/index.json'), 'index').plugins[0]?.latest).toBe('0.2.0');
  // What the cron starts is the same workflow with the same ref.
  await journey.publish();
  expect(parseCanonical(Index, await served('v1/index.json'), 'index').plugins[0]?.latest).toBe('0.2.1');
});

test('the office’s old deploy, run again, is refused; what is served stays', async () => {
  const before = await served('metadata/timestamp.json');
  for (const job of ['pages', 'deploy']) {
    const { result, ran } = await first.again(job);
    expect([job, result]).toEqual([job, 'failure']);
    expect(ran.at(-1)?.stderr).toContain('LEDGER_MOVED');
  }
  expect(await served('metadata/timestamp.json')).toEqual(before);
});

test('a hijack is refused: another account, another key, and an owner’s account with another’s key', async () => {
  const { people } = journey;
  const { key } = await makeKey(journey, 'mallory');
  const stolen = await makeRelease(desk, { version: '0.3.0', key });
  await journey.submit(stolen, people.mallory);
  const byStranger = await journey.decision();
  expect([byStranger.answer, rules(byStranger)]).toEqual(['refuse', ['owner.not-owner']]);
  await journey.submit(stolen, people.alice);
  const byAccount = await journey.decision();
  expect(byAccount.answer).toBe('refuse');
  expect(byAccount.findings[0]).toMatchObject({
    ruleId: 'review.verdict-fail',
    facts: { checks: ['publisher-signature'] },
  });
  for (const pull of journey.github.state.pulls.get(journey.registry.id) ?? []) if (!pull.merged) pull.state = 'closed';
});

// What happens to a plugin later: it reaches further, is yanked, changes hands, is withdrawn. The same registry, office and host as in
// end-to-end.test.ts; the chapters need each other's order.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConsentQuestion } from '@plugmark/client';
import { jsonFile } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { holdCeremony, type Journey, openJourney } from './journey.ts';
import { compile, type Desk, firstRelease, makeKey, makeRelease, publisherFile } from './publisher-desk.ts';

const PLUGIN = 'acme/note-shift';
/** Imported and, where nothing goes well, called: what starts programs is in the bytes. */
const WIDER = '@external("conductor", "command_run")\ndeclare function commandRun(address: usize, length: i32): i32;\n';
const WIDER_INIT =
  'let ran: i32 = 0;\nexport function init(): void {}\nexport function notify(): i32 {\n  ran = commandRun(0, 0);\n  return ran;\n}';
const WIDER_CAPABILITY = 'capabilities:\n  - id: subprocess\n    reason: "tells the desktop that a note was moved"';
const statusFile = (versions: object): Uint8Array => jsonFile({ schemaVersion: 1, plugin: PLUGIN, versions });

// A chapter is a dozen commands and as many processes; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 300_000 });

let journey: Journey;
let desk: Desk;

beforeAll(async () => {
  journey = await openJourney();
  desk = await firstRelease(journey, PLUGIN);
  await (await journey.host()).install(PLUGIN);
}, 300_000);
afterAll(async () => {
  expect(journey.github.unknown).toEqual([]);
  await journey.end();
});

const rules = ({ findings }: Awaited<ReturnType<Journey['decision']>>): string[] =>
  findings.map(({ ruleId }) => ruleId);

test('a version that reaches further waits for a person, and the host for consent', async () => {
  const { people } = journey;
  const source = join(desk.folder, 'index.ts');
  await writeFile(
    source,
    WIDER + (await readFile(source, 'utf8')).replace('export function init(): void {}', WIDER_INIT),
  );
  await compile(desk);
  const manifest = ['capabilities: []', WIDER_CAPABILITY] as const;
  await journey.submit(await makeRelease(desk, { version: '0.2.0', manifest }), people.alice);
  await journey.decision();
  journey.later(600);
  const waiting = await journey.decision();
  expect([waiting.answer, rules(waiting)]).toEqual(['human', ['review.verdict-review', 'change.widened']]);
  journey.approve(people.mona);
  expect((await journey.decision()).answer).toBe('merge');
  await journey.publish();

  const silent = await (await journey.host()).update();
  expect(silent).toMatchObject([{ from: '0.1.0', to: '0.2.0', state: 'held' }]);
  const asked: ConsentQuestion[] = [];
  const host = await journey.host({ answer: { allow: true, explicitly: ['subprocess'] }, asked });
  expect(await host.update()).toMatchObject([{ to: '0.2.0', state: 'updated' }]);
  expect(asked).toHaveLength(1);
  expect((await host.load(PLUGIN)).grants.map(({ id }) => id)).toEqual(['subprocess']);
});

test('a yank by its owner is merged by itself; the next one to install gets the version before', async () => {
  const status = {
    '0.2.0': { state: 'yanked', since: '2026-11-05T00:00:00Z', reasonCode: 'broken', reason: 'It answers nothing.' },
  };
  await journey.propose(journey.people.alice, 'yank', new Map([[`plugins/${PLUGIN}/status.json`, statusFile(status)]]));
  journey.later(10);
  await journey.decision();
  journey.later(10);
  expect((await journey.decision()).answer).toBe('merge');
  await journey.publish();
  const fresh = await journey.host({ store: 'another-store' });
  expect(await fresh.install(PLUGIN)).toMatchObject([{ version: '0.1.0' }]);
  // Where it is installed it keeps working, with a warning.
  const before = await journey.host();
  expect((await before.audit()).findings.map(({ kind }) => kind)).toContain('yanked');
  expect((await before.load(PLUGIN)).version).toBe('0.2.0');
});

test('it changes hands: the owners’ file by a person, the new key by an offline signature', async () => {
  const { people } = journey;
  const { key } = await makeKey(journey, 'bob');
  const clone = await journey.clone('transfer');
  const release = join(clone, 'registry/plugins', PLUGIN, '0.1.0');
  const proved = await journey.does(['key', 'prove', key, '--release', release, '--registry', join(clone, 'registry')]);
  const proof = `publishers/acme/proofs/${proved.keyId}.sigstore.json`;
  const verified = { since: '2026-11-01T00:00:00Z', by: 'mona' };
  const moved = publisherFile('acme', people.bob, [desk.identity, proved], { verified });
  const files = new Map([
    ['publishers/acme.json', moved],
    [proof, new Uint8Array(await readFile(join(clone, 'registry', proof)))],
  ]);
  await journey.propose(people.alice, 'transfer', files);
  const asked = await journey.decision();
  expect(asked.answer).toBe('human');
  expect(rules(asked)).toEqual(expect.arrayContaining(['publisher.owners', 'publisher.identities']));
  journey.approve(people.mick);
  expect((await journey.decision()).answer).toBe('merge');

  // Until the offline keys have signed it, the new key's releases are nobody's.
  const early = await makeRelease(desk, { version: '0.4.0', key });
  await journey.submit(early, people.bob);
  await journey.decision();
  journey.approve(people.mona);
  expect((await journey.decision()).answer).toBe('merge');
  const office = await journey.publish();
  expect(await office.refused()).toEqual([`${PLUGIN} 0.4.0`]);
  await holdCeremony(journey, 'targets');
  expect(await (await journey.publish()).refused()).toEqual([]);

  const host = await journey.host({ answer: { allow: true, explicitly: ['subprocess'] } });
  expect(await host.update()).toMatchObject([{ to: '0.4.0', state: 'updated' }]);
  // Who gave it away may release no more.
  await journey.submit(await makeRelease(desk, { version: '0.5.0' }), people.alice);
  const former = await journey.decision();
  expect([former.answer, rules(former)]).toEqual(['refuse', ['owner.not-owner']]);
});

test('it is withdrawn by its owner, every version of it: nobody installs it anew, who has it keeps it', async () => {
  const { people } = journey;
  const yanked = {
    state: 'yanked',
    since: '2026-11-06T00:00:00Z',
    reasonCode: 'superseded',
    reason: 'No longer looked after.',
  };
  const all = Object.fromEntries(['0.1.0', '0.2.0', '0.4.0'].map((version) => [version, yanked]));
  await journey.propose(people.bob, 'withdraw', new Map([[`plugins/${PLUGIN}/status.json`, statusFile(all)]]));
  const waiting = await journey.decision();
  expect([waiting.answer, rules(waiting)]).toEqual(['wait', ['wait.update']]);
  journey.later(10);
  expect((await journey.decision()).answer).toBe('merge');
  await journey.publish();
  const fresh = await journey.host({ store: 'a-third-store' });
  await expect(fresh.install(PLUGIN)).rejects.toMatchObject({ code: 'NO_RELEASE' });
  expect((await (await journey.host()).load(PLUGIN)).version).toBe('0.4.0');
});

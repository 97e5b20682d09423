// The publishing job on the small registry: what is reused, what is made anew, what is refused, and who is co-signed.
import { describe, expect, test } from 'vitest';
import { type Built, build, DAY, digests, HOUR, jsonOf, later, releaseOf } from '../testkit/office.ts';
import {
  addProvenKey,
  addRelease,
  editJson,
  honestModule,
  identityOf,
  type Json,
  type SmallRegistry,
  smallRegistry,
} from '../testkit/registry-folder.ts';
import { ed25519Key, p256Key } from '../testkit/test-keys.ts';

const ACME = 'plugins/acme/thing';
const LEVELS = [
  'PLUGMARK_PUBLISHER_VERIFIED',
  'PLUGMARK_IMPORTS_DECLARED',
  'PLUGMARK_WITHIN_BOUNDS',
  'PLUGMARK_DETERMINISTIC_BY_CONSTRUCTION',
];
const reused = ({ events }: Built): Record<string, boolean> =>
  Object.fromEntries(events.map(({ plugin, version, reused: kept }) => [`${plugin}@${version}`, kept]));
const all = (value: boolean) => ({ 'acme/thing@1.0.0': value, 'acme/thing@1.1.0': value, 'indie/tool@0.1.0': value });

test('the same inputs and ledger give the same bytes, from scratch and again', async () => {
  const registry = await smallRegistry();
  const first = await build(registry);
  // P-256 keys of the ceremony sign differently each time: the trust is an input.
  const second = await build(registry, { offline: first.offline });
  expect(digests(second.tree)).toEqual(digests(first.tree));
  expect(digests(second.ledger)).toEqual(digests(first.ledger));
  const again = await build(registry, { previous: first, now: later(HOUR) });
  expect([reused(first), reused(again)]).toEqual([all(false), all(true)]);
  expect(digests(again.tree)).toEqual(digests(first.tree));
});

test('verified publishers are co-signed and reach their levels; others are not', async () => {
  const built = await build(await smallRegistry());
  expect(releaseOf(built, 'acme/thing', '1.1.0')).toMatchObject({
    levels: LEVELS,
    attestations: { registry: { sha256: expect.any(String) } },
  });
  expect(releaseOf(built, 'indie/tool', '0.1.0')).toMatchObject({ levels: [] });
  expect(releaseOf(built, 'indie/tool', '0.1.0')?.attestations.registry).toBeUndefined();
  expect(built.verified.map(({ plugin, version, tier, registry }) => [plugin, version, tier, registry.state])).toEqual([
    ['acme/thing', '1.1.0', 'verified', 'verified'],
    ['acme/thing', '1.0.0', 'verified', 'verified'],
    ['indie/tool', '0.1.0', 'community', 'notSigned'],
  ]);
});

test('the co-signature names the policy as it was signed, the bundle and each report', async () => {
  const built = await build(await smallRegistry());
  const release = releaseOf(built, 'acme/thing', '1.0.0');
  const bundle = jsonOf(built.tree, `attestations/${release?.attestations.registry?.sha256}.json`);
  const { predicate } = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
  const policy = [...built.tree.keys()].find((path) => path.endsWith('.policy.json')) ?? '';
  expect(policy).toContain(predicate.policy.digest.sha256);
  expect(predicate).toMatchObject({
    verifier: { id: 'plugmark:small.example' },
    timeVerified: '2026-06-01T12:00:00Z',
    inputAttestations: [
      { uri: 'publisher.sigstore.json', digest: { sha256: release?.attestations.publisher.sha256 } },
      { uri: 'analysis-bench.json', digest: { sha256: release?.attestations.analyses[0]?.sha256 } },
    ],
    verifiedLevels: LEVELS,
  });
});

test('a release for two hosts has a report for each, in its order', async () => {
  const built = await build(await smallRegistry());
  const release = releaseOf(built, 'indie/tool', '0.1.0');
  expect(release?.analysis.map(({ host }) => host)).toEqual(['bench', 'desk']);
  const hosts = release?.attestations.analyses.map(
    ({ sha256 }) => jsonOf(built.tree, `attestations/${sha256}.json`).host.id,
  );
  expect(hosts).toEqual(['bench', 'desk']);
  expect(jsonOf(built.tree, 'v1/index.json').plugins[1]).toMatchObject({
    plugin: 'indie/tool',
    hosts: ['bench', 'desk'],
    host: 'bench',
  });
});

describe('what a report is a function of', () => {
  const host =
    (path: string) =>
    ({ files }: SmallRegistry) =>
      editJson(files, path, (value: Json) => ({ ...value, limits: { ...value.limits, memoryBytes: 8_388_608 } }));
  test.each<[string, (registry: SmallRegistry) => void | Promise<void>, Record<string, boolean>]>([
    [
      'another policy',
      ({ files }) => editJson(files, 'policy.json', (value: Json) => ({ ...value, revision: 2 })),
      all(false),
    ],
    ['a profile that only one release targets', host('hosts/desk.json'), { ...all(true), 'indie/tool@0.1.0': false }],
    ['a profile that all target', host('hosts/bench.json'), all(false)],
    [
      'exceptions of one plugin',
      ({ files }) => editJson(files, 'plugins/indie/tool/exceptions.json', () => exceptions('2026-07-01T00:00:00Z')),
      { ...all(true), 'indie/tool@0.1.0': false },
    ],
    [
      'an identity added to a verified publisher',
      (registry) => addProvenKey(registry, p256Key('acme second'), { plugin: 'acme/thing', version: '1.0.0' }),
      { ...all(false), 'indie/tool@0.1.0': true },
    ],
    [
      'other presentation',
      ({ files }) => editJson(files, `${ACME}/listing.json`, (value: Json) => ({ ...value, summary: 'Better words.' })),
      all(true),
    ],
    [
      'a yanked version',
      ({ files }) => editJson(files, `${ACME}/status.json`, () => status('1.1.0', YANKED)),
      all(true),
    ],
  ])('%s', async (_, change, expected) => {
    const registry = await smallRegistry();
    const previous = await build(registry);
    await change(registry);
    expect(reused(await build(registry, { previous, now: later(HOUR) }))).toEqual(expected);
  });
});

const YANKED = { state: 'yanked', since: '2026-06-01T00:00:00Z', reasonCode: 'broken', reason: 'It is broken.' };
const status = (version: string, state: object) => ({
  schemaVersion: 1,
  plugin: 'acme/thing',
  versions: { [version]: state },
});
const exceptions = (expires: string, since = '2026-05-01T00:00:00Z') => ({
  schemaVersion: 1,
  plugin: 'indie/tool',
  exceptions: [
    { ruleId: 'wasm.memory-unbounded', reason: 'known', approvedBy: { name: 'a maintainer' }, since, expires },
  ],
});

test('an exception counts from its beginning to its end, and the reports follow', async () => {
  const registry = await smallRegistry();
  editJson(registry.files, 'plugins/indie/tool/exceptions.json', () =>
    exceptions('2026-06-03T00:00:00Z', '2026-06-02T00:00:00Z'),
  );
  let previous: Built | undefined;
  const seen: (boolean | undefined)[] = [];
  for (const hours of [0, 6, 13, 20, 37, 40]) {
    previous = await build(registry, { previous, now: later(hours * HOUR) });
    seen.push(reused(previous)['indie/tool@0.1.0']);
  }
  expect(seen).toEqual([false, true, false, true, false, true]);
});

test('an exception lets a finding through as long as it lasts; a co-signature never claims the level it bent', async () => {
  const registry = await smallRegistry();
  const bytes = honestModule(7).importFunction('bench', 'fetch', ['i32', 'i32'], ['i32']).build();
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes });
  const plain = await build(registry);
  expect(plain.refusals.map(({ plugin, version }) => [plugin, version])).toEqual([['acme/thing', '1.2.0']]);
  const reasons = plain.refusals[0]?.reasons ?? [];
  expect(reasons).toEqual(['wasm.import-undeclared']);
  const accepted = reasons.map((ruleId) => ({
    ruleId,
    version: '1.2.0',
    reason: 'known',
    approvedBy: { name: 'a maintainer' },
    since: '2026-05-01T00:00:00Z',
    expires: '2026-06-10T00:00:00Z',
  }));
  editJson(registry.files, `${ACME}/exceptions.json`, () => ({
    schemaVersion: 1,
    plugin: 'acme/thing',
    exceptions: accepted,
  }));
  const excepted = await build(registry, { previous: plain, now: later(HOUR) });
  expect(excepted.refusals).toEqual([]);
  expect(releaseOf(excepted, 'acme/thing', '1.2.0')?.levels).not.toContain('PLUGMARK_IMPORTS_DECLARED');
  const expired = await build(registry, { previous: excepted, now: later(10 * DAY) });
  expect(expired.refusals.map(({ version, reasons: why }) => [version, why])).toEqual([['1.2.0', reasons]]);
  expect(releaseOf(expired, 'acme/thing', '1.2.0')).toBeUndefined();
  // What was published stays in the ledger with its date.
  expect(jsonOf(expired.ledger, 'entries/acme/thing/1.2.0.json').publishedAt).toBe('2026-06-01T13:00:00Z');
});

test('a verified publisher’s new key counts from the ceremony on, not from the folder', async () => {
  const registry = await smallRegistry();
  const previous = await build(registry);
  const key = ed25519Key('acme second');
  editJson(registry.files, 'publishers/acme.json', (value: Json) => ({
    ...value,
    identities: [...value.identities, identityOf(key)],
  }));
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(5).build(), key });
  const before = await build(registry, { previous, offline: previous.offline, now: later(HOUR) });
  expect(before.refusals.map(({ version }) => version)).toEqual(['1.2.0']);
  const after = await build(registry, { previous: before, now: later(2 * HOUR) });
  expect([after.refusals, releaseOf(after, 'acme/thing', '1.2.0')?.levels]).toEqual([[], LEVELS]);
});

test('when the co-signing key changes, every co-signature is made anew with the new one', async () => {
  const registry = await smallRegistry();
  const previous = await build(registry);
  const cosign = p256Key('second cosign');
  const next = await build(registry, { previous, keys: { cosign }, now: later(HOUR) });
  const bundle = jsonOf(
    next.tree,
    `attestations/${releaseOf(next, 'acme/thing', '1.0.0')?.attestations.registry?.sha256}.json`,
  );
  expect(bundle.verificationMaterial.publicKey.hint).toBe(cosign.keyId);
  expect(reused(next)).toEqual(all(true));
  const again = await build(registry, { previous: next, keys: { cosign }, now: later(2 * HOUR) });
  expect(digests(again.tree)).toEqual(digests(next.tree));
});

test('a publisher who loses the mark loses the co-signatures; who gets it back is co-signed', async () => {
  const registry = await smallRegistry();
  const first = await build(registry);
  const file = registry.files.get('publishers/acme.json') as Uint8Array;
  editJson(registry.files, 'publishers/acme.json', ({ verified: _, ...rest }: Json) => rest);
  const second = await build(registry, { previous: first, now: later(HOUR) });
  expect([
    releaseOf(second, 'acme/thing', '1.0.0')?.levels,
    jsonOf(second.tree, 'v1/index.json').plugins[0].tier,
  ]).toEqual([[], 'community']);
  registry.files.set('publishers/acme.json', file);
  const third = await build(registry, { previous: second, now: later(2 * HOUR) });
  expect(releaseOf(third, 'acme/thing', '1.0.0')?.levels).toEqual(LEVELS);
});

// An upstream that turns malicious, or whose keys were stolen, against a lab that took over 1.0.0 from it before. Each case is refused
// with its code, and what was taken over stays byte for byte; where upstream takes trust away, that is followed and never forgotten.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileTree, jsonFile, readFolder, sha256 } from '@plugmark/publish';
import { canonicalBytes, MIRROR_REFUSALS, type MirrorReport } from '@plugmark/schemas';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Attacker, type DocumentRelease } from '../publish/attacker.ts';
import { type Lab, makeLab, UPSTREAM } from '../testkit/institution.ts';
import { type Built, build, ceremony, DAY, digests, HOUR, jsonOf, later, NOW, releaseOf } from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  identityOf,
  type Json,
  smallRegistry,
  writeFiles,
} from '../testkit/registry-folder.ts';
import { ed25519Key } from '../testkit/test-keys.ts';

let upstream: Built;
let base: Lab;
beforeAll(async () => {
  upstream = await build(await smallRegistry());
  base = await makeLab(upstream);
  await base.approve('acme/thing', { kind: 'exact' });
  const report = await base.sync();
  expect([report.problem, report.refused, report.taken.length]).toEqual([undefined, [], 1]);
});
afterAll(() => base.remove());

const labs: Lab[] = [];
const shown = new Set<string>();
async function copied(): Promise<Lab> {
  const lab = await base.copy();
  labs.push(lab);
  return lab;
}
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.remove();
});

/** Everything a build would read, reports aside. */
const mirrored = async ({ data }: Lab): Promise<Record<string, string>> =>
  digests(new Map([...(await readFolder(join(data, 'mirrors')))].filter(([path]) => !path.endsWith('report.json'))));

const codesOf = ({ refused, problem }: MirrorReport): string[] => {
  const codes = problem === undefined ? refused.map(({ code }) => code) : [problem.code];
  for (const code of codes) shown.add(code);
  return codes;
};

/** The document of acme/thing as somebody with the online key signs it. */
function forged(change: (attacker: Attacker, document: ReturnType<Attacker['document']>) => void): FileTree {
  const attacker = new Attacker(upstream);
  const document = attacker.document('acme/thing');
  change(attacker, document);
  return attacker.list('plugins/acme/thing.json', document).sign().tree;
}

const oldest = ({ releases }: { releases: DocumentRelease[] }): DocumentRelease => releases.at(-1) as DocumentRelease;

type Case = readonly [code: string, why: string, arrange: (lab: Lab) => Promise<void>, at: Date | undefined];
const of = (code: string, why: string, arrange: (lab: Lab) => Promise<void>, at?: Date): Case => [
  code,
  why,
  arrange,
  at,
];
const serving =
  (tree: () => FileTree | Promise<FileTree>) =>
  async (lab: Lab): Promise<void> => {
    lab.served = await tree();
  };
const edited = (path: RegExp, bytes: (before: Uint8Array) => Uint8Array | undefined) =>
  serving(() => {
    const tree = new Map(upstream.tree);
    for (const [name, before] of upstream.tree) {
      if (!path.test(name)) continue;
      const after = bytes(before);
      if (after === undefined) tree.delete(name);
      else tree.set(name, after);
    }
    return tree;
  });
const flipped = (before: Uint8Array): Uint8Array => {
  const after = Uint8Array.from(before);
  after[after.length >> 1] = (after[after.length >> 1] ?? 0) ^ 1;
  return after;
};
const second = (lab: Lab) => lab.approve('acme/thing', { kind: 'exact', version: '1.1.0' });
const both =
  (...steps: ((lab: Lab) => Promise<unknown>)[]) =>
  async (lab: Lab): Promise<void> => {
    for (const step of steps) await step(lab);
  };

const CASES: readonly Case[] = [
  of('METADATA_EXPIRED', 'a registry that nobody signs any more', async () => undefined, later(4 * DAY)),
  of('METADATA_ROLLBACK', 'the registry as it was before the last sync', async (lab) => {
    lab.served = forged(() => undefined);
    await lab.sync();
    lab.served = upstream.tree;
  }),
  of(
    'METADATA_SIGNATURE',
    'the same name under other keys',
    serving(async () => {
      const root = ed25519Key('somebody else');
      return (await build(await smallRegistry(), { keys: { root, online: ed25519Key('also') }, now: later(HOUR) }))
        .tree;
    }),
  ),
  of('UPSTREAM_ROOT', 'another root file in the repository than registry.json pins', (lab) =>
    writeFiles(lab.data, [[`upstreams/${UPSTREAM}.root.json`, flipped(upstream.offline.roots[0] as Uint8Array)]]),
  ),
  of(
    'release-changed',
    'another release under a version that was taken over',
    serving(() =>
      forged((_, document) => {
        const release = oldest(document);
        Object.assign(release, { release: { ...release.release, license: 'BSD-3-Clause' } });
        Object.assign(release, { manifestSha256: sha256(canonicalBytes(release.release)) });
      }),
    ),
  ),
  of(
    'digest-differs',
    'other bytes than the approved ones',
    both(
      second,
      serving(() =>
        forged((attacker, { releases: [newest] }) => {
          if (newest === undefined) return;
          const artifact = { kind: 'core' as const, ...attacker.blob(honestModule(67).build()) };
          Object.assign(newest, { release: { ...newest.release, artifact } });
          Object.assign(newest, { manifestSha256: sha256(canonicalBytes(newest.release)) });
        }),
      ),
    ),
  ),
  of('unverified', 'other bytes under the approved digest', both(second, edited(/^blobs\//, flipped))),
  of(
    'unverified',
    'a publisher’s bundle that is not served',
    both(
      second,
      edited(/^attestations\//, () => undefined),
    ),
  ),
  of('release-missing', 'an approved release that is not listed', (lab) =>
    lab.approve('acme/thing', { kind: 'exact', version: '7.0.0', sha256: 'ab'.repeat(32) }),
  ),
  of('plugin-missing', 'a plugin that is not listed', (lab) =>
    lab.approve('acme/absent', { kind: 'exact', sha256: 'ab'.repeat(32) }),
  ),
  of(
    'unverified',
    'a release that upstream took over from a third registry itself',
    both(
      (lab) => lab.approve('indie/tool', { kind: 'exact', version: '0.1.0' }),
      serving(() => {
        const attacker = new Attacker(upstream);
        const document = {
          ...attacker.document('indie/tool'),
          origin: { registryId: 'third.example', rootSha256: 'ab'.repeat(32) },
        };
        return attacker.list('plugins/indie/tool.json', document).sign().tree;
      }),
    ),
  ),
  of('namespace-local', 'a plugin under a namespace that is the lab’s own', async (lab) => {
    await lab.approve('indie/tool', { kind: 'exact', version: '0.1.0' });
    const publisher = {
      schemaVersion: 1,
      publisher: 'indie',
      title: 'Ours',
      owners: [],
      identities: [identityOf(ed25519Key('ours'))],
    };
    await writeFiles(lab.data, [['publishers/indie.json', jsonFile(publisher)]]);
  }),
  of('namespace-unlisted', 'a namespace the upstream is not listed for', async (lab) => {
    await lab.approve('indie/tool', { kind: 'exact', version: '0.1.0' });
    const files = await readFolder(lab.data);
    editJson(files, 'registry.json', (registry: Json) => ({
      ...registry,
      upstreams: [{ ...registry.upstreams[0], namespaces: ['acme'] }],
    }));
    await writeFiles(lab.data, [['registry.json', files.get('registry.json') as Uint8Array]]);
  }),
  of('approval-ended', 'an approval that ended before the sync', (lab) =>
    lab.approve('acme/thing', { kind: 'exact', version: '1.1.0', expires: '2026-06-01T11:00:00Z' }),
  ),
  of('too-young', 'a release that is new here, whatever date upstream gives it', async (lab) => {
    await lab.approve('acme/thing', { kind: 'range' });
    lab.served = forged((_, { releases }) => {
      for (const release of releases) Object.assign(release, { publishedAt: '2024-01-01T00:00:00Z' });
    });
  }),
  of('signer-changed', 'another key on the publisher’s list than the one that signed', async (lab) => {
    await lab.approve('indie/tool', { kind: 'exact', version: '0.1.0' });
    await lab.sync();
    const attacker = new Attacker(upstream);
    const document = attacker.document('indie/tool');
    document.publisher.identities = [identityOf(ed25519Key('a thief'))];
    lab.served = attacker.list('plugins/indie/tool.json', document).sign().tree;
  }),
];

test.each(CASES)('%s: %s', async (code, _, arrange, at = NOW) => {
  const lab = await copied();
  await arrange(lab);
  const before = await mirrored(lab);
  const report = await lab.sync(at);
  expect(codesOf(report)).toEqual([code]);
  expect(await mirrored(lab)).toEqual(before);
});

const WIDER = {
  plugin: 'acme/thing',
  version: '1.2.0',
  bytes: honestModule(68).importFunction('bench', 'read', ['i32', 'i32'], ['i32']).build(),
  manifest: { capabilities: [{ id: 'read:samples', reason: 'It reads.' }] },
} as const;

test('widened: a range lets nothing through that reaches further than what was approved by its digest', async () => {
  const lab = await copied();
  const registry = await smallRegistry();
  await addRelease(registry, WIDER as never);
  const wider = await build(registry, { previous: upstream, now: later(HOUR) });
  lab.served = wider.tree;
  await lab.approve('acme/thing', { kind: 'range' });
  await lab.sync(later(HOUR));
  const report = await lab.sync(later(3 * HOUR));
  expect(codesOf(report)).toEqual(['widened']);
  expect(report.taken.map(({ version, change }) => [version, change])).toEqual([
    ['1.0.0', 'kept'],
    ['1.1.0', 'kept'],
  ]);
  lab.digests.set('acme/thing@1.2.0', releaseOf(wider, 'acme/thing', '1.2.0')?.release.artifact.sha256 ?? '');
  await lab.approve('acme/thing', { kind: 'exact', version: '1.2.0' });
  const approved = await lab.sync(later(3 * HOUR));
  expect([approved.refused, approved.taken.at(-1)?.version]).toEqual([[], '1.2.0']);
});

test('person-needed: a range without anything that was approved by its digest', async () => {
  const lab = await copied();
  await lab.approve('indie/tool', { kind: 'range', range: '^0.1.0', minimumAgeMinutes: 0 });
  expect(codesOf(await lab.sync())).toEqual(['person-needed']);
});

test('person-needed: under a range, a key that only the upstream’s online key lists', async () => {
  const lab = await copied();
  await lab.approve('indie/tool', { kind: 'exact', version: '0.1.0' });
  await lab.approve('indie/tool', { kind: 'range', range: '^0.1.0', minimumAgeMinutes: 0 });
  expect(codesOf(await lab.sync())).toEqual([]);
  const registry = await smallRegistry();
  const thief = ed25519Key('a thief');
  await addRelease(registry, { plugin: 'indie/tool', version: '0.1.1', bytes: honestModule(69).build() });
  const honest = await build(registry, { previous: upstream, now: later(HOUR) });
  editJson(registry.files, 'publishers/indie.json', (publisher: Json) => ({
    ...publisher,
    identities: [...publisher.identities, identityOf(thief)],
  }));
  await addRelease(registry, { plugin: 'indie/tool', version: '0.1.2', bytes: honestModule(70).build(), key: thief });
  lab.served = (await build(registry, { previous: honest, now: later(2 * HOUR) })).tree;
  // Nor does a key get in by waiting for the next sync.
  for (const at of [later(2 * HOUR), later(3 * HOUR)]) {
    const report = await lab.sync(at);
    expect(codesOf(report)).toEqual(['person-needed']);
    expect(report.taken.map(({ version }) => version)).toEqual(['1.0.0', '0.1.0', '0.1.1']);
  }
});

test('fails-here: what passes upstream and not by the lab’s own policy', async () => {
  const lab = await copied();
  await lab.approve('indie/tool', { kind: 'exact', version: '0.1.0' });
  const files = await readFolder(lab.data);
  editJson(files, 'policy.json', (policy: Json) => ({ ...policy, limits: { ...policy.limits, artifactBytes: 10 } }));
  await writeFiles(lab.data, [['policy.json', files.get('policy.json') as Uint8Array]]);
  const before = await mirrored(lab);
  const report = await lab.sync();
  expect(codesOf(report)).toEqual(['fails-here']);
  expect(await mirrored(lab)).toEqual(before);
});

const REVOKED = {
  state: 'revoked',
  since: '2026-06-01T12:30:00Z',
  severity: 'high',
  reason: 'It steals.',
  evidence: 'https://example.org/',
};

async function withStatus(status: Json, previous: Built, now: Date): Promise<Built> {
  const registry = await smallRegistry();
  editJson(registry.files, 'plugins/acme/thing/status.json', () => ({
    schemaVersion: 1,
    plugin: 'acme/thing',
    versions: { '1.0.0': status, '1.1.0': status },
  }));
  return build(registry, { previous, now });
}

const statusIn = async ({ data }: Lab): Promise<Json> =>
  JSON.parse(await readFile(join(data, 'mirrors', UPSTREAM, 'plugins/acme/thing/status.json'), 'utf8')).versions;

test('a revocation is followed, and one that disappears or is lifted upstream stands here until a person here lifts it', async () => {
  const lab = await copied();
  await second(lab);
  const revoked = await withStatus(REVOKED, upstream, later(HOUR));
  lab.served = revoked.tree;
  expect(codesOf(await lab.sync(later(HOUR)))).toEqual(['revoked']);
  expect(await statusIn(lab)).toEqual({ '1.0.0': REVOKED });
  const built = await lab.build({ now: later(HOUR) });
  expect(jsonOf(built.tree, 'v1/revocations.json').revocations).toMatchObject([
    { version: '1.0.0', reason: 'It steals.' },
  ]);
  // Whoever holds every key of upstream signs a list that never knew of it.
  const forgetful = await smallRegistry();
  const empty = jsonFile({ schemaVersion: 1, registry: UPSTREAM, revocations: [] });
  const offline = { ...revoked.offline, files: new Map([...revoked.offline.files, ['revocations.json', empty]]) };
  const signed = ceremony(forgetful, { previous: { ...revoked, offline }, now: later(2 * HOUR) });
  lab.served = (await build(forgetful, { previous: revoked, offline: signed, now: later(2 * HOUR) })).tree;
  expect(codesOf(await lab.sync(later(2 * HOUR)))).toEqual(['revoked']);
  expect(await statusIn(lab)).toEqual({ '1.0.0': REVOKED });
});

test('yanked upstream: followed, not taken over anew, and given back by nobody but a person here', async () => {
  const lab = await copied();
  await second(lab);
  const yanked = { state: 'yanked', since: REVOKED.since, reasonCode: 'broken', reason: 'It is broken.' };
  const taken = await withStatus(yanked, upstream, later(HOUR));
  lab.served = taken.tree;
  expect(codesOf(await lab.sync(later(HOUR)))).toEqual(['yanked']);
  expect(await statusIn(lab)).toEqual({ '1.0.0': yanked });
  lab.served = (await withStatus({ state: 'active' }, taken, later(2 * HOUR))).tree;
  expect(codesOf(await lab.sync(later(2 * HOUR)))).toEqual([]);
  expect(await statusIn(lab)).toEqual({ '1.0.0': yanked });
});

test('quarantined upstream: not taken over anew', async () => {
  const lab = await copied();
  await second(lab);
  const until = '2026-06-05T12:00:00Z';
  lab.served = (
    await withStatus(
      { state: 'quarantined', since: '2026-06-01T12:00:00Z', until, by: 'them', reason: 'Why.' },
      upstream,
      later(HOUR),
    )
  ).tree;
  expect(codesOf(await lab.sync(later(HOUR)))).toEqual(['quarantined']);
  expect((await statusIn(lab))['1.0.0'].until).toBe(until);
});

/** The lab with a second upstream, which calls itself `id`. */
async function withSecond(id: string): Promise<{ lab: Lab; sync: () => Promise<MirrorReport> }> {
  const lab = await copied();
  const registry = await smallRegistry();
  for (const path of registry.files.keys()) if (path.startsWith('plugins/')) registry.files.delete(path);
  editJson(registry.files, 'registry.json', (value: Json) => ({ ...value, id }));
  const other = await build(registry, { keys: { root: ed25519Key('other root') }, registry: id });
  const root = other.offline.roots[0] as Uint8Array;
  const files = await readFolder(lab.data);
  const listed = { id: 'other.example', url: 'https://other.example/', root: { version: 1, sha256: sha256(root) } };
  editJson(files, 'registry.json', (value: Json) => ({
    ...value,
    upstreams: [...value.upstreams, { ...listed, namespaces: [] }],
  }));
  const approval = JSON.parse(new TextDecoder().decode(files.get(`approvals/${UPSTREAM}/acme/thing.json`)));
  await writeFiles(lab.data, [
    ['registry.json', files.get('registry.json') as Uint8Array],
    ['upstreams/other.example.root.json', root],
    ['approvals/other.example/acme/thing.json', JSON.stringify({ ...approval, upstream: 'other.example' })],
    ...[...other.tree].map(([path, bytes]) => [`../other/${path}`, bytes] as const),
  ]);
  const from = new Map([['other.example', join(lab.folder, 'other')]]);
  return { lab, sync: () => lab.sync(NOW, { only: 'other.example', from }) };
}

test('namespace-taken: two upstreams, one namespace', async () => {
  const { lab, sync } = await withSecond('other.example');
  const before = await mirrored(lab);
  expect(codesOf(await sync())).toEqual(['namespace-taken']);
  expect(await mirrored(lab)).toEqual(before);
});

test('UPSTREAM_OTHER: a registry that calls itself otherwise than it is listed', async () => {
  expect(codesOf(await (await withSecond('third.example')).sync())).toEqual(['UPSTREAM_OTHER']);
});

test('every reason to refuse is shown by a case', () => {
  expect(Object.keys(MIRROR_REFUSALS).filter((code) => !shown.has(code))).toEqual([]);
});

// Ceremonies over time: thresholds met on several machines, proposals that were tampered with on the way, and the drills for a key that
// is lost, rotated or stolen. What comes out is read by our client and by tuf-js.
import {
  completeProposal,
  jsonFile,
  type KeySigner,
  neededSignatures,
  type OfflineMetadata,
  offlineDocuments,
  type Proposal,
  propose,
  revocationsDocument,
  sha256,
  signProposal,
  type TrustHolders,
  trustChanges,
  trustState,
} from '@plugmark/publish';
import type { Status } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { renderCeremony } from '../../tools/cli/src/render-ceremony.ts';
import { documentRoles, roleFinder } from '../../tools/publish/src/tuf/document-roles.ts';
import { targetEntry } from '../../tools/publish/src/tuf/role.ts';
import { codeOf, DAY, later, NOW } from '../testkit/office.ts';
import {
  editJson,
  type Json,
  OFFICE_KEYS,
  type SmallRegistry,
  signerOf,
  smallRegistry,
  sourceOf,
} from '../testkit/registry-folder.ts';
import { ed25519Key, p256Key } from '../testkit/test-keys.ts';

const signer = (label: string): KeySigner => signerOf(ed25519Key(`ceremony ${label}`));
const [A, B, C, STRANGER] = [signer('a'), signerOf(p256Key('ceremony b')), signer('c'), signer('stranger')];
const ONE = (name: keyof typeof OFFICE_KEYS) => ({ keys: [signerOf(OFFICE_KEYS[name])], threshold: 1 });
const HOLDERS: TrustHolders = {
  root: { keys: [A, B, C], threshold: 2 },
  targets: { keys: [A, B], threshold: 2 },
  revocations: { keys: [A, C], threshold: 1 },
  online: ONE('online'),
};

interface Wish {
  readonly current?: OfflineMetadata | undefined;
  readonly holders?: Partial<TrustHolders>;
  readonly now?: Date;
  readonly plugins?: number;
}

function proposed(registry: SmallRegistry, { current, holders, now = NOW, plugins }: Wish = {}): Proposal {
  const source = sourceOf(registry);
  return propose({
    current,
    holders: { ...HOLDERS, ...holders },
    documents: offlineDocuments(source, {
      cosign: [{ key: signerOf(OFFICE_KEYS.cosign), from: '2026-01-01T00:00:00Z' }],
    }),
    revocations: revocationsDocument(source, { previous: current?.files.get('revocations.json'), now }),
    plugins: plugins ?? source.plugins.size,
    expiries: source.registry.expiries,
    now,
  });
}

/** Signs with each key on a machine of its own: only the files travel. */
function carried(proposal: Proposal, current: OfflineMetadata | undefined, ...signers: KeySigner[]): Proposal {
  return signers.reduce((at, key) => {
    const travelled = {
      next: new Map([...at.next].map(([role, bytes]) => [role, bytes.slice()])),
      files: new Map(at.files),
    };
    return signProposal(travelled, current, [key]);
  }, proposal);
}

async function inForce(): Promise<{ registry: SmallRegistry; current: OfflineMetadata }> {
  const registry = await smallRegistry();
  const current = completeProposal(carried(proposed(registry), undefined, A, B), undefined);
  if (current === undefined) throw new Error('two of three did not suffice');
  return { registry, current };
}

const missing = (proposal: Proposal, current?: OfflineMetadata): string[] =>
  neededSignatures(proposal, current).flatMap(({ role, under, signed, threshold }) =>
    signed.length < threshold ? [`${role} ${under} ${signed.length}/${threshold}`] : [],
  );

describe('mirrors', () => {
  const listed = (registry: SmallRegistry, urls: readonly string[]): void =>
    editJson(registry.files, 'registry.json', (value: Json) => ({
      ...value,
      mirrors: urls.map((url) => ({ url, serves: 'blobs' })),
    }));
  const told = (proposal: Proposal, current: OfflineMetadata): string[] =>
    trustChanges(proposal, current).flatMap((change) =>
      change.what === 'mirror'
        ? [`${change.change} ${change.place} ${change.url}`]
        : change.what === 'file'
          ? []
          : [change.what],
    );
  const [A1, B1, C1] = ['https://a.example/', 'https://b.example/', 'https://c.example/'];

  test('each that comes, goes or changes its turn is told, and nothing else is proposed', async () => {
    const { registry, current } = await inForce();
    listed(registry, [A1, B1]);
    const first = proposed(registry, { current });
    expect(told(first, current)).toEqual([`added 1 ${A1}`, `added 2 ${B1}`, 'document']);
    const next = completeProposal(carried(first, current, A, B), current) as OfflineMetadata;
    listed(registry, [C1, A1]);
    expect(told(proposed(registry, { current: next }), next)).toEqual([
      `removed 2 ${B1}`,
      `added 1 ${C1}`,
      `moved 2 ${A1}`,
    ]);
    listed(registry, []);
    expect(told(proposed(registry, { current: next }), next)).toEqual([
      `removed 1 ${A1}`,
      `removed 2 ${B1}`,
      'document',
    ]);
  });

  test('a person reads them in words', async () => {
    const { registry, current } = await inForce();
    listed(registry, [A1]);
    const changes = trustChanges(proposed(registry, { current }), current);
    const page = { paint: (_: unknown, text: string) => text, columns: 200, roles: undefined };
    expect(renderCeremony({ changes, signatures: [], state: 'pending' }, page)).toContain(
      `+ mirror ${A1} (artifacts) is asked for artifacts as number 1, where the registry has none`,
    );
  });
});

describe('thresholds over several machines', () => {
  test('each signature counts for the roles its key holds, and nothing is in force before all are met', async () => {
    const first = proposed(await smallRegistry());
    expect(missing(first)).toEqual(['root new 0/2', 'targets new 0/2', 'revocations new 0/1']);
    const one = carried(first, undefined, A);
    expect(missing(one)).toEqual(['root new 1/2', 'targets new 1/2']);
    expect(completeProposal(one, undefined)).toBeUndefined();
    const withC = carried(one, undefined, C);
    expect(missing(withC)).toEqual(['targets new 1/2']);
    expect(completeProposal(carried(withC, undefined, B), undefined)?.roots).toHaveLength(1);
  });

  test('signing twice, or by a stranger, counts for nothing', async () => {
    const first = proposed(await smallRegistry());
    expect(missing(carried(first, undefined, A, A, STRANGER))).toEqual(['root new 1/2', 'targets new 1/2']);
  });

  test('a signature of other bytes under a holder’s id counts for nothing', async () => {
    const first = carried(proposed(await smallRegistry()), undefined, A, B);
    const other = carried(proposed(await smallRegistry(), { now: later(DAY) }), undefined, A, B);
    const root = JSON.parse(new TextDecoder().decode(first.next.get('root')));
    const { signatures } = JSON.parse(new TextDecoder().decode(other.next.get('root')));
    const mixed = { ...first, next: new Map(first.next).set('root', jsonFile({ ...root, signatures })) };
    expect(missing(mixed)).toEqual(['root new 0/2']);
  });

  test('what nothing asks to change is not proposed', async () => {
    const { registry, current } = await inForce();
    expect(proposed(registry, { current }).next.size).toBe(0);
    expect(proposed(registry, { current, now: later(200 * DAY) }).next.size).toBe(0);
  });

  test('a threshold that its keys cannot meet is refused', async () => {
    const registry = await smallRegistry();
    expect(await codeOf(() => proposed(registry, { holders: { root: { keys: [A, A], threshold: 2 } } }))).toBe(
      'TRUST_MISMATCH',
    );
    expect(await codeOf(() => proposed(registry, { holders: { root: { keys: [A], threshold: 0 } } }))).toBe(
      'TRUST_MISMATCH',
    );
  });
});

describe('a proposal that was tampered with on the way is not shown for signing', () => {
  type Tamper = (signed: Json, proposal: Proposal) => void;
  const tampered = (proposal: Proposal, role: 'root' | 'targets' | 'revocations', edit: Tamper): Proposal => {
    const file = JSON.parse(new TextDecoder().decode(proposal.next.get(role)));
    edit(file.signed, proposal);
    return { ...proposal, next: new Map(proposal.next).set(role, jsonFile(file)) };
  };
  const anything = { name: 'evil', keyids: [] as string[], threshold: 1, terminating: true, paths: ['*/*/*'] };
  test.each<[string, 'root' | 'targets' | 'revocations', Tamper]>([
    ['a delegation to nobody we know', 'targets', (signed) => signed.delegations.roles.unshift(anything)],
    ['documents under a wider pattern', 'targets', (signed) => (signed.delegations.roles[1].paths = ['*'])],
    [
      'documents by other keys than the timestamp’s',
      'targets',
      (signed) => (signed.delegations.roles[1].keyids = signed.delegations.roles[0].keyids),
    ],
    [
      'revocations that do not end the search',
      'targets',
      (signed) => (signed.delegations.roles[0].terminating = false),
    ],
    [
      'a key under another id',
      'targets',
      (signed) => {
        const [id] = Object.keys(signed.delegations.keys);
        signed.delegations.keys[id as string] = {
          keytype: 'ed25519',
          scheme: 'ed25519',
          keyval: { public: '0'.repeat(64) },
        };
      },
    ],
    ['snapshot by other keys than timestamp', 'root', (signed) => (signed.roles.snapshot = signed.roles.root)],
    ['a version that skips', 'root', (signed) => (signed.version = 3)],
    ['a version that repeats', 'revocations', (signed) => (signed.version = 0 + 1 + 1)],
    [
      'a document that is not the one listed',
      'targets',
      (_, { files }) => files.set('policy.json', new Uint8Array([1])),
    ],
    ['a document that is listed and absent', 'targets', (_, { files }) => files.delete('policy.json')],
    ['a document beside those listed', 'targets', (_, { files }) => files.set('plugins/a/b.json', new Uint8Array([1]))],
    [
      'a document of the revocations role beside the list',
      'revocations',
      (signed, { files }) => {
        files.set('plugins/a/b.json', new Uint8Array([1]));
        signed.targets['plugins/a/b.json'] = targetEntry(new Uint8Array([1]));
      },
    ],
  ])('%s', async (_, role, edit) => {
    const proposal = proposed(await smallRegistry());
    const bad = tampered(proposal, role, edit);
    expect(await codeOf(() => trustChanges(bad, undefined))).toBe('PROPOSAL_INVALID');
    expect(await codeOf(() => completeProposal(carried(bad, undefined, A, B), undefined))).toBe('PROPOSAL_INVALID');
  });

  test('untouched it is shown: every key, document and publisher once', async () => {
    const changes = trustChanges(proposed(await smallRegistry()), undefined);
    expect(changes.filter(({ what }) => what === 'file')).toHaveLength(3);
    expect(changes).toContainEqual({ what: 'publisher', publisher: 'acme', change: 'verified' });
    expect(changes).toContainEqual({
      what: 'keys',
      role: 'root',
      added: expect.arrayContaining([A.keyId, B.keyId, C.keyId]),
      removed: [],
      threshold: { from: 0, to: 2, of: 3 },
    });
  });

  test('a revocation that is forgotten instead of lifted', async () => {
    const { registry, current } = await inForce();
    editJson(registry.files, 'plugins/acme/thing/status.json', () => revokedStatus);
    const revoked = completeProposal(carried(proposed(registry, { current }), current, A), current) as OfflineMetadata;
    const forgotten = revocationsDocument(sourceOf(await smallRegistry()), { previous: undefined, now: NOW });
    const next = propose({
      current: revoked,
      holders: HOLDERS,
      documents: new Map([...revoked.files].filter(([path]) => path !== 'revocations.json')),
      revocations: forgotten,
      plugins: 2,
      expiries: sourceOf(registry).registry.expiries,
      now: NOW,
    });
    expect(await codeOf(() => trustChanges(next, revoked))).toBe('PROPOSAL_INVALID');
  });
});

const revokedStatus: Status = {
  schemaVersion: 1,
  plugin: 'acme/thing',
  versions: {
    '1.0.0': {
      state: 'revoked',
      since: '2026-06-01T00:00:00Z',
      severity: 'high',
      reason: 'It steals.',
      evidence: 'https://example.org/',
    },
  },
};

describe('what changes, in words that can be judged', () => {
  test('a waiting time, a publisher’s key, a revocation: each is named', async () => {
    const { registry, current } = await inForce();
    editJson(registry.files, 'policy.json', (policy: Json) => ({
      ...policy,
      client: { ...policy.client, minimumReleaseAgeMinutes: 99 },
    }));
    editJson(registry.files, 'publishers/acme.json', ({ verified: _, ...rest }: Json) => rest);
    editJson(registry.files, 'publishers/indie.json', (value: Json) => ({
      ...value,
      verified: { since: '2026-06-01T00:00:00Z', by: 'us' },
    }));
    editJson(registry.files, 'plugins/acme/thing/status.json', () => revokedStatus);
    const changes = trustChanges(proposed(registry, { current }), current);
    expect(changes.filter(({ what }) => what !== 'member')).toEqual([
      { what: 'file', role: 'targets', version: 2, expires: expect.any(String) },
      { what: 'file', role: 'revocations', version: 2, expires: expect.any(String) },
      { what: 'publisher', publisher: 'acme', change: 'removed' },
      { what: 'publisher', publisher: 'indie', change: 'verified' },
      {
        what: 'revocation',
        change: 'revoked',
        plugin: 'acme/thing',
        version: '1.0.0',
        sha256: sourceOf(registry).plugins.get('acme/thing')?.releases.get('1.0.0')?.release.artifact.sha256,
        reason: 'It steals.',
      },
    ]);
    expect(changes).toContainEqual({
      what: 'member',
      path: 'policy.json',
      member: 'client.minimumReleaseAgeMinutes',
      from: expect.any(String),
      to: '99',
    });
    // Nothing of a new identity is hidden.
    const [key] = sourceOf(registry).publishers.get('indie')?.identities ?? [];
    expect(changes).toContainEqual({
      what: 'member',
      path: 'publishers.json',
      member: 'publishers.indie.identities.0.keyId',
      from: 'nothing',
      to: JSON.stringify(key?.kind === 'key' ? key.keyId : ''),
    });
  });

  test('roles that end within the look-ahead are named in time', async () => {
    const { registry, current } = await inForce();
    const { expiries } = sourceOf(registry).registry;
    expect(trustState(current, expiries, NOW).endingSoon).toEqual([]);
    expect(trustState(current, expiries, later(276 * DAY)).endingSoon).toEqual(['revocations']);
    expect(trustState(current, expiries, later(641 * DAY)).endingSoon).toEqual(['root', 'targets', 'revocations']);
    expect(trustState(current, expiries, NOW).root).toMatchObject({
      version: 1,
      sha256: sha256(current.roots[0] as Uint8Array),
    });
  });
});

describe('how documents are divided', () => {
  test.each([
    [1, 1],
    [500, 1],
    [501, 16],
    [2000, 16],
    [2001, 64],
    [8000, 64],
    [8001, 256],
    [100_000, 256],
  ])('%d plugins: %d roles', (plugins, roles) => {
    expect(documentRoles(plugins, 1)).toHaveLength(roles);
  });

  test.each([16, 64, 256])('%d roles take every first byte once, in order', (count) => {
    const roles = documentRoles(0, count);
    expect(roles).toHaveLength(count);
    const prefixes = roles.flatMap(({ path_hash_prefixes }) => path_hash_prefixes ?? []);
    const digits = count === 16 ? 1 : 2;
    expect(prefixes).toEqual(Array.from({ length: 16 ** digits }, (_, i) => i.toString(16).padStart(digits, '0')));
    expect(new Set(roles.map(({ name }) => name)).size).toBe(count);
    const find = roleFinder(roles);
    for (const path of ['plugins/acme/thing.json', 'plugins/indie/tool.json']) {
      const digest = sha256(new TextEncoder().encode(path));
      expect(roles.find(({ name }) => name === find(path))?.path_hash_prefixes).toContain(digest.slice(0, digits));
    }
  });

  test('there are never fewer than there were', () => {
    expect(documentRoles(3, 64)).toHaveLength(64);
  });

  test('names of one division are none of another’s, so that a version never goes back', () => {
    const names = [1, 16, 64, 256].flatMap((count) => documentRoles(0, count).map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

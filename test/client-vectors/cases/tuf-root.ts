// Roots: the shipped one, the chain from it, keys and thresholds (specification 5.1).
import { ed25519Key } from '../../testkit/test-keys.ts';
import { KEYS } from '../base-registry.ts';
import { type ClientCase, INIT, REFRESH } from '../case.ts';
import { type Json, signed, type VectorRegistry, withTufKeyId } from '../vector-registry.ts';
import { first, known } from './steps.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const { root: ROOT_KEYS, online, stranger, targets } = KEYS;
const [ROOT_1, ROOT_2, ROOT_3] = ROOT_KEYS;
const NEW_KEYS = ['a', 'b', 'c'].map((label) => withTufKeyId(ed25519Key(`vectors new root ${label}`)));

/** A next root, changed before it is signed. */
const nextRoot =
  (change: (registry: VectorRegistry) => unknown, signers?: typeof ROOT_KEYS | typeof NEW_KEYS) =>
  (registry: VectorRegistry): void => {
    change(registry);
    registry.publishRoot(signers);
  };

const shipped = (change: (registry: VectorRegistry) => Uint8Array): ClientCase['steps'] => [
  { ...INIT, root: change, code: 'ROOT_INVALID' },
];

const INITIAL: readonly ClientCase[] = [
  {
    name: 'root-unsigned',
    why: 'The root the host ships has too few signatures of its own keys.',
    clauses: ['TUF1', 'TUF8'],
    steps: shipped((registry) => signed(registry.root, [ROOT_1])),
  },
  {
    name: 'root-of-another-type',
    why: 'The file the host ships is signed by the root keys, but says it is a timestamp.',
    clauses: ['TUF1', 'TUF2'],
    steps: shipped((registry) => signed({ ...registry.root, _type: 'timestamp' }, ROOT_KEYS)),
  },
  {
    name: 'root-cut-short',
    why: 'The root the host ships ends in the middle.',
    clauses: ['TUF1', 'JSON1'],
    steps: shipped((registry) => registry.bytes('metadata/1.root.json').slice(0, 200)),
  },
  {
    name: 'root-two-of-three',
    why: 'The threshold is two of three, and two have signed.',
    clauses: ['TUF1', 'TUF8', 'TUF9'],
    steps: [{ ...INIT, root: (registry) => signed(registry.root, [ROOT_2, ROOT_3]) }, REFRESH],
  },
  {
    name: 'root-expired-but-succeeded',
    why: 'The shipped root has expired long ago; the chain from it leads to one that has not.',
    clauses: ['TUF3', 'TUF5'],
    steps: [
      { ...INIT, root: (registry) => signed({ ...registry.root, expires: '2026-01-01T00:00:00Z' }, ROOT_KEYS) },
      {
        ...REFRESH,
        change: (registry) => registry.publishRoot(),
        expect: { rootVersion: 2 },
      },
    ],
  },
];

const CHAIN: readonly ClientCase[] = [
  known({
    name: 'root-rotated-twice',
    why: 'Two new roots, each signed by the keys before it and its own; the last has other keys throughout.',
    clauses: ['TUF3', 'TUF4'],
    change(registry) {
      registry.publishRoot();
      registry.setKeys('root', NEW_KEYS, 2);
      registry.publishRoot();
    },
    expect: { rootVersion: 3, timestampVersion: 3 },
  }),
  first({
    name: 'root-without-old-keys',
    why: 'The next root is signed by the keys it names itself, not by those of the root before it.',
    clauses: ['TUF3'],
    code: 'METADATA_SIGNATURE',
    change: nextRoot((registry) => registry.setKeys('root', NEW_KEYS), NEW_KEYS),
  }),
  first({
    name: 'root-without-new-keys',
    why: 'The next root names keys that have not signed it, so nobody might hold them.',
    clauses: ['TUF3'],
    code: 'METADATA_SIGNATURE',
    change: nextRoot((registry) => registry.setKeys('root', NEW_KEYS), ROOT_KEYS),
  }),
  first({
    name: 'root-below-old-threshold',
    why: 'One of the two old keys that are needed has signed the next root, with all of the new ones.',
    clauses: ['TUF3', 'TUF8'],
    code: 'METADATA_SIGNATURE',
    change(registry) {
      registry.setKeys('root', NEW_KEYS);
      registry.publishRoot([ROOT_1, ...NEW_KEYS] as never);
    },
  }),
  first({
    name: 'root-version-skipped',
    why: 'The file 2.root.json holds version 3.',
    clauses: ['TUF4'],
    code: 'METADATA_VERSION',
    change(registry) {
      registry.root.version = 2;
      registry.publishRoot();
      registry.files.set('metadata/2.root.json', registry.bytes('metadata/3.root.json'));
    },
  }),
  first({
    name: 'root-version-repeated',
    why: 'The file 2.root.json is the first root again.',
    clauses: ['TUF4'],
    code: 'METADATA_VERSION',
    change: (registry) => registry.files.set('metadata/2.root.json', registry.bytes('metadata/1.root.json')),
  }),
  first({
    name: 'root-expired',
    why: 'The last root of the chain has expired.',
    clauses: ['TUF5'],
    code: 'METADATA_EXPIRED',
    change: nextRoot(({ root }) => Object.assign(root, { expires: '2026-06-01T00:00:00Z' })),
  }),
  first({
    name: 'root-too-long',
    why: 'The next root is one byte longer than a root may be.',
    clauses: ['TUF7', 'NET4'],
    code: 'TOO_LARGE',
    change: (registry) => registry.files.set('metadata/2.root.json', { fill: ' ', length: 512_001 }),
  }),
  first({
    name: 'root-is-html',
    why: 'A captive portal answers the request for the next root with its page, as if it were a file.',
    clauses: ['JSON1'],
    code: 'METADATA_MALFORMED',
    change: (registry) => registry.files.set('metadata/2.root.json', text('<!doctype html><title>Wi-Fi</title>')),
  }),
  first({
    name: 'root-of-tuf-2',
    why: 'The next root follows another major version of TUF.',
    clauses: ['TUF2'],
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => Object.assign(root, { spec_version: '2.0.0' })),
  }),
  first({
    name: 'root-without-a-role',
    why: 'The next root has no snapshot role.',
    clauses: ['TUF2'],
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => delete root.roles.snapshot),
  }),
  ...(
    [
      [
        'key-without-scheme',
        'A key of the next root, which no role uses, has no scheme.',
        ({ keys }) => Object.assign(keys, { ab: { keytype: 'ed25519', keyval: { public: '' } } }),
      ],
      [
        'key-type-a-number',
        'The type of a key, which no role uses, is a number.',
        ({ keys }) => Object.assign(keys, { ab: { keytype: 7, scheme: 'x', keyval: {} } }),
      ],
      [
        'key-without-value',
        'A key of the next root, which no role uses, has no value.',
        ({ keys }) => Object.assign(keys, { ab: { keytype: 'x', scheme: 'x' } }),
      ],
      [
        'key-value-a-number',
        'The public part of a key, which no role uses, is a number.',
        ({ keys }) => Object.assign(keys, { ab: { keytype: 'x', scheme: 'x', keyval: { public: 7 } } }),
      ],
      [
        'consistency-as-text',
        'The next root says in words whether names carry versions.',
        (root) => Object.assign(root, { consistent_snapshot: 'true' }),
      ],
      [
        'role-without-keys',
        'A role of the next root has no list of keys.',
        ({ roles }) => delete roles.snapshot.keyids,
      ],
      [
        'targets-role-without-threshold',
        'The targets role of the next root has no threshold.',
        ({ roles }) => delete roles.targets.threshold,
      ],
    ] as const satisfies readonly (readonly [string, string, (root: Json) => unknown])[]
  ).map(([name, why, change]) =>
    first({
      name: `root-${name}`,
      why,
      clauses: ['TUF2'],
      code: 'METADATA_MALFORMED',
      change: nextRoot(({ root }) => change(root)),
    }),
  ),
  first({
    name: 'root-threshold-zero',
    why: 'The next root lets the timestamp role sign with no key at all.',
    clauses: ['TUF10'],
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => Object.assign(root.roles.timestamp, { threshold: 0 })),
  }),
  first({
    name: 'root-keyid-listed-twice',
    why: 'A role of the next root lists one key id twice.',
    clauses: ['TUF10'],
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => root.roles.timestamp.keyids.push(root.roles.timestamp.keyids[0])),
  }),
  first({
    name: 'root-signature-repeated',
    why: 'One of two needed keys has signed the next root, and its signature stands there twice.',
    clauses: ['TUF10'],
    code: 'METADATA_MALFORMED',
    change(registry) {
      registry.publishRoot([ROOT_1] as never);
      registry.tamper('metadata/2.root.json', ({ signatures }) => signatures.push(signatures[0]));
    },
  }),
  first({
    name: 'root-signature-placeholder',
    why: 'An empty signature stands for one that is still to come; enough others are there.',
    clauses: ['TUF8'],
    change(registry) {
      registry.publishRoot([ROOT_1, ROOT_2] as never);
      registry.tamper('metadata/2.root.json', ({ signatures }) => signatures.push({ keyid: ROOT_3?.keyId, sig: '' }));
    },
    expect: { rootVersion: 2 },
  }),
];

/** One key that a threshold of two must not count twice. */
const twice = (registry: VectorRegistry, twin: typeof online): void => {
  registry.setKeys('timestamp', [online, twin], 2);
  registry.publishRoot();
  registry.publishTimestamp();
};

const KEYS_AND_THRESHOLDS: readonly ClientCase[] = [
  first({
    name: 'one-key-under-two-ids',
    why: 'The timestamp needs two keys; one holder signs under two ids for one key.',
    clauses: ['TUF8'],
    code: 'METADATA_SIGNATURE',
    change: (registry) => twice(registry, { ...online, keyId: 'ee'.repeat(32) }),
  }),
  first({
    name: 'one-key-in-two-spellings',
    why: 'The timestamp needs two keys; one key is listed a second time in capitals.',
    clauses: ['TUF8'],
    code: 'METADATA_SIGNATURE',
    change(registry) {
      const keyval = { public: online.tuf.keyval.public.toUpperCase() };
      twice(registry, withTufKeyId({ ...online, tuf: { ...online.tuf, keyval } }));
    },
  }),
  first({
    name: 'two-keys-of-two',
    why: 'The timestamp needs two keys, an Ed25519 and a P-256 one, and both have signed.',
    clauses: ['TUF8', 'TUF9'],
    change: (registry) => twice(registry, targets),
    expect: { rootVersion: 2 },
  }),
  first({
    name: 'key-id-of-no-key',
    why: 'A role lists the id of a key that the root does not have, beside one that it has; both are signed for, and one is needed.',
    clauses: ['TUF8'],
    expect: { rootVersion: 2 },
    change(registry) {
      registry.setKeys('timestamp', [stranger, online], 1);
      delete registry.root.keys[stranger.keyId];
      registry.publishRoot();
      registry.publishTimestamp();
    },
  }),
  first({
    name: 'one-key-of-two',
    why: 'The timestamp needs two keys, and one has signed.',
    clauses: ['TUF8'],
    code: 'METADATA_SIGNATURE',
    change(registry) {
      twice(registry, targets);
      registry.tamper('metadata/timestamp.json', ({ signatures }) => signatures.pop());
    },
  }),
  first({
    name: 'key-of-unknown-scheme',
    why: 'The only key of the timestamp has a scheme that this profile does not know; it counts as not having signed.',
    clauses: ['TUF9'],
    code: 'METADATA_SIGNATURE',
    change(registry) {
      const key = withTufKeyId({ ...online, tuf: { ...online.tuf, scheme: 'sphincs' } });
      registry.setKeys('timestamp', [key]);
      registry.publishRoot();
      registry.publishTimestamp();
    },
  }),
  first({
    name: 'key-of-unknown-scheme-unused',
    why: 'A role lists a key of a scheme that this profile does not know beside one that it knows; the threshold is one.',
    clauses: ['TUF9'],
    change(registry) {
      const key = withTufKeyId({ ...stranger, tuf: { ...stranger.tuf, keytype: 'future', scheme: 'future' } });
      registry.setKeys('timestamp', [key, online], 1);
      registry.publishRoot();
      registry.publishTimestamp();
    },
    expect: { rootVersion: 2 },
  }),
  {
    name: 'root-rotated-after-a-restart',
    why: 'One new root was taken at the last visit, and the next one follows it now.',
    clauses: ['TUF3', 'TUF27'],
    steps: [
      INIT,
      { ...REFRESH, change: (registry) => registry.publishRoot(), expect: { rootVersion: 2 } },
      { ...REFRESH, change: (registry) => registry.publishRoot(), expect: { rootVersion: 3 } },
    ],
  },
  {
    name: 'online-keys-rotated',
    why: 'A stolen online key signed enormous versions; a root with another key makes the client forget them and start again.',
    clauses: ['TUF6'],
    steps: [
      INIT,
      {
        ...REFRESH,
        change(registry) {
          registry.timestamp.version = 1_000_000;
          registry.snapshot.version = 1_000_000;
          registry.publishSnapshot();
        },
        expect: { timestampVersion: 1_000_001, snapshotVersion: 1_000_001 },
      },
      {
        ...REFRESH,
        change(registry) {
          registry.setKeys('timestamp', [stranger]);
          registry.setKeys('snapshot', [stranger]);
          registry.publishRoot();
          registry.timestamp.version = 10;
          registry.snapshot.version = 10;
          registry.publishSnapshot();
        },
        expect: { rootVersion: 2, timestampVersion: 11, snapshotVersion: 11 },
      },
    ],
  },
  {
    name: 'online-keys-kept',
    why: 'A new root keeps the online keys, so what they signed before still holds against lower versions.',
    clauses: ['TUF6', 'TUF12'],
    steps: [
      INIT,
      { ...REFRESH, change: (registry) => registry.publishTimestamp(), expect: { timestampVersion: 4 } },
      {
        ...REFRESH,
        change(registry) {
          registry.publishRoot();
          registry.timestamp.version = 2;
          registry.publishTimestamp();
        },
        code: 'METADATA_ROLLBACK',
      },
    ],
  },
];

export const ROOT_CASES = [...INITIAL, ...CHAIN, ...KEYS_AND_THRESHOLDS];

// Timestamp and snapshot (specification 5.2, 5.3).
import { KEYS } from '../base-registry.ts';
import { type ClientCase, INIT, REFRESH } from '../case.ts';
import { type Json, sha256, signed, type VectorRegistry, withTufKeyId } from '../vector-registry.ts';
import { first, known } from './steps.ts';

const TIMESTAMP = 'metadata/timestamp.json';
const { online, stranger } = KEYS;

/** The next timestamp or snapshot, changed before it is signed; what names it follows. */
const resigned =
  (role: 'timestamp' | 'snapshot', change: (signedPart: Json) => unknown) =>
  (registry: VectorRegistry): void => {
    registry.publishSnapshot();
    change(registry.role(role));
    if (role === 'snapshot') registry.writeSnapshot();
    registry.writeTimestamp();
  };

const snapshotFile = ({ timestamp }: VectorRegistry): string =>
  `metadata/${timestamp.meta['snapshot.json'].version}.snapshot.json`;

/** The served snapshot is other bytes than the signed ones; the timestamp says what `listed` makes of its entry. */
const served =
  (bytes: (registry: VectorRegistry) => Uint8Array, listed?: (entry: Json) => unknown) =>
  (registry: VectorRegistry): void => {
    registry.publishSnapshot();
    if (listed) {
      listed(registry.timestamp.meta['snapshot.json']);
      registry.writeTimestamp();
    }
    registry.files.set(snapshotFile(registry), bytes(registry));
  };

const TIMESTAMPS: readonly ClientCase[] = [
  known({
    name: 'nothing-changed',
    why: 'The registry is as it was at the last visit.',
    clauses: ['TUF14', 'TUF25', 'TUF27'],
    expect: { registry: 'vectors.example', rootVersion: 1, timestampVersion: 3, snapshotVersion: 3, targetsVersion: 3 },
  }),
  known({
    name: 'timestamp-frozen',
    why: 'Nothing has changed on the server since the last visit, and the timestamp has expired meanwhile.',
    clauses: ['TUF13'],
    code: 'METADATA_EXPIRED',
    now: '2026-06-05T12:00:00Z',
  }),
  first({
    name: 'timestamp-expires-now',
    why: 'The timestamp expires at this very second.',
    clauses: ['TUF13'],
    code: 'METADATA_EXPIRED',
    now: '2026-06-05T12:00:00Z',
  }),
  first({
    name: 'timestamp-last-second',
    why: 'The timestamp expires in one second.',
    clauses: ['TUF13'],
    now: '2026-06-05T11:59:59Z',
  }),
  first({
    name: 'timestamp-lives-too-long',
    why: 'The timestamp is signed for one second more than 96 hours from now, as a stolen key would.',
    clauses: ['TUF15'],
    code: 'METADATA_LIFETIME',
    change: resigned('timestamp', (it) => Object.assign(it, { expires: '2026-06-06T12:00:01Z' })),
  }),
  first({
    name: 'timestamp-lives-96-hours',
    why: 'The timestamp has exactly 96 hours to live: the registry’s 72 and a day for a wrong clock.',
    clauses: ['TUF15'],
    change: resigned('timestamp', (it) => Object.assign(it, { expires: '2026-06-06T12:00:00Z' })),
  }),
  first({
    name: 'timestamp-missing',
    why: 'The server has no timestamp.',
    clauses: ['TUF11'],
    code: 'FILE_MISSING',
    change: (registry) => registry.files.delete(TIMESTAMP),
  }),
  first({
    name: 'timestamp-of-full-length',
    why: 'The timestamp is as long as a timestamp may be; white space at its end fills it.',
    clauses: ['TUF11'],
    expect: { timestampVersion: 3 },
    change(registry) {
      const bytes = registry.bytes(TIMESTAMP);
      registry.files.set(
        TIMESTAMP,
        Uint8Array.from({ length: 16_384 }, (_, i) => bytes[i] ?? 0x20),
      );
    },
  }),
  first({
    name: 'timestamp-too-long',
    why: 'The timestamp is one byte longer than a timestamp may be.',
    clauses: ['TUF11', 'NET4'],
    code: 'TOO_LARGE',
    change: (registry) => registry.files.set(TIMESTAMP, { fill: ' ', length: 16_385 }),
  }),
  first({
    name: 'timestamp-endless',
    why: 'Megabytes are sent where a timestamp should be.',
    clauses: ['NET4'],
    code: 'TOO_LARGE',
    change: (registry) => registry.files.set(TIMESTAMP, { fill: ' ', length: 8_000_000 }),
  }),
  first({
    name: 'timestamp-by-a-stranger',
    why: 'The timestamp is signed by a key that the root does not name.',
    clauses: ['TUF8'],
    code: 'METADATA_SIGNATURE',
    change: (registry) => registry.files.set(TIMESTAMP, signed(registry.timestamp, [stranger])),
  }),
  first({
    name: 'timestamp-changed-after-signing',
    why: 'The timestamp’s expiry was moved after it was signed.',
    clauses: ['TUF8', 'JSON4'],
    code: 'METADATA_SIGNATURE',
    change: (registry) =>
      registry.tamper(TIMESTAMP, (file) => Object.assign(file.signed, { expires: '2026-06-05T13:00:00Z' })),
  }),
  first({
    name: 'timestamp-unsigned-and-expired',
    why: 'An unsigned timestamp says that it has expired: nothing that it says counts before its signature.',
    clauses: ['TUF29'],
    code: 'METADATA_SIGNATURE',
    change: (registry) =>
      registry.tamper(TIMESTAMP, (file) =>
        Object.assign(file, { signatures: [], signed: { ...file.signed, expires: 'never' } }),
      ),
  }),
  known({
    name: 'timestamp-older',
    why: 'The timestamp is older than the one from the last visit.',
    clauses: ['TUF12'],
    code: 'METADATA_ROLLBACK',
    change(registry) {
      registry.timestamp.version = 2;
      registry.writeTimestamp();
    },
  }),
  known({
    name: 'timestamp-names-older-snapshot',
    why: 'A newer timestamp names an older snapshot than the last one did.',
    clauses: ['TUF12'],
    code: 'METADATA_ROLLBACK',
    change(registry) {
      registry.snapshot.version = 2;
      registry.writeSnapshot();
      registry.publishTimestamp();
    },
  }),
  known({
    name: 'timestamp-same-version-other-content',
    why: 'A second timestamp of the known version names a newer snapshot: the one that was seen first stays.',
    clauses: ['TUF14'],
    change(registry) {
      registry.snapshot.version = 9;
      registry.writeSnapshot();
      registry.writeTimestamp();
    },
    expect: { timestampVersion: 3, snapshotVersion: 3 },
  }),
  {
    name: 'timestamp-older-then-honest',
    why: 'After a rollback was refused, the honest registry is followed as if nothing had been.',
    clauses: ['TUF12', 'TUF30'],
    steps: [
      INIT,
      { ...REFRESH, change: (registry) => registry.publishTimestamp(), expect: { timestampVersion: 4 } },
      {
        ...REFRESH,
        change(registry) {
          registry.timestamp.version = 3;
          registry.writeTimestamp();
        },
        code: 'METADATA_ROLLBACK',
      },
      {
        ...REFRESH,
        change(registry) {
          registry.timestamp.version = 4;
          registry.publishTimestamp();
        },
        expect: { timestampVersion: 5 },
      },
    ],
  },
];

const RESUMED: ClientCase = {
  name: 'refresh-resumed',
  why: 'The snapshot was not there when its timestamp came; the next run gets it, though the timestamp has not changed.',
  clauses: ['TUF16', 'TUF30', 'TUF31'],
  steps: [
    INIT,
    REFRESH,
    {
      ...REFRESH,
      change(registry) {
        registry.publishSnapshot();
        registry.files.set('kept', registry.bytes('metadata/4.snapshot.json'));
        registry.files.delete('metadata/4.snapshot.json');
      },
      code: 'FILE_MISSING',
    },
    {
      ...REFRESH,
      change: (registry) => registry.files.set('metadata/4.snapshot.json', registry.bytes('kept')),
      expect: { timestampVersion: 4, snapshotVersion: 4 },
    },
  ],
};

/** The readers of metadata files, by one field each. */
const TIMESTAMP_FIELDS: readonly (readonly [string, string, (it: Json) => unknown])[] = [
  ['version-zero', 'The timestamp’s version is 0.', (it) => Object.assign(it, { version: 0 })],
  ['version-text', 'The timestamp’s version is text.', (it) => Object.assign(it, { version: '4' })],
  [
    'of-another-type',
    'A snapshot signed by the same key is served as the timestamp.',
    (it) => Object.assign(it, { _type: 'snapshot' }),
  ],
  [
    'expiry-impossible',
    'The timestamp expires on 31 February.',
    (it) => Object.assign(it, { expires: '2026-02-31T00:00:00Z' }),
  ],
  ['expiry-words', 'The timestamp’s expiry is a word.', (it) => Object.assign(it, { expires: 'never' })],
  [
    'file-version-text',
    'The version of the snapshot is listed as text.',
    (it) => Object.assign(it.meta['snapshot.json'], { version: '4' }),
  ],
  [
    'expiry-local',
    'The timestamp’s expiry names no time zone.',
    (it) => Object.assign(it, { expires: '2026-06-05T12:00:00' }),
  ],
  [
    'expiry-fraction',
    'The timestamp’s expiry has a fraction of a second.',
    (it) => Object.assign(it, { expires: '2026-06-05T12:00:00.5Z' }),
  ],
  ['without-snapshot', 'The timestamp names no snapshot.', (it) => Object.assign(it, { meta: {} })],
  [
    'length-negative',
    'The snapshot is listed with a negative length.',
    (it) => Object.assign(it.meta['snapshot.json'], { length: -1 }),
  ],
  [
    'hash-as-a-list',
    'The snapshot’s hash is a list of one.',
    (it) => Object.assign(it.meta['snapshot.json'].hashes, { sha256: ['ab'.repeat(32)] }),
  ],
  [
    'hash-in-capitals',
    'The snapshot’s hash is in capitals.',
    (it) => Object.assign(it.meta['snapshot.json'].hashes, { sha256: 'AB'.repeat(32) }),
  ],
];

const FIELDS: readonly ClientCase[] = TIMESTAMP_FIELDS.map(([name, why, change]) =>
  first({
    name: `timestamp-${name}`,
    why,
    clauses: [name.startsWith('expiry') ? 'TUF26' : 'TUF2'],
    code: 'METADATA_MALFORMED',
    change: resigned('timestamp', change),
  }),
);

const raw = (name: string, why: string, clause: string, text: string): ClientCase =>
  first({
    name: `timestamp-${name}`,
    why,
    clauses: [clause],
    code: 'METADATA_MALFORMED',
    change: (registry) => registry.files.set(TIMESTAMP, new TextEncoder().encode(text)),
  });

const FORMS: readonly ClientCase[] = [
  raw('signed-null', 'What is signed is null.', 'TUF2', '{"signatures":[],"signed":null}'),
  raw('signed-a-list', 'What is signed is a list.', 'TUF2', '{"signatures":[],"signed":[]}'),
  raw(
    'keyid-a-number',
    'The key id of a signature is a number.',
    'TUF2',
    '{"signatures":[{"keyid":7,"sig":""}],"signed":{}}',
  ),
  raw('signature-a-number', 'A signature is a number.', 'TUF2', '{"signatures":[{"keyid":"7","sig":7}],"signed":{}}'),
  raw('not-an-object', 'The timestamp is a list.', 'TUF2', '[]'),
  raw(
    'deeply-nested',
    'The timestamp is a nest of ten thousand brackets.',
    'JSON5',
    `{"signatures":[],"signed":{"a":${'['.repeat(4000)}${']'.repeat(4000)}}}`,
  ),
  raw(
    'lone-surrogate',
    'The timestamp holds half a character, which has no UTF-8 form.',
    'JSON5',
    '{"signatures":[],"signed":{"a":"\\ud800"}}',
  ),
  raw(
    'number-too-large',
    'The timestamp holds a number that not every language can hold.',
    'JSON5',
    '{"signatures":[],"signed":{"a":9007199254740993}}',
  ),
  raw(
    'number-with-fraction',
    'The timestamp holds a number with a fraction, which the signed form does not have.',
    'JSON4',
    '{"signatures":[],"signed":{"a":1.5}}',
  ),
  first({
    name: 'timestamp-byte-order-mark',
    why: 'The timestamp begins with a byte order mark.',
    clauses: ['JSON1'],
    code: 'METADATA_MALFORMED',
    change: (registry) => registry.files.set(TIMESTAMP, Uint8Array.of(0xef, 0xbb, 0xbf, ...registry.bytes(TIMESTAMP))),
  }),
  first({
    name: 'timestamp-not-utf8',
    why: 'The timestamp holds a byte that is no UTF-8.',
    clauses: ['JSON1'],
    code: 'METADATA_MALFORMED',
    change(registry) {
      const bytes = registry.bytes(TIMESTAMP).slice();
      bytes[20] = 0xff;
      registry.files.set(TIMESTAMP, bytes);
    },
  }),
  first({
    name: 'metadata-unknown-members',
    why: 'Every metadata file has members that this specification does not know, which are signed and passed over.',
    clauses: ['JSON6', 'JSON4'],
    change(registry) {
      registry.setKeys('timestamp', [withTufKeyId({ ...online, tuf: { ...online.tuf, 'x-owner': 'ops' } as never })]);
      Object.assign(registry.root, { 'x-expiry-period': 365 });
      registry.publishRoot();
      for (const role of ['targets', 'documents', 'snapshot', 'timestamp'])
        Object.assign(registry.role(role), { 'x-note': 'ä "quoted" \\ \n', 'x-more': [null, true, { b: 1, a: -1 }] });
      registry.publish();
    },
    expect: { rootVersion: 2, timestampVersion: 4 },
  }),
];

const SNAPSHOTS: readonly ClientCase[] = [
  first({
    name: 'snapshot-missing',
    why: 'The snapshot that the timestamp names is not there.',
    clauses: ['TUF16'],
    code: 'FILE_MISSING',
    change: (registry) => registry.files.delete(snapshotFile(registry)),
  }),
  first({
    name: 'snapshot-changed',
    why: 'The snapshot has the listed length and other bytes; nothing about it is signed wrongly but the hash.',
    clauses: ['TUF16', 'TUF23'],
    code: 'METADATA_DIGEST',
    change(registry) {
      registry.publishSnapshot();
      const { length } = registry.bytes(snapshotFile(registry));
      registry.snapshot.expires = '2027-06-01T00:00:01Z';
      const other = signed(registry.snapshot, [online]);
      if (other.length !== length) throw new Error('the other snapshot must have the same length');
      registry.files.set(snapshotFile(registry), other);
    },
  }),
  first({
    name: 'snapshot-shorter',
    why: 'The snapshot is shorter than listed; no hash is listed.',
    clauses: ['TUF16', 'TUF23'],
    code: 'METADATA_DIGEST',
    change: served(
      (registry) => registry.bytes(snapshotFile(registry)),
      (entry) => {
        delete entry.hashes;
        entry.length += 1;
      },
    ),
  }),
  first({
    name: 'snapshot-longer',
    why: 'The snapshot is longer than listed: reading stops at the listed length.',
    clauses: ['TUF16', 'NET4'],
    code: 'TOO_LARGE',
    change: served((registry) =>
      new TextEncoder().encode(`${new TextDecoder().decode(registry.bytes(snapshotFile(registry)))}    `),
    ),
  }),
  first({
    name: 'snapshot-hash-unknown',
    why: 'The timestamp lists the snapshot’s hash by an algorithm nobody knows, and no other.',
    clauses: ['TUF23'],
    code: 'METADATA_DIGEST',
    change: served(
      (registry) => registry.bytes(snapshotFile(registry)),
      (entry) => Object.assign(entry, { hashes: { md5: '00' } }),
    ),
  }),
  first({
    name: 'snapshot-by-version-only',
    why: 'The timestamp lists the snapshot’s version and neither length nor hash, as other registries do.',
    clauses: ['TUF16'],
    change: served(
      (registry) => registry.bytes(snapshotFile(registry)),
      (entry) => {
        delete entry.length;
        delete entry.hashes;
      },
    ),
    expect: { snapshotVersion: 4 },
  }),
  first({
    name: 'snapshot-too-long',
    why: 'The timestamp lists no length, and the snapshot is one byte longer than a snapshot may be.',
    clauses: ['TUF18', 'NET4'],
    code: 'TOO_LARGE',
    change(registry) {
      delete registry.timestamp.meta['snapshot.json'].length;
      delete registry.timestamp.meta['snapshot.json'].hashes;
      registry.publishTimestamp();
      registry.files.set(snapshotFile(registry), { fill: ' ', length: 2_000_001 });
    },
  }),
  first({
    name: 'snapshot-other-version',
    why: 'The snapshot’s bytes are those listed, and it says another version than its name.',
    clauses: ['TUF16'],
    code: 'METADATA_VERSION',
    change(registry) {
      registry.publishSnapshot();
      registry.snapshot.version = 7;
      registry.writeSnapshot(4);
      registry.writeTimestamp();
    },
  }),
  first({
    name: 'snapshot-by-a-stranger',
    why: 'The snapshot is listed with its hash, but signed by a key that the root does not name.',
    clauses: ['TUF8', 'TUF16'],
    code: 'METADATA_SIGNATURE',
    change(registry) {
      registry.signers.set('snapshot', [stranger]);
      registry.publishSnapshot();
    },
  }),
  first({
    name: 'snapshot-expired',
    why: 'The snapshot has expired, the timestamp has not.',
    clauses: ['TUF18'],
    code: 'METADATA_EXPIRED',
    change: resigned('snapshot', (it) => Object.assign(it, { expires: '2026-06-02T12:00:00Z' })),
  }),
  known({
    name: 'snapshot-lowers-a-role',
    why: 'A newer snapshot lists an older revocations file than the last one.',
    clauses: ['TUF17'],
    code: 'METADATA_ROLLBACK',
    change: resigned('snapshot', (it) => Object.assign(it.meta, { 'revocations.json': { version: 2 } })),
  }),
  known({
    name: 'snapshot-drops-a-role',
    why: 'A newer snapshot does not list the revocations any more.',
    clauses: ['TUF17'],
    code: 'METADATA_ROLLBACK',
    change: resigned('snapshot', (it) => delete it.meta['revocations.json']),
  }),
  known({
    name: 'snapshot-adds-a-role',
    why: 'A newer snapshot lists a role more, which nobody delegates to yet.',
    clauses: ['TUF17'],
    change: resigned('snapshot', (it) => Object.assign(it.meta, { 'documents-0.json': { version: 1 } })),
    expect: { snapshotVersion: 4 },
  }),
  known({
    name: 'mix-and-match',
    why: 'A new timestamp is served with the snapshot of the last visit under the new one’s name.',
    clauses: ['TUF16'],
    code: 'METADATA_DIGEST',
    change(registry) {
      const old = registry.bytes('metadata/3.snapshot.json');
      registry.publishRole('documents');
      registry.publishSnapshot();
      registry.files.set('metadata/4.snapshot.json', old);
      if (sha256(old) === registry.timestamp.meta['snapshot.json'].hashes.sha256) throw new Error('nothing changed');
    },
  }),
];

export const ONLINE_CASES = [...TIMESTAMPS, RESUMED, ...FIELDS, ...FORMS, ...SNAPSHOTS];

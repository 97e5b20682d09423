// Every defect a server can put into a repository, one at a time: how it is made and the code it must be refused with.
// A client that knows the good repository (unless `isFirst`) refreshes, and asks for `ask` where the case has one.
// From this table come test/vectors/trust (for every runtime) and the tests that run it.
import type { ClientErrorCode } from '@plugmark/client/trust';
import { ed25519Key, p256Key } from '../testkit/test-keys.ts';
import { type Json, NOW, signed, TufRepository } from '../testkit/tuf-repository.ts';

export const POLICY = 'policy.json';
export const DOCUMENT = 'plugins/acme/fft.json';

export interface RepositoryCase {
  readonly name: string;
  /** One sentence: the README of the vector. */
  readonly why: string;
  readonly change: (repository: TufRepository) => void;
  /** Absent for a case that must succeed. */
  readonly code?: ClientErrorCode;
  /** A target to find and download after the refresh. */
  readonly ask?: string;
  /** The client starts with an empty store. */
  readonly isFirst?: boolean;
  readonly now?: Date;
  /** Instead of the first root. */
  readonly shippedRoot?: (repository: TufRepository) => Uint8Array;
}

/** A small repository with one target of its own and one delegated role; everything has had an older version. */
export function goodRepository(): TufRepository {
  const repository = new TufRepository();
  repository.addTarget(POLICY, '{"wait":"P3D"}');
  repository.delegate({ name: 'documents', paths: ['plugins/*/*.json'], terminating: true });
  repository.addTarget(DOCUMENT, '{"latest":"1.0.0"}', 'documents');
  repository.publish();
  repository.publish();
  return repository;
}

const LONG_AGO = '2026-02-28T00:00:00Z';
const text = (content: string) => new TextEncoder().encode(content);
const strangers = [ed25519Key('nobody knows this one')];

/** Publishes a new version of everything, then puts `change` into the signed part of `file` and signs it again. */
function resigned(file: 'timestamp' | 'snapshot' | 'targets' | 'documents', change: (signedPart: Json) => void) {
  return (repository: TufRepository) => {
    repository.publish();
    const { timestamp, snapshot } = repository;
    if (file === 'timestamp') {
      change(timestamp);
      repository.writeTimestamp();
    } else if (file === 'snapshot') {
      change(snapshot);
      repository.writeSnapshot();
      repository.writeTimestamp();
    } else {
      change(repository.roles.get(file));
      const { version } = snapshot.meta[`${file}.json`];
      repository.writeRole(file);
      // The snapshot keeps naming the version it was told, so that a changed version is a defect of the file alone.
      snapshot.meta[`${file}.json`].version = version;
      moveFile(repository, file, version);
      repository.writeSnapshot();
      repository.writeTimestamp();
    }
  };
}

function moveFile(repository: TufRepository, role: string, version: number): void {
  const written = `metadata/${repository.roles.get(role).version}.${role}.json`;
  repository.files.set(`metadata/${version}.${role}.json`, repository.file(written));
}

/** Publishes everything once more, then changes a served file without signing it again. */
function tampered(path: (repository: TufRepository) => string, change: (file: Json) => void) {
  return (repository: TufRepository) => {
    repository.publish();
    repository.tamper(path(repository), change);
  };
}

function replaced(path: (repository: TufRepository) => string, bytes: Uint8Array) {
  return (repository: TufRepository) => {
    repository.publish();
    repository.files.set(path(repository), bytes);
  };
}

function removed(path: (repository: TufRepository) => string) {
  return (repository: TufRepository) => {
    repository.publish();
    repository.files.delete(path(repository));
  };
}

/** A next root, changed before it is signed by the given keys. */
function nextRoot(change: (repository: TufRepository) => void) {
  return (repository: TufRepository) => {
    change(repository);
    repository.publishRoot();
  };
}

const timestampFile = () => 'metadata/timestamp.json';
const snapshotFile = (r: TufRepository) => `metadata/${r.snapshot.version}.snapshot.json`;
const targetsFile = (r: TufRepository) => `metadata/${r.targets.version}.targets.json`;
const documentsFile = (r: TufRepository) => `metadata/${r.roles.get('documents').version}.documents.json`;
const documentFile = (r: TufRepository) =>
  `targets/plugins/acme/${r.roles.get('documents').targets[DOCUMENT].hashes.sha256}.fft.json`;

/** The timestamp role gets one key under two ids and a threshold of two; the one holder signs under both. */
function duplicateKeyIds(repository: TufRepository): void {
  const key = p256Key('timestamp twice');
  const twin = { ...key, keyId: 'another-id', tuf: { ...key.tuf, keytype: 'ecdsa-sha2-nistp256' } };
  repository.setKeys('timestamp', [key, twin]);
  repository.publishRoot();
  repository.publish();
}

const ROOT_CASES: readonly RepositoryCase[] = [
  {
    name: 'root-without-old-keys',
    why: 'The next root is signed by the keys it names itself, not by those of the root before it.',
    code: 'METADATA_SIGNATURE',
    change(repository) {
      repository.setKeys('root', strangers);
      repository.root.version++;
      repository.files.set('metadata/2.root.json', signed(repository.root, strangers));
    },
  },
  {
    name: 'root-without-new-keys',
    why: 'The next root names a key that has not signed it, so nobody might hold it.',
    code: 'METADATA_SIGNATURE',
    change(repository) {
      const old = repository.signers.get('root') ?? [];
      repository.setKeys('root', strangers);
      repository.root.version++;
      repository.files.set('metadata/2.root.json', signed(repository.root, old));
    },
  },
  {
    name: 'root-version-skipped',
    why: 'The file 2.root.json holds version 3.',
    code: 'METADATA_VERSION',
    change(repository) {
      repository.root.version = 2;
      repository.publishRoot();
      repository.files.set('metadata/2.root.json', repository.file('metadata/3.root.json'));
    },
  },
  {
    name: 'root-version-repeated',
    why: 'The file 2.root.json holds version 1 again.',
    code: 'METADATA_VERSION',
    change: (repository) => repository.files.set('metadata/2.root.json', repository.firstRoot),
  },
  {
    name: 'root-expired',
    why: 'The last root of the chain has expired.',
    code: 'METADATA_EXPIRED',
    change: nextRoot(({ root }) => Object.assign(root, { expires: LONG_AGO })),
  },
  {
    name: 'root-is-html',
    why: 'A captive portal answers the request for the next root with its sign-in page.',
    code: 'METADATA_MALFORMED',
    change: (repository) => repository.files.set('metadata/2.root.json', text('<!doctype html><title>Wi-Fi</title>')),
  },
  {
    name: 'root-endless',
    why: 'The next root is longer than a root may be.',
    code: 'TOO_LARGE',
    change: (repository) => repository.files.set('metadata/2.root.json', new Uint8Array(512_001).fill(0x20)),
  },
  {
    name: 'root-of-tuf-2',
    why: 'The next root follows another major version of the specification.',
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => Object.assign(root, { spec_version: '2.0.0' })),
  },
  {
    name: 'root-threshold-zero',
    why: 'The next root lets the timestamp role sign with no key at all.',
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => Object.assign(root.roles.timestamp, { threshold: 0 })),
  },
  {
    name: 'root-keyid-listed-twice',
    why: 'A role of the next root lists one key id twice.',
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => root.roles.timestamp.keyids.push(root.roles.timestamp.keyids[0])),
  },
  {
    name: 'root-without-a-role',
    why: 'The next root has no snapshot role.',
    code: 'METADATA_MALFORMED',
    change: nextRoot(({ root }) => delete root.roles.snapshot),
  },
  {
    name: 'key-ids-of-object-prototype',
    why: 'Roles name the keys `__proto__` and `constructor`, which nobody listed.',
    code: 'METADATA_SIGNATURE',
    change(repository) {
      repository.root.roles.timestamp.keyids = ['__proto__', 'constructor'];
      repository.publishRoot();
      repository.publish();
    },
  },
  {
    name: 'one-key-under-two-ids',
    why: 'A threshold of two is met by one key listed under two ids.',
    code: 'METADATA_SIGNATURE',
    change: duplicateKeyIds,
  },
  {
    name: 'one-key-in-two-spellings',
    why: 'A threshold of two is met by one key whose point is written in two ways; a reader may accept one of them only.',
    code: 'METADATA_SIGNATURE',
    change(repository) {
      const key = p256Key('timestamp twice');
      const hybrid = Buffer.from(key.spki);
      // SEC 1 2.3.3 with ANSI X9.62's hybrid form: both coordinates, and the parity of y in the first byte.
      hybrid[26] = 6 + ((hybrid[90] ?? 0) & 1);
      const pem = `-----BEGIN PUBLIC KEY-----\n${hybrid.toString('base64')}\n-----END PUBLIC KEY-----\n`;
      const twin = { ...key, keyId: 'another-id', tuf: { ...key.tuf, keyval: { public: pem } } };
      repository.setKeys('timestamp', [key, twin]);
      repository.publishRoot();
      repository.publish();
    },
  },
  {
    name: 'shipped-root-unsigned',
    why: 'The root the host ships carries no signature.',
    code: 'ROOT_INVALID',
    isFirst: true,
    change: () => {},
    shippedRoot: ({ root }) => signed(root, []),
  },
  {
    name: 'shipped-root-of-another-type',
    why: 'The host ships a timestamp where its root should be.',
    code: 'ROOT_INVALID',
    isFirst: true,
    change: () => {},
    shippedRoot: (repository) => repository.file('metadata/timestamp.json'),
  },
];

const TIMESTAMP_CASES: readonly RepositoryCase[] = [
  {
    name: 'timestamp-missing',
    why: 'The server has no timestamp.',
    code: 'FILE_MISSING',
    change: removed(timestampFile),
  },
  {
    name: 'timestamp-unsigned',
    why: 'The timestamp carries no signature.',
    code: 'METADATA_SIGNATURE',
    change: tampered(timestampFile, (file) => Object.assign(file, { signatures: [] })),
  },
  {
    name: 'timestamp-signed-by-a-stranger',
    why: 'The timestamp is signed by a key the root does not name.',
    code: 'METADATA_SIGNATURE',
    change(repository) {
      repository.publish();
      repository.files.set('metadata/timestamp.json', signed(repository.timestamp, strangers));
    },
  },
  {
    name: 'timestamp-changed-after-signing',
    why: 'The expiry of the timestamp was moved after it was signed.',
    code: 'METADATA_SIGNATURE',
    change: tampered(timestampFile, (file) => Object.assign(file.signed, { expires: '2036-01-01T00:00:00Z' })),
  },
  {
    name: 'timestamp-signature-repeated',
    why: 'The list of signatures has two for one key id.',
    code: 'METADATA_MALFORMED',
    change: tampered(timestampFile, (file) => file.signatures.push(file.signatures[0])),
  },
  {
    name: 'timestamp-expired',
    why: 'A new timestamp is already past its expiry.',
    code: 'METADATA_EXPIRED',
    change: resigned('timestamp', (part) => Object.assign(part, { expires: LONG_AGO })),
  },
  {
    name: 'timestamp-expires-now',
    why: 'The timestamp expires in the very instant of the update.',
    code: 'METADATA_EXPIRED',
    change: resigned('timestamp', (part) => Object.assign(part, { expires: `${NOW.toISOString().slice(0, 19)}Z` })),
  },
  {
    name: 'timestamp-frozen',
    why: 'Nothing has changed on the server since the last visit, and the timestamp has expired meanwhile.',
    code: 'METADATA_EXPIRED',
    change(repository) {
      repository.root.expires = '2036-01-01T00:00:00Z';
      repository.publishRoot();
    },
    now: new Date('2026-04-02T00:00:00Z'),
  },
  {
    name: 'timestamp-older',
    why: 'The server offers a timestamp older than the one the client has.',
    code: 'METADATA_ROLLBACK',
    change: resigned('timestamp', (part) => Object.assign(part, { version: 1 })),
  },
  {
    name: 'timestamp-names-older-snapshot',
    why: 'A new timestamp names a snapshot older than the one the client has.',
    code: 'METADATA_ROLLBACK',
    change: resigned('timestamp', (part) => Object.assign(part.meta['snapshot.json'], { version: 1 })),
  },
  {
    name: 'timestamp-endless',
    why: 'The timestamp is longer than a timestamp may be.',
    code: 'TOO_LARGE',
    change: replaced(timestampFile, new Uint8Array(16_385).fill(0x20)),
  },
  {
    name: 'timestamp-of-another-type',
    why: 'A properly signed file of another type stands in for the timestamp.',
    code: 'METADATA_MALFORMED',
    change: resigned('timestamp', (part) => Object.assign(part, { _type: 'snapshot' })),
  },
  {
    name: 'timestamp-version-text',
    why: 'The version of the timestamp is text.',
    code: 'METADATA_MALFORMED',
    change: resigned('timestamp', (part) => Object.assign(part, { version: '3' })),
  },
  {
    name: 'timestamp-version-zero',
    why: 'The version of the timestamp is zero, and versions begin at one.',
    code: 'METADATA_MALFORMED',
    isFirst: true,
    change: resigned('timestamp', (part) => Object.assign(part, { version: 0 })),
  },
  {
    name: 'timestamp-expiry-impossible',
    why: 'The timestamp expires on the 31st of February.',
    code: 'METADATA_MALFORMED',
    change: resigned('timestamp', (part) => Object.assign(part, { expires: '2027-02-31T00:00:00Z' })),
  },
  {
    name: 'timestamp-expiry-local',
    why: 'The expiry has an offset instead of UTC.',
    code: 'METADATA_MALFORMED',
    change: resigned('timestamp', (part) => Object.assign(part, { expires: '2027-02-01T00:00:00+02:00' })),
  },
  {
    name: 'timestamp-with-fraction',
    why: 'An unknown field holds a fraction, which the signed form cannot express.',
    code: 'METADATA_MALFORMED',
    change: tampered(timestampFile, (file) => Object.assign(file.signed, { load: 0.5 })),
  },
  {
    name: 'timestamp-deeply-nested',
    why: 'Ten thousand brackets are meant to exhaust the stack before a signature is checked.',
    code: 'METADATA_MALFORMED',
    change: replaced(timestampFile, text(`{"signatures":[],"signed":{"a":${'['.repeat(7000)}${']'.repeat(7000)}}}`)),
  },
  {
    name: 'timestamp-lone-surrogate',
    why: 'A string is not Unicode text, so its UTF-8 form would equal that of another one.',
    code: 'METADATA_MALFORMED',
    change: tampered(timestampFile, (file) => Object.assign(file.signed, { note: '\ud800' })),
  },
  {
    name: 'timestamp-byte-order-mark',
    why: 'The file begins with a byte order mark, which is not JSON.',
    code: 'METADATA_MALFORMED',
    change(repository) {
      repository.publish();
      const file = repository.file('metadata/timestamp.json');
      repository.files.set('metadata/timestamp.json', new Uint8Array([0xef, 0xbb, 0xbf, ...file]));
    },
  },
  {
    name: 'timestamp-not-an-object',
    why: 'The timestamp is the JSON value null.',
    code: 'METADATA_MALFORMED',
    change: replaced(timestampFile, text('null')),
  },
];

const SNAPSHOT_CASES: readonly RepositoryCase[] = [
  {
    name: 'snapshot-missing',
    why: 'The snapshot named by the timestamp is not there.',
    code: 'FILE_MISSING',
    change: removed(snapshotFile),
  },
  {
    name: 'snapshot-changed',
    why: 'The snapshot is not the file whose hash the timestamp lists.',
    code: 'METADATA_DIGEST',
    change: tampered(snapshotFile, (file) => Object.assign(file, { signatures: [] })),
  },
  {
    name: 'snapshot-unsigned',
    why: 'The snapshot the timestamp lists carries no signature of its own.',
    code: 'METADATA_SIGNATURE',
    change(repository) {
      repository.publish();
      repository.signers.set('snapshot', []);
      repository.publishSnapshot();
    },
  },
  {
    name: 'snapshot-hash-unknown',
    why: 'The timestamp lists only a hash of an unknown kind for the snapshot.',
    code: 'METADATA_DIGEST',
    change: resigned('timestamp', (part) => Object.assign(part.meta['snapshot.json'], { hashes: { blake9: '00' } })),
  },
  {
    name: 'snapshot-longer-than-listed',
    why: 'The snapshot is longer than the timestamp says.',
    code: 'TOO_LARGE',
    change: resigned('timestamp', (part) => Object.assign(part.meta['snapshot.json'], { length: 10 })),
  },
  {
    name: 'snapshot-shorter-than-listed',
    why: 'The timestamp lists a length, and no hash, that the snapshot does not reach.',
    code: 'METADATA_DIGEST',
    change: resigned('timestamp', ({ meta }) => {
      const { version, length } = meta['snapshot.json'];
      meta['snapshot.json'] = { version, length: length + 1 };
    }),
  },
  {
    name: 'snapshot-other-version',
    why: 'The file served under the version the timestamp names holds another version.',
    code: 'METADATA_VERSION',
    change(repository) {
      repository.publish();
      const { version } = repository.snapshot;
      repository.timestamp.meta['snapshot.json'] = { version: version + 1 };
      repository.files.set(`metadata/${version + 1}.snapshot.json`, repository.file(snapshotFile(repository)));
      repository.publishTimestamp();
    },
  },
  {
    name: 'snapshot-expired',
    why: 'The new snapshot has expired.',
    code: 'METADATA_EXPIRED',
    change: resigned('snapshot', (part) => Object.assign(part, { expires: LONG_AGO })),
  },
  {
    name: 'snapshot-drops-a-role',
    why: 'The new snapshot no longer lists a role the trusted one lists.',
    code: 'METADATA_ROLLBACK',
    change: resigned('snapshot', (part) => delete part.meta['documents.json']),
  },
  {
    name: 'snapshot-lowers-a-role',
    why: 'The new snapshot lists an older version of a role.',
    code: 'METADATA_ROLLBACK',
    change: resigned('snapshot', (part) => Object.assign(part.meta['documents.json'], { version: 1 })),
  },
];

const TARGETS_CASES: readonly RepositoryCase[] = [
  {
    name: 'targets-missing',
    why: 'The targets file the snapshot names is not there.',
    code: 'FILE_MISSING',
    change: removed(targetsFile),
  },
  {
    name: 'targets-not-in-snapshot',
    why: 'The snapshot does not list the targets file.',
    code: 'FILE_MISSING',
    isFirst: true,
    change: resigned('snapshot', (part) => delete part.meta['targets.json']),
  },
  {
    name: 'targets-unsigned',
    why: 'The targets file carries no signature.',
    code: 'METADATA_SIGNATURE',
    change: tampered(targetsFile, (file) => Object.assign(file, { signatures: [] })),
  },
  {
    name: 'targets-expired',
    why: 'The targets file has expired.',
    code: 'METADATA_EXPIRED',
    change: resigned('targets', (part) => Object.assign(part, { expires: LONG_AGO })),
  },
  {
    name: 'targets-other-version',
    why: 'The targets file holds another version than the snapshot lists.',
    code: 'METADATA_VERSION',
    change: resigned('targets', (part) => Object.assign(part, { version: 2 })),
  },
  {
    name: 'targets-hash-in-capitals',
    why: 'A hash is written in capitals, a second spelling of the same bytes.',
    code: 'METADATA_MALFORMED',
    change: resigned('targets', (part) => Object.assign(part.targets[POLICY].hashes, { sha256: 'A'.repeat(64) })),
  },
  {
    name: 'delegation-named-timestamp',
    why: 'A delegated role takes the name of a top-level one.',
    code: 'METADATA_MALFORMED',
    change: resigned('targets', (part) => Object.assign(part.delegations.roles[0], { name: 'timestamp' })),
  },
  {
    name: 'delegation-repeated',
    why: 'Two delegations share a name.',
    code: 'METADATA_MALFORMED',
    change: resigned('targets', (part) => part.delegations.roles.push(part.delegations.roles[0])),
  },
  {
    name: 'delegation-of-two-kinds',
    why: 'A targets file delegates by roles and by succinct roles.',
    code: 'METADATA_MALFORMED',
    change: resigned('targets', ({ delegations }) => {
      delegations.succinct_roles = { keyids: [], threshold: 1, bit_length: 4, name_prefix: 'bin' };
    }),
  },
  {
    name: 'succinct-roles-too-many',
    why: 'Succinct roles use more bits than a number of 32 bits has.',
    code: 'METADATA_MALFORMED',
    change: resigned('targets', (part) => {
      const succinct_roles = { keyids: [], threshold: 1, bit_length: 33, name_prefix: 'bin' };
      part.delegations = { keys: {}, succinct_roles };
    }),
  },
  {
    name: 'delegation-by-paths-and-prefixes',
    why: 'A delegation has both paths and hash prefixes.',
    code: 'METADATA_MALFORMED',
    change: resigned('targets', (part) => Object.assign(part.delegations.roles[0], { path_hash_prefixes: ['0'] })),
  },
];

const DOCUMENTS_CASES: readonly RepositoryCase[] = [
  {
    name: 'role-missing',
    why: 'The delegated file is not there.',
    code: 'FILE_MISSING',
    ask: DOCUMENT,
    change: removed(documentsFile),
  },
  {
    name: 'role-not-in-snapshot',
    why: 'The snapshot does not list the delegated role.',
    code: 'FILE_MISSING',
    ask: DOCUMENT,
    isFirst: true,
    change: resigned('snapshot', (part) => delete part.meta['documents.json']),
  },
  {
    name: 'role-unsigned',
    why: 'The delegated file carries no signature.',
    code: 'METADATA_SIGNATURE',
    ask: DOCUMENT,
    change: tampered(documentsFile, (file) => Object.assign(file, { signatures: [] })),
  },
  {
    name: 'role-signed-by-the-top',
    why: 'The delegated file is signed by the keys of another role.',
    code: 'METADATA_SIGNATURE',
    ask: DOCUMENT,
    change(repository) {
      repository.signers.set('documents', repository.signers.get('targets') ?? []);
      repository.publish();
    },
  },
  {
    name: 'role-expired',
    why: 'The delegated file has expired.',
    code: 'METADATA_EXPIRED',
    ask: DOCUMENT,
    change: resigned('documents', (part) => Object.assign(part, { expires: LONG_AGO })),
  },
  {
    name: 'role-other-version',
    why: 'The delegated file holds another version than the snapshot lists.',
    code: 'METADATA_VERSION',
    ask: DOCUMENT,
    change: resigned('documents', (part) => Object.assign(part, { version: 2 })),
  },
  {
    name: 'target-missing',
    why: 'A listed target is not there.',
    code: 'FILE_MISSING',
    ask: DOCUMENT,
    isFirst: true,
    change: removed(documentFile),
  },
  {
    name: 'target-changed',
    why: 'A target has other bytes of the same length.',
    code: 'TARGET_DIGEST',
    ask: DOCUMENT,
    isFirst: true,
    change: replaced(documentFile, text('{"latest":"6.6.6"}')),
  },
  {
    name: 'target-shorter',
    why: 'A target is cut short.',
    code: 'TARGET_DIGEST',
    ask: DOCUMENT,
    isFirst: true,
    change: replaced(documentFile, text('{"latest":')),
  },
  {
    name: 'target-longer',
    why: 'A target goes on after its listed length.',
    code: 'TOO_LARGE',
    ask: DOCUMENT,
    isFirst: true,
    change: replaced(documentFile, text('{"latest":"1.0.0"} and so on')),
  },
  {
    name: 'target-hash-unknown',
    why: 'A target has only a hash of an unknown kind.',
    code: 'TARGET_UNKNOWN',
    ask: DOCUMENT,
    change: resigned('documents', (part) => Object.assign(part.targets[DOCUMENT], { hashes: { blake9: '00' } })),
  },
  {
    name: 'target-path-climbs',
    why: 'A listed target path leads out of the targets folder.',
    code: 'TARGET_UNKNOWN',
    ask: 'plugins/../x.json',
    change: resigned('documents', (part) =>
      Object.assign(part.targets, { 'plugins/../x.json': part.targets[DOCUMENT] }),
    ),
  },
];

const GOOD_CASES: readonly RepositoryCase[] = [
  {
    name: 'first-visit',
    why: 'A client with an empty store finds a delegated target.',
    ask: DOCUMENT,
    isFirst: true,
    change: () => {},
  },
  { name: 'nothing-changed', why: 'A client comes back and nothing has changed.', ask: DOCUMENT, change: () => {} },
  {
    name: 'new-release',
    why: 'A client comes back after a new version of everything.',
    ask: DOCUMENT,
    change(repository) {
      repository.addTarget(DOCUMENT, '{"latest":"1.1.0"}', 'documents');
      repository.publish();
    },
  },
  {
    name: 'root-rotated-twice',
    why: 'The root keys changed twice, each new root signed by old and new keys.',
    ask: POLICY,
    change(repository) {
      repository.setKeys('root', [p256Key('root 2')]);
      repository.publishRoot();
      repository.setKeys('root', [ed25519Key('root 3'), p256Key('root 3')], 2);
      repository.publishRoot();
    },
  },
  {
    name: 'timestamp-fast-forward-recovered',
    why: 'A stolen timestamp key signed a huge version; the root has replaced the key and versions begin again.',
    change(repository) {
      repository.setKeys('timestamp', [ed25519Key('timestamp 2')]);
      repository.publishRoot();
      repository.timestamp.version = 0;
      repository.publishTimestamp();
    },
  },
  {
    name: 'snapshot-fast-forward-recovered',
    why: 'Only the snapshot key was replaced, and the versions it had signed begin again.',
    change(repository) {
      repository.setKeys('snapshot', [ed25519Key('snapshot 2')]);
      repository.publishRoot();
      repository.snapshot.version = 0;
      repository.publishSnapshot();
    },
  },
  {
    name: 'targets-fast-forward-recovered',
    why: 'The timestamp key was replaced, and with it the memory of the huge versions a stolen online key had listed goes.',
    change(repository) {
      repository.setKeys('timestamp', [ed25519Key('timestamp 2')]);
      repository.publishRoot();
      repository.targets.version = 0;
      repository.publish();
    },
  },
  {
    name: 'unknown-fields',
    why: 'Fields, key types and hash kinds of the future are ignored where they are not needed.',
    ask: DOCUMENT,
    change(repository) {
      repository.root.keys['future'] = { keytype: 'mldsa65', scheme: 'mldsa65', keyval: { public: 'x', more: [1] } };
      repository.root.roles.timestamp.keyids.push('future');
      repository.root.constructor = { prototype: true };
      repository.publishRoot();
      repository.targets.targets[POLICY].custom = { note: 'a "quoted" \\ line\n' };
      repository.targets.targets[POLICY].hashes.blake9 = 'x';
      repository.publish();
    },
  },
  {
    name: 'signature-placeholder',
    why: 'An empty signature beside a good one stands for one that is still to come.',
    change: tampered(timestampFile, (file) => file.signatures.push({ keyid: 'later', sig: '' })),
  },
];

export const REPOSITORY_CASES: readonly RepositoryCase[] = [
  ...GOOD_CASES,
  ...ROOT_CASES,
  ...TIMESTAMP_CASES,
  ...SNAPSHOT_CASES,
  ...TARGETS_CASES,
  ...DOCUMENTS_CASES,
];

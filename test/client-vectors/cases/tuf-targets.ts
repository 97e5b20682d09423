// Targets files, delegations and the files they list (specification 5.4).
import { KEYS } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { packageDocument } from '../releases.ts';
import { type Json, jsonFile, sha256, signed, targetFile, type VectorRegistry } from '../vector-registry.ts';
import { document, first, known, published, THING } from './steps.ts';

const DOCUMENT = 'plugins/acme/thing.json';
const ask = { request: 'acme/thing' };
const { online, stranger, revocations, targets } = KEYS;

const fileOf = (registry: VectorRegistry, role: string): string =>
  `metadata/${registry.snapshot.meta[`${role}.json`].version}.${role}.json`;
const documentFile = (registry: VectorRegistry): string =>
  targetFile(DOCUMENT, registry.role('documents').targets[DOCUMENT].hashes.sha256);

/** The next version of a targets file, changed before it is signed. */
const role =
  (name: string, change: (signedPart: Json) => unknown) =>
  (registry: VectorRegistry): void => {
    change(registry.role(name));
    registry.publishRole(name);
    registry.publishSnapshot();
  };

/** The listed file keeps its name and gets other bytes. */
const replaced = (bytes: (old: Uint8Array) => Uint8Array) => (registry: VectorRegistry) => {
  const path = documentFile(registry);
  registry.files.set(path, bytes(registry.bytes(path)));
};

/** The document's entry in its role, changed and signed. */
const listed = (change: (entry: Json) => unknown) => role('documents', ({ targets: list }) => change(list[DOCUMENT]));

const ROLES: readonly ClientCase[] = [
  first({
    name: 'targets-missing',
    why: 'The top targets file that the snapshot names is not there.',
    clauses: ['TUF19'],
    code: 'FILE_MISSING',
    change: (registry) => registry.files.delete(fileOf(registry, 'targets')),
  }),
  first({
    name: 'targets-not-in-snapshot',
    why: 'The snapshot does not list the top targets file.',
    clauses: ['TUF20'],
    code: 'FILE_MISSING',
    change(registry) {
      delete registry.snapshot.meta['targets.json'];
      registry.publishSnapshot();
    },
  }),
  first({
    name: 'targets-by-the-online-key',
    why: 'A stolen online key signs the top targets file, with publishers of the thief’s choice.',
    clauses: ['TUF8', 'TUF19'],
    code: 'METADATA_SIGNATURE',
    change: published((registry) => {
      registry.document('publishers.json').publishers = {};
      registry.signers.set('targets', [online]);
    }),
  }),
  first({
    name: 'targets-expired',
    why: 'The top targets file has expired.',
    clauses: ['TUF19'],
    code: 'METADATA_EXPIRED',
    change: role('targets', (it) => Object.assign(it, { expires: '2026-06-02T12:00:00Z' })),
  }),
  first({
    name: 'targets-other-version',
    why: 'The file of version 4 says that it is version 3.',
    clauses: ['TUF19'],
    code: 'METADATA_VERSION',
    change(registry) {
      registry.writeRole('targets', 4);
      registry.snapshot.meta['targets.json'].version = 4;
      registry.publishSnapshot();
    },
  }),
  first({
    name: 'targets-too-long',
    why: 'The top targets file is one byte longer than a targets file may be.',
    clauses: ['TUF19', 'NET4'],
    code: 'TOO_LARGE',
    change: (registry) => registry.files.set(fileOf(registry, 'targets'), { fill: ' ', length: 5_000_001 }),
  }),
  first({
    name: 'targets-of-another-hash',
    why: 'The snapshot lists hash and length of the top targets file, as other registries do, and the file is another one.',
    clauses: ['TUF19', 'TUF23'],
    code: 'METADATA_DIGEST',
    change(registry) {
      registry.snapshot.meta['targets.json'].hashes = { sha256: 'ab'.repeat(32) };
      registry.publishSnapshot();
    },
  }),
  first({
    name: 'role-by-a-stranger',
    why: 'The documents role is signed by a key that the top targets file does not name.',
    clauses: ['TUF8', 'TUF21'],
    code: 'METADATA_SIGNATURE',
    ask,
    change(registry) {
      registry.signers.set('documents', [stranger]);
      registry.publish();
    },
  }),
  first({
    name: 'role-by-the-top-key',
    why: 'The documents role is signed by the key of the top targets file, which does not count for it.',
    clauses: ['TUF8'],
    code: 'METADATA_SIGNATURE',
    ask,
    change(registry) {
      registry.signers.set('documents', [targets]);
      registry.publish();
    },
  }),
  first({
    name: 'revocations-by-the-online-key',
    why: 'A stolen online key signs the revocations, to lift one.',
    clauses: ['TUF8', 'STA1'],
    code: 'METADATA_SIGNATURE',
    change(registry) {
      registry.signers.set('revocations', [online]);
      registry.publish();
    },
  }),
  first({
    name: 'role-expired',
    why: 'The documents role has expired.',
    clauses: ['TUF19'],
    code: 'METADATA_EXPIRED',
    ask,
    change: role('documents', (it) => Object.assign(it, { expires: '2026-06-02T11:59:59Z' })),
  }),
  first({
    name: 'role-other-version',
    why: 'The documents role is served as it was, under the name of the new version.',
    clauses: ['TUF19'],
    code: 'METADATA_VERSION',
    ask,
    change(registry) {
      const old = registry.bytes('metadata/3.documents.json');
      registry.publishRole('documents');
      registry.publishSnapshot();
      registry.files.set('metadata/4.documents.json', old);
    },
  }),
  first({
    name: 'role-missing',
    why: 'The documents role is not served.',
    clauses: ['TUF19'],
    code: 'FILE_MISSING',
    ask,
    change: (registry) => registry.files.delete(fileOf(registry, 'documents')),
  }),
  first({
    name: 'role-not-in-snapshot',
    why: 'The top targets file delegates to a documents role that the snapshot does not list.',
    clauses: ['TUF20'],
    code: 'FILE_MISSING',
    ask,
    change(registry) {
      delete registry.snapshot.meta['documents.json'];
      registry.publishSnapshot();
    },
  }),
];

const delegations =
  (change: (delegations: Json, registry: VectorRegistry) => unknown) => (registry: VectorRegistry) => {
    change(registry.targets.delegations, registry);
    registry.publish();
  };

const malformedDelegation = (name: string, why: string, clause: string, change: (roles: Json) => unknown): ClientCase =>
  first({
    name: `delegation-${name}`,
    why,
    clauses: [clause],
    code: 'METADATA_MALFORMED',
    change: delegations(({ roles }) => change(roles)),
  });

/** The sixteen roles of a registry beyond 500 plugins; the one of acme/thing is full, the others are empty. */
function shard(registry: VectorRegistry): string {
  const { roles } = registry.targets.delegations;
  roles.pop();
  const home = sha256(new TextEncoder().encode(DOCUMENT)).slice(0, 1);
  for (const digit of '0123456789abcdef')
    registry.delegate({ name: `documents-${digit}`, keys: [online], path_hash_prefixes: [digit] });
  const listing = registry.documents.get(DOCUMENT);
  for (const [path, { role: name }] of registry.documents) if (name === 'documents') registry.documents.delete(path);
  registry.setDocument(DOCUMENT, listing?.json, `documents-${home}`);
  return home;
}

const DELEGATIONS: readonly ClientCase[] = [
  known({
    name: 'delegation-by-prefix',
    why: 'The registry grew: sixteen roles by the first digit of the path’s hash list the documents.',
    clauses: ['TUF21', 'TUF22', 'DOC1'],
    ask,
    expect: THING,
    change: (registry) => {
      shard(registry);
      registry.publish();
    },
  }),
  first({
    name: 'delegation-wrong-prefix',
    why: 'A document is listed by a role of another prefix than its path has: it is not there.',
    clauses: ['TUF21', 'DOC2'],
    code: 'PLUGIN_UNKNOWN',
    ask,
    change(registry) {
      const home = shard(registry);
      registry.documents.set(DOCUMENT, {
        role: home === '0' ? 'documents-1' : 'documents-0',
        json: registry.document(DOCUMENT),
      });
      registry.publish();
    },
  }),
  first({
    name: 'delegation-outside-paths',
    why: 'The documents role lists a file that its paths do not cover: it is not there.',
    clauses: ['TUF21', 'DOC2'],
    code: 'PLUGIN_UNKNOWN',
    ask,
    change: delegations(({ roles }) => Object.assign(roles[1], { paths: ['plugins/other/*.json'] })),
  }),
  first({
    name: 'delegation-star-stops-at-slash',
    why: 'A star of a path pattern does not stand for a slash.',
    clauses: ['TUF21', 'DOC2'],
    code: 'PLUGIN_UNKNOWN',
    ask,
    change: delegations(({ roles }) => Object.assign(roles[1], { paths: ['plugins/*.json'] })),
  }),
  first({
    name: 'delegation-question-mark',
    why: 'A question mark of a path pattern stands for one character, and the last of several patterns fits.',
    clauses: ['TUF21'],
    ask,
    expect: THING,
    change: delegations(({ roles }) => Object.assign(roles[1], { paths: ['nothing', 'plugins/acm?/*.jso?'] })),
  }),
  first({
    name: 'delegation-leading-star',
    why: 'A star at the beginning of a path pattern, and another that must be taken back once.',
    clauses: ['TUF21'],
    ask,
    expect: THING,
    change: delegations(({ roles }) => Object.assign(roles[1], { paths: ['*ins/*me/*.json'] })),
  }),
  first({
    name: 'delegation-question-mark-stops-at-slash',
    why: 'A question mark of a path pattern does not stand for a slash.',
    clauses: ['TUF21', 'DOC2'],
    code: 'PLUGIN_UNKNOWN',
    ask,
    change: delegations(({ roles }) => Object.assign(roles[1], { paths: ['plugins?acme/*.json'] })),
  }),
  first({
    name: 'delegation-part-of-a-path',
    why: 'A path pattern fits the end of the path, and must fit the whole.',
    clauses: ['TUF21', 'DOC2'],
    code: 'PLUGIN_UNKNOWN',
    ask,
    change: delegations(({ roles }) => Object.assign(roles[1], { paths: ['lugins/acme/*.json'] })),
  }),
  first({
    name: 'delegation-terminating',
    why: 'A role that comes first covers the path, ends the search and does not list it; the next one would.',
    clauses: ['TUF21'],
    code: 'PLUGIN_UNKNOWN',
    ask,
    change(registry) {
      registry.delegate({ name: 'documents-empty', keys: [online], paths: ['plugins/acme/*.json'] });
      const { roles } = registry.targets.delegations;
      roles.splice(1, 0, roles.pop());
      registry.publish();
    },
  }),
  first({
    name: 'delegation-not-terminating',
    why: 'A role that comes first covers the path without ending the search and does not list it; the next one does.',
    clauses: ['TUF21'],
    ask,
    expect: THING,
    change(registry) {
      registry.delegate({
        name: 'documents-empty',
        keys: [online],
        terminating: false,
        paths: ['plugins/acme/*.json'],
      });
      const { roles } = registry.targets.delegations;
      roles.splice(1, 0, roles.pop());
      registry.publish();
    },
  }),
  first({
    name: 'delegation-first-wins',
    why: 'Two roles list the path; the first in order of the delegations is asked.',
    clauses: ['TUF21'],
    ask,
    expect: THING,
    change(registry) {
      registry.delegate({ name: 'documents-z', keys: [online], paths: ['plugins/acme/*.json'] });
      registry.listTarget(DOCUMENT, new TextEncoder().encode('{}'), { role: 'documents-z' });
      registry.publish();
    },
  }),
  first({
    name: 'delegation-chain-too-long',
    why: 'A chain of forty roles, each delegating to the next, ends at one that lists the document: after 32 it counts as absent.',
    clauses: ['TUF21'],
    code: 'PLUGIN_UNKNOWN',
    ask,
    change(registry) {
      chain(registry, 40);
    },
  }),
  first({
    name: 'delegation-chain',
    why: 'A chain of three roles, each delegating to the next, ends at one that lists the document.',
    clauses: ['TUF21'],
    ask,
    expect: THING,
    change(registry) {
      chain(registry, 3);
    },
  }),
  malformedDelegation('of-two-kinds', 'A role is given paths and hash prefixes at once.', 'TUF21', (roles) =>
    Object.assign(roles[1], { path_hash_prefixes: ['0'] }),
  ),
  malformedDelegation(
    'of-no-kind',
    'A role is given neither paths nor hash prefixes.',
    'TUF21',
    (roles) => delete roles[1].paths,
  ),
  malformedDelegation('paths-as-text', 'The paths of a delegation are one text.', 'TUF21', (roles) =>
    Object.assign(roles[1], { paths: 'plugins/*/*.json' }),
  ),
  malformedDelegation('prefixes-as-text', 'The hash prefixes of a delegation are one text.', 'TUF21', (roles) => {
    delete roles[1].paths;
    roles[1].path_hash_prefixes = '0';
  }),
  malformedDelegation('repeated', 'Two delegations have one name.', 'TUF22', (roles) => roles.push(roles[1])),
  malformedDelegation(
    'named-timestamp',
    'A delegated role is named timestamp, whose file is another one.',
    'TUF22',
    (roles) => roles.push({ ...roles[1], name: 'timestamp' }),
  ),
  malformedDelegation(
    'without-terminating',
    'A delegation does not say whether it ends the search.',
    'TUF21',
    (roles) => delete roles[1].terminating,
  ),
];

/** documents-0 delegates to documents-1 and so on; each file is signed by the online key, and the last lists the document. */
function chain(registry: VectorRegistry, length: number): void {
  registry.targets.delegations.roles.pop();
  const paths = ['plugins/acme/*.json'];
  registry.delegate({ name: 'documents-0', keys: [online], paths, terminating: false });
  const listing = registry.document(DOCUMENT);
  for (const [path, { role: name }] of registry.documents) if (name === 'documents') registry.documents.delete(path);
  for (let i = 0; i < length - 1; i++) {
    const next = { name: `documents-${i + 1}`, keyids: [online.keyId], threshold: 1, terminating: false, paths };
    registry.delegate({ name: next.name, keys: [online], paths });
    registry.targets.delegations.roles.pop();
    registry.role(`documents-${i}`).delegations = { keys: { [online.keyId]: online.tuf }, roles: [next] };
  }
  registry.setDocument(DOCUMENT, listing, `documents-${length - 1}`);
  registry.publish();
}

const FILES: readonly ClientCase[] = [
  first({
    name: 'target-missing',
    why: 'The package document is listed and not served.',
    clauses: ['TUF23'],
    code: 'FILE_MISSING',
    ask,
    change: (registry) => registry.files.delete(documentFile(registry)),
  }),
  first({
    name: 'target-changed',
    why: 'One letter of the package document was changed.',
    clauses: ['TUF23'],
    code: 'TARGET_DIGEST',
    ask,
    change: replaced((old) => new TextEncoder().encode(new TextDecoder().decode(old).replace('Made for', 'Hade for'))),
  }),
  first({
    name: 'target-shorter',
    why: 'The package document lacks its last byte.',
    clauses: ['TUF23'],
    code: 'TARGET_DIGEST',
    ask,
    change: replaced((old) => old.slice(0, -1)),
  }),
  first({
    name: 'target-longer',
    why: 'The package document is longer than listed: reading stops at the listed length.',
    clauses: ['TUF23', 'NET4'],
    code: 'TOO_LARGE',
    ask,
    change: replaced((old) => Uint8Array.of(...old, 0x20)),
  }),
  first({
    name: 'target-length-differs',
    why: 'The hash of the package document is listed rightly, its length one too long.',
    clauses: ['TUF23'],
    code: 'TARGET_DIGEST',
    ask,
    change: listed((entry) => Object.assign(entry, { length: entry.length + 1 })),
  }),
  first({
    name: 'target-hash-unknown',
    why: 'The package document’s hash is listed by an algorithm nobody knows, and no other.',
    clauses: ['TUF23'],
    code: 'TARGET_UNKNOWN',
    ask,
    change: listed((entry) => Object.assign(entry, { hashes: { blake3: '00' } })),
  }),
  first({
    name: 'target-of-two-hashes',
    why: 'Of two hashes that are listed for the package document, the second does not fit.',
    clauses: ['TUF23'],
    code: 'TARGET_DIGEST',
    ask,
    change: listed((entry) => Object.assign(entry.hashes, { sha512: 'ab'.repeat(64) })),
  }),
  first({
    name: 'target-without-hashes',
    why: 'The package document is listed without hashes.',
    clauses: ['TUF2'],
    code: 'METADATA_MALFORMED',
    ask,
    change: listed((entry) => delete entry.hashes),
  }),
  first({
    name: 'target-hash-short',
    why: 'The second hash of the package document has two digits.',
    clauses: ['TUF2'],
    code: 'METADATA_MALFORMED',
    ask,
    change: listed((entry) => Object.assign(entry.hashes, { sha512: 'ab' })),
  }),
  first({
    name: 'target-without-length',
    why: 'The package document is listed without its length.',
    clauses: ['TUF2'],
    code: 'METADATA_MALFORMED',
    ask,
    change: listed((entry) => delete entry.length),
  }),
  first({
    name: 'document-too-long',
    why: 'The package document is listed with ten million and one bytes: nobody starts to read it.',
    clauses: ['DOC8'],
    code: 'TOO_LARGE',
    ask,
    change: listed((entry) => Object.assign(entry, { length: 10_000_001 })),
  }),
  known({
    name: 'document-of-another-plugin-file',
    why: 'The server answers with the document of another plugin under the right name.',
    clauses: ['TUF23'],
    code: 'TARGET_DIGEST',
    ask,
    change(registry) {
      const other = jsonFile(packageDocument('acme/thing', []));
      const { length } = registry.bytes(documentFile(registry));
      registry.files.set(
        documentFile(registry),
        Uint8Array.from({ length }, (_, i) => other[i] ?? 0x20),
      );
    },
  }),
  first({
    name: 'names-of-object-prototype',
    why: 'Key ids and role names that JavaScript objects inherit are names like others.',
    clauses: ['TUF10'],
    ask,
    expect: THING,
    change(registry) {
      const key = { ...revocations, keyId: 'constructor' };
      registry.targets.delegations.roles.shift();
      registry.delegate({ name: 'revocations', keys: [key], paths: ['revocations.json'] });
      const { roles } = registry.targets.delegations;
      roles.unshift(roles.pop());
      registry.publish();
    },
  }),
  first({
    name: 'signed-by-nobody',
    why: 'The documents role lists its keys, and the file has no signature at all.',
    clauses: ['TUF8'],
    code: 'METADATA_SIGNATURE',
    ask,
    change: (registry) => registry.files.set(fileOf(registry, 'documents'), signed(registry.role('documents'), [])),
  }),
  first({
    name: 'neighbour-document-changed',
    keepsAll: true,
    why: 'Another plugin’s document has another title; nothing of this one is concerned.',
    clauses: ['TUF23', 'RES2'],
    ask,
    expect: THING,
    change: document('indie/tool', (it) => Object.assign(it.listing, { title: 'New' })),
  }),
];

export const TARGETS_CASES = [...ROLES, ...DELEGATIONS, ...FILES];

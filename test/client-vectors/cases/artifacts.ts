// The bytes, and how anything is fetched (specification 3 and 10).

import { KEYS } from '../base-registry.ts';
import { type ClientCase, INIT, REFRESH, type Step } from '../case.ts';
import { moduleBytes, releaseOf, signPublisher } from '../releases.ts';
import { jsonFile, sha256, type VectorRegistry } from '../vector-registry.ts';
import { first, published, THING } from './steps.ts';

const BYTES = moduleBytes(1);
const DIGEST = sha256(BYTES);
const BLOB = `blobs/sha256/${DIGEST}.wasm`;
const TIMESTAMP = 'metadata/timestamp.json';
const ask = { request: 'acme/thing' };
const INSTALL: Step = { action: 'verify', ...ask, expect: THING };
const LOAD: Step = { action: 'load', sha256: DIGEST, expect: { sha256: DIGEST, size: BYTES.length } };

const ARTIFACTS: readonly ClientCase[] = [
  first({
    name: 'artifact-missing',
    why: 'The bytes of the release are not served.',
    clauses: ['ART1'],
    code: 'ARTIFACT_MISSING',
    ask,
    change: ({ files }) => files.delete(BLOB),
  }),
  first({
    name: 'artifact-changed',
    why: 'One byte of the artifact was changed.',
    clauses: ['ART2'],
    code: 'ARTIFACT_DIGEST',
    ask,
    change: ({ files }) => files.set(BLOB, moduleBytes(7)),
  }),
  first({
    name: 'artifact-shorter',
    why: 'The artifact lacks its last byte.',
    clauses: ['ART2'],
    code: 'ARTIFACT_DIGEST',
    ask,
    change: ({ files }) => files.set(BLOB, BYTES.slice(0, -1)),
  }),
  first({
    name: 'artifact-longer',
    why: 'The artifact is longer than the publisher signed: reading stops there.',
    clauses: ['ART2', 'NET4'],
    code: 'TOO_LARGE',
    ask,
    change: ({ files }) => files.set(BLOB, Uint8Array.of(...BYTES, 0)),
  }),
  first({
    name: 'artifact-size-differs',
    why: 'The publisher signed a size that the bytes do not have, and the right digest.',
    clauses: ['ART2'],
    code: 'ARTIFACT_DIGEST',
    ask,
    change: published((registry) => {
      const entry = releaseOf(registry, 'acme/thing', '1.2.0');
      entry.release.artifact.size += 1;
      entry.manifestSha256 = sha256(jsonFile(entry.release));
      signPublisher(registry, 'acme/thing', '1.2.0', { key: KEYS.acme }, KEYS.cosign);
    }),
  }),
  first({
    name: 'artifact-under-another-name',
    why: 'The bytes of a process are served under the name of a module.',
    clauses: ['ART1'],
    code: 'ARTIFACT_MISSING',
    ask: { request: 'acme/script' },
    change({ files }) {
      const digest = sha256(moduleBytes(2));
      files.set(`blobs/sha256/${digest}.wasm`, moduleBytes(2));
      files.delete(`blobs/sha256/${digest}.zip`);
    },
  }),
  {
    name: 'load-offline',
    why: 'What was installed is loaded a year later, with no network and expired metadata.',
    clauses: ['ART4', 'ART5'],
    steps: [INIT, INSTALL, { ...LOAD, now: '2027-08-01T00:00:00Z', url: 'http://127.0.0.1:9/' }],
  },
  {
    name: 'load-before-anything',
    why: 'Nothing has been fetched yet, and nothing is known to be revoked.',
    clauses: ['ART4', 'ART6'],
    steps: [INIT, { ...LOAD, code: 'NOT_INSTALLED' }],
  },
  {
    name: 'load-not-installed',
    why: 'Bytes that were only resolved are not there to be loaded.',
    clauses: ['ART4'],
    steps: [INIT, { action: 'resolve', ...ask, expect: THING }, { ...LOAD, code: 'NOT_INSTALLED' }],
  },
  {
    name: 'load-after-refusal',
    why: 'A release was downloaded and refused for its signature: its bytes are not there to be loaded.',
    clauses: ['ART3', 'PUB5'],
    steps: [
      INIT,
      {
        action: 'verify',
        ...ask,
        change(registry: VectorRegistry) {
          registry.document('publishers.json').publishers.acme.identities =
            registry.document('publishers.json').publishers.house.identities;
          registry.publish();
        },
        code: 'KEY_UNKNOWN',
      },
      { ...LOAD, code: 'NOT_INSTALLED' },
    ],
  },
  {
    name: 'load-by-a-path',
    why: 'What is asked for is no digest, but a path to a file that the client keeps.',
    clauses: ['ART4'],
    steps: [INIT, INSTALL, { action: 'load', sha256: `../sha256/${DIGEST}`, code: 'NOT_INSTALLED' }],
  },
  {
    name: 'load-in-capitals',
    why: 'A digest in capitals is no digest.',
    clauses: ['ART4'],
    steps: [INIT, INSTALL, { action: 'load', sha256: DIGEST.toUpperCase(), code: 'NOT_INSTALLED' }],
  },
];

/** A step that needs a file which is answered with something else. */
const answered = (
  name: string,
  why: string,
  clause: string,
  path: string,
  file: Parameters<VectorRegistry['files']['set']>[1],
): ClientCase =>
  first({ name, why, clauses: [clause], code: 'NETWORK', ask, change: ({ files }) => files.set(path, file) });

const TRANSPORT: readonly ClientCase[] = [
  answered(
    'server-error',
    'The server answers with an error of its own: that is not a file that is not there.',
    'NET2',
    TIMESTAMP,
    { status: 500 },
  ),
  answered(
    'server-error-for-a-root',
    'The server fails for the next root: the chain of roots does not end there.',
    'NET2',
    'metadata/2.root.json',
    { status: 503 },
  ),
  answered('server-gone', 'The server says that a file is gone for good.', 'NET2', TIMESTAMP, { status: 410 }),
  answered('web-page', 'A hotel’s sign-in page comes with status 200.', 'NET3', TIMESTAMP, {
    contentType: 'text/html; charset=utf-8',
    text: '<title>Welcome</title>',
  }),
  answered('web-page-for-an-artifact', 'A sign-in page comes instead of the artifact.', 'NET3', BLOB, {
    contentType: 'TEXT/HTML',
    text: '<title>Welcome</title>',
  }),
  {
    name: 'redirected',
    why: 'The server redirects to another place where the honest file lies.',
    clauses: ['NET1'],
    steps: [
      INIT,
      {
        action: 'verify',
        ...ask,
        change({ files }: VectorRegistry) {
          files.set('elsewhere', files.get(TIMESTAMP) ?? new Uint8Array());
          files.set(TIMESTAMP, { redirect: 'elsewhere' });
        },
        code: 'NETWORK',
      },
    ],
  },
  {
    name: 'redirected-for-an-artifact',
    why: 'The server redirects to another place where the honest artifact lies.',
    clauses: ['NET1'],
    steps: [
      INIT,
      {
        action: 'verify',
        ...ask,
        change({ files }: VectorRegistry) {
          files.set('elsewhere', BYTES);
          files.set(BLOB, { redirect: 'elsewhere' });
        },
        code: 'NETWORK',
      },
    ],
  },
  first({
    name: 'forbidden-means-absent',
    why: 'An object store answers 403 for the next root, which is not there.',
    clauses: ['NET2'],
    expect: { rootVersion: 1 },
    change: ({ files }) => files.set('metadata/2.root.json', { status: 403 }),
  }),
  {
    name: 'address-of-a-file',
    why: 'The address of the registry is that of a local file.',
    clauses: ['NET7'],
    steps: [INIT, { ...REFRESH, url: 'file:///srv/registry/', code: 'REGISTRY_URL' }],
  },
  {
    name: 'address-without-scheme',
    why: 'The address of the registry names no scheme.',
    clauses: ['NET7'],
    steps: [INIT, { ...REFRESH, url: 'vectors.example', code: 'REGISTRY_URL' }],
  },
  {
    name: 'nobody-there-https',
    why: 'The address is an https URL, and nothing listens there.',
    clauses: ['NET2', 'NET7'],
    steps: [INIT, { ...REFRESH, url: 'https://127.0.0.1:9', code: 'NETWORK' }],
  },
  {
    name: 'nobody-there',
    why: 'Nothing listens at the address of the registry.',
    clauses: ['NET2'],
    steps: [INIT, { ...REFRESH, url: 'http://127.0.0.1:9/', code: 'NETWORK' }],
  },
];

export const ARTIFACT_CASES = [...ARTIFACTS, ...TRANSPORT];

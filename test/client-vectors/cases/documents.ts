// Documents: who may list them, what they must be about, and every field of a package document and of the offline ones (specification 6).
import { KEYS } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { releaseOf } from '../releases.ts';
import { type Json, jsonFile, sha256, type VectorRegistry } from '../vector-registry.ts';
import { everyMember, WORKFLOW_IDENTITY } from './every-member.ts';
import { document, first, keepOnly, offline, published, THING } from './steps.ts';

const ask = { request: 'acme/thing' };
const DOCUMENT = 'plugins/acme/thing.json';

const WHO: readonly ClientCase[] = [
  first({
    name: 'plugin-unknown',
    why: 'The registry lists no plugin of that name.',
    clauses: ['DOC2'],
    code: 'PLUGIN_UNKNOWN',
    ask: { request: 'acme/nothing' },
  }),
  ...['publishers.json', 'cosign-keys.json', 'upstreams.json', 'revocations.json', 'policy.json'].map((path) =>
    first({
      name: `no-${path.replace('.json', '')}`,
      why: `No role lists ${path}, which every registry has.`,
      clauses: ['DOC2'],
      code: 'DOCUMENT_MISSING',
      ask,
      change(registry: VectorRegistry) {
        const role = registry.documents.get(path)?.role ?? '';
        registry.documents.delete(path);
        delete registry.role(role).targets[path];
        registry.publish();
      },
    }),
  ),
  first({
    name: 'publishers-by-a-documents-role',
    why: 'A role by hash prefix lists publishers.json, which the top targets file does not: the online key would say who is verified.',
    clauses: ['DOC1'],
    code: 'DOCUMENT_MISMATCH',
    change(registry) {
      delete registry.targets.targets['publishers.json'];
      const prefix = sha256(new TextEncoder().encode('publishers.json')).slice(0, 2);
      registry.delegate({ name: 'documents-p', keys: [KEYS.online], path_hash_prefixes: [prefix] });
      const { json } = registry.documents.get('publishers.json') ?? {};
      registry.setDocument('publishers.json', json, 'documents-p');
      registry.publish();
    },
  }),
  first({
    name: 'revocations-by-the-top',
    why: 'The top targets file lists revocations.json, which is the word of the revocations role alone.',
    clauses: ['DOC1'],
    code: 'DOCUMENT_MISMATCH',
    change(registry) {
      registry.role('revocations').targets = {};
      const { json } = registry.documents.get('revocations.json') ?? {};
      registry.setDocument('revocations.json', json, 'targets');
      registry.publish();
    },
  }),
  first({
    name: 'document-by-another-role',
    why: 'A package document is listed by a role that is not a documents role.',
    clauses: ['DOC1'],
    code: 'DOCUMENT_MISMATCH',
    ask,
    change(registry) {
      registry.delegate({ name: 'documentsx', keys: [KEYS.online], paths: ['plugins/acme/*.json'] });
      const { roles } = registry.targets.delegations;
      roles.splice(1, 0, roles.pop());
      const { json } = registry.documents.get(DOCUMENT) ?? {};
      registry.setDocument(DOCUMENT, json, 'documentsx');
      registry.publish();
    },
  }),
  first({
    name: 'document-of-another-plugin',
    keepsAll: true,
    why: 'The online key lists the document of another plugin under the path of this one.',
    clauses: ['DOC6'],
    code: 'DOCUMENT_MISMATCH',
    ask,
    change: published((registry) => registry.setDocument(DOCUMENT, registry.plugin('indie/tool'), 'documents')),
  }),
  first({
    name: 'document-of-another-registry',
    why: 'The document names another registry than publishers.json.',
    clauses: ['DOC5'],
    code: 'DOCUMENT_MISMATCH',
    ask,
    change: document('acme/thing', (it) => Object.assign(it, { registry: 'another.example' })),
  }),
  first({
    name: 'release-of-another-plugin',
    keepsAll: true,
    why: 'One release in the document is of another plugin.',
    clauses: ['DOC6'],
    code: 'DOCUMENT_MISMATCH',
    ask,
    change: published((registry) => {
      registry.plugin('acme/thing').releases.push(releaseOf(registry, 'indie/tool', '0.1.0'));
    }),
  }),
  first({
    name: 'version-listed-twice',
    why: 'The document lists two releases of one version: two clients could take different ones.',
    clauses: ['DOC7'],
    code: 'DOCUMENT_MISMATCH',
    ask,
    change: document('acme/thing', ({ releases }) =>
      releases.push({ ...releases[0], publishedAt: '2026-05-02T00:00:00Z' }),
    ),
  }),
  ...['cosign-keys.json', 'upstreams.json', 'revocations.json'].map((path) =>
    first({
      name: `${path.replace('.json', '')}-of-another-registry`,
      why: `${path} names another registry than publishers.json.`,
      clauses: ['DOC5'],
      code: 'DOCUMENT_MISMATCH',
      ask,
      change: offline(path, (it) => Object.assign(it, { registry: 'another.example' })),
    }),
  ),
  ...['publishers.json', 'cosign-keys.json', 'upstreams.json', 'revocations.json', DOCUMENT].map((path) =>
    first({
      name: `${path === DOCUMENT ? 'document' : path.replace('.json', '')}-of-a-later-version`,
      why: `${path === DOCUMENT ? 'The package document' : path} has a schemaVersion that this client does not know.`,
      clauses: ['DOC3'],
      code: 'DOCUMENT_VERSION',
      ask,
      change: offline(path, (it) => Object.assign(it, { schemaVersion: 2 })),
    }),
  ),
  first({
    name: 'document-is-a-list',
    why: 'The package document is a list.',
    clauses: ['DOC4'],
    code: 'DOCUMENT_MALFORMED',
    ask,
    change: raw('[]'),
  }),
  first({
    name: 'document-cut-short',
    why: 'The package document ends in the middle, and its hash is signed.',
    clauses: ['DOC4', 'JSON1'],
    code: 'DOCUMENT_MALFORMED',
    ask,
    change: raw('{"schemaVersion":1,"registry":"vectors.ex'),
  }),
  first({
    name: 'document-with-byte-order-mark',
    why: 'The package document begins with a byte order mark.',
    clauses: ['JSON1'],
    code: 'DOCUMENT_MALFORMED',
    ask,
    change: (registry) => raw(`\ufeff${new TextDecoder().decode(jsonFile(registry.plugin('acme/thing')))}`)(registry),
  }),
];

function raw(text: string) {
  return (registry: VectorRegistry): void => {
    registry.documents.delete(DOCUMENT);
    registry.listTarget(DOCUMENT, new TextEncoder().encode(text), { role: 'documents' });
    registry.publish();
  };
}

type Field = readonly [name: string, why: string, change: (document: Json) => unknown];

const set = (member: string, value: Json) => (holder: Json) => Object.assign(holder, { [member]: value });
const without = (member: string) => (holder: Json) => delete holder[member];
const inRelease = (change: (release: Json) => unknown) => (it: Json) => change(it.releases[0]);
const inManifest = (change: (release: Json) => unknown) => (it: Json) => change(it.releases[0].release);
const inAnalysis = (change: (summary: Json) => unknown) => (it: Json) => change(it.releases[0].analysis[0]);
const inFacts = (change: (facts: Json) => unknown) => (it: Json) => change(it.releases[0].analysis[0].capabilities);
const inKey = (change: (identity: Json) => unknown) => (it: Json) => change(it.publisher.identities[0]);

const workflow = (change: Json) => (it: Json) => it.publisher.identities.push({ ...WORKFLOW_IDENTITY, ...change });
const status = (value: Json) => inRelease(set('status', value));
const since = '2026-05-20T00:00:00Z';

/** One wrong field each. The right forms are in the tables of section 6. */
const FIELDS: readonly Field[] = [
  ['unknown-member', 'A member that the format does not have.', set('note', 'x')],
  ['registry-in-capitals', 'The registry id is in capitals.', set('registry', 'Vectors.Example')],
  ['plugin-without-publisher', 'The plugin id lacks its publisher.', set('plugin', 'thing')],
  [
    'origin-without-root',
    'The origin does not say by which root it is known.',
    set('origin', { registryId: 'upstream.example' }),
  ],
  ['listing-missing', 'There is no listing.', without('listing')],
  ['listing-title-too-long', 'The title has 81 characters.', (it) => set('title', 'x'.repeat(81))(it.listing)],
  ['listing-title-two-lines', 'The title has a line break.', (it) => set('title', 'a\nb')(it.listing)],
  ['listing-title-reversed', 'The title turns the direction of writing.', (it) => set('title', 'a\u202eb')(it.listing)],
  [
    'listing-categories-six',
    'The listing names six categories.',
    (it) => set('categories', ['a', 'b', 'c', 'd', 'e', 'f'])(it.listing),
  ],
  [
    'listing-keywords-21',
    'The listing has 21 keywords.',
    (it) =>
      set(
        'keywords',
        Array.from({ length: 21 }, () => 'a'),
      )(it.listing),
  ],
  ['listing-link-http', 'A link is not https.', (it) => set('links', { homepage: 'http://acme.example/' })(it.listing)],
  ['listing-link-script', 'A link is a script.', (it) => set('links', { homepage: 'javascript:alert(1)' })(it.listing)],
  [
    'whole-of-unknown-state',
    'The plugin as a whole is in a state that does not exist.',
    set('whole', { state: 'gone', since, reason: 'x' }),
  ],
  [
    'whole-transferred-nowhere',
    'The plugin was transferred, and it is not said where to.',
    set('whole', { state: 'transferred', since, reason: 'x' }),
  ],
  ['publisher-missing', 'There is no publisher.', without('publisher')],
  ['identity-of-unknown-kind', 'An identity is of a kind that does not exist.', inKey(set('kind', 'oidc'))],
  [
    'identity-of-inherited-kind',
    'An identity’s kind is a name that JavaScript objects inherit.',
    inKey(set('kind', 'constructor')),
  ],
  ['identity-kind-list', 'An identity’s kind is a list of one word.', inKey(set('kind', ['key']))],
  ['key-of-unknown-algorithm', 'A key’s algorithm is not one of the two.', inKey(set('algorithm', 'rsa'))],
  ['key-id-short', 'A key id is 63 digits long.', inKey(set('keyId', 'a'.repeat(63)))],
  [
    'key-not-base64',
    'A public key has a character that base64 does not have.',
    inKey(set('publicKey', 'MCow_QYDK2Vw')),
  ],
  [
    'key-base64-stray-bits',
    'A public key’s base64 has bits that mean nothing.',
    inKey(set('publicKey', 'MCowBQYDK2Vx'.replace(/x$/, 'B='))),
  ],
  ['key-without-beginning', 'A key does not say from when it counts.', inKey(without('from'))],
  ['key-from-30-february', 'A key counts from a day that does not exist.', inKey(set('from', '2026-02-30T00:00:00Z'))],
  ['key-from-with-fraction', 'An instant has a fraction of a second.', inKey(set('from', '2026-02-20T00:00:00.000Z'))],
  ['workflow-without-triggers', 'A workflow has no triggers.', workflow({ triggers: [] })],
  [
    'workflow-of-pull-requests',
    'A workflow may run for pull requests.',
    workflow({ triggers: ['pull_request_target'] }),
  ],
  ['workflow-self-hosted', 'A workflow may run on machines of its owner.', workflow({ runner: 'self-hosted' })],
  ['workflow-of-any-ref', 'A workflow may run for anything.', workflow({ ref: '*' })],
  ['workflow-id-with-letters', 'A repository number has letters.', workflow({ repositoryId: '77x' })],
  [
    'advisories-without-versions',
    'An advisory is about no version.',
    set('advisories', [{ id: 'x-1', summary: 'x', modified: since, versions: [] }]),
  ],
  ['releases-empty', 'There are no releases.', set('releases', [])],
  ['release-missing', 'An entry has no release.', inRelease(without('release'))],
  [
    'manifest-digest-in-capitals',
    'The manifest digest is in capitals.',
    inRelease(set('manifestSha256', 'AB'.repeat(32))),
  ],
  ['published-without-zone', 'An instant names no time zone.', inRelease(set('publishedAt', '2026-05-01T00:00:00'))],
  ['status-of-unknown-state', 'A release is in a state that does not exist.', status({ state: 'paused' })],
  ['status-active-with-reason', 'An active release has a reason.', status({ state: 'active', reason: 'x' })],
  [
    'status-yanked-without-code',
    'A yanked release has no reason code.',
    status({ state: 'yanked', since, reason: 'x' }),
  ],
  [
    'status-quarantined-without-end',
    'A quarantine has no end.',
    status({ state: 'quarantined', since, by: 'x', reason: 'x' }),
  ],
  [
    'status-revoked-without-evidence',
    'A revoked release has no evidence.',
    status({ state: 'revoked', since, severity: 'high', reason: 'x' }),
  ],
  [
    'sources-climbing',
    'A source climbs out of its folder.',
    inRelease(set('sources', ['https://acme.example/a/../b.wasm'])),
  ],
  ['sources-of-a-file', 'A source is a local file.', inRelease(set('sources', ['file:///etc/passwd']))],
  ['bundle-not-named', 'No publisher’s bundle is named.', (it) => delete it.releases[0].attestations.publisher],
  [
    'bundle-size-negative',
    'A bundle’s size is negative.',
    (it) => set('size', -1)(it.releases[0].attestations.publisher),
  ],
  ['reports-not-named', 'No analysis report is named.', (it) => set('analyses', [])(it.releases[0].attestations)],
  ['level-unknown', 'A level does not exist.', inRelease(set('levels', ['PLUGMARK_SAFE']))],
  ['analysis-empty', 'There is no summary of an analysis.', inRelease(set('analysis', []))],
  ['verdict-unknown', 'A verdict does not exist.', inAnalysis(set('verdict', 'safe'))],
  [
    'determinism-unknown',
    'A word for determinism does not exist.',
    inAnalysis((it) => set('word', 'yes')(it.determinism)),
  ],
  ['findings-count-fraction', 'A count has a fraction.', inAnalysis((it) => set('error', 0.5)(it.findings))],
  ['risk-unknown', 'A risk does not exist.', inFacts(set('risk', 'tiny'))],
  ['capability-hash-missing', 'The hash that consent is bound to is not there.', inFacts(without('hash'))],
  [
    'capability-class-unknown',
    'A class of capabilities does not exist.',
    inFacts(set('derived', [{ id: 'a', class: 'magic', risk: 'low', imports: [] }])),
  ],
  [
    'unbounded-cause-unknown',
    'A reason why the bound is open does not exist.',
    inFacts(set('unbounded', [{ cause: 'magic', detail: 'x' }])),
  ],
  [
    'manifest-later-version',
    'A release has another schemaVersion than its document.',
    inManifest(set('schemaVersion', 2)),
  ],
  ['manifest-unknown-member', 'A release has a member that the format does not have.', inManifest(set('priority', 1))],
  ['version-leading-zero', 'A version has a leading zero.', inManifest(set('version', '1.02.0'))],
  ['version-with-build', 'A version has build metadata.', inManifest(set('version', '1.2.0+5'))],
  ['version-of-two-numbers', 'A version has two numbers.', inManifest(set('version', '1.2'))],
  [
    'artifact-kind-unknown',
    'An artifact is of a kind that does not exist.',
    inManifest((it) => set('kind', 'native')(it.artifact)),
  ],
  ['artifact-size-text', 'An artifact’s size is text.', inManifest((it) => set('size', '13')(it.artifact))],
  ['targets-empty', 'A release is made for no host.', inManifest(set('targets', []))],
  [
    'targets-nine',
    'A release is made for nine hosts.',
    inManifest(
      set(
        'targets',
        Array.from({ length: 9 }, () => ({ host: 'bench', api: '*' })),
      ),
    ),
  ],
  [
    'target-api-with-parenthesis',
    'The range of an API has characters that ranges do not have.',
    inManifest((it) => set('api', '(^1)')(it.targets[0])),
  ],
  [
    'capability-id-in-capitals',
    'A capability id is in capitals.',
    inManifest(set('capabilities', [{ id: 'Network', reason: 'x' }])),
  ],
  ['capability-without-reason', 'A capability has no reason.', inManifest(set('capabilities', [{ id: 'network' }]))],
  [
    'capability-params-empty',
    'A parameter of a capability has no values.',
    inManifest(set('capabilities', [{ id: 'network', params: { hosts: [] }, reason: 'x' }])),
  ],
  ['dependency-without-publisher', 'A dependency lacks its publisher.', inManifest(set('dependencies', { fft: '^1' }))],
  ['limits-fuel-negative', 'A limit is negative.', inManifest(set('limits', { fuel: -1 }))],
  [
    'vector-name-climbing',
    'A test vector’s name climbs out of its folder.',
    inManifest(set('vectors', [{ name: '../x', sha256: 'ab'.repeat(32) }])),
  ],
  [
    'commit-short',
    'A commit has twelve digits.',
    inManifest(set('source', { repository: 'https://github.com/a/b', commit: 'abcdef012345' })),
  ],
  [
    'citation-of-a-late-year',
    'A citation is of the year 2201.',
    inManifest(set('citation', { title: 'x', authors: [{ name: 'y' }], year: 2201 })),
  ],
  ['citation-without-authors', 'A citation has no authors.', inManifest(set('citation', { title: 'x', authors: [] }))],
];

const MALFORMED: readonly ClientCase[] = FIELDS.map(([name, why, change]) =>
  first({
    name: `document-${name}`,
    why,
    clauses: ['DOC4'],
    code: 'DOCUMENT_MALFORMED',
    ask: { request: 'indie/tool' },
    change: published((registry) => {
      keepOnly(registry, 'indie/tool');
      change(registry.plugin('indie/tool'));
    }),
  }),
);

/** Of the documents that offline keys sign. */
const OFFLINE_FIELDS: readonly (readonly [path: string, ...Field])[] = [
  ['publishers.json', 'unknown-member', 'publishers.json has a member that the format does not have.', set('note', 1)],
  [
    'publishers.json',
    'publisher-in-capitals',
    'publishers.json lists a publisher in capitals.',
    (it) => set('Acme', it.publishers.acme)(it.publishers),
  ],
  [
    'publishers.json',
    'publisher-too-long',
    'publishers.json lists a publisher whose name has forty characters.',
    (it) => set('a'.repeat(40), it.publishers.acme)(it.publishers),
  ],
  [
    'publishers.json',
    'no-identity',
    'publishers.json lists a publisher whom nobody can sign for.',
    (it) => set('identities', [])(it.publishers.acme),
  ],
  [
    'publishers.json',
    'built-in-false',
    'publishers.json says of a publisher that it is not built in, instead of saying nothing.',
    (it) => set('builtIn', false)(it.publishers.acme),
  ],
  [
    'cosign-keys.json',
    'verifier-url',
    'cosign-keys.json names the verifier by a URL.',
    set('verifier', 'https://vectors.example/'),
  ],
  ['cosign-keys.json', 'no-identity', 'cosign-keys.json lists nobody.', set('identities', [])],
  [
    'upstreams.json',
    'root-missing',
    'upstreams.json lists an upstream without its root.',
    set('upstreams', [{ id: 'up.example', url: 'https://up.example/', namespaces: [] }]),
  ],
  [
    'revocations.json',
    'digest-missing',
    'A revocation does not say which bytes.',
    set('revocations', [
      { plugin: 'acme/thing', version: '1.2.0', since, severity: 'high', reason: 'x', evidence: 'https://x.example/' },
    ]),
  ],
  [
    'revocations.json',
    'severity-unknown',
    'A revocation’s severity does not exist.',
    set('revocations', [
      {
        sha256: 'ab'.repeat(32),
        plugin: 'acme/thing',
        version: '1.2.0',
        since,
        severity: 'low',
        reason: 'x',
        evidence: 'https://x.example/',
      },
    ]),
  ],
  [
    'revocations.json',
    'lifted-without-reason',
    'A revocation was lifted without a reason.',
    set('revocations', [
      {
        sha256: 'ab'.repeat(32),
        plugin: 'acme/thing',
        version: '1.2.0',
        since,
        severity: 'high',
        reason: 'x',
        evidence: 'https://x.example/',
        lifted: { at: since },
      },
    ]),
  ],
  [
    'policy.json',
    'age-negative',
    'policy.json advises a negative age.',
    (it) => set('minimumReleaseAgeMinutes', -1)(it.client),
  ],
  ['policy.json', 'age-missing', 'policy.json advises no age.', (it) => delete it.client.minimumReleaseAgeMinutes],
];

const OFFLINE: readonly ClientCase[] = OFFLINE_FIELDS.map(([path, name, why, change]) =>
  first({
    name: `${path.replace('.json', '')}-${name}`,
    why,
    clauses: ['DOC4'],
    code: 'DOCUMENT_MALFORMED',
    ask,
    change: offline(path, change),
  }),
);

const FULL: readonly ClientCase[] = [
  first({
    name: 'document-with-every-member',
    why: 'A package document with every optional member that the format has.',
    clauses: ['DOC4'],
    action: 'resolve',
    ask: { request: 'indie/tool' },
    expect: { plugin: 'indie/tool', version: '0.1.0', tier: 'community', state: 'deprecated' },
    change: document('indie/tool', everyMember),
  }),
  first({
    name: 'document-at-every-limit',
    why: 'A package document whose texts and lists are as long as they may be.',
    clauses: ['DOC4'],
    action: 'resolve',
    ask: { request: 'indie/tool' },
    expect: { plugin: 'indie/tool', version: '0.1.0' },
    change: document('indie/tool', atEveryLimit),
  }),
  first({
    name: 'publishers-of-the-longest-name',
    why: 'publishers.json lists a publisher whose name has thirty-nine characters.',
    clauses: ['DOC4'],
    ask,
    expect: THING,
    change: offline('publishers.json', ({ publishers }) =>
      Object.assign(publishers, { ['a'.repeat(39)]: publishers.acme }),
    ),
  }),
  first({
    name: 'policy-of-a-fork',
    why: 'policy.json has members of its own; only the advised age is a client’s concern.',
    clauses: ['DOC10'],
    ask,
    expect: THING,
    change: offline('policy.json', (it) => Object.assign(it, { waits: { release: 'P9D' }, limits: [1, 2] })),
  }),
  first({
    name: 'text-of-astral-characters',
    why: 'A title of eighty characters beyond the basic plane: characters are counted, not units.',
    clauses: ['DOC4'],
    ask,
    expect: THING,
    change: document('acme/thing', (it) => set('title', '𝛼'.repeat(80))(it.listing)),
  }),
];

/** Every text and list as long as it may be. */
function atEveryLimit(it: Json): void {
  const many = (count: number, value: Json): Json[] => Array.from({ length: count }, () => value);
  const [entry] = it.releases;
  const of = (length: number): string => 'x'.repeat(length);
  Object.assign(it.listing, {
    title: of(80),
    summary: of(200),
    description: of(4000),
    categories: many(5, of(40)),
    keywords: many(20, of(40)),
    links: { homepage: `https://indie.example/${of(1978)}` },
  });
  it.whole = { state: 'withdrawn', since, reason: of(1000) };
  const params = { [`a${of(31)}`]: many(50, of(300)) };
  Object.assign(entry.release, {
    license: of(200),
    targets: many(8, { host: of(39), api: `1.0.0${' '.repeat(95)}` }),
    capabilities: many(50, { id: of(64), reason: of(300) }),
    dependencies: { [`${of(39)}/${of(64)}`]: '*' },
    vectors: many(100, { name: of(64), sha256: 'ab'.repeat(32) }),
    citation: { title: of(200), authors: many(50, { name: of(120) }), year: 2200 },
    notes: of(4000),
  });
  entry.release.capabilities[0] = { id: 'a', params, reason: 'x' };
  entry.analysis[0].toolchain = [of(200)];
  entry.attestations.runs = [{ sha256: 'ab'.repeat(32), size: Number.MAX_SAFE_INTEGER }];
}

export const DOCUMENT_CASES = [...WHO, ...MALFORMED, ...OFFLINE, ...FULL];

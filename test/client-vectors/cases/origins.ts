// Releases that come from another registry (specification 7.4).
import { KEYS } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { addRelease, basicIdentity, moduleBytes, packageDocument, REGISTRY_ID } from '../releases.ts';
import { tool } from './publisher-changes.ts';
import { first, published } from './steps.ts';

const { indie } = KEYS;

const UPSTREAM = 'upstream.example';
const ROOT_DIGEST = 'ed'.repeat(32);

/** A registry that mirrors a plugin of another one, whose publisher signed for that one. */
const mirrored = ({
  origin = {},
  listed = {},
  signedFor = UPSTREAM,
}: {
  origin?: object;
  listed?: object;
  signedFor?: string;
} = {}) =>
  published((registry) => {
    registry.document('upstreams.json').upstreams = [
      {
        id: UPSTREAM,
        url: 'https://upstream.example/',
        root: { version: 3, sha256: ROOT_DIGEST },
        namespaces: ['indie'],
        ...listed,
      },
    ];
    const document = packageDocument('indie/tool', [basicIdentity(indie)]);
    document.origin = { registryId: UPSTREAM, rootSha256: ROOT_DIGEST, ...origin };
    registry.setDocument('plugins/indie/tool.json', document, 'documents');
    addRelease(registry, {
      plugin: 'indie/tool',
      version: '0.1.0',
      key: indie,
      bytes: moduleBytes(3),
      registry: signedFor,
    });
  });

const MIRRORED = { plugin: 'indie/tool', version: '0.1.0', publisher: { state: 'verified' } };

export const ORIGIN_CASES: readonly ClientCase[] = [
  first({
    name: 'origin-listed',
    why: 'A release mirrored from a listed upstream, whose publisher signed for that upstream.',
    clauses: ['PUB16'],
    ask: tool,
    expect: MIRRORED,
    change: mirrored(),
  }),
  first({
    name: 'origin-of-any-namespace',
    why: 'The upstream is listed without namespaces, which means any.',
    clauses: ['PUB16'],
    ask: tool,
    expect: MIRRORED,
    change: mirrored({ listed: { namespaces: [] } }),
  }),
  first({
    name: 'origin-unlisted',
    why: 'A document names an upstream that upstreams.json does not list.',
    clauses: ['PUB16'],
    code: 'ORIGIN_UNKNOWN',
    ask: tool,
    change: mirrored({ origin: { registryId: 'stranger.example' } }),
  }),
  first({
    name: 'origin-of-another-root',
    why: 'A document names a listed upstream by another root than the listed one.',
    clauses: ['PUB16'],
    code: 'ORIGIN_UNKNOWN',
    ask: tool,
    change: mirrored({ origin: { rootSha256: 'ab'.repeat(32) } }),
  }),
  first({
    name: 'origin-of-another-namespace',
    why: 'The upstream is listed for other publishers than this one.',
    clauses: ['PUB16'],
    code: 'ORIGIN_UNKNOWN',
    ask: tool,
    change: mirrored({ listed: { namespaces: ['initech'] } }),
  }),
  first({
    name: 'origin-signed-for-this-registry',
    why: 'The document says that a release comes from upstream, and its publisher signed it for this registry.',
    clauses: ['PUB16', 'PUB14'],
    code: 'STATEMENT_MISMATCH',
    ask: tool,
    change: mirrored({ signedFor: REGISTRY_ID }),
  }),
  first({
    name: 'signed-for-an-upstream',
    why: 'A publisher’s statement for a listed upstream stands in a document without an origin.',
    clauses: ['PUB16', 'PUB14'],
    code: 'STATEMENT_MISMATCH',
    ask: tool,
    change: published((registry) => {
      mirrored()(registry);
      delete registry.plugin('indie/tool').origin;
    }),
  }),
  first({
    name: 'origin-resolved',
    why: 'A document of an unlisted upstream is chosen from, and refused when it is verified.',
    clauses: ['PUB16'],
    action: 'resolve',
    ask: tool,
    expect: { plugin: 'indie/tool', version: '0.1.0' },
    change: mirrored({ origin: { registryId: 'stranger.example' } }),
  }),
];

// Two pages of the documentation that are made from tables: the file formats, and where their files are served.

import { FORMATS, type FormatName } from '@plugmark/schemas';

export function schemaDoc(): string {
  const rows = Object.entries(FORMATS).map(
    ([name, { title, path }]) => `| [${title}](/${schemaPath(name as FormatName)}) | ${cell(path)} |`,
  );
  return [
    '# File formats',
    'Every file format of the registry as a JSON Schema (draft 2020-12). They are made from the code that reads the files, so nothing here can differ from what is accepted.',
    'Every file says its `schemaVersion`. A client that does not know the version leaves the file alone and says so.',
    `## All formats\n\n| format | where such a file is |\n|---|---|\n${rows.join('\n')}`,
  ].join('\n\n');
}

export function apiDoc(): string {
  const rows = API_PATHS.map(({ path, says, schema, signed }) => {
    const shape = schema === undefined ? '' : `[${FORMATS[schema].title}](/${schemaPath(schema)})`;
    return `| ${cell(path)} | ${says} | ${shape} | ${signed} |`;
  });
  return [
    '# The API',
    'A registry is static files: there is no server to ask, and nothing to authenticate. Every path below is a GET, answers with any origin allowed, and may be mirrored.',
    'As OpenAPI: [openapi.json](/api/openapi.json). The shapes are [schemas](schemas.md).',
    `## Paths\n\n| path | what | shape | verified by |\n|---|---|---|---|\n${rows.join('\n')}`,
    '## Which to use',
    '* **To load a plugin**: the [client](embed.md), which reads `metadata/`, `targets/`, `attestations/` and `blobs/` and decides on nothing else.\n* **To show or search**: `v1/` and `search.json`. They say of themselves that nobody has verified them but TLS.\n* **To cite or reproduce**: the digest. `v1/artifacts/<sha256>.json` says whose bytes it is.',
  ].join('\n\n');
}

export interface ApiPath {
  readonly path: string;
  readonly says: string;
  readonly schema?: FormatName;
  readonly signed: string;
  readonly type?: string;
}

const PLAIN = 'TLS only';
const DIGEST = 'its digest, which is signed';
const TUF = 'its signatures';

/** What a built tree serves. */
export const API_PATHS: readonly ApiPath[] = [
  { path: 'v1/index.json', says: 'every plugin, one line each', schema: 'index', signed: PLAIN },
  {
    path: 'v1/plugins/{publisher}/{name}.json',
    says: 'all releases of a plugin',
    schema: 'package-document',
    signed: PLAIN,
  },
  { path: 'v1/publishers.json', says: 'every publisher', schema: 'publisher-list', signed: PLAIN },
  {
    path: 'v1/publishers/{publisher}.json',
    says: 'a publisher and its identities',
    schema: 'publisher',
    signed: PLAIN,
  },
  {
    path: 'v1/hosts/{host}.json',
    says: 'what an import means to a host, and what it allows',
    schema: 'host-profile',
    signed: PLAIN,
  },
  { path: 'v1/artifacts/{sha256}.json', says: 'whose bytes these are', schema: 'artifact-lookup', signed: PLAIN },
  { path: 'v1/advisories/{id}.json', says: 'an advisory (OSV)', schema: 'advisory', signed: PLAIN },
  { path: 'v1/changes.json', says: 'what happened, newest first', schema: 'changes', signed: PLAIN },
  { path: 'v1/policy.json', says: 'what the registry decides by rule', schema: 'policy', signed: PLAIN },
  { path: 'v1/registry.json', says: 'who this registry is', schema: 'registry', signed: PLAIN },
  { path: 'v1/revocations.json', says: 'what no host may load', schema: 'revocations', signed: PLAIN },
  { path: 'search.json', says: 'what the list searches in', schema: 'search', signed: PLAIN },
  { path: 'metadata/timestamp.json', says: 'where a client starts', schema: 'tuf-metadata', signed: TUF },
  {
    path: 'metadata/{version}.{role}.json',
    says: 'signed lists, by version and role',
    schema: 'tuf-metadata',
    signed: TUF,
  },
  {
    path: 'targets/plugins/{publisher}/{sha256}.{name}.json',
    says: 'the same documents under the names that are signed',
    schema: 'package-document',
    signed: DIGEST,
  },
  { path: 'attestations/{sha256}.json', says: 'marks and reports', signed: DIGEST },
  {
    path: 'blobs/sha256/{sha256}.wasm',
    says: 'the plugin itself; .zip for a process plugin. Where v1/mirrors.json lists mirrors, older ones may be there alone',
    signed: DIGEST,
    type: 'application/wasm',
  },
  { path: 'readmes/{sha256}.md', says: 'a README as it was released', signed: DIGEST, type: 'text/markdown' },
  { path: 'vectors/{sha256}.json', says: 'a test vector', schema: 'vector', signed: DIGEST },
  { path: 'schemas/{name}.schema.json', says: 'the formats', signed: PLAIN },
];

export const schemaPath = (name: FormatName): string => `schemas/${name}.schema.json`;

/** A path with its placeholders as code in a table of Markdown. */
const cell = (text: string): string => `\`${text.replace(/\|/g, '\\|')}\``;

// One defect each, made from a golden example: what foreign data may try, and the code and path it must be refused with.
import { canonicalJson, type FormatName } from '@plugmark/schemas';
import { EXAMPLES } from '../testkit/schema-examples.ts';

export interface RefusalCase {
  readonly name: string;
  readonly why: string;
  readonly format: FormatName;
  /** `canonical` for files that are signed. */
  readonly read: 'json' | 'canonical';
  readonly bytes: Uint8Array;
  readonly code: string;
  readonly path: string;
}

type Edit = (value: never) => void;
const utf8 = (text: string) => new TextEncoder().encode(text);

/** The example with one member changed; the path that must be named is where it was changed, unless `at` says otherwise. */
function changed(
  name: string,
  why: string,
  format: FormatName,
  path: string,
  edit: Edit,
  code = 'SCHEMA_INVALID',
): RefusalCase {
  const value = structuredClone(EXAMPLES[format]);
  edit(value as never);
  return { name, why, format, read: 'json', bytes: utf8(JSON.stringify(value)), code, path };
}

/** The canonical bytes of release.json, changed as text. */
function respelt(
  name: string,
  why: string,
  code: string,
  edit: (text: string) => string | Uint8Array,
  path = '',
): RefusalCase {
  const made = edit(canonicalJson(EXAMPLES.release));
  return {
    name,
    why,
    format: 'release',
    read: 'canonical',
    bytes: typeof made === 'string' ? utf8(made) : made,
    code,
    path,
  };
}

const set = (key: string, value: unknown) => (object: Record<string, unknown>) => {
  object[key] = value;
};
const source = (name: string, uri: string): RefusalCase =>
  changed(
    `source-${name}`,
    `A source may not reach out of where it is looked up: ${uri}`,
    'sources',
    'sources.0',
    (v: { sources: string[] }) => {
      v.sources[0] = uri;
    },
  );
const artifactPath = (name: string, path: string): RefusalCase =>
  changed(
    `path-${name}`,
    `A path stays inside the folder of the manifest: ${JSON.stringify(path)}`,
    'manifest',
    'artifact',
    set('artifact', path),
  );
const pluginId = (name: string, id: string): RefusalCase =>
  changed(
    `plugin-${name}`,
    `A plugin id becomes part of paths and URLs: ${JSON.stringify(id.slice(0, 60))}`,
    'release',
    'plugin',
    set('plugin', id),
  );
const title = (name: string, text: string): RefusalCase =>
  changed(
    `text-${name}`,
    'Text for people cannot make a page or terminal show something else than its bytes say.',
    'listing',
    'title',
    set('title', text),
  );
const digest = (name: string, sha256: string): RefusalCase =>
  changed(
    `digest-${name}`,
    'A digest has one spelling: 64 lower-case hexadecimal digits.',
    'release',
    'artifact.sha256',
    (v: { artifact: { sha256: string } }) => {
      v.artifact.sha256 = sha256;
    },
  );
const instant = (name: string, text: string): RefusalCase =>
  changed(
    `instant-${name}`,
    'A time that does not exist compares as neither before nor after.',
    'verified-publishers',
    'publishers.acme.since',
    (v: { publishers: { acme: { since: string } } }) => {
      v.publishers.acme.since = text;
    },
  );
const version = (name: string, text: string): RefusalCase =>
  changed(
    `version-${name}`,
    'Versions have one spelling and a total order.',
    'release',
    'version',
    set('version', text),
  );

const HEX = '0123456789abcdef'.repeat(4);
const bytesOf = (text: string, find: string, ...replacement: number[]): Uint8Array => {
  const [before = '', after = ''] = text.split(find, 2);
  return Uint8Array.from([...utf8(before), ...replacement, ...utf8(after)]);
};

export const REFUSAL_CASES: readonly RefusalCase[] = [
  changed(
    'advisory-two-kinds-of-end',
    'OSV allows a range to end with what fixed it or with the last that was affected, and not with both.',
    'advisory',
    'affected.0.ranges.0.events',
    (v: { affected: { ranges: { events: unknown[] }[] }[] }) =>
      v.affected[0]?.ranges[0]?.events.push({ last_affected: '1.0.0' }),
  ),
  changed(
    'schema-version-2',
    'A newer file is refused as such, whatever else it holds.',
    'release',
    'schemaVersion',
    (v: Record<string, unknown>) => Object.assign(v, { schemaVersion: 2, plugin: 7 }),
    'SCHEMA_VERSION',
  ),
  changed(
    'schema-version-text',
    'The version is a number.',
    'release',
    'schemaVersion',
    set('schemaVersion', '1'),
    'SCHEMA_VERSION',
  ),
  changed(
    'schema-version-absent',
    'A file without a version is not of this format.',
    'release',
    'schemaVersion',
    (v: Record<string, unknown>) => void delete v['schemaVersion'],
  ),
  changed(
    'unknown-field',
    'What nobody reads may not ride along under a signature.',
    'release',
    '',
    set('postinstall', 'run me'),
  ),
  changed(
    'unknown-field-inside',
    'Inner objects are strict as well.',
    'release',
    'artifact',
    (v: { artifact: Record<string, unknown> }) => Object.assign(v.artifact, { url: 'https://example.org/' }),
  ),
  changed(
    'constructor-field',
    'Names of inherited members are ordinary unknown fields.',
    'release',
    '',
    set('constructor', {}),
  ),
  {
    ...respelt('proto-field', 'A member named __proto__ is refused, never dropped.', 'SCHEMA_INVALID', (text) =>
      text.replace('{', '{"__proto__":{"polluted":true},'),
    ),
    read: 'json',
  },
  {
    ...respelt(
      'proto-in-map',
      'zod drops __proto__ from maps in silence; we do not.',
      'SCHEMA_INVALID',
      (text) => text.replace('"dependencies":{', '"dependencies":{"__proto__":"*",'),
      'dependencies',
    ),
    read: 'json',
  },
  changed(
    'nested-too-deeply',
    'Deep nesting would end the stack of whoever reads on.',
    'vector',
    `calls.0.input.json${'.0'.repeat(96)}`,
    (v: { calls: { input: { json: unknown } }[] }) => {
      let json: unknown = 0;
      for (let i = 0; i < 1_000; i++) json = [json];
      if (v.calls[0] !== undefined) v.calls[0].input.json = json;
    },
  ),
  pluginId('parent', 'acme/..'),
  pluginId('climbs', '../acme/x'),
  pluginId('encoded', 'acme/%2e%2e'),
  pluginId('backslash', 'acme\\x'),
  pluginId('absolute', '/acme/x'),
  pluginId('upper-case', 'Acme/x'),
  pluginId('three-parts', 'acme/x/y'),
  pluginId('look-alike', 'аcme/x'),
  pluginId('long-publisher', `${'a'.repeat(40)}/x`),
  pluginId('long-name', `a/${'x'.repeat(65)}`),
  pluginId('newline', 'acme/x\n'),
  artifactPath('parent', '../plugin.wasm'),
  artifactPath('parent-inside', 'build/../../plugin.wasm'),
  artifactPath('encoded', '%2e%2e/plugin.wasm'),
  artifactPath('backslash', 'build\\plugin.wasm'),
  artifactPath('absolute', '/etc/passwd'),
  artifactPath('drive', 'C:/plugin.wasm'),
  artifactPath('dot', './plugin.wasm'),
  artifactPath('empty-segment', 'build//plugin.wasm'),
  artifactPath('nul', 'plugin.wasm\0.txt'),
  source('parent', 'https://example.org/a/../b.wasm'),
  source('encoded-parent', 'https://example.org/a/%2e%2E/b.wasm'),
  source('backslash', 'https://example.org/a\\b.wasm'),
  source('absolute', '/etc/passwd'),
  source('file', 'file:///etc/passwd'),
  source('http', 'http://example.org/b.wasm'),
  source('password', 'https://user:secret@example.org/b.wasm'),
  source('bidi', 'https://example.org/\u202emsaw.b'),
  source('npm-parent', 'npm:fft@1.0.0#dist/../../../etc/passwd'),
  source('npm-absolute', 'npm:fft@1.0.0#/etc/passwd'),
  source('npm-package-parent', 'npm:..@1.0.0#plugin.wasm'),
  source('github-parent', 'github:acme/..@v1#plugin.wasm'),
  source('workspace-parent', 'workspace:plugins/../..'),
  source('oci-tag', 'oci://ghcr.io/acme/x:latest'),
  title('override', 'safe\u202etxt'),
  title('isolate', 'safe\u2066txt'),
  title('arabic-mark', 'safe\u061ctxt'),
  title('escape', 'safe\u001b[2Ktxt'),
  title('nul', 'safe\0'),
  title('newline', 'two\nlines'),
  title('line-separator', 'two\u2028lines'),
  title('zero-width', 'sa\u200bfe'),
  title('tag-characters', 'safe\u{e0041}'),
  title('half-a-pair', 'safe\ud83d'),
  title('byte-order-mark', '\ufeffsafe'),
  title('empty', ''),
  title('too-long', 'x'.repeat(81)),
  title('huge', 'x'.repeat(100_000)),
  digest('short', HEX.slice(1)),
  digest('long', `${HEX}0`),
  digest('upper-case', HEX.toUpperCase()),
  digest('prefixed', `sha256:${HEX.slice(7)}`),
  digest('newline', `${HEX}\n`),
  instant('month-13', '2026-13-01T00:00:00Z'),
  instant('february-30', '2026-02-30T00:00:00Z'),
  instant('no-leap-year', '2027-02-29T00:00:00Z'),
  instant('hour-24', '2026-01-01T24:00:00Z'),
  instant('offset', '2026-01-01T00:00:00+02:00'),
  version('leading-zero', '1.02.0'),
  version('prerelease-leading-zero', '1.2.0-01'),
  version('build', '1.2.0+7'),
  version('v', 'v1.2.0'),
  version('two-numbers', '1.2'),
  changed(
    'doi-bidi',
    'A DOI is shown beside other text and linked; it is ASCII here.',
    'release',
    'citation.doi',
    (v: { citation: { doi: string } }) => {
      v.citation.doi = '10.5281/\u202ezenodo';
    },
  ),
  changed(
    'base64-stray-bits',
    'Two spellings of the same bytes would be two digests of one key.',
    'publisher',
    'identities.0.publicKey',
    (v: { identities: { publicKey: string }[] }) => Object.assign(v.identities[0] ?? {}, { publicKey: 'QUJ=' }),
  ),
  changed(
    'trigger-pull-request-target',
    'A workflow started by a stranger’s pull request never signs.',
    'publisher',
    'identities.1.triggers.0',
    (v: { identities: { triggers: string[] }[] }) =>
      Object.assign(v.identities[1] ?? {}, { triggers: ['pull_request_target'] }),
  ),
  changed(
    'size-fraction',
    'A count is a whole number.',
    'release',
    'artifact.size',
    (v: { artifact: { size: number } }) => {
      v.artifact.size = 1.5;
    },
  ),
  changed(
    'size-unsafe',
    'Beyond 2^53 another reader would see another number.',
    'release',
    'artifact.size',
    (v: { artifact: { size: number } }) => {
      v.artifact.size = 2 ** 53;
    },
  ),
  changed(
    'size-negative',
    'A count is not negative.',
    'release',
    'artifact.size',
    (v: { artifact: { size: number } }) => {
      v.artifact.size = -1;
    },
  ),
  respelt('nan', 'NaN is not JSON.', 'JSON_MALFORMED', (text) => text.replace('48213', 'NaN')),
  respelt(
    'infinity',
    'A number too large for a double becomes Infinity.',
    'SCHEMA_INVALID',
    (text) => text.replace('48213', '1e999'),
    'artifact.size',
  ),
  respelt(
    'byte-order-mark',
    'A byte order mark changes the digest and is invisible.',
    'JSON_MALFORMED',
    (text) => `\ufeff${text}`,
  ),
  respelt('invalid-utf8', 'A lone continuation byte is not UTF-8.', 'JSON_MALFORMED', (text) =>
    bytesOf(text, 'Entropy is', 0x80),
  ),
  respelt('utf8-surrogate', 'A surrogate encoded as three bytes is not UTF-8.', 'JSON_MALFORMED', (text) =>
    bytesOf(text, 'Entropy is', 0xed, 0xa0, 0x80),
  ),
  respelt('truncated', 'Half a file is no file.', 'JSON_MALFORMED', (text) => text.slice(0, -20)),
  respelt('empty', 'No bytes are no file.', 'JSON_MALFORMED', () => ''),
  respelt('duplicate-key', 'Parsers differ in which of two members they keep.', 'NOT_CANONICAL', (text) =>
    text.replace('"size":48213', '"size":1,"size":48213'),
  ),
  respelt('white-space', 'White space would give one release two digests.', 'NOT_CANONICAL', (text) =>
    text.replace(',', ', '),
  ),
  respelt('trailing-newline', 'The canonical form ends with its last brace.', 'NOT_CANONICAL', (text) => `${text}\n`),
  respelt('unsorted-keys', 'Members are sorted.', 'NOT_CANONICAL', (text) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse())),
  ),
  respelt('number-spelling', '4.8213e4 is 48213 in another spelling.', 'NOT_CANONICAL', (text) =>
    text.replace('48213', '4.8213e4'),
  ),
  respelt('escaped-letter', 'An escape that is not needed is another spelling.', 'NOT_CANONICAL', (text) =>
    text.replace('Entropy', '\\u0045ntropy'),
  ),
];

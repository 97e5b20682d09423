// A bill of materials of an artifact, CycloneDX 1.6 JSON (ECMA-424): what the file says it was made with and from. All of it is
// the file's claim. No clock and no random number: time and serial number are there only when they are given.

import type { Release } from '@plugmark/schemas';
import { canonicalJson } from '@plugmark/schemas';
import { DEFAULT_LIMITS, readWasm, type WasmFacts } from '@plugmark/wasm';
import { sha256 } from '../digest.ts';
import { embeddedDependencies } from '../embedded-dependencies.ts';
import type { EmbeddedList, EmbeddedPackage } from '../embedded-list.ts';
import { nestedModules } from '../facts.ts';
import { inspectArtifact } from '../inspect.ts';
import { ANALYSER_VERSION } from '../version.ts';
import { looksLikeZip } from '../zip/read-zip.ts';
import { clip, visible } from './text-columns.ts';

export interface CycloneDxOptions {
  /** The release the file belongs to: identity, licence and source. */
  readonly release?: Release;
  /** What to call a file without a release. */
  readonly name?: string;
  /** `urn:uuid:…`, when this very document has to be named. */
  readonly serialNumber?: string;
  /** RFC 3339, when the document has to say when it was made. */
  readonly timestamp?: string;
}

type Json = Readonly<Record<string, unknown>>;

const ARTIFACT = 'artifact';
const MAX_PROPERTIES = 200;
const TEXT = 300;

/** The document as canonical JSON with a final newline: same file and options, same bytes. Throws WasmError or ZipError for a file that cannot be read. */
export async function renderCycloneDx(bytes: Uint8Array, options: CycloneDxOptions = {}): Promise<string> {
  const found = looksLikeZip(bytes) ? await packageContents(bytes, options) : await moduleContents(bytes, options);
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    serialNumber: options.serialNumber,
    metadata: {
      timestamp: options.timestamp,
      tools: { components: [{ type: 'application', name: 'plugmark', version: ANALYSER_VERSION }] },
      component: found.component,
    },
    components: found.components,
    dependencies: found.dependencies,
    // Lists in the file are claims, and name no library of another language that is linked in; files of a program are all that is seen.
    compositions: [{ aggregate: 'unknown', dependencies: [ARTIFACT] }],
  };
  return `${canonicalJson(document)}\n`;
}

type Contents = Readonly<Record<'component', Json> & Record<'components' | 'dependencies', readonly Json[]>>;

async function moduleContents(bytes: Uint8Array, options: CycloneDxOptions): Promise<Contents> {
  const lists = await embeddedDependencies(bytes);
  const properties = [...factProperties(readWasm(bytes, DEFAULT_LIMITS)), ...lists.flatMap(listProperties)];
  return {
    component: artifact(
      await sha256(bytes),
      { mimeType: 'application/wasm', properties },
      { name: 'plugin.wasm', ...options },
    ),
    components: lists.flatMap((list, at) => list.packages.map((one, index) => component(one, refOf(at, index)))),
    dependencies: dependencies(lists),
  };
}

/** The files of a process plugin. What they import when they run stands in no list. */
async function packageContents(bytes: Uint8Array, options: CycloneDxOptions): Promise<Contents> {
  const facts = await inspectArtifact(bytes);
  if (facts.kind !== 'process') return moduleContents(bytes, options);
  const entry = facts.entryPoint === undefined ? [] : [{ name: 'plugmark:entry-point', value: facts.entryPoint }];
  const properties = [{ name: 'plugmark:kind', value: facts.kind }, ...entry];
  return {
    component: artifact(facts.sha256, { mimeType: 'application/zip', properties }, { name: 'plugin.zip', ...options }),
    components: facts.files.map(({ path, sha256: content }, at) => ({
      type: 'file',
      'bom-ref': `file/${at}`,
      name: shown(path),
      hashes: [{ alg: 'SHA-256', content }],
    })),
    dependencies: [{ ref: ARTIFACT, dependsOn: facts.files.map((_, at) => `file/${at}`) }],
  };
}

const refOf = (list: number, index: number): string => `${list}/${index}`;

function artifact(
  digest: string,
  { mimeType, properties }: { readonly mimeType: string; readonly properties: readonly Json[] },
  { release, name }: CycloneDxOptions & { readonly name: string },
): Json {
  return {
    type: 'application',
    'bom-ref': ARTIFACT,
    ...(release === undefined ? { name: shown(name) } : identity(release)),
    'mime-type': mimeType,
    hashes: [{ alg: 'SHA-256', content: digest }],
    purl: purlOf(digest, release, name),
    properties,
  };
}

function identity({ plugin, version, license, source }: Release): Json {
  const [group, name] = plugin.split('/');
  return {
    group,
    name,
    version,
    licenses: [{ expression: license }],
    ...(source === undefined ? {} : { externalReferences: [{ type: 'vcs', url: source.repository }] }),
  };
}

/** There is no package type of ours, so `generic`; the checksum says which bytes. */
function purlOf(digest: string, release: Release | undefined, name: string): string {
  const path = release === undefined ? encoded(shown(name)) : `${release.plugin}@${encoded(release.version)}`;
  return `pkg:generic/${path}?checksum=sha256:${digest}`;
}

// What encodeURIComponent leaves as it is, package URLs do not allow.
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const shown = (text: string): string => clip(visible(text.slice(0, TEXT)), TEXT);

function factProperties(facts: WasmFacts): Json[] {
  const modules = facts.kind === 'core' ? [facts] : [facts, ...nestedModules(facts)];
  const producers = modules.flatMap((module) =>
    module.producers.flatMap(({ field, values }) =>
      values.map(
        ({ name, version }) => [`plugmark:producers:${shown(field)}`, shown(`${name} ${version}`.trim())] as const,
      ),
    ),
  );
  const distinct = new Map(producers.map((pair) => [JSON.stringify(pair), pair]));
  const properties = [['plugmark:kind', facts.kind] as const, ...distinct.values()].slice(0, MAX_PROPERTIES);
  return properties.map(([name, value]) => ({ name, value }));
}

function listProperties({ found, offset, packages, problem }: EmbeddedList): Json[] {
  const value = problem === undefined ? `${packages.length} packages` : `unreadable: ${problem}`;
  return [{ name: `plugmark:dependencies:${found}`, value: `${value}, at byte ${offset}` }];
}

function component({ name, version, purl, buildOnly, notes }: EmbeddedPackage, ref: string): Json {
  const properties = Object.entries(notes).map(([key, value]) => ({ name: `plugmark:${key}`, value }));
  return {
    type: 'library',
    'bom-ref': ref,
    name,
    ...(version === '' ? {} : { version }),
    scope: buildOnly ? 'excluded' : 'required',
    ...(purl === undefined ? {} : { purl }),
    ...(properties.length === 0 ? {} : { properties }),
  };
}

function dependencies(lists: readonly EmbeddedList[]): Json[] {
  const inner = lists.flatMap(({ packages }, at) =>
    packages.map(({ dependsOn }, index) => ({
      ref: refOf(at, index),
      dependsOn: dependsOn.map((other) => refOf(at, other)),
    })),
  );
  const direct = lists.flatMap(({ packages, root }, at) =>
    root === undefined ? packages.map((_, index) => refOf(at, index)) : [refOf(at, root)],
  );
  return [{ ref: ARTIFACT, dependsOn: direct }, ...inner];
}

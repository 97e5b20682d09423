// release.json inside a package document: what the publisher signed.
import { array, count, type Decoder, mapOf, object, oneOf, optional, text } from '../decode.ts';
import { integer } from '../trust/shape.ts';
import {
  capabilityId,
  commit,
  fileName,
  hostId,
  httpsUrl,
  license,
  line,
  lines,
  PLUGIN_ID,
  pluginId,
  range,
  sha256,
  version,
} from './words.ts';

/** By parameter, the values that a capability is narrowed to: hosts, paths or words. */
export type CapabilityParams = ReadonlyMap<string, readonly string[]>;

/** What the author asks for, and why. */
export interface DeclaredCapability {
  readonly id: string;
  readonly params?: CapabilityParams | undefined;
  readonly reason: string;
}

/** A core WebAssembly module, a component, or a zip with a program. */
export type ArtifactKind = 'core' | 'component' | 'process';

/** What the publisher signed: one immutable version. */
export interface Release {
  readonly plugin: string;
  readonly version: string;
  readonly license: string;
  /** `size` in bytes. */
  readonly artifact: { readonly kind: ArtifactKind; readonly sha256: string; readonly size: number };
  readonly targets: readonly { readonly host: string; readonly api: string }[];
  readonly capabilities: readonly DeclaredCapability[];
  readonly dependencies: ReadonlyMap<string, string>;
  readonly limits?: { readonly fuel?: number | undefined; readonly memoryBytes?: number | undefined } | undefined;
  readonly source?: { readonly repository: string; readonly commit?: string | undefined } | undefined;
  readonly notes?: string | undefined;
}

export const capabilityParams: Decoder<CapabilityParams> = mapOf(
  /^[a-z][a-z0-9-]{0,31}$/,
  array(line(300), { min: 1, max: 50 }),
);

const year: Decoder<number> = integer(1900, 2200);

export const citation: Decoder<unknown> = object({
  title: line(200),
  authors: array(
    object({
      name: line(120),
      orcid: optional(text(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/, 19)),
      affiliation: optional(line(200)),
    }),
    { min: 1, max: 50 },
  ),
  doi: optional(text(/^10\.\d{4,9}\/[!#-;=?-~]+$/, 200)),
  year: optional(year),
  url: optional(httpsUrl),
});

export const target: Decoder<Release['targets'][number]> = object({ host: hostId, api: range });
export const declaredCapabilities: Decoder<readonly DeclaredCapability[]> = array(
  object({ id: capabilityId, params: optional(capabilityParams), reason: line(300) }),
  { max: 50 },
);
export const dependencies: Decoder<Release['dependencies']> = mapOf(PLUGIN_ID, range, { maxKey: 104 });
export const limits: Decoder<NonNullable<Release['limits']>> = object({
  fuel: optional(count),
  memoryBytes: optional(count),
});
export const source: Decoder<NonNullable<Release['source']>> = object({
  repository: httpsUrl,
  commit: optional(commit),
});

export const release: Decoder<Release> = object({
  schemaVersion: oneOf(1),
  plugin: pluginId,
  version,
  license,
  artifact: object({ kind: oneOf('core', 'component', 'process'), sha256, size: count }),
  targets: array(target, { min: 1, max: 8 }),
  capabilities: declaredCapabilities,
  dependencies,
  limits: optional(limits),
  readme: optional(object({ sha256 })),
  vectors: array(object({ name: fileName, sha256 }), { max: 100 }),
  source: optional(source),
  citation: optional(citation),
  notes: optional(lines(4000)),
});

/** The release with the JSON it was read from: the manifest digest is computed from that. */
export interface SignedRelease {
  readonly value: Release;
  readonly json: unknown;
}

export const signedRelease: Decoder<SignedRelease> = (json, at) => ({ value: release(json, at), json });

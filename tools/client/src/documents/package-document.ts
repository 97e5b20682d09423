// The package document: everything known about a plugin, in one TUF target.
import { array, count, type Decoder, object, oneOf, optional, string, tagged } from '../decode.ts';
import { type Identity, identity } from './publishers.ts';
import { type CapabilityParams, capabilityParams, type SignedRelease, signedRelease } from './release.ts';
import {
  capabilityId,
  hostId,
  httpsUrl,
  instant,
  license,
  line,
  lines,
  pluginId,
  registryId,
  ruleId,
  sha256,
  sourceUri,
  version,
  word,
} from './words.ts';

/** The highest risk of any capability. */
export type Risk = 'none' | 'low' | 'medium' | 'high';
/**
 * `deprecated` is a word of advice, `yanked` is not chosen anew, `quarantined` is not chosen for up to seven days, `revoked` is not
 * loaded.
 */
export type VersionState = 'active' | 'deprecated' | 'yanked' | 'quarantined' | 'revoked';

/** What the registry says about one version, and since when. */
export interface VersionStatus {
  readonly state: VersionState;
  readonly since?: string;
  readonly until?: string;
  readonly reason?: string;
  readonly replacement?: { readonly plugin: string; readonly version?: string | undefined } | undefined;
}

/** A file under `attestations/<sha256>.json`, loose or inside a pack at `offset`. */
export interface AttestationRef {
  readonly sha256: string;
  readonly size: number;
  readonly pack?: { readonly sha256: string; readonly offset: number } | undefined;
}

/** A capability that the bytes show, and the imports that show it. */
export interface DerivedCapability {
  readonly id: string;
  readonly class: string;
  readonly risk: 'low' | 'medium' | 'high';
  readonly imports: readonly { readonly module: string; readonly name: string }[];
}

/** What the analysis saw in the bytes, beside what the manifest declares. */
export interface CapabilityFacts {
  readonly declared?:
    | readonly { readonly id: string; readonly params?: CapabilityParams | undefined; readonly reason: string }[]
    | undefined;
  readonly derived: readonly DerivedCapability[];
  readonly runtime: readonly { readonly module: string; readonly name: string; readonly purpose: string }[];
  readonly undeclared: readonly string[];
  readonly unused: readonly string[];
  readonly unknown: readonly {
    readonly module: string;
    readonly name: string;
    readonly kind: string;
    readonly reason: string;
  }[];
  readonly unbounded: readonly { readonly cause: string; readonly detail: string }[];
  /** What consent is bound to. */
  readonly hash: string;
  readonly risk: Risk;
}

/** The analysis of a release for one host. `capabilities.hash` is what consent is bound to; `memory` is in bytes. */
export interface AnalysisSummary {
  readonly host: string;
  readonly verdict: 'pass' | 'review' | 'fail';
  readonly capabilities: CapabilityFacts;
  readonly determinism: { readonly word: string; readonly inputs: number; readonly runs: number };
  readonly memory: { readonly minBytes: number; readonly maxBytes?: number | undefined };
}

/** One release in a package document. `sources` are where the publisher has the bytes; the registry serves them too. */
export interface DocumentRelease {
  readonly release: SignedRelease;
  readonly manifestSha256: string;
  readonly publishedAt: string;
  readonly status: VersionStatus;
  readonly sources: readonly string[];
  readonly attestations: {
    readonly publisher: AttestationRef;
    readonly registry?: AttestationRef | undefined;
    readonly analyses: readonly AttestationRef[];
    readonly runs: readonly AttestationRef[];
  };
  readonly levels: readonly string[];
  readonly analysis: readonly AnalysisSummary[];
}

/** An advisory about releases of the plugin, by version. */
export interface AdvisoryNote {
  readonly id: string;
  readonly summary: string;
  readonly modified: string;
  readonly url?: string | undefined;
  readonly versions: readonly string[];
}

/** All releases of a plugin, as the registry signed them: a TUF target. */
export interface PackageDocument {
  readonly registry: string;
  readonly origin?: { readonly registryId: string; readonly rootSha256: string } | undefined;
  readonly plugin: string;
  readonly listing: { readonly title: string; readonly summary: string };
  readonly publisher: { readonly title: string; readonly identities: readonly Identity[] };
  readonly advisories?: readonly AdvisoryNote[] | undefined;
  readonly releases: readonly DocumentRelease[];
}

export const LEVELS = [
  'PLUGMARK_PUBLISHER_VERIFIED',
  'PLUGMARK_IMPORTS_DECLARED',
  'PLUGMARK_WITHIN_BOUNDS',
  'PLUGMARK_OBSERVED_DETERMINISTIC',
  'PLUGMARK_DETERMINISTIC_BY_CONSTRUCTION',
] as const;

const schemaVersion = oneOf(1);
const reason = lines(1000);
const replacement = optional(object({ plugin: pluginId, version: optional(version) }));
const risk = oneOf('low', 'medium', 'high');
const capabilityClass = oneOf('network', 'filesystem', 'subprocess', 'system', 'clock', 'random', 'ui', 'data');

const versionStatus: Decoder<VersionStatus> = tagged('state', {
  active: object({ state: oneOf('active') }),
  deprecated: object({ state: oneOf('deprecated'), since: instant, reason, replacement }),
  yanked: object({
    state: oneOf('yanked'),
    since: instant,
    reasonCode: oneOf('broken', 'incompatible', 'mistake', 'security', 'superseded', 'legal', 'withdrawn'),
    reason,
    replacement,
  }),
  quarantined: object({
    state: oneOf('quarantined'),
    since: instant,
    until: instant,
    by: line(100),
    reason,
    evidence: optional(httpsUrl),
  }),
  revoked: object({
    state: oneOf('revoked'),
    since: instant,
    severity: oneOf('critical', 'high'),
    reason,
    evidence: httpsUrl,
    advisory: optional(line(100)),
  }),
}) as Decoder<VersionStatus>;

const whole = tagged('state', {
  withdrawn: object({ state: oneOf('withdrawn'), since: instant, reason, replacement }),
  transferred: object({ state: oneOf('transferred'), since: instant, reason, to: pluginId }),
});

const attestationRef = object({ sha256, size: count, pack: optional(object({ sha256, offset: count })) });

const capabilityFacts: Decoder<CapabilityFacts> = object({
  declared: optional(array(object({ id: capabilityId, params: optional(capabilityParams), reason: line(300) }))),
  derived: array(
    object({
      id: capabilityId,
      class: capabilityClass,
      risk,
      imports: array(object({ module: string, name: string })),
    }),
  ),
  runtime: array(object({ module: string, name: string, purpose: line(200) })),
  undeclared: array(capabilityId),
  unused: array(capabilityId),
  unknown: array(object({ module: string, name: string, kind: string, reason: line(400) })),
  unbounded: array(
    object({
      cause: oneOf('dispatcher', 'imported-table', 'reference-argument', 'dynamic-linking', 'process'),
      detail: line(300),
    }),
  ),
  hash: sha256,
  risk: oneOf('none', 'low', 'medium', 'high'),
});

export const analysisSummary: Decoder<AnalysisSummary> = object({
  host: hostId,
  verdict: oneOf('pass', 'review', 'fail'),
  capabilities: capabilityFacts,
  determinism: object({
    word: oneOf('by-construction', 'observed', 'nondeterministic', 'untested'),
    inputs: count,
    runs: count,
    engines: optional(array(object({ name: line(60), configurations: count }))),
    causes: array(ruleId),
    firstDifference: optional(line(600)),
  }),
  findings: object({ error: count, warning: count, info: count }),
  memory: object({ minBytes: count, maxBytes: optional(count) }),
  budgetShare: optional(count),
  toolchain: array(line(200)),
});

const documentRelease: Decoder<DocumentRelease> = object({
  release: signedRelease,
  manifestSha256: sha256,
  publishedAt: instant,
  status: versionStatus,
  sources: array(sourceUri),
  attestations: object({
    publisher: attestationRef,
    registry: optional(attestationRef),
    upstream: optional(attestationRef),
    analyses: array(attestationRef, { min: 1 }),
    runs: array(attestationRef),
    readme: optional(object({ sha256, size: count })),
  }),
  levels: array(oneOf(...LEVELS)),
  analysis: array(analysisSummary, { min: 1 }),
});

/** Presentation, as listings and manifests have it. */
export const categories: Decoder<readonly string[]> = array(word, { max: 5 });
export const keywords: Decoder<readonly string[]> = array(line(40), { max: 20 });
export const links: Decoder<unknown> = object({
  homepage: optional(httpsUrl),
  documentation: optional(httpsUrl),
  source: optional(httpsUrl),
  issues: optional(httpsUrl),
});

const listing = object({
  schemaVersion,
  plugin: pluginId,
  title: line(80),
  summary: line(200),
  description: optional(lines(4000)),
  categories,
  keywords,
  links,
  upstream: optional(object({ title: line(120), authors: line(300), url: httpsUrl, license, notice: lines(1000) })),
});

export const packageDocument: Decoder<PackageDocument> = object({
  schemaVersion,
  registry: registryId,
  origin: optional(object({ registryId, rootSha256: sha256 })),
  plugin: pluginId,
  listing,
  whole: optional(whole),
  publisher: object({ title: line(80), identities: array(identity) }),
  advisories: optional(
    array(
      object({
        id: line(60),
        summary: line(200),
        modified: instant,
        url: optional(httpsUrl),
        versions: array(version, { min: 1 }),
      }),
    ),
  ),
  releases: array(documentRelease, { min: 1 }),
});

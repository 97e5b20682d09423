// v1/plugins/<publisher>/<plugin>.json: everything a client needs to choose a release, in one TUF target. It carries each
// release.json whole, so that the manifest digest which the publisher signed can be computed from it.

import * as z from 'zod/mini';
import { Risk } from './capability.ts';
import { Listing } from './listing.ts';
import {
  Count,
  FileDigest,
  HostId,
  HttpsUrl,
  Instant,
  line,
  PluginId,
  RegistryId,
  SchemaVersion,
  SemVer,
  Sha256,
} from './primitives.ts';
import { Identity } from './publisher.ts';
import { Release } from './release.ts';
import { CapabilityFacts, Determinism, Verdict } from './report.ts';
import { SourceUri } from './sources.ts';
import { VerifiedLevel } from './statement.ts';
import { PluginState, VersionStatus } from './status.ts';

/** Where an entry was first published, when it comes from another registry. */
export const Origin = z.strictObject({ registryId: RegistryId, rootSha256: Sha256 });
export type Origin = z.output<typeof Origin>;

/** A bundle or report under `attestations/<sha256>.json`, loose or inside a pack. */
export const AttestationRef = z.strictObject({
  sha256: Sha256,
  size: Count,
  pack: z.optional(z.strictObject({ sha256: Sha256, offset: Count })),
});
export type AttestationRef = z.output<typeof AttestationRef>;

/** What the analysis found, condensed; the whole is in the attached analysis.json. */
export const AnalysisSummary = z.strictObject({
  host: HostId,
  verdict: Verdict,
  capabilities: CapabilityFacts,
  determinism: Determinism,
  findings: z.strictObject({ error: Count, warning: Count, info: Count }),
  memory: z.strictObject({ minBytes: Count, maxBytes: z.optional(Count) }),
  /** The largest share of the host's fuel budget any vector used, in parts per million. */
  budgetShare: z.optional(Count),
  toolchain: z.array(line(200)),
});
export type AnalysisSummary = z.output<typeof AnalysisSummary>;

export const DocumentRelease = z.strictObject({
  release: Release,
  manifestSha256: Sha256,
  publishedAt: Instant,
  status: VersionStatus,
  sources: z.array(SourceUri),
  attestations: z.strictObject({
    publisher: AttestationRef,
    registry: z.optional(AttestationRef),
    /** The upstream registry's co-signature of a mirrored release. */
    upstream: z.optional(AttestationRef),
    /** One per target host, in the release's order. */
    analyses: z.array(AttestationRef).check(z.minLength(1)),
    /** What was run: for each target host one report a machine; each names its host. */
    runs: z.array(AttestationRef),
    readme: z.optional(FileDigest),
  }),
  levels: z.array(VerifiedLevel),
  analysis: z.array(AnalysisSummary).check(z.minLength(1)),
});
export type DocumentRelease = z.output<typeof DocumentRelease>;

/** An advisory about releases of this plugin; the whole of it is at `v1/advisories/<id>.json`. */
export const AdvisoryNote = z.strictObject({
  id: line(60),
  summary: line(200),
  modified: Instant,
  url: z.optional(HttpsUrl),
  /** The affected releases, ranges already evaluated. */
  versions: z.array(SemVer).check(z.minLength(1)),
});
export type AdvisoryNote = z.output<typeof AdvisoryNote>;

export const PackageDocument = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  origin: z.optional(Origin),
  plugin: PluginId,
  listing: Listing,
  whole: z.optional(PluginState),
  /** Who signs here according to the online key; for verified publishers the offline-signed publishers.json decides instead. */
  publisher: z.strictObject({ title: line(80), identities: z.array(Identity) }),
  /** Absent when there is none. */
  advisories: z.optional(z.array(AdvisoryNote)),
  /** Highest version first. */
  releases: z.array(DocumentRelease).check(z.minLength(1)),
});
export type PackageDocument = z.output<typeof PackageDocument>;

/** `none` ranks below every Risk. */
export const RiskOrNone = z.union([Risk, z.literal('none')]);

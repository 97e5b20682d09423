// Releases taken over from an upstream registry: what is kept beside each, and what `plugmark mirror` and the tars of an air gap say
// about their work.

import * as z from 'zod/mini';
import { Risk } from './capability.ts';
import { Place } from './cli-output.ts';
import {
  Approver,
  CapabilityId,
  Count,
  HostId,
  Instant,
  line,
  PluginId,
  RegistryId,
  RelativePath,
  RuleId,
  SchemaVersion,
  SemVer,
  Sha256,
  text,
} from './primitives.ts';
import { Verdict } from './report.ts';
import { VerifiedLevel } from './statement.ts';

/** mirrors/<upstream>/plugins/<publisher>/<plugin>/<version>/mirror.json: what upstream said of a release, once it was verified. */
export const MirrorRecord = z.strictObject({
  schemaVersion: SchemaVersion,
  upstream: RegistryId,
  /** Of the root file the upstream is trusted by. */
  rootSha256: Sha256,
  plugin: PluginId,
  version: SemVer,
  /** When upstream says it published it. */
  publishedAt: Instant,
  /** When it was first seen from here: upstream could date a release back, and an age must not be believed for that. */
  firstSeen: Instant,
  /** What upstream's co-signature vouched for; it lies beside as upstream.sigstore.json. */
  levels: z.array(VerifiedLevel),
});
export type MirrorRecord = z.output<typeof MirrorRecord>;

/** Why an approved release is not taken over. */
export const MIRROR_REFUSALS = {
  'namespace-local': 'the namespace belongs to this registry and never comes from upstream',
  'namespace-unlisted': 'registry.json does not list the upstream for this namespace',
  'namespace-taken': 'another upstream already speaks for this namespace',
  'approval-ended': 'the approval has ended',
  'plugin-missing': 'the upstream lists no plugin of that name',
  'release-missing': 'the upstream lists no such release',
  'digest-differs': 'the upstream lists other bytes than the approved ones',
  'release-changed': 'the upstream lists another release under a version that was taken over before',
  'too-young': 'the release is not as old as the approved range asks for',
  revoked: 'the upstream has revoked it',
  yanked: 'the upstream has yanked it',
  quarantined: 'the upstream has quarantined it',
  widened: 'it reaches further than the last release taken over: that takes an approval of its own',
  'person-needed': 'the review here asks for a person: that takes an approval of its own',
  'fails-here': 'it does not pass this registry’s own policy and profiles',
  unverified: 'it did not verify',
  'signer-changed': 'what was taken over does not verify with the keys upstream lists now',
} as const;
export type MirrorRefusal = keyof typeof MIRROR_REFUSALS;

const Refused = z.strictObject({
  plugin: PluginId,
  version: z.optional(SemVer),
  code: z.enum(Object.keys(MIRROR_REFUSALS) as [MirrorRefusal, ...MirrorRefusal[]]),
  /** What was found: rules, digests, the client's code. */
  reason: line(600),
});

export const MirrorTaken = z.strictObject({
  plugin: PluginId,
  version: SemVer,
  sha256: Sha256,
  /** `kept`: nothing about it changed. */
  change: z.enum(['new', 'updated', 'kept']),
  /** The verdict here. */
  verdict: Verdict,
  state: z.enum(['active', 'deprecated', 'yanked', 'quarantined', 'revoked']),
});
export type MirrorTaken = z.output<typeof MirrorTaken>;

/** registry/mirrors/<upstream>/report.json: what came of the last sync that changed something. */
export const MirrorReport = z.strictObject({
  schemaVersion: SchemaVersion,
  at: Instant,
  upstream: RegistryId,
  /** Of the metadata that was followed; absent where there is a problem. */
  rootVersion: z.optional(Count),
  /** Why nothing of this upstream could be looked at: then what was taken over stays as it was. */
  problem: z.optional(z.strictObject({ code: line(60), message: line(1000) })),
  taken: z.array(MirrorTaken),
  refused: z.array(Refused),
});
export type MirrorReport = z.output<typeof MirrorReport>;

/** `plugmark mirror sync --json`. */
export const MirrorResult = z.strictObject({ upstreams: z.array(MirrorReport) });
export type MirrorResult = z.output<typeof MirrorResult>;

/** `plugmark mirror approve --json`. */
export const ApproveResult = z.strictObject({
  upstream: RegistryId,
  plugin: PluginId,
  version: z.optional(SemVer),
  sha256: z.optional(Sha256),
  range: z.optional(line(100)),
  approvedBy: Approver,
  reason: text(1000),
  expires: z.optional(Instant),
  /** What the review here found in the approved bytes, by target host. A range approves what nobody has seen. */
  reviews: z.array(
    z.strictObject({
      host: HostId,
      verdict: Verdict,
      capabilities: z.array(z.strictObject({ id: CapabilityId, risk: Risk })),
      findings: z.array(RuleId),
    }),
  ),
  /** The file that was written. */
  file: Place,
});
export type ApproveResult = z.output<typeof ApproveResult>;

/** Beside an exported tar: what whoever imported it and those before it has. `--since` leaves it out of the next one. */
export const ExportState = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  timestampVersion: Count,
  /** Path to sha256. */
  files: z.record(RelativePath, Sha256),
});
export type ExportState = z.output<typeof ExportState>;

/** `plugmark export --json`. */
export const ExportResult = z.strictObject({
  registry: RegistryId,
  out: Place,
  state: Place,
  sha256: Sha256,
  bytes: Count,
  files: Count,
  /** Left out because the receiver has them. */
  left: Count,
  releases: Count,
});
export type ExportResult = z.output<typeof ExportResult>;

/** `plugmark import --json`. */
export const ImportResult = z.strictObject({
  registry: RegistryId,
  to: Place,
  rootVersion: Count,
  timestampVersion: Count,
  /** Files that are new here, and all that were looked at. */
  added: Count,
  files: Count,
  releases: z.array(z.strictObject({ plugin: PluginId, version: SemVer, sha256: Sha256 })),
});
export type ImportResult = z.output<typeof ImportResult>;

/** `plugmark oci push --json` and `plugmark oci pull --json`. */
export const OciResult = z.strictObject({
  /** `oci://registry/repository@sha256:...`: the manifest, by its digest. */
  reference: line(400),
  /** Of the module or component. */
  sha256: Sha256,
  size: Count,
  /** Sigstore bundles that refer to it, by the digest of the bundle. */
  bundles: z.array(Sha256),
  /** Where the bytes were written. */
  out: z.optional(Place),
});
export type OciResult = z.output<typeof OciResult>;

import * as z from 'zod/mini';
import { Tier } from './index-document.ts';
import {
  ArtifactKind,
  Count,
  DecimalId,
  HostId,
  HttpsUrl,
  line,
  OciDigest,
  OciRepository,
  PluginId,
  RegistryId,
  SchemaVersion,
  SemVer,
  SemVerRange,
  Sha256,
} from './primitives.ts';
import { VerifiedLevel } from './statement.ts';

/** Who signed, as it was seen: a key, a workflow, or nobody (a local file, a repository on GitHub, an OCI registry). */
export const SignerRecord = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), keyId: Sha256 }),
  z.strictObject({ kind: z.literal('keyless'), issuer: HttpsUrl, repositoryId: DecimalId, ownerId: DecimalId }),
  z.strictObject({ kind: z.literal('none') }),
]);
export type SignerRecord = z.output<typeof SignerRecord>;

const GitHubSource = z.strictObject({
  kind: z.literal('github'),
  repository: line(140),
  repositoryId: DecimalId,
  tag: line(200),
});
const OciSource = z.strictObject({ kind: z.literal('oci'), repository: OciRepository, digest: OciDigest });
const FileSource = z.strictObject({ kind: z.literal('file') });
/** Every source but a registry. */
export const DirectSource = z.discriminatedUnion('kind', [GitHubSource, OciSource, FileSource]);
export const LockedSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('registry'), registry: RegistryId }),
  GitHubSource,
  OciSource,
  FileSource,
]);
export type LockedSource = z.output<typeof LockedSource>;

export const LockedPlugin = z.strictObject({
  plugin: PluginId,
  version: SemVer,
  /** The range that was asked for; absent where only another plugin asked. */
  requested: z.optional(SemVerRange),
  source: LockedSource,
  kind: ArtifactKind,
  sha256: Sha256,
  size: Count,
  manifestSha256: z.optional(Sha256),
  tier: Tier,
  capabilityHash: Sha256,
  signer: SignerRecord,
  levels: z.array(VerifiedLevel),
  dependencies: z.record(PluginId, SemVer),
});
export type LockedPlugin = z.output<typeof LockedPlugin>;

/**
 * plugmark.lock: what a host uses, without URLs, so that a mirror or another disk serves as well. In one form only: keys sorted, two
 * spaces, a newline at the end, plugins and registries sorted by id, levels sorted.
 */
export const Lockfile = z.strictObject({
  schemaVersion: SchemaVersion,
  host: HostId,
  registries: z.array(z.strictObject({ id: RegistryId, rootVersion: Count, rootSha256: Sha256 })),
  plugins: z.array(LockedPlugin),
});
export type Lockfile = z.output<typeof Lockfile>;

/**
 * proofs/<sha256>.json in a client's store: what was read of the registry when these bytes were verified, by name and digest, so that
 * they can be verified again without a network. Nobody signs it; the signatures in the files it names decide.
 */
export const Proof = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  plugin: PluginId,
  version: SemVer,
  /** By host: what consent is bound to. */
  capabilityHashes: z.record(HostId, Sha256),
  files: z.record(
    z.string().check(z.maxLength(400), z.regex(/^(?:metadata|targets|trust)\/[A-Za-z0-9_.%~!*'()/-]+$/)),
    Sha256,
  ),
  /** Bundles, by digest. */
  attestations: z.array(Sha256),
});
export type Proof = z.output<typeof Proof>;

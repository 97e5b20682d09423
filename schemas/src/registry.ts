import * as z from 'zod/mini';
import {
  Base64,
  Count,
  DecimalId,
  HttpsUrl,
  Instant,
  line,
  PublisherId,
  RegistryId,
  RegistryUrl,
  SchemaVersion,
  Sha256,
  text,
  VerifierId,
} from './primitives.ts';

/** Another registry whose plugins this one may approve, known by its root, never by its URL alone. */
export const Upstream = z.strictObject({
  id: RegistryId,
  url: RegistryUrl,
  root: z.strictObject({ version: Count, sha256: Sha256 }),
  /** Namespaces that may come from it; empty means any that is not local. Local namespaces never resolve upstream. */
  namespaces: z.array(PublisherId),
});
export type Upstream = z.output<typeof Upstream>;

/** Same content, same signatures, other place. `blobs` serves artifacts only. */
export const Mirror = z.strictObject({ url: RegistryUrl, serves: z.enum(['all', 'blobs']) });
export type Mirror = z.output<typeof Mirror>;

/** registry/registry.json: who this registry is. */
export const Registry = z.strictObject({
  schemaVersion: SchemaVersion,
  id: RegistryId,
  title: line(80),
  summary: z.optional(text(600)),
  url: RegistryUrl,
  contact: line(200),
  repository: z.optional(HttpsUrl),
  upstreams: z.array(Upstream),
  mirrors: z.array(Mirror),
  /** How long each role's signature lives, and how long before its end it is renewed. */
  expiries: z.strictObject({
    rootDays: Count,
    targetsDays: Count,
    revocationsDays: Count,
    documentsDays: Count,
    snapshotDays: Count,
    /** Clients refuse longer ones: a stolen key must not sign for years ahead. */
    timestampHours: z.int().check(z.positive(), z.maximum(72)),
    timestampRefreshHours: Count,
    lookAheadDays: Count,
  }),
  /** Bytes of artifacts that the registry's own place serves; those beyond are on mirrors alone (`registry deploy --within-budget`). */
  blobBudgetBytes: Count,
  cosign: z.strictObject({
    mode: z.enum(['key', 'keyless']),
    issuer: z.optional(HttpsUrl),
    subject: z.optional(line(500)),
    repositoryId: z.optional(DecimalId),
  }),
});
export type Registry = z.output<typeof Registry>;

/** `upstreams.json`, a TUF target of the top role: the origins a client of this registry accepts. */
export const Upstreams = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  upstreams: z.array(Upstream),
});
export type Upstreams = z.output<typeof Upstreams>;

/**
 * `mirrors.json`, a TUF target of the top role where there is a mirror: where else artifacts may be asked for. Signed offline, since an
 * unsigned list would let a server send clients to any address, behind their firewall too.
 */
export const Mirrors = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  mirrors: z.array(Mirror).check(z.minLength(1)),
});
export type Mirrors = z.output<typeof Mirrors>;

/** `cosign-keys.json`, a TUF target of the top role: whose co-signatures count. */
export const CosignKeys = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  /** The only accepted `verifier.id`: names the registry, never a URL. */
  verifier: VerifierId,
  identities: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('key'),
          algorithm: z.enum(['ecdsa-p256', 'ed25519']),
          keyId: Sha256,
          publicKey: Base64,
          from: Instant,
          to: z.optional(Instant),
        }),
        z.strictObject({
          kind: z.literal('keyless'),
          issuer: HttpsUrl,
          subject: line(500),
          repositoryId: DecimalId,
          from: Instant,
          to: z.optional(Instant),
        }),
      ]),
    )
    .check(z.minLength(1)),
});
export type CosignKeys = z.output<typeof CosignKeys>;

/** registry/reserved-names.json: names nobody may take, with the reason shown to whoever tries. */
export const ReservedNames = z.strictObject({
  schemaVersion: SchemaVersion,
  publishers: z.record(line(64), line(200)),
  plugins: z.record(line(64), line(200)),
});
export type ReservedNames = z.output<typeof ReservedNames>;

// registry/publishers/<publisher>.json: who may release under a namespace and how their signatures are recognised. Read from
// main only, never from a pull request. Verified publishers are copied into `publishers.json`, which is signed offline.

import * as z from 'zod/mini';
import {
  Base64,
  DecimalId,
  GitHubAccount,
  HttpsUrl,
  Instant,
  line,
  PluginId,
  PublisherId,
  RegistryId,
  SchemaVersion,
  SemVer,
  Sha256,
  text,
} from './primitives.ts';

const Window = { from: Instant, to: z.optional(Instant) };

/** A long-lived key. `keyId` is the sha256 of the SPKI DER; it is also the bundle's public key hint. */
export const KeyIdentity = z.strictObject({
  kind: z.literal('key'),
  algorithm: z.enum(['ecdsa-p256', 'ed25519']),
  keyId: Sha256,
  /** SubjectPublicKeyInfo, DER, base64. */
  publicKey: Base64,
  ...Window,
  /** Shows that whoever added the key holds it: a release of this publisher that it signed. */
  proof: z.optional(z.strictObject({ version: SemVer, plugin: line(104) })),
});
export type KeyIdentity = z.output<typeof KeyIdentity>;

export const WORKFLOW_TRIGGERS = ['push', 'release', 'workflow_dispatch', 'schedule'] as const;

/** A workflow that signs without a key. Numbers decide (accounts and repositories are renamed); names are for people. Fulcio OIDs in parentheses. */
export const KeylessIdentity = z.strictObject({
  kind: z.literal('keyless'),
  issuer: HttpsUrl, // .1.8
  repository: HttpsUrl,
  repositoryId: DecimalId, // .1.15
  ownerId: DecimalId, // .1.17
  buildConfig: HttpsUrl, // .1.18, without its @ref
  buildSigner: z.optional(HttpsUrl), // .1.9, where a reusable workflow signs
  /** `tag`: the ref must be `refs/tags/v{version}`; otherwise a branch ref to compare with (.1.14). */
  ref: z.union([z.literal('tag'), z.string().check(z.maxLength(200), z.regex(/^refs\/heads\/[A-Za-z0-9._/-]+$/))]),
  triggers: z.array(z.enum(WORKFLOW_TRIGGERS)).check(z.minLength(1)), // .1.20; pull_request_target is never allowed
  runner: z.literal('github-hosted'), // .1.11
  subject: z.optional(line(500)), // SAN, compared exactly where pinned
  ...Window,
});
export type KeylessIdentity = z.output<typeof KeylessIdentity>;

export const Identity = z.discriminatedUnion('kind', [KeyIdentity, KeylessIdentity]);
export type Identity = z.output<typeof Identity>;

/** A repository whose releases the registry pulls by itself. The numbers decide: it may be renamed, and is no longer watched once it belongs to somebody else. */
export const Watched = z.strictObject({
  plugin: PluginId,
  repository: HttpsUrl,
  repositoryId: DecimalId,
  ownerId: DecimalId,
});
export type Watched = z.output<typeof Watched>;

export const Publisher = z.strictObject({
  schemaVersion: SchemaVersion,
  publisher: PublisherId,
  title: line(80),
  summary: z.optional(text(600)),
  url: z.optional(HttpsUrl),
  contact: z.optional(line(200)),
  /** Accounts whose pull requests may release; empty means maintainers only. */
  owners: z.array(GitHubAccount).check(z.maxLength(20)),
  identities: z.array(Identity).check(z.minLength(1), z.maxLength(20)),
  verified: z.optional(z.strictObject({ since: Instant, by: line(100) })),
  /** Plugins of this publisher whose new releases are pulled, signed as ever, without a pull request of an owner. */
  watched: z.optional(z.array(Watched).check(z.maxLength(100))),
});
export type Publisher = z.output<typeof Publisher>;

/** `publishers.json`, a TUF target of the offline-signed top role: the verified publishers and nobody else. */
export const VerifiedPublishers = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  publishers: z.record(
    PublisherId,
    z.strictObject({
      title: line(80),
      since: Instant,
      builtIn: z.optional(z.literal(true)),
      identities: z.array(Identity).check(z.minLength(1)),
    }),
  ),
});
export type VerifiedPublishers = z.output<typeof VerifiedPublishers>;

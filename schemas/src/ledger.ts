// What the registry cannot derive again: when a release was first published here, which reports and co-signatures were made for
// it. History, not transparency: without a witness a split view cannot be detected.

import * as z from 'zod/mini';
import { AttestationRef } from './package-document.ts';
import { Count, Instant, line, PluginId, RegistryId, SchemaVersion, SemVer, Sha256 } from './primitives.ts';
import { Verdict } from './report.ts';
import { VerifiedLevel } from './statement.ts';

/** ledger/entries/<publisher>/<plugin>/<version>.json. */
export const LedgerEntry = z.strictObject({
  schemaVersion: SchemaVersion,
  sequence: Count,
  plugin: PluginId,
  version: SemVer,
  publishedAt: Instant,
  artifactSha256: Sha256,
  manifestSha256: Sha256,
  /** The inputs the reports were made from: when they are unchanged, the reports are used again. */
  inputsSha256: Sha256,
  verdict: Verdict,
  levels: z.array(VerifiedLevel),
  publisher: AttestationRef,
  /** One per target host, in the release's order. */
  analyses: z.array(AttestationRef),
  /** What was run: for each target host one report a machine. */
  runs: z.array(AttestationRef),
  registry: z.optional(AttestationRef),
  /** The upstream registry's co-signature of a mirrored release. */
  upstream: z.optional(AttestationRef),
});
export type LedgerEntry = z.output<typeof LedgerEntry>;

/** Why a release on main is not listed; kept so that a page can say so. */
export const LedgerRefusal = z.strictObject({
  plugin: PluginId,
  version: SemVer,
  at: Instant,
  reasons: z.array(line(300)),
});
export type LedgerRefusal = z.output<typeof LedgerRefusal>;

/** ledger/head.json. `previous` is the sha256 of the head before it, so that a fork of the history shows. */
export const LedgerHead = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  sequence: Count,
  previous: z.optional(Sha256),
  generatedAt: Instant,
  /** sha256 over the sorted list of every other ledger file and its digest. */
  contentSha256: Sha256,
  entries: Count,
  refusals: z.array(LedgerRefusal),
});
export type LedgerHead = z.output<typeof LedgerHead>;

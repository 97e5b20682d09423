// What the registry cannot derive again: when a release was first published here, which reports and co-signatures were made for
// it. History, not transparency: without a witness a split view cannot be detected.

import * as z from 'zod/mini';
import { IndexEntry, STATES } from './index-document.ts';
import { AttestationRef } from './package-document.ts';
import { Count, FileDigest, Instant, line, PluginId, RegistryId, SchemaVersion, SemVer, Sha256 } from './primitives.ts';
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

/** What the plain views say about a plugin. */
const ListedPlugin = z.strictObject({
  index: IndexEntry,
  /** For the search index. */
  imports: z.array(line(300)),
  /** In the order of its document. */
  releases: z.array(
    z.strictObject({
      version: SemVer,
      sha256: Sha256,
      size: Count,
      kind: z.enum(['core', 'component', 'process']),
      publishedAt: Instant,
      /** Where its status is not `active`. */
      status: z.optional(z.strictObject({ state: z.enum(STATES), since: Instant })),
    }),
  ),
});
export type ListedPlugin = z.output<typeof ListedPlugin>;

/**
 * A plugin in the ledger's lists: what a build takes over of it without reading its document, reports and releases. Written by every
 * build, whole or not, with the same bytes.
 */
const LedgerRow = z.strictObject({
  /** Of everything its document, entries and views were made from; while it is the same, they are. */
  key: Sha256,
  /** As the document roles list it; absent while nothing of it is listed. */
  document: z.optional(FileDigest),
  /** It has exceptions, which begin and end at their times: it is looked at in every build. */
  timed: z.optional(z.literal(true)),
  /** Its ledger entries, also of releases that are refused now. */
  entries: z.array(z.strictObject({ version: SemVer, sha256: Sha256 })),
  /** Absent while nothing of it is listed. */
  listed: z.optional(ListedPlugin),
});
export type LedgerRow = z.output<typeof LedgerRow>;

/** Git's id of a folder. */
const TreeId = z.string().check(z.regex(/^[0-9a-f]{40}$/));

/**
 * ledger/inputs.json: of what the last build was made, so that the next one looks at no plugin whose folder is the same. Written by every
 * build, whole or not, with the same bytes.
 */
export const LedgerInputs = z.strictObject({
  schemaVersion: SchemaVersion,
  /** Of rules, profiles, marks and advisories: what every plugin's key has in common. */
  shared: Sha256,
  /** Of `registry/plugins` and `registry/publishers`. */
  plugins: TreeId,
  publishers: TreeId,
  /** Plugins whose row says so, by name. */
  timed: z.array(PluginId),
  /** By whose key and under which delegations the document roles are signed, and when each ends. */
  roles: z.strictObject({ keyId: Sha256, delegations: Sha256, ends: z.record(line(40), Instant) }),
});
export type LedgerInputs = z.output<typeof LedgerInputs>;

/** ledger/lists/<two hex digits>.json: the plugins whose TUF path has a sha256 that begins so. */
export const LedgerList = z.strictObject({ schemaVersion: SchemaVersion, plugins: z.record(PluginId, LedgerRow) });
export type LedgerList = z.output<typeof LedgerList>;

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
  /**
   * Of every other ledger file, whatever their number: the sum of the sha256 of `<sha256>  <path>` over all of them, modulo 2^256. A sum,
   * so that a build which changes ten files of a million reads those ten. It shows accidents; whoever may write the ledger may write it.
   */
  contentSha256: Sha256,
  /**
   * Of the ledger's `lists.txt`, which has a line `<sha256>  <path>` for each list and for `inputs.json`. What a build reads of the ledger
   * hangs on it. A head without it is from before there were lists, and its `contentSha256` is made of such lines, over every other file.
   */
  listsSha256: z.optional(Sha256),
  entries: Count,
  refusals: z.array(LedgerRefusal),
});
export type LedgerHead = z.output<typeof LedgerHead>;

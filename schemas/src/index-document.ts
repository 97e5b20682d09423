// Plain JSON views of the registry, served over TLS and not verified: for pages, feeds and scripts. A client never decides on them.

import * as z from 'zod/mini';
import { RiskOrNone } from './package-document.ts';
import { Count, HostId, Instant, line, PluginId, RegistryId, SchemaVersion, SemVer, Sha256 } from './primitives.ts';
import { DETERMINISM_WORDS } from './report.ts';

export const TIERS = ['built-in', 'verified', 'community', 'local'] as const;
export const Tier = z.enum(TIERS);
export type Tier = z.output<typeof Tier>;

export const STATES = ['active', 'deprecated', 'yanked', 'quarantined', 'revoked'] as const;
export const NOT_VERIFIED = 'none: plain JSON over TLS; use the client or the specification';

const Head = {
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  /** From the ledger, not from a clock. */
  generatedAt: Instant,
  verification: z.literal(NOT_VERIFIED),
};

export const IndexEntry = z.strictObject({
  plugin: PluginId,
  title: line(80),
  summary: line(200),
  hosts: z.array(HostId),
  /** The first of `hosts`. */
  host: HostId,
  latest: SemVer,
  sha256: Sha256,
  size: Count,
  kind: z.enum(['core', 'component', 'process']),
  tier: Tier,
  risk: RiskOrNone,
  capabilities: z.array(line(64)),
  classes: z.array(line(20)),
  determinism: z.enum(DETERMINISM_WORDS),
  license: line(200),
  categories: z.array(line(40)),
  keywords: z.array(line(40)),
  toolchain: z.array(line(200)),
  publishedAt: Instant,
  state: z.enum(STATES),
});
export type IndexEntry = z.output<typeof IndexEntry>;

/** v1/index.json. */
export const Index = z.strictObject({ ...Head, plugins: z.array(IndexEntry) });
export type Index = z.output<typeof Index>;

/** v1/artifacts/<sha256>.json: whose bytes these are. Usually one entry. */
export const ArtifactLookup = z.array(z.strictObject({ plugin: PluginId, version: SemVer }));
export type ArtifactLookup = z.output<typeof ArtifactLookup>;

export const CHANGE_KINDS = [
  'released',
  'deprecated',
  'yanked',
  'quarantined',
  'revoked',
  'restored',
  'listing',
  'widened',
] as const;

/** v1/changes.json: what happened, newest first. */
export const Changes = z.strictObject({
  ...Head,
  changes: z.array(
    z.strictObject({
      at: Instant,
      kind: z.enum(CHANGE_KINDS),
      plugin: PluginId,
      version: z.optional(SemVer),
      detail: z.optional(line(300)),
    }),
  ),
});
export type Changes = z.output<typeof Changes>;

/** v1/publishers.json: every publisher with tier, for pages. */
export const PublisherList = z.strictObject({
  ...Head,
  publishers: z.array(z.strictObject({ publisher: line(39), title: line(80), tier: Tier, plugins: z.array(PluginId) })),
});
export type PublisherList = z.output<typeof PublisherList>;

/** search.json: short keys, since every visitor who searches downloads it. */
export const SearchIndex = z.strictObject({
  schemaVersion: SchemaVersion,
  /**
   * i: id, t: title, s: summary, k: keywords, h: hosts, c: capability classes, r: risk, m: imports, v: latest version, d: determinism,
   * l: licence, z: size, p: day of publication, g: toolchain without versions, a: kind where not core, o: state where not active.
   */
  plugins: z.array(
    z.strictObject({
      i: PluginId,
      t: line(80),
      s: line(200),
      k: z.array(line(40)),
      h: z.array(HostId),
      c: z.array(line(20)),
      r: RiskOrNone,
      m: z.array(line(300)),
      v: SemVer,
      tier: Tier,
      d: z.enum(DETERMINISM_WORDS),
      l: line(200),
      z: Count,
      p: z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)),
      g: z.array(line(200)),
      a: z.optional(z.enum(['component', 'process'])),
      o: z.optional(z.enum(STATES)),
    }),
  ),
});
export type SearchIndex = z.output<typeof SearchIndex>;

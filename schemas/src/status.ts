// registry/plugins/<publisher>/<plugin>/status.json: the only file about a release that may change after it. It can take trust
// away, never give it.

import * as z from 'zod/mini';
import { HttpsUrl, Instant, line, PluginId, RegistryId, SchemaVersion, SemVer, Sha256, text } from './primitives.ts';

export const YANK_REASONS = [
  'broken',
  'incompatible',
  'mistake',
  'security',
  'superseded',
  'legal',
  'withdrawn',
] as const;

const Replacement = z.optional(z.strictObject({ plugin: PluginId, version: z.optional(SemVer) }));

/** Discouraged; chosen as before. */
const Deprecated = z.strictObject({
  state: z.literal('deprecated'),
  since: Instant,
  reason: text(1000),
  replacement: Replacement,
});

/** Not chosen anew; locked ones keep working with a warning. */
const Yanked = z.strictObject({
  state: z.literal('yanked'),
  since: Instant,
  reasonCode: z.enum(YANK_REASONS),
  reason: text(1000),
  replacement: Replacement,
});

/** Blocks new installs and warns running ones; lapses by itself at `until`, at most 7 days after `since`. */
const Quarantined = z.strictObject({
  state: z.literal('quarantined'),
  since: Instant,
  until: Instant,
  by: line(100),
  reason: text(1000),
  evidence: z.optional(HttpsUrl),
});

/** A wish to refuse loading; it takes effect only through the offline-signed revocations role. */
const Revoked = z.strictObject({
  state: z.literal('revoked'),
  since: Instant,
  severity: z.enum(['critical', 'high']),
  reason: text(1000),
  evidence: HttpsUrl,
  advisory: z.optional(line(100)),
});

export const VersionStatus = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('active') }),
  Deprecated,
  Yanked,
  Quarantined,
  Revoked,
]);
export type VersionStatus = z.output<typeof VersionStatus>;

/** What became of the plugin as a whole. */
export const PluginState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('withdrawn'), since: Instant, reason: text(1000), replacement: Replacement }),
  z.strictObject({ state: z.literal('transferred'), since: Instant, reason: text(1000), to: PluginId }),
]);

export const Status = z.strictObject({
  schemaVersion: SchemaVersion,
  plugin: PluginId,
  whole: z.optional(PluginState),
  versions: z.record(SemVer, VersionStatus),
});
export type Status = z.output<typeof Status>;

/** `revocations.json`, the only target of the revocations role. Lifting an entry takes the same offline key. */
export const Revocations = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: RegistryId,
  revocations: z.array(
    z.strictObject({
      sha256: Sha256,
      plugin: PluginId,
      version: SemVer,
      since: Instant,
      severity: z.enum(['critical', 'high']),
      reason: text(1000),
      evidence: HttpsUrl,
      advisory: z.optional(line(100)),
      lifted: z.optional(z.strictObject({ at: Instant, reason: text(1000) })),
    }),
  ),
});
export type Revocations = z.output<typeof Revocations>;

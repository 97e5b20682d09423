import * as z from 'zod/mini';
import { CapabilityId, Count, HostId, Instant, line, PluginId, SchemaVersion, SemVer, Sha256 } from './primitives.ts';

export const LOG_EVENTS = [
  'installed',
  'loaded',
  'ran',
  'refused',
  'consented',
  'revokedConsent',
  'updated',
  'rolledBack',
  'uninstalled',
  'reproduced',
] as const;

/**
 * One line of the run log (JSON Lines). `previous` is the sha256 of the line before it, without its newline. Shows accidental
 * change, and any change if you keep the head elsewhere.
 */
export const LogRecord = z.strictObject({
  schemaVersion: SchemaVersion,
  sequence: Count,
  previous: z.optional(Sha256),
  at: Instant,
  event: z.enum(LOG_EVENTS),
  correlationId: z.optional(z.string().check(z.maxLength(64), z.regex(/^[A-Za-z0-9._-]+$/))),
  host: HostId,
  plugin: PluginId,
  version: SemVer,
  sha256: Sha256,
  inputSha256: z.optional(Sha256),
  outputSha256: z.optional(Sha256),
  grants: z.optional(z.array(CapabilityId)),
  fuel: z.optional(Count),
  code: z.optional(line(60)),
  detail: z.optional(line(600)),
});
export type LogRecord = z.output<typeof LogRecord>;

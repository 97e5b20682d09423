// One line of the run log.
import { array, count, type Decoder, object, oneOf, optional, text } from '../decode.ts';
import { capabilityId, hostId, instant, line, pluginId, sha256, version } from './words.ts';

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
/** What can happen with a plugin. */
export type LogEvent = (typeof LOG_EVENTS)[number];

/** One thing that happened with one plugin. Digests and counts, never the data itself. */
export interface LogRecord {
  readonly sequence: number;
  /** sha256 of the line before, without its newline; absent in the first. */
  readonly previous?: string | undefined;
  readonly at: string;
  readonly event: LogEvent;
  readonly correlationId?: string | undefined;
  readonly host: string;
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  readonly inputSha256?: string | undefined;
  readonly outputSha256?: string | undefined;
  readonly grants?: readonly string[] | undefined;
  readonly fuel?: number | undefined;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
}

export const logRecord: Decoder<LogRecord> = object({
  schemaVersion: oneOf(1),
  sequence: count,
  previous: optional(sha256),
  at: instant,
  event: oneOf(...LOG_EVENTS),
  correlationId: optional(text(/^[A-Za-z0-9._-]+$/, 64)),
  host: hostId,
  plugin: pluginId,
  version,
  sha256,
  inputSha256: optional(sha256),
  outputSha256: optional(sha256),
  grants: optional(array(capabilityId)),
  fuel: optional(count),
  code: optional(line(60)),
  detail: optional(line(600)),
});

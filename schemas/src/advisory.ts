// registry/advisories/<id>.json: the part of OSV 1.7 this registry writes. Local ids carry the prefix `x_`, since OSV allows no
// other before a prefix is registered; the plugin is named in `database_specific`, since OSV's ecosystems are a closed list.

import * as z from 'zod/mini';
import { HttpsUrl, Instant, line, PluginId, SemVer, Sha256, text } from './primitives.ts';

const AdvisoryId = z.string().check(z.maxLength(60), z.regex(/^x_[A-Z]+-20\d\d-\d{4,}$/));

const Introduced = z.strictObject({ introduced: z.union([SemVer, z.literal('0')]) });

/** OSV allows one range one kind of end: `fixed` or `last_affected`. */
export const Advisory = z.strictObject({
  schema_version: z.literal('1.7.0'),
  id: AdvisoryId,
  modified: Instant,
  published: Instant,
  withdrawn: z.optional(Instant),
  aliases: z.optional(z.array(line(60))),
  summary: line(200),
  details: text(10_000),
  severity: z.optional(z.array(z.strictObject({ type: z.enum(['CVSS_V3', 'CVSS_V4']), score: line(200) }))),
  affected: z
    .array(
      z.strictObject({
        ranges: z.array(
          z.strictObject({
            type: z.literal('SEMVER'),
            events: z.union([
              z.array(z.union([Introduced, z.strictObject({ fixed: SemVer })])),
              z.array(z.union([Introduced, z.strictObject({ last_affected: SemVer })])),
            ]),
          }),
        ),
        versions: z.array(SemVer),
        database_specific: z.strictObject({ plugin: PluginId, sha256: z.array(Sha256) }),
      }),
    )
    .check(z.minLength(1)),
  references: z.array(
    z.strictObject({
      type: z.enum(['ADVISORY', 'ARTICLE', 'DETECTION', 'EVIDENCE', 'FIX', 'REPORT', 'WEB']),
      url: HttpsUrl,
    }),
  ),
});
export type Advisory = z.output<typeof Advisory>;

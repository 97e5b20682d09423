import * as z from 'zod/mini';
import { Approver, Instant, PluginId, RuleId, SchemaVersion, SemVer, text } from './primitives.ts';

/** Findings a maintainer accepts for one plugin. Each has a reason and an end; an expired one counts for nothing. */
export const Exceptions = z.strictObject({
  schemaVersion: SchemaVersion,
  plugin: PluginId,
  exceptions: z
    .array(
      z.strictObject({
        ruleId: RuleId,
        /** Without it: every version. */
        version: z.optional(SemVer),
        reason: text(1000),
        approvedBy: Approver,
        since: Instant,
        expires: Instant,
      }),
    )
    .check(z.maxLength(50)),
});
export type Exceptions = z.output<typeof Exceptions>;

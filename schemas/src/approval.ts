import * as z from 'zod/mini';
import {
  Approver,
  Count,
  Instant,
  PluginId,
  RegistryId,
  SchemaVersion,
  SemVer,
  SemVerRange,
  Sha256,
  text,
} from './primitives.ts';

/** One exact digest. */
const ExactApproval = z.strictObject({
  kind: z.literal('exact'),
  version: SemVer,
  sha256: Sha256,
  approvedAt: Instant,
  approvedBy: Approver,
  reason: text(1000),
  expires: z.optional(Instant),
});

/** Opt-in: releases to come, once they are old enough, until the approval ends. */
const RangeApproval = z.strictObject({
  kind: z.literal('range'),
  range: SemVerRange,
  minimumAgeMinutes: Count,
  approvedAt: Instant,
  approvedBy: Approver,
  reason: text(1000),
  expires: Instant,
});

/** registry/approvals/<upstream>/<publisher>/<plugin>.json: what an institution lets through from an upstream registry. */
export const Approval = z.strictObject({
  schemaVersion: SchemaVersion,
  upstream: RegistryId,
  plugin: PluginId,
  approvals: z
    .array(z.discriminatedUnion('kind', [ExactApproval, RangeApproval]))
    .check(z.minLength(1), z.maxLength(200)),
});
export type Approval = z.output<typeof Approval>;

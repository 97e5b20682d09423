import * as z from 'zod/mini';
import { CapabilityParams } from './capability.ts';
import {
  CapabilityId,
  DecimalId,
  HostId,
  Instant,
  line,
  OciRepository,
  PluginId,
  RegistryId,
  SchemaVersion,
  SemVer,
  Sha256,
} from './primitives.ts';

/** Kept by the host: what a user agreed to. It holds for every version with the same capability hash, and for no other. */
export const ConsentReceipt = z.strictObject({
  schemaVersion: SchemaVersion,
  registry: z.optional(RegistryId),
  /** Where the plugin came from, when not from a registry: whoever else uses its name has no part in this consent. */
  source: z.optional(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('github'), repositoryId: DecimalId }),
      z.strictObject({ kind: z.literal('oci'), repository: OciRepository }),
      z.strictObject({ kind: z.literal('file') }),
    ]),
  ),
  plugin: PluginId,
  host: HostId,
  capabilityHash: Sha256,
  grants: z.array(z.strictObject({ id: CapabilityId, params: z.optional(CapabilityParams) })),
  /** Asked-for capabilities the user refused; the plugin runs without them. */
  denied: z.array(CapabilityId),
  by: z.enum(['user', 'policy']),
  grantedAt: Instant,
  atVersion: SemVer,
  expires: z.optional(Instant),
  revokedAt: z.optional(Instant),
  note: z.optional(line(300)),
});
export type ConsentReceipt = z.output<typeof ConsentReceipt>;

// A consent receipt: what a user agreed to, for every version with the same capability hash and for no other.
import { array, type Decoder, object, oneOf, optional, tagged } from '../decode.ts';
import { ociRepository } from './oci-words.ts';
import { type CapabilityParams, capabilityParams } from './release.ts';
import {
  capabilityId,
  digits,
  hostId,
  instant,
  line,
  optionalInstant,
  pluginId,
  registryId,
  sha256,
  version,
} from './words.ts';

/** A capability that was granted, with the values its parameters were granted for. Without `params` nothing narrows it. */
export interface Grants {
  readonly id: string;
  readonly params?: CapabilityParams | undefined;
}

/** What tells plugins apart that no registry names. */
export type ReceiptSource =
  | { readonly kind: 'github'; readonly repositoryId: string }
  | { readonly kind: 'oci'; readonly repository: string }
  | { readonly kind: 'file' };

/**
 * What was agreed to, by whom and when. It covers every version of the plugin with the same `capabilityHash` for this host, and nothing
 * else.
 */
export interface ConsentReceipt {
  readonly registry?: string | undefined;
  /** Absent for plugins of a registry. */
  readonly source?: ReceiptSource | undefined;
  readonly plugin: string;
  readonly host: string;
  readonly capabilityHash: string;
  readonly grants: readonly Grants[];
  /** Asked for and refused; the plugin runs without them. */
  readonly denied: readonly string[];
  readonly by: 'user' | 'policy';
  readonly grantedAt: string;
  readonly atVersion: string;
  readonly expires?: string | undefined;
  readonly revokedAt?: string | undefined;
  readonly note?: string | undefined;
}

export const consentReceipt: Decoder<ConsentReceipt> = object({
  schemaVersion: oneOf(1),
  registry: optional(registryId),
  source: optional(
    tagged('kind', {
      github: object({ kind: oneOf('github'), repositoryId: digits }),
      oci: object({ kind: oneOf('oci'), repository: ociRepository }),
      file: object({ kind: oneOf('file') }),
    }),
  ),
  plugin: pluginId,
  host: hostId,
  capabilityHash: sha256,
  grants: array(object({ id: capabilityId, params: optional(capabilityParams) })),
  denied: array(capabilityId),
  by: oneOf('user', 'policy'),
  grantedAt: instant,
  atVersion: version,
  expires: optionalInstant,
  revokedAt: optionalInstant,
  note: optional(line(300)),
});

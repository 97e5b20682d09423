// What is kept beside the bytes so that they can be verified again without a network: the names of the files that were read when they
// were verified, and the digest under which each is kept. Who can write to the store can write one; its signatures decide.
import { array, type Decoder, mapOf, object, oneOf } from '../decode.ts';
import { PUBLISHER_ID, pluginId, registryId, sha256, version } from './words.ts';

export interface Proof {
  readonly registry: string;
  readonly plugin: string;
  readonly version: string;
  /** Host -> what consent is bound to. */
  readonly capabilityHashes: ReadonlyMap<string, string>;
  /** Name in the store -> sha256. */
  readonly files: ReadonlyMap<string, string>;
  /** Bundles and reports, by digest. */
  readonly attestations: readonly string[];
}

const NAME = /^(?:metadata|targets|trust)\/[A-Za-z0-9_.%~!*'()/-]+$/;

export const proof: Decoder<Proof> = object({
  schemaVersion: oneOf(1),
  registry: registryId,
  plugin: pluginId,
  version,
  capabilityHashes: mapOf(PUBLISHER_ID, sha256, { maxKey: 39 }),
  files: mapOf(NAME, sha256, { maxKey: 400 }),
  attestations: array(sha256),
});

// mirrors.json (offline-signed): where a client may ask for artifacts that the registry itself does not serve.
import { array, type Decoder, object, oneOf } from '../decode.ts';
import { registryId, registryUrl } from './words.ts';

/** Where else artifacts may be asked for; which bytes count is not decided there. */
export interface Mirrors {
  readonly registry: string;
  readonly mirrors: readonly { readonly url: string; readonly serves: 'all' | 'blobs' }[];
}

export const mirrors: Decoder<Mirrors> = object({
  schemaVersion: oneOf(1),
  registry: registryId,
  mirrors: array(object({ url: registryUrl, serves: oneOf('all', 'blobs') }), { min: 1 }),
});

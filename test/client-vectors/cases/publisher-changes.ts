// How a case changes the publisher's mark of acme/thing or the entry of a release.
import { KEYS } from '../base-registry.ts';
import { type BundleChange, releaseOf, signPublisher } from '../releases.ts';
import type { Json, VectorRegistry } from '../vector-registry.ts';
import { keepOnly, published } from './steps.ts';

const { acme, cosign } = KEYS;
export const thing = { request: 'acme/thing' };
export const tool = { request: 'indie/tool' };

/** The publisher's bundle of acme/thing, made otherwise; the co-signature follows. */
export const signedAs = (change: BundleChange) =>
  published((registry) => {
    keepOnly(registry, 'acme/thing');
    signPublisher(registry, 'acme/thing', '1.2.0', { key: acme, ...change }, cosign);
  });
export const statement = (change: (statement: Json) => unknown) =>
  signedAs({
    statement(it) {
      change(it);
      return it;
    },
  });
export const bundle = (change: (bundle: Json) => unknown) => signedAs({ bundle: change });
export const entry = (
  change: (release: Json, registry: VectorRegistry) => unknown,
  id = 'acme/thing',
  version = '1.2.0',
) => published((registry) => change(releaseOf(registry, id, version), registry));

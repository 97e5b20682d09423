// Who may sign here for a publisher that upstream's offline keys do not list: the word of its online key counts only as far as releases
// that were taken over bear it out. A key that signed none of them waits until one is approved by its digest.

import { checkSignature, sha256 } from '@plugmark/publish';
import { type Publisher, parseCanonical, Release } from '@plugmark/schemas';
import type { Rules } from './review-mirrored.ts';

export interface SignedFiles {
  /** release.json as it lies in the registry. */
  readonly release: Uint8Array;
  readonly bundle: Uint8Array | undefined;
}

/** The publisher with the identities that verify at least one of the releases; as it is when upstream verified it offline. */
export async function withUsedIdentities(
  publisher: Publisher,
  releases: readonly SignedFiles[],
  { upstream, keyless }: { readonly upstream: string; readonly keyless: Rules['keyless'] },
): Promise<Publisher> {
  if (publisher.verified !== undefined) return publisher;
  const used: Publisher['identities'] = [];
  for (const identity of publisher.identities)
    for (const { release, bundle } of releases) {
      const claim = {
        bundle,
        release: parseCanonical(Release, release, 'release.json'),
        manifestSha256: sha256(release),
        registry: upstream,
        identities: [identity],
        keyless,
      };
      const result = await checkSignature(claim);
      if (result === 'missing' || result.outcome !== 'pass') continue;
      used.push(identity);
      break;
    }
  return used.length === 0 ? publisher : { ...publisher, identities: used };
}

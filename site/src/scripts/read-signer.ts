// Who signed a release, by the identities its package document lists: for a comparison. Neither the document nor the list is verified
// here, which the page says; /verify/ does that.

import { ClientError, fetchAttestation, type KeylessVerifier, publisherState } from '@plugmark/client';
import type { DocumentRelease, PackageDocument } from '@plugmark/schemas';
import type { Signer } from '../data/release-diff.ts';

export type FetchFile = (path: string) => Promise<Uint8Array>;

/** Throws what `fetchFile` throws; what is wrong with a signature is part of the answer. */
export async function readSigner(
  { registry, origin, plugin, publisher }: PackageDocument,
  { release, manifestSha256, attestations }: DocumentRelease,
  fetchFile: FetchFile,
): Promise<Signer> {
  const bundle = await fetchAttestation(attestations.publisher, (path) => fetchFile(path).catch(() => undefined));
  const { sha256 } = release.artifact;
  const claim = { plugin, version: release.version, registry: origin?.registryId ?? registry, sha256, manifestSha256 };
  const keyless = isKeyless(bundle) ? await openKeyless(fetchFile) : undefined;
  const { state, signer, refusal } = await publisherState(bundle, claim, { identities: publisher.identities, keyless });
  return {
    state,
    ...(signer === undefined ? {} : { name: signer.signer }),
    ...(refusal === undefined ? {} : { code: refusal.code }),
  };
}

/** Only to decide what to load; the verifier reads the bundle itself. */
const isKeyless = (bundle: Uint8Array): boolean => new TextDecoder().decode(bundle).includes('"certificate"');

async function openKeyless(fetchFile: FetchFile): Promise<KeylessVerifier | undefined> {
  const { keylessVerifier } = await import('@plugmark/client/sigstore');
  try {
    return await keylessVerifier(await fetchFile('v1/trusted_root.json'));
  } catch (error) {
    // A registry without one has no way to look at certificates: the signature is then not checked, and the page says so.
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

// Bundles and reports, which are named by their digest and served under it.
import { ClientError } from './error.ts';
import { sha256, toHex } from './trust/bytes.ts';

/** A file of the registry by its path; undefined when it is not served. */
export type FetchFile = (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;

/** A keyless bundle is about 10 kB. */
const MAX_BUNDLE_BYTES = 1_000_000;

/** Throws ATTESTATION_MISSING, ATTESTATION_DIGEST. */
export async function fetchAttestation(
  { sha256: expected, size }: { readonly sha256: string; readonly size: number },
  fetchFile: FetchFile,
): Promise<Uint8Array> {
  const path = `attestations/${expected}.json`;
  const bytes = await fetchFile(path, Math.min(size, MAX_BUNDLE_BYTES));
  if (bytes === undefined) throw new ClientError('ATTESTATION_MISSING', { sha256: expected });
  const actual = toHex(await sha256(bytes));
  if (actual === expected) return bytes;
  throw new ClientError('ATTESTATION_DIGEST', { expected, actual });
}

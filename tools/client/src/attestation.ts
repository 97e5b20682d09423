// Bundles and reports, which are named by their digest and served under it.
import type { AttestationRef } from './documents/package-document.ts';
import { ClientError } from './error.ts';
import { sha256, toHex } from './trust/bytes.ts';

/** A file of the registry by its path; undefined when it is not served. */
export type FetchFile = (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;

/** A keyless bundle is about 10 kB. */
const MAX_BUNDLE_BYTES = 1_000_000;

/** Eight releases with everything they name; a limit, because a pack's size is nowhere signed. */
const MAX_PACK_BYTES = 16_000_000;

/** Loose, or out of the pack it is said to be in: either way its digest decides. Throws ATTESTATION_MISSING, ATTESTATION_DIGEST. */
export async function fetchAttestation(
  { sha256: expected, size, pack }: AttestationRef,
  fetchFile: FetchFile,
): Promise<Uint8Array> {
  const most = Math.min(size, MAX_BUNDLE_BYTES);
  const loose = await fetchFile(`attestations/${expected}.json`, most);
  const bytes = loose ?? (pack && (await fromPack(pack, most, fetchFile)));
  if (bytes === undefined) throw new ClientError('ATTESTATION_MISSING', { sha256: expected });
  const actual = toHex(await sha256(bytes));
  if (actual === expected) return bytes;
  throw new ClientError('ATTESTATION_DIGEST', { expected, actual });
}

async function fromPack(
  { sha256: pack, offset }: NonNullable<AttestationRef['pack']>,
  length: number,
  fetchFile: FetchFile,
): Promise<Uint8Array | undefined> {
  const bytes = await fetchFile(`attestations/packs/${pack}`, MAX_PACK_BYTES);
  return bytes?.slice(offset, offset + length);
}

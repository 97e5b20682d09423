// Compares a file's bytes with what a trusted metadata file says about it.
import { ClientError } from '../error.ts';
import { digest, toHex } from './bytes.ts';
import type { FileInfo } from './metadata.ts';

const ALGORITHMS = [
  ['sha256', 'SHA-256'],
  ['sha512', 'SHA-512'],
] as const;

/**
 * Throws `code` unless length and every known hash agree. A file with hashes must have one we know: otherwise naming
 * an unknown algorithm would switch the check off.
 */
export async function requireFile(
  bytes: Uint8Array,
  { length, hashes }: FileInfo,
  path: string,
  code: 'METADATA_DIGEST' | 'TARGET_DIGEST',
): Promise<void> {
  let agrees = bytes.length === (length ?? bytes.length);
  if (hashes) {
    agrees &&= Boolean(hashes.sha256 ?? hashes.sha512);
    for (const [name, algorithm] of ALGORITHMS) {
      agrees &&= !hashes[name] || hashes[name] === toHex(await digest(algorithm, bytes));
    }
  }
  if (!agrees) throw new ClientError(code, { path, expectedLength: length, length: bytes.length, ...hashes });
}

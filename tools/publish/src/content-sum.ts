// What a ledger is closed with: one number over all its files that a change of a few files changes by what these say. A sum of
// sha256, so that neither order nor number matters and nothing else has to be read again.

import { sha256 } from './digest.ts';
import type { FileTree } from './file-tree.ts';

const MODULUS = 1n << 256n;
const line = (path: string, bytes: Uint8Array): string => `${sha256(bytes)}  ${path}`;

function weight(path: string, bytes: Uint8Array): bigint {
  return BigInt(`0x${sha256(new TextEncoder().encode(line(path, bytes)))}`);
}

/** Of no file: '000…'. */
export function contentSum(files: Iterable<readonly [path: string, bytes: Uint8Array]>): string {
  let sum = 0n;
  for (const [path, bytes] of files) sum += weight(path, bytes);
  return hex(sum);
}

/** The sum after some files went and others came; one that changed does both. */
export function changedSum(before: string, gone: FileTree, come: FileTree): string {
  let sum = BigInt(`0x${before}`);
  for (const [path, bytes] of gone) sum -= weight(path, bytes);
  for (const [path, bytes] of come) sum += weight(path, bytes);
  return hex(sum);
}

const hex = (sum: bigint): string => (((sum % MODULUS) + MODULUS) % MODULUS).toString(16).padStart(64, '0');

/** sha256 over the sorted lines `<sha256>  <path>`. */
export function listDigest(files: Iterable<readonly [path: string, bytes: Uint8Array]>): string {
  const lines = Array.from(files, ([path, bytes]) => `${line(path, bytes)}\n`);
  return sha256(new TextEncoder().encode(lines.sort().join('')));
}

// What a ledger is closed with: one number over all its files that a change of a few files changes by what these say. A sum of
// sha256, so that neither order nor number matters and nothing else has to be read again.

import { sha256 } from './digest.ts';
import type { FileTree } from './file-tree.ts';

const MODULUS = 1n << 256n;
const line = (path: string, digest: string): string => `${digest}  ${path}`;

function weight(path: string, bytes: Uint8Array): bigint {
  return BigInt(`0x${sha256(new TextEncoder().encode(line(path, sha256(bytes))))}`);
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
  return sha256(digestLines(Array.from(files, ([path, bytes]) => [path, sha256(bytes)] as const)));
}

/** Those lines, as `sha256sum` writes them. */
export function digestLines(digests: Iterable<readonly [path: string, sha256: string]>): Uint8Array {
  const lines = Array.from(digests, ([path, digest]) => `${line(path, digest)}\n`);
  return new TextEncoder().encode(lines.sort().join(''));
}

/** By path. Lines of another form are left out, and the digest over all of them shows it. */
export function readDigestLines(bytes: Uint8Array): Map<string, string> {
  const lines = new TextDecoder().decode(bytes).matchAll(/^([0-9a-f]{64}) {2}([^\n]+)\n/gm);
  return new Map(Array.from(lines, ([, digest = '', path = '']) => [path, digest] as const));
}

// RFC 6962 trees: from a leaf and its path to the root.
import { concatBytes, sha256 } from '../trust/bytes.ts';

export async function leafHash(body: Uint8Array): Promise<Uint8Array> {
  return sha256(concatBytes(Uint8Array.of(0), body));
}

async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(concatBytes(Uint8Array.of(1), left, right));
}

export interface Path {
  readonly index: number;
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** RFC 9162 section 2.1.3.2; undefined for a path that does not fit index and size. Plain division: indices exceed 32 bits. */
export async function rootFromPath(leaf: Uint8Array, { index, size, hashes }: Path): Promise<Uint8Array | undefined> {
  if (index >= size) return undefined;
  let [node, last] = [index, size - 1];
  let root = leaf;
  const half = (n: number): number => Math.floor(n / 2);
  for (const hash of hashes) {
    if (last === 0 || hash.length !== 32) return undefined;
    if (node % 2 === 1 || node === last) {
      root = await nodeHash(hash, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else root = await nodeHash(root, hash);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : undefined;
}

// An RFC 6962 tree over the bodies of a log.

import { createHash } from 'node:crypto';

const hash = (prefix: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const hasher = createHash('sha256').update(Uint8Array.of(prefix));
  for (const part of parts) hasher.update(part);
  return new Uint8Array(hasher.digest());
};

export const leafHash = (body: Uint8Array): Uint8Array => hash(0, body);

/** The largest power of two below `size`. */
function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

/** RFC 6962 2.1. */
export function rootHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return new Uint8Array(createHash('sha256').digest());
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  const k = split(leaves.length);
  return hash(1, rootHash(leaves.slice(0, k)), rootHash(leaves.slice(k)));
}

/** RFC 6962 2.1.1: from the leaf upwards. */
export function auditPath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k ? [...auditPath(left, index), rootHash(right)] : [...auditPath(right, index - k), rootHash(left)];
}

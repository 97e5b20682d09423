import { canonicalBytes } from '@plugmark/schemas';

/** Files by path with forward slashes; what is built, compared and written. */
export type FileTree = Map<string, Uint8Array>;

/** Canonical JSON of a value, the form of every file this package makes. */
export function jsonFile(value: unknown): Uint8Array {
  return canonicalBytes(value);
}

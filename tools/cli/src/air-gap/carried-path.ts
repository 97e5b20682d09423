// Which files of a registry are carried in a tar, how large each may be, and what its name promises about its content. Whatever is
// not in this table has no place in one.

interface PathRule {
  readonly pattern: RegExp;
  readonly maxBytes: number;
  /** The name holds the sha256 of the content; else somebody's signature decides. */
  readonly isDigest: boolean;
}

const MEBIBYTE = 1_048_576;
const DIGEST = '([0-9a-f]{64})';

const RULES: readonly PathRule[] = [
  // TUF's limits are below this; the client applies them again.
  { pattern: /^metadata\/(?:[1-9]\d{0,8}\.)?[a-z0-9-]{1,80}\.json$/, maxBytes: 8 * MEBIBYTE, isDigest: false },
  {
    pattern: new RegExp(`^targets/(?:[a-z0-9-]{1,64}/){0,2}${DIGEST}\\.[a-z0-9._-]{1,100}$`),
    maxBytes: 16 * MEBIBYTE,
    isDigest: true,
  },
  { pattern: new RegExp(`^attestations/${DIGEST}\\.json$`), maxBytes: 16 * MEBIBYTE, isDigest: true },
  // Those of eight old releases. The client's limit is below this.
  { pattern: new RegExp(`^attestations/packs/${DIGEST}$`), maxBytes: 16 * MEBIBYTE, isDigest: true },
  { pattern: new RegExp(`^blobs/sha256/${DIGEST}\\.(?:wasm|zip)$`), maxBytes: 512 * MEBIBYTE, isDigest: true },
  // A detached signature is named by what it signs.
  { pattern: /^blobs\/sha256\/[0-9a-f]{64}\.wasm\.sig$/, maxBytes: 64, isDigest: false },
  { pattern: new RegExp(`^readmes/${DIGEST}\\.md$`), maxBytes: 16 * MEBIBYTE, isDigest: true },
  { pattern: new RegExp(`^vectors/${DIGEST}\\.json$`), maxBytes: 16 * MEBIBYTE, isDigest: true },
];

export interface CarriedPath {
  readonly maxBytes: number;
  /** Lower-case hex, where the name promises one. */
  readonly sha256: string | undefined;
}

/** Undefined for a path that no carried file has: absolute, climbing, or simply not part of a registry. */
export function carriedPath(path: string): CarriedPath | undefined {
  for (const { pattern, maxBytes, isDigest } of RULES) {
    const found = pattern.exec(path);
    if (found !== null) return { maxBytes, sha256: isDigest ? found[1] : undefined };
  }
  return undefined;
}

declare const verified: unique symbol;

/** Bytes whose sha256 was compared with a signed digest just now. Only this package makes them, so unverified bytes do not compile where these are asked for. */
export type VerifiedBytes = Uint8Array & { readonly [verified]: true };

/** Marks bytes as verified. Call only behind a comparison that has just succeeded. */
export function markVerified(bytes: Uint8Array): VerifiedBytes {
  return bytes as VerifiedBytes;
}

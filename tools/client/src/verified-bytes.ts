import { unshared } from './trust/bytes.ts';

declare const verified: unique symbol;

/**
 * Bytes whose sha256 was compared with a signed digest just now. Only this package makes them, so unverified bytes do not compile where
 * these are asked for. They go into `WebAssembly.compile` as they are.
 */
export type VerifiedBytes = Uint8Array<ArrayBuffer> & { readonly [verified]: true };

/** Marks bytes as verified. Call only behind a comparison that has just succeeded: WebCrypto hashed them, so their memory is not shared. */
export function markVerified(bytes: Uint8Array): VerifiedBytes {
  return unshared(bytes) as VerifiedBytes;
}

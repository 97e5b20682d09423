// Keyless signatures with WebCrypto alone. A module of its own, so that a page loads it when it meets the first certificate.
export type { CertificateClaims } from './certificate-claims.ts';
export { verifyDigest } from './ecdsa-digest.ts';
export { type Mismatch, mismatches, PINS, type PinnedWorkflow, type SigningContext } from './identity-pins.ts';
export { keylessVerifier } from './keyless-verifier.ts';
export type { SignedContent } from './sigstore-bundle.ts';
export { parseTrustedRoot, type TrustedRoot } from './trusted-root.ts';
export { type Artifact, type SigstoreRequest, type VerifiedBundle, verifySigstoreBundle } from './verify-bundle.ts';

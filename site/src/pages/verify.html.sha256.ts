import { savedVerifierDigest } from '../tree/saved-verifier.ts';

/** As `sha256sum --check` reads it. */
export const GET = (): Response => new Response(`${savedVerifierDigest()}  verify.html\n`);

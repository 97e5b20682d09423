import { savedVerifier } from '../tree/saved-verifier.ts';

export const GET = (): Response => new Response(savedVerifier());

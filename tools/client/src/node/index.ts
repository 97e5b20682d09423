export { fileStore } from './file-store.ts';
export { keylessVerifier } from './keyless-verifier.ts';

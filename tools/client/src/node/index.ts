export { fileStore } from './file-store.ts';
export { type FolderRegistry, folderRegistry } from './folder-registry.ts';
export { keylessVerifier } from './keyless-verifier.ts';

import type { TrustStore } from './trust/trust-store.ts';

/** A store that forgets when the process ends. Rollback protection across runs needs one that does not. */
export function memoryStore(): TrustStore {
  const files = new Map<string, Uint8Array>();
  return {
    get: async (name) => files.get(name)?.slice(),
    put: async (name, bytes) => void files.set(name, bytes.slice()),
    delete: async (name) => void files.delete(name),
  };
}

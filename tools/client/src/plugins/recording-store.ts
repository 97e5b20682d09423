// A store that remembers which verified files passed through it: the material of a proof. And its counterpart, a store that holds
// exactly what a proof names, so that the same code that verified once verifies again without a network.
import type { TrustStore } from '../trust/trust-store.ts';

export interface RecordingStore extends TrustStore {
  /** Everything read or written since the beginning, by name: what the present view of the registry rests on. */
  readonly seen: ReadonlyMap<string, Uint8Array>;
}

/** Metadata and targets only: what else lies in a store is a memory, not evidence. */
const EVIDENCE = /^(?:metadata|targets)\//;

export function recordingStore(store: TrustStore): RecordingStore {
  const seen = new Map<string, Uint8Array>();
  const note = (name: string, bytes: Uint8Array): void => {
    if (EVIDENCE.test(name)) seen.set(name, bytes.slice());
  };
  return {
    seen,
    async get(name) {
      const bytes = await store.get(name);
      if (bytes !== undefined) note(name, bytes);
      return bytes;
    },
    async put(name, bytes) {
      await store.put(name, bytes);
      note(name, bytes);
    },
    async delete(name) {
      await store.delete(name);
      seen.delete(name);
    },
  };
}

/** Reads `files` through `read`; what is written stays here and is forgotten. */
export function replayingStore(
  files: ReadonlyMap<string, string>,
  read: (digest: string) => Promise<Uint8Array | undefined>,
): TrustStore {
  const written = new Map<string, Uint8Array>();
  return {
    get: async (name) => {
      const digest = files.get(name);
      return written.get(name) ?? (digest === undefined ? undefined : read(digest));
    },
    put: async (name, bytes) => void written.set(name, bytes),
    delete: async (name) => void written.delete(name),
  };
}

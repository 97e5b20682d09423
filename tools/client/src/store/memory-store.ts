import { type PluginStore, queue } from './plugin-store.ts';

/** A store that forgets when the process ends. Rollback protection across runs needs one that does not. */
export function memoryStore(): PluginStore {
  const files = new Map<string, { readonly bytes: Uint8Array; readonly written: number }>();
  let writes = 0;
  return {
    get: async (name) => files.get(name)?.bytes.slice(),
    put: async (name, bytes) => {
      files.set(name, { bytes: bytes.slice(), written: ++writes });
    },
    delete: async (name) => void files.delete(name),
    list: async (prefix) =>
      [...files]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { bytes, written }]) => ({ name, size: bytes.length, written })),
    lock: queue(),
  };
}

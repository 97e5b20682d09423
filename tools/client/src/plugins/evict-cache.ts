// Making room: what no lockfile uses or may go back to is deleted, oldest first. What is installed is never touched, however full it is.

import { ClientError } from '../error.ts';
import type { PluginStore, StoredFile } from '../store/plugin-store.ts';
import { together } from '../together.ts';
import { pinnedDigests } from './host-state.ts';
import { proofFileName, proofName, readProof } from './proof-store.ts';

/** What a clean-up deleted. Sizes are bytes. */
export interface EvictionResult {
  /** Digests whose bytes went. */
  readonly evicted: readonly string[];
  readonly freedBytes: number;
  /** What is left; above the limit where lockfiles need it. */
  readonly bytes: number;
}

const BLOBS = 'blobs/sha256/';

/** Until bytes, proofs and unfinished downloads together are at most `maxBytes`. Throws STORE when a pin cannot be read. */
export async function evictCache(
  store: PluginStore,
  { maxBytes }: { readonly maxBytes: number },
): Promise<EvictionResult> {
  const pinned = await pinnedDigests(store);
  const [blobs, proofFiles, partial] = await together([
    store.list(BLOBS),
    store.list('proof-files/'),
    store.list('partial/'),
  ]);
  let bytes = [...blobs, ...proofFiles, ...partial].reduce((sum, { size }) => sum + size, 0);
  const before = bytes;
  const evicted: string[] = [];
  const drop = async ({ name, size }: StoredFile): Promise<void> => {
    await store.delete(name);
    bytes -= size;
  };
  const oldest = (files: readonly StoredFile[]): StoredFile[] => [...files].sort((a, b) => a.written - b.written);
  for (const file of oldest(blobs)) {
    const digest = file.name.slice(BLOBS.length);
    if (bytes <= maxBytes) break;
    if (pinned.has(digest)) continue;
    // The proof first: without bytes it would promise what is not there.
    await store.delete(proofName(digest));
    await drop(file);
    evicted.push(digest);
  }
  if (evicted.length > 0) for (const file of await unusedProofFiles(store, proofFiles)) await drop(file);
  for (const file of oldest(partial)) if (bytes > maxBytes) await drop(file);
  return { evicted, freedBytes: before - bytes, bytes };
}

/** Files of proofs are shared; those that no proof names any more go with the last one that did. */
async function unusedProofFiles(store: PluginStore, files: readonly StoredFile[]): Promise<StoredFile[]> {
  const used = new Set<string>();
  for (const { name } of await store.list('proofs/')) {
    const digest = name.slice('proofs/'.length, -'.json'.length);
    try {
      const { files: named, attestations } = await readProof(digest, store);
      for (const file of [...named.values(), ...attestations]) used.add(proofFileName(file));
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      // What a damaged proof uses is not known, so nothing is deleted.
      return [];
    }
  }
  return files.filter(({ name }) => !used.has(name));
}

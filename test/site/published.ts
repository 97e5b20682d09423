import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentRelease, PackageDocument, parseJson } from '@plugmark/schemas';

/** The newest release of a plugin, as the tree lists it. */
async function newestRelease(tree: string, plugin: string): Promise<DocumentRelease> {
  const path = `v1/plugins/${plugin}.json`;
  const { releases } = parseJson(PackageDocument, new Uint8Array(await readFile(join(tree, path))), path);
  const [newest] = releases;
  if (newest === undefined) throw new Error(`${plugin} has no release`);
  return newest;
}

/** Path of its bytes below the tree. */
export async function newestArtifact(tree: string, plugin: string): Promise<string> {
  const { kind, sha256 } = (await newestRelease(tree, plugin)).release.artifact;
  return `blobs/sha256/${sha256}.${kind === 'process' ? 'zip' : 'wasm'}`;
}

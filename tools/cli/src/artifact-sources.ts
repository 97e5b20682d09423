// The bytes of a release from where they can be had without the network: a folder of files named by digest, the tree that was
// built before, or an installed npm package. A damaged copy in one place does not hide a whole one in the next.

import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { sha256 as digest, type ReleaseSource } from '@plugmark/publish';

export interface ArtifactPlaces {
  /** Folders with `<sha256>.wasm` or `<sha256>.zip`. */
  readonly folders: readonly string[];
  /** A folder from which npm packages are resolved. */
  readonly npmFrom: string;
}

/** The bytes with the release's digest; where no place has those, the first that go by its name, for whoever asked to refuse. Undefined when nothing has them. */
export async function findArtifact(
  { release, sources }: ReleaseSource,
  { folders, npmFrom }: ArtifactPlaces,
): Promise<Uint8Array | undefined> {
  const { sha256, kind } = release.artifact;
  const name = `${sha256}.${kind === 'process' ? 'zip' : 'wasm'}`;
  const candidates = [
    ...folders.map((folder) => () => read(join(folder, name))),
    ...sources.sources.map((source) => () => readNpm(source, npmFrom)),
  ];
  let damaged: Uint8Array | undefined;
  for (const candidate of candidates) {
    const bytes = await candidate();
    if (bytes !== undefined && digest(bytes) === sha256) return bytes;
    damaged ??= bytes;
  }
  return damaged;
}

async function read(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).then(
    (bytes) => new Uint8Array(bytes),
    () => undefined,
  );
}

const NPM = /^npm:((?:@[^/]+\/)?[^@/]+)@([^#]+)#(.+)$/;

/** A file of an installed package, if that very version is installed and the file lies inside it. */
async function readNpm(source: string, from: string): Promise<Uint8Array | undefined> {
  const [, name, version, file] = NPM.exec(source) ?? [];
  const folder = name === undefined ? undefined : await packageFolder(name, from);
  if (folder === undefined || file === undefined) return undefined;
  if ((await packageVersion(folder)) !== version) return undefined;
  const path = await realpath(join(folder, file)).catch(() => undefined);
  return path?.startsWith(folder + sep) ? read(path) : undefined;
}

async function packageVersion(folder: string): Promise<unknown> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(manifest) as { version?: unknown } | null)?.version;
  } catch {
    return undefined;
  }
}

/** Found by Node's own search, whatever the package exports. */
async function packageFolder(name: string, from: string): Promise<string | undefined> {
  const roots = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  for (const root of roots) {
    const folder = await realpath(join(root, name)).catch(() => undefined);
    if (folder !== undefined && (await read(join(folder, 'package.json'))) !== undefined) return folder;
  }
  return undefined;
}

/** Where the blobs of a built tree lie. */
export function blobFolder(tree: string): string {
  return join(tree, 'blobs', 'sha256');
}

/** The repository a registry's data lies in. */
export function repositoryOf(registry: string): string {
  return dirname(registry);
}

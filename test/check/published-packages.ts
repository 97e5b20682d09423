// The packages that are meant for the npm registry, and what publint says of them as they were built.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { IMPORT_TABLE } from './import-table.ts';

interface Manifest {
  readonly name: string;
  readonly private?: true;
  readonly exports?: object;
}

export interface PublishedPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every workspace that is not private. */
export function publishedPackages(root: string): PublishedPackage[] {
  const folders = [...new Set(Object.values(IMPORT_TABLE).map(({ workspace }) => workspace))];
  return folders
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** One line a complaint. `tarballs`: the packed packages by folder; without them the folders are read as they are. */
export async function publintComplaints(root: string, tarballs?: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  const complaints: string[] = [];
  for (const { folder, manifest } of publishedPackages(root)) {
    const pkgDir = join(root, folder);
    if (!existsSync(join(pkgDir, 'build'))) complaints.push(`${folder} was not built`);
    const tarball = tarballs?.get(folder);
    const { messages } = await publint(
      tarball === undefined
        ? { pkgDir, strict: true, pack: false }
        : { strict: true, pack: { tarball: Uint8Array.from(tarball).buffer } },
    );
    for (const message of messages)
      complaints.push(`${folder}: ${formatMessage(message, manifest as never, { color: false })}`);
  }
  return complaints;
}

// What may be put where clients look. A job that is run again deploys what it built then: clients would refuse the older metadata, and
// new ones be shown a registry without its latest releases and revocations. So a tree is held to the ledger as it is now and to what
// is served now.

import { resolve } from 'node:path';
import { completeWrite, type FileTree, readFolder, versionOf } from '@plugmark/publish';
import { Index, PackageDocument, parseJson } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { BUILT } from './own-folder.ts';

/** Releases that may be missing at once, when a new rule refuses them. */
const LOST_SHARE = 0.05;

/** The timestamp names the snapshot and so everything: of two trees with one timestamp one is a damaged copy, which clients refuse. */
export async function requireOfLedger({ cwd }: Io, tree: FileTree, named: string): Promise<void> {
  const folder = resolve(cwd, named);
  await completeWrite(folder);
  const files = await readFolder(folder);
  const [current, own] = [files.get(BUILT), tree.get(BUILT)];
  if (current === undefined)
    throw new CliError('LEDGER_MOVED', `${named} holds no ${BUILT}: nothing was published from it`);
  if (own !== undefined && Buffer.from(own).equals(current)) return;
  throw new CliError(
    'LEDGER_MOVED',
    `the tree is not the one that ${named} leads to: it was built before or elsewhere`,
  );
}

/** Throws DEPLOY_OLDER. Another registry's tree, which has another first root, is nothing to compare with. */
export function requireNotOlder(before: FileTree, after: FileTree): void {
  const root = 'metadata/1.root.json';
  if (!sameBytes(before.get(root), after.get(root))) return;
  const [served, next] = [timestampVersion(before), timestampVersion(after)];
  if (next < served || (next === served && !sameBytes(before.get(BUILT), after.get(BUILT))))
    throw new CliError('DEPLOY_OLDER', `the timestamp there has version ${served}, that of the tree ${next}`);
  const [all, kept] = [releasesOf(before), releasesOf(after)];
  const lost = [...all].filter((release) => !kept.has(release));
  if (lost.length > all.size * LOST_SHARE)
    throw new CliError(
      'DEPLOY_OLDER',
      `${lost.length} of ${all.size} releases there are not in the tree, among them ${lost[0]}`,
    );
}

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.from(a).equals(b);

function timestampVersion(tree: FileTree): number {
  return versionOf(tree.get(BUILT) ?? new Uint8Array(), 'timestamp');
}

function releasesOf(tree: FileTree): ReadonlySet<string> {
  const index = tree.get('v1/index.json');
  const plugins = index === undefined ? [] : parseJson(Index, index, 'v1/index.json').plugins;
  return new Set(
    plugins.flatMap(({ plugin }) => {
      const bytes = tree.get(`v1/plugins/${plugin}.json`);
      const releases = bytes === undefined ? [] : parseJson(PackageDocument, bytes, plugin).releases;
      return releases.map(({ release }) => `${plugin} ${release.version}`);
    }),
  );
}

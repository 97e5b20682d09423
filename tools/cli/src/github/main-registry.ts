// The registry as it is on main: the folder this command works in, held to be exactly what GitHub has there, and carried along when
// a merge moves it. So a decision is never made from a file that is only on this disk.

import { DATA } from '@plugmark/analysis';
import { type FileTree, type RegistrySource, readFolder, readRegistrySource } from '@plugmark/publish';
import { GitHubRef, GitHubTree } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { treeId } from './git-ids.ts';
import type { GitHubApi } from './github-api.ts';
import { readCommit } from './read-pull.ts';

export interface MainRegistry {
  /** The commit of main. */
  readonly sha: string;
  readonly files: FileTree;
  readonly source: RegistrySource;
}

/** Throws MAIN_DIFFERS when the folder is not what main has. */
export async function openMain(api: GitHubApi, folder: string, branch: string): Promise<MainRegistry> {
  const files = await readFolder(folder);
  return checkMain(api, files, branch);
}

/** The same after a merge that added or changed these files. */
export async function moveMain(
  api: GitHubApi,
  { files }: MainRegistry,
  merged: ReadonlyMap<string, Uint8Array>,
  branch: string,
): Promise<MainRegistry> {
  const next: FileTree = new Map(files);
  for (const [path, bytes] of merged) next.set(path.slice(DATA.length), bytes);
  return checkMain(api, new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1))), branch);
}

async function checkMain(api: GitHubApi, files: FileTree, branch: string): Promise<MainRegistry> {
  const { object } = await api.ask(GitHubRef, (request) =>
    request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...api.repository, ref: `heads/${branch}` }),
  );
  const { tree } = await readCommit(api, object.sha);
  const top = await api.ask(GitHubTree, (request) =>
    request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { ...api.repository, tree_sha: tree.sha }),
  );
  const there = top.tree.find(({ path }) => `${path}/` === DATA)?.sha;
  if (there !== treeId(files))
    throw new CliError(
      'MAIN_DIFFERS',
      `the registry’s folder here is not what ${branch} has at ${object.sha.slice(0, 12)}`,
    );
  return { sha: object.sha, files, source: readRegistrySource(files) };
}

// What differs between two trees of a repository, from Git's own objects: only folders whose ids differ are opened, so that the size
// of the registry does not count, and a file's mode is seen, which the API's list of changed files leaves out.

import type { ChangedEntry } from '@plugmark/analysis';
import { GitHubTree } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { GitHubApi } from './github-api.ts';

export interface TreeDiff {
  readonly entries: readonly ChangedEntry[];
  /** There was more than is listed. */
  readonly truncated: boolean;
}

type Entry = GitHubTree['tree'][number];

interface Pair {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Stops listing once more than `most` files differ, and opening folders after as many requests. */
export async function diffTrees(
  api: GitHubApi,
  { before, after, most }: { before: string; after: string; most: number },
): Promise<TreeDiff> {
  const entries: ChangedEntry[] = [];
  const open: Pair[] = [{ path: '', before, after }];
  let truncated = false;
  for (let opened = 0, pair = open.shift(); pair !== undefined; pair = open.shift(), opened++) {
    if (opened > FOLDERS + most) return { entries, truncated: true };
    const [old, young] = await Promise.all([readTree(api, pair.before), readTree(api, pair.after)]);
    truncated ||= old.truncated || young.truncated;
    compare(pair.path, old.tree, young.tree, { entries, open });
    if (entries.length > most) return { entries, truncated };
  }
  return { entries, truncated };
}

/** Folders on the way to a submission's files. */
const FOLDERS = 50;

async function readTree(api: GitHubApi, sha: string | undefined): Promise<Pick<GitHubTree, 'tree' | 'truncated'>> {
  if (sha === undefined) return { tree: [], truncated: false };
  return api.ask(GitHubTree, (request) =>
    request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { ...api.repository, tree_sha: sha }),
  );
}

function compare(
  path: string,
  before: readonly Entry[],
  after: readonly Entry[],
  { entries, open }: { entries: ChangedEntry[]; open: Pair[] },
): void {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const young = new Map(after.map((entry) => [entry.path, entry]));
  for (const name of new Set([...old.keys(), ...young.keys()])) {
    const [was, is] = [old.get(name), young.get(name)];
    if (was?.sha === is?.sha && was?.mode === is?.mode) continue;
    // Git has no such name; a path made of it would be judged as another folder's.
    if (name.includes('/')) throw new CliError('GITHUB_ANSWER', 'GitHub lists a file name with a slash in it');
    const whole = path === '' ? name : `${path}/${name}`;
    const [wasFolder, isFolder] = [was?.type === 'tree', is?.type === 'tree'];
    if (wasFolder || isFolder)
      open.push({ path: whole, before: wasFolder ? was?.sha : undefined, after: isFolder ? is?.sha : undefined });
    // A file that became a folder is gone as a file.
    if (is === undefined || isFolder) {
      if (was !== undefined && !wasFolder) entries.push({ path: whole, change: 'removed' });
      continue;
    }
    const change = was === undefined || wasFolder ? 'added' : 'modified';
    entries.push({
      path: whole,
      change,
      mode: is.mode,
      sha: is.sha,
      ...(is.size === undefined ? {} : { size: is.size }),
    });
  }
}

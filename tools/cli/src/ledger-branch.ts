// The ledger as a branch. Its git directory lies beside the folder and never in it, because a build makes the folder hold exactly its
// own files. A push that is not a fast-forward is refused: another job published meanwhile, and this one has to start over.

import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { problemIn, runGit } from './run-git.ts';

export interface LedgerBranch {
  /** Absolute; the git directory is `<folder>.git`. */
  readonly folder: string;
  /** URL or path of the repository. */
  readonly remote: string;
  readonly branch: string;
}

const AUTHOR = { name: 'Plugmark registry', email: 'registry@plugmark.invalid' };
const COMMIT = /^[0-9a-f]{40}$/;

const inGit = (folder: string): string[] => [`--git-dir=${folder}.git`, `--work-tree=${folder}`];

/** Fills the folder with the branch's files. Returns its commit; undefined when the repository has no such branch yet. */
export async function pullLedger(io: Io, { folder, remote, branch }: LedgerBranch): Promise<string | undefined> {
  if (existsSync(folder) || existsSync(`${folder}.git`))
    throw new CliError('FILE_EXISTS', `${folder} is there already`, { hint: 'pull into a new folder' });
  const ref = `refs/heads/${branch}`;
  const git = [`--git-dir=${folder}.git`, `--work-tree=${folder}`];
  try {
    await mkdir(folder, { recursive: true });
    await runGit(io, ['init', '--quiet', '--bare', `${folder}.git`]);
    const listed = await runGit(io, ['ls-remote', '--', remote, ref]);
    const commit = listed.stdout.split('\t')[0] ?? '';
    if (!COMMIT.test(commit)) return undefined;
    await runGit(io, [...git, 'fetch', '--quiet', '--depth=1', '--no-tags', '--', remote, `+${ref}:${ref}`]);
    await runGit(io, [...git, 'read-tree', '--reset', '-u', ref]);
    return commit;
  } catch (cause) {
    // Nothing that a second attempt would stumble over, or a build take for an empty ledger.
    for (const made of [folder, `${folder}.git`]) await rm(made, { recursive: true, force: true });
    throw cause;
  }
}

export interface LedgerPush extends LedgerBranch {
  /** What was published: a commit, or the checkout it was taken from. The tag `published` moves to it in the same push. */
  readonly published?: string;
}

/** Pushes what changed. Returns the branch's commit, and whether it moved. Throws LEDGER_MOVED, GIT_FAILED. */
export async function pushLedger(
  io: Io,
  { folder, remote, branch, published }: LedgerPush,
): Promise<{ readonly commit: string; readonly moved: boolean }> {
  if (!existsSync(`${folder}.git`))
    throw new CliError('FILE_MISSING', `${folder} was not pulled`, {
      hint: 'plugmark registry ledger pull comes first',
    });
  const ref = `refs/heads/${branch}`;
  const git = (...args: string[]): ReturnType<typeof runGit> => runGit(io, [...inGit(folder), ...args]);
  const before = await runGit(io, [...inGit(folder), 'rev-parse', '--verify', '--quiet', ref], { mayFail: true });
  const parent = before.stdout.trim();
  await git('add', '--all', '--force', '.');
  const tree = (await git('write-tree')).stdout.trim();
  const unchanged = parent !== '' && (await git('rev-parse', `${parent}^{tree}`)).stdout.trim() === tree;
  const commit = unchanged ? parent : await commitTree(io, { folder, tree, parent });
  if (!unchanged) await git('update-ref', ref, commit);
  const tag = published === undefined ? [] : await publishedTag(io, folder, remote, published);
  // Only the tag is forced; --atomic keeps it where it is when the branch is refused.
  const pushed = await runGit(
    io,
    [...inGit(folder), 'push', '--quiet', '--porcelain', '--atomic', '--', remote, `${ref}:${ref}`, ...tag],
    { mayFail: true },
  );
  if (pushed.code !== 0) throw refusedPush(pushed, branch);
  return { commit, moved: !unchanged };
}

async function commitTree(
  io: Io,
  { folder, tree, parent }: { readonly folder: string; readonly tree: string; readonly parent: string },
): Promise<string> {
  const identity = [`user.name=${AUTHOR.name}`, `user.email=${AUTHOR.email}`].flatMap((setting) => ['-c', setting]);
  const after = parent === '' ? [] : ['-p', parent];
  const { stdout } = await runGit(io, [...identity, ...inGit(folder), 'commit-tree', '-m', 'publish', ...after, tree]);
  return stdout.trim();
}

async function publishedTag(io: Io, folder: string, remote: string, named: string): Promise<string[]> {
  const checkout = resolve(io.cwd, named);
  const commit = existsSync(join(checkout, '.git'))
    ? (await runGit(io, ['-C', checkout, 'rev-parse', '--verify', 'HEAD'])).stdout.trim()
    : named;
  if (!COMMIT.test(commit))
    throw new CliError('USAGE', `${named} is neither a commit of 40 hex digits nor a git checkout`);
  await runGit(io, [...inGit(folder), 'fetch', '--quiet', '--depth=1', '--no-tags', '--', remote, commit]);
  return [`+${commit}:refs/tags/published`];
}

/** git's own word for each ref with --porcelain, not its sentences: `!` and the reason in brackets. */
function refusedPush(
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
  branch: string,
): CliError {
  const isBehind = /^!.*\[(?:rejected|remote rejected)\]/m.test(stdout);
  return isBehind
    ? new CliError('LEDGER_MOVED', `somebody else moved ${branch} since it was pulled`)
    : new CliError('GIT_FAILED', `git push failed: ${problemIn(stderr)}`);
}

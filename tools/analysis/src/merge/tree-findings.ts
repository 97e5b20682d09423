// What the changed tree itself shows, before anything in it is read: files of a kind that is not submitted, names that differ only in
// case, removals, sizes. All of it from Git's own objects, because the list of files that the API makes has no modes and hides renames.

import type { MergeFinding, Policy } from '@plugmark/schemas';
import { found } from './found.ts';
import { fact, facts } from './merge-rule.ts';
import { type PlaceName, placeOf } from './places.ts';
import type { ChangedEntry, ListedState, PullRequest } from './pull-request.ts';

/** Findings about the tree; with any of them nothing in it needs to be read. */
export function treeFindings(pull: PullRequest, main: ListedState): MergeFinding[] {
  const { policy } = main;
  const { entries, truncated } = pull;
  const limit = policy.limits.changedFiles;
  if (truncated) return [found('tree.truncated', { limit })];
  if (entries.length > limit) return [found('tree.too-many', { files: entries.length, limit })];
  return [
    ...modes(entries),
    ...removals(entries),
    ...caseClashes(entries, main),
    ...sizes(entries, policy),
    ...pointers(pull),
  ];
}

const MODES: Readonly<Record<string, string>> = {
  '100755': 'an executable file',
  '120000': 'a symbolic link',
  '160000': 'a submodule',
  '040000': 'a folder',
};

function modes(entries: readonly ChangedEntry[]): MergeFinding[] {
  return entries.flatMap(({ path, mode }) =>
    mode === undefined || mode === '100644'
      ? []
      : [found('tree.mode', { path: fact(path), is: MODES[mode] ?? `of mode ${fact(mode)}` })],
  );
}

function removals(entries: readonly ChangedEntry[]): MergeFinding[] {
  const removed = entries.filter(({ change }) => change === 'removed').map(({ path }) => path);
  return removed.length === 0 ? [] : [found('tree.removed', { paths: facts(removed), count: removed.length })];
}

/** Two names that are one on Windows and macOS: whoever clones there gets one of them under both. */
function caseClashes(entries: readonly ChangedEntry[], { plugins }: ListedState): MergeFinding[] {
  const there = new Map<string, string>();
  for (const [plugin, { releases }] of plugins)
    for (const version of releases.keys()) there.set(lower(version, plugin), version);
  const clashes: MergeFinding[] = [];
  const seen = new Map<string, string>();
  for (const { path, change } of entries) {
    const other = seen.get(path.toLowerCase());
    if (other !== undefined && other !== path)
      clashes.push(found('tree.case-clash', { path: fact(path), other: fact(other) }));
    seen.set(path.toLowerCase(), path);
    const { plugin, version } = placeOf(path) ?? {};
    if (change !== 'added' || plugin === undefined || version === undefined) continue;
    const listed = there.get(lower(version, plugin));
    if (listed !== undefined && listed !== version)
      clashes.push(found('tree.case-clash', { path: fact(path), other: `${plugin} ${listed}` }));
  }
  return clashes.slice(0, 10);
}

const lower = (version: string, plugin: string): string => `${plugin}/${version}`.toLowerCase();

/** The limit for one file, by where it lies. */
function sizeLimit(name: PlaceName | undefined, { limits, merge }: Policy): number {
  if (name === 'readme') return limits.readmeBytes;
  if (name === 'vector') return limits.vectorBytes;
  return merge?.fileBytes ?? limits.readmeBytes;
}

/** Whether a changed file can be part of a submission, so that its content is worth fetching. */
export function isWorthReading({ path, mode, size = 0, change }: ChangedEntry, policy: Policy): boolean {
  const place = placeOf(path);
  return change !== 'removed' && mode === '100644' && place !== undefined && size <= sizeLimit(place.name, policy);
}

function sizes(entries: readonly ChangedEntry[], policy: Policy): MergeFinding[] {
  return entries.flatMap(({ path, size = 0 }) => {
    const limit = sizeLimit(placeOf(path)?.name, policy);
    return size > limit ? [found('tree.too-large', { path: fact(path), size, limit })] : [];
  });
}

const LFS = new TextEncoder().encode('version https://git-lfs.github.com/spec/');

/** What Git LFS leaves in place of a file: the registry would list a pointer to bytes it does not hold. */
function pointers({ files }: PullRequest): MergeFinding[] {
  return [...files].flatMap(([path, bytes]) =>
    LFS.every((byte, i) => bytes[i] === byte) ? [found('tree.lfs-pointer', { path: fact(path) })] : [],
  );
}

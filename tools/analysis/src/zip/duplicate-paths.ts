import { foldedPath } from './entry-path.ts';
import type { ZipEntry } from './zip-entry.ts';
import type { ZipProblem, ZipProblemCode } from './zip-problem.ts';

/** Entries that one file system or another makes the same file, so that the later one replaces what was read of the earlier. */
export function duplicateProblems(entries: readonly ZipEntry[]): ZipProblem[] {
  const problems: ZipProblem[] = [];
  const exact = new Set<string>();
  const folded = new Map<string, string>();
  // The spelling of every folder on the way, too: `a/x` and `A/y` are one folder or two.
  const files = new Set(entries.filter(({ isFolder }) => !isFolder).map(({ path }) => foldedPath(path)));
  for (const { path, isFolder, recordOffset: offset } of entries) {
    const say = (code: ZipProblemCode): number => problems.push({ code, offset, path });
    if (exact.has(path)) say('ZIP_DUPLICATE');
    exact.add(path);
    const parts = prefixes(path);
    if (parts.some((part) => (folded.get(foldedPath(part)) ?? part) !== part)) say('ZIP_DUPLICATE_FOLDED');
    for (const part of parts) if (!folded.has(foldedPath(part))) folded.set(foldedPath(part), part);
    const folders = isFolder ? parts : parts.slice(0, -1);
    if (folders.some((part) => files.has(foldedPath(part)))) say('ZIP_FILE_AS_FOLDER');
  }
  return problems;
}

/** `a/b/c` as `a`, `a/b`, `a/b/c`. */
function prefixes(path: string): string[] {
  const segments = path.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'));
}

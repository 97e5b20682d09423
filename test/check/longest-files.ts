import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './repository-files.ts';

/** A source file beyond this needs a line in its pull request; tables are exempt. */
export const MAXIMUM_LINES = 300;

export interface FileLength {
  readonly path: string;
  readonly lines: number;
}

/** The ten longest of our source files, longest first, and how many pass MAXIMUM_LINES. */
export function longestFiles(root: string): { longest: FileLength[]; overMaximum: number } {
  const lengths = ['schemas', 'tools', 'site', 'test']
    .flatMap((folder) => filesBelow(root, folder))
    .filter((path) => /\.(m?[jt]s|astro|css)$/.test(path) && !/^test\/(vectors|plugins)\//.test(path))
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    .sort((a, b) => b.lines - a.lines);
  return {
    longest: lengths.slice(0, 10),
    overMaximum: lengths.filter(({ lines }) => lines > MAXIMUM_LINES).length,
  };
}

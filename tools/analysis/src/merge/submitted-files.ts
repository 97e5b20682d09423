// Every changed file, read by the schema of its place. What cannot be read is a finding with the place in it, never an exception.

import { type MergeFinding, SchemaError } from '@plugmark/schemas';
import { found } from './found.ts';
import { fact } from './merge-rule.ts';
import { type PlaceName, type PlaceValues, readPlace } from './places.ts';
import { retryAt } from './pull-findings.ts';
import type { ListedState, PullRequest } from './pull-request.ts';
import type { PlacedEntry } from './scope.ts';

export interface SubmittedFile extends PlacedEntry {
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

export interface SubmittedFiles {
  readonly files: readonly SubmittedFile[];
  readonly findings: readonly MergeFinding[];
}

export function readSubmitted(
  placed: readonly PlacedEntry[],
  { files }: PullRequest,
  main: ListedState,
  now: Date,
): SubmittedFiles {
  const read: SubmittedFile[] = [];
  const findings: MergeFinding[] = [];
  for (const one of placed) {
    const { path } = one.entry;
    const bytes = files.get(path);
    if (bytes === undefined) {
      findings.push(found('file.unread', { path: fact(path) }, retryAt(main, now)));
      continue;
    }
    try {
      const file = { ...one, bytes, value: readPlace(one.name, bytes, path) };
      read.push(file);
      findings.push(...misplaced(file));
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      findings.push(found('file.schema', { path: fact(path), code: error.code, problem: fact(problemOf(error)) }));
    }
  }
  return { files: read, findings };
}

function problemOf({ issues }: SchemaError): string {
  return issues
    .slice(0, 3)
    .map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`))
    .join('; ');
}

/** The value of the file at this place; undefined when it was not submitted or could not be read. */
export function submittedValue<N extends PlaceName>(
  files: readonly SubmittedFile[],
  name: N,
): PlaceValues[N] | undefined {
  return files.find((file) => file.name === name)?.value as PlaceValues[N] | undefined;
}

/** A file speaks about the folder it lies in: otherwise it would be judged as one plugin and read as another. */
function misplaced({ name, value, entry, plugin, publisher, version }: SubmittedFile): MergeFinding[] {
  const actual = SPEAKS[name]?.(value as Names);
  const expected = name === 'release' ? `${plugin} ${version}` : name === 'publisher' ? publisher : `${plugin}`;
  if (actual === undefined || actual === expected) return [];
  return [found('file.misplaced', { path: fact(entry.path), says: fact(actual), expected })];
}

interface Names {
  readonly plugin?: string;
  readonly version?: string;
  readonly publisher?: string;
}

const SPEAKS: Readonly<Partial<Record<PlaceName, (value: Names) => string>>> = {
  release: ({ plugin, version }) => `${plugin} ${version}`,
  listing: ({ plugin }) => `${plugin}`,
  status: ({ plugin }) => `${plugin}`,
  publisher: ({ publisher }) => `${publisher}`,
};

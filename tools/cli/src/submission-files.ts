// What a version folder becomes in a pull request: its files at their places below registry/, read by the schemas that the reviewer
// will read them by, so that nothing is pushed that is refused for its form.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATA, submittedPaths } from '@plugmark/analysis';
import { type FileTree, readFolder } from '@plugmark/publish';
import { Listing, parseCanonical, parseJson, Release } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { readInput } from './read-input.ts';

export interface SubmissionFiles {
  readonly release: Release;
  /** By path in the registry's repository. */
  readonly files: FileTree;
  readonly isNewListing: boolean;
}

/** Throws SUBMISSION_INCOMPLETE, SUBMISSION_UNEXPECTED, SchemaError. */
export async function submissionFiles(
  io: Io,
  folder: string,
  { named, listing, isListed }: { named: string; listing: string | undefined; isListed: (plugin: string) => boolean },
): Promise<SubmissionFiles> {
  const inside = await readFolder(folder);
  const bytes = inside.get('release.json');
  if (bytes === undefined)
    throw new CliError('SUBMISSION_INCOMPLETE', `${named} has no release.json`, {
      hint: 'plugmark sign writes the folder to submit',
    });
  const release = parseCanonical(Release, bytes, 'release.json');
  const missing = ['publisher.sigstore.json', 'sources.json'].filter((name) => !inside.has(name));
  if (missing.length > 0) throw new CliError('SUBMISSION_INCOMPLETE', `${named} has no ${missing.join(' and no ')}`);
  const { plugin, version } = release;
  const at = `${DATA}plugins/${plugin}`;
  const files: FileTree = new Map([...inside].map(([path, content]) => [`${at}/${version}/${path}`, content]));
  const isNewListing = !isListed(plugin);
  if (isNewListing) {
    const beside = join(folder, '..', 'listing.json');
    const named = listing ?? (existsSync(beside) ? beside : undefined);
    if (named === undefined)
      throw new CliError('SUBMISSION_INCOMPLETE', `${plugin} is new and has no listing.json`, {
        hint: 'write one beside the version folder, or name it with --listing',
      });
    const content = await readInput(io, named);
    const { plugin: of } = parseJson(Listing, content, 'listing.json');
    if (of !== plugin)
      throw new CliError('SUBMISSION_UNEXPECTED', `the listing is about ${of}, the release about ${plugin}`);
    files.set(`${at}/listing.json`, content);
  }
  const odd = submittedPaths([...files.keys()]).filter(({ isPlace }) => !isPlace);
  if (odd.length > 0)
    throw new CliError('SUBMISSION_UNEXPECTED', `${odd.map(({ path }) => path).join(', ')} has no place in a release`, {
      hint: 'remove it from the folder',
    });
  return { release, files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), isNewListing };
}

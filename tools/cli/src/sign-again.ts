// A release that exists already gets another bundle: after a key was replaced, or to prove that a new key is held. The release itself
// is what was signed before and stays as it is.

import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type StatementSigner, sha256, signRelease } from '@plugmark/publish';
import { parseCanonical, Release } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { replaceFile } from './replace-file.ts';

export interface SignedAgain {
  readonly release: Release;
  readonly manifestSha256: string;
  readonly bundle: Uint8Array;
}

/** Of the `release.json` in a version folder. Throws FILE_MISSING, SchemaError, SIGNING_FAILED. */
export async function signAgain(
  folder: string,
  { registry, signer, named }: { registry: string; signer: StatementSigner; named: string },
): Promise<SignedAgain> {
  const bytes = await readFile(join(folder, 'release.json')).catch((cause: unknown) => {
    throw new CliError('FILE_MISSING', `${named}/release.json is not there`, { cause });
  });
  const release = parseCanonical(Release, new Uint8Array(bytes), `${named}/release.json`);
  const { bundle } = await signRelease(release, { registry, signer });
  return { release, manifestSha256: sha256(new Uint8Array(bytes)), bundle };
}

/** The bundle appears whole or not at all; nothing beside it is touched. */
export async function writeBundle({ cwd }: Io, path: string, bundle: Uint8Array): Promise<void> {
  const place = resolve(cwd, path);
  await mkdir(dirname(place), { recursive: true });
  await replaceFile(place, bundle);
}

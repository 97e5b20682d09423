// Which repository is meant, by which API and with whose token: named, from the job's environment, or from the registry itself.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, Registry } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { type GitHubApi, openGitHubApi, PUBLIC_API, type Repository } from './github-api.ts';

const NAME = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})$/;

export interface GitHubOptions {
  readonly repository?: string;
  readonly api?: string;
}

/** The API of the registry's repository. Throws REPOSITORY_UNKNOWN. */
export async function openRegistryApi(io: Io, folder: string, options: GitHubOptions): Promise<GitHubApi> {
  const token = io.env['GITHUB_TOKEN'] ?? io.env['GH_TOKEN'];
  return openGitHubApi(io, {
    repository: await registryRepository(folder, options.repository),
    api: options.api ?? io.env['GITHUB_API_URL'] ?? PUBLIC_API,
    ...(token === undefined || token === '' ? {} : { token }),
  });
}

export async function registryRepository(folder: string, named: string | undefined): Promise<Repository> {
  const from = named ?? (await listedRepository(folder));
  const [, owner, repo] = NAME.exec(from ?? '') ?? [];
  if (owner === undefined || repo === undefined)
    throw new CliError(
      'REPOSITORY_UNKNOWN',
      from === undefined ? 'this registry names no repository' : `${from} is not owner/name`,
    );
  return { owner, repo };
}

async function listedRepository(folder: string): Promise<string | undefined> {
  const bytes = new Uint8Array(await readFile(join(folder, 'registry.json')));
  const { repository } = parseJson(Registry, bytes, 'registry.json');
  return repository?.replace(/^https:\/\/github\.com\//, '').replace(/(?:\.git)?\/?$/, '');
}

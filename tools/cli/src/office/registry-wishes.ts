// What a new registry is called, where it is and who decides there: from options, from the repository it lies in, from a person at the
// terminal, or a placeholder that is named.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, versionOf } from '@plugmark/publish';
import { GitHubAccount, HttpsUrl, isValid, RegistryId, RegistryUrl } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { readInput } from '../read-input.ts';
import type { Origin } from './init-registry.ts';
import type { Wishes } from './new-registry.ts';

export interface WishOptions {
  readonly id: string;
  readonly title?: string;
  readonly url?: string;
  readonly contact?: string;
  readonly repository?: string;
  readonly maintainer: string[];
  readonly keep?: true;
  /** True without a file: the root of the registry it is made from. */
  readonly upstream?: string | true;
  readonly input: boolean;
}

/** No server answers below it (RFC 6761), and no client takes it for one. */
const placeholderUrl = (id: string): string => `https://${id.slice(0, 60)}.invalid/`;
const NO_CONTACT = 'nobody yet';

/** Members of registry.json that a person still has to write. */
export function openMembers({ id, url, contact, repository }: Wishes): string[] {
  return [
    ...(url === placeholderUrl(id) ? ['url'] : []),
    ...(contact === NO_CONTACT ? ['contact'] : []),
    ...(repository === undefined ? ['repository'] : []),
  ];
}

/** Judges what was given at once; the rest when it is known what the registry is made from. Throws USAGE. */
export function wishesFor(io: Io, folder: string, options: WishOptions): (origin: Origin) => Promise<Wishes> {
  const { id, title = id, keep = false } = options;
  requireForm(RegistryId, id, 'small letters, digits and hyphens, with dots between', '--id');
  if (options.url !== undefined)
    requireForm(RegistryUrl, options.url, 'an address such as https://example.org/', '--url');
  const maintainers = options.maintainer.map(accountOf);
  const given = options.repository === undefined ? undefined : addressOf(options.repository);
  return async (origin) => {
    const cloned = given ?? (await clonedFrom(folder));
    // A clone of the other registry itself: its repository is not this one's.
    const repository = cloned === origin.repository?.replace(/(?:\.git)?\/?$/, '') ? undefined : cloned;
    const answer = asking(io, options.input);
    const url = options.url ?? (await answer('Where will it be served?', pagesOf(repository) ?? placeholderUrl(id)));
    requireForm(RegistryUrl, url, 'an address such as https://example.org/', 'url');
    return {
      id,
      title: options.title ?? (await answer('What do people call it?', title)),
      url,
      contact: options.contact ?? (await answer('Whom do people write to?', issuesOf(repository) ?? NO_CONTACT)),
      repository,
      maintainers,
      keep,
      upstream: await upstreamOf(io, options.upstream, origin),
    };
  };
}

function requireForm(schema: Parameters<typeof isValid>[0], value: string, form: string, what: string): void {
  if (!isValid(schema, value)) throw new CliError('USAGE', `${what} ${value} is not ${form}`);
}

/** What is suggested, where nobody is there to say something else. */
function asking(io: Io, input: boolean): (question: string, suggestion: string) => Promise<string> {
  return async (question, suggestion) => {
    if (!input || io.ask === undefined) return suggestion;
    const said = (await io.ask(`${question} [${suggestion}] `, { hidden: false })).trim();
    return said === '' ? suggestion : said;
  };
}

function accountOf(text: string): GitHubAccount {
  const [github = '', number = ''] = text.split('=');
  const account = { github, githubId: /^\d{1,12}$/.test(number) ? Number(number) : 0 };
  if (isValid(GitHubAccount, account)) return account;
  throw new CliError('USAGE', `--maintainer ${text} is not login=number`, {
    hint: 'https://api.github.com/users/LOGIN shows the number: names are given up and registered anew',
  });
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/;

function addressOf(name: string): string {
  const address = `https://github.com/${name}`;
  if (NAME.test(name) && isValid(HttpsUrl, address)) return address;
  throw new CliError('USAGE', `--repository ${name} is not owner/name`);
}

const REMOTE =
  /^\s*url\s*=\s*(?:https:\/\/|ssh:\/\/git@|git@)github\.com[/:]([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?\s*$/m;

async function clonedFrom(folder: string): Promise<string | undefined> {
  const name = REMOTE.exec(await readFile(join(folder, '.git', 'config'), 'utf8').catch(() => ''))?.[1];
  return name === undefined ? undefined : `https://github.com/${name}`;
}

function pagesOf(repository: string | undefined): string | undefined {
  const [owner, name] = repository?.split('/').slice(-2) ?? [];
  if (owner === undefined || name === undefined) return undefined;
  const site = `${owner.toLowerCase()}.github.io`;
  return name.toLowerCase() === site ? `https://${site}/` : `https://${site}/${name}/`;
}

const issuesOf = (repository: string | undefined): string | undefined =>
  repository === undefined ? undefined : `${repository}/issues`;

const ROOT_FILE = /^trust\/metadata\/(\d+)\.root\.json$/;

/** Throws ROOT_MISSING. */
async function upstreamOf(
  io: Io,
  asked: string | true | undefined,
  { id, url, files }: Origin,
): Promise<Wishes['upstream']> {
  if (asked === undefined) return undefined;
  const newest = [...files.keys()]
    .flatMap((path) => ROOT_FILE.exec(path)?.[1] ?? [])
    .sort((a, b) => Number(b) - Number(a))[0];
  const root = asked === true ? files.get(`trust/metadata/${newest}.root.json`) : await readInput(io, asked);
  if (root === undefined)
    throw new CliError('ROOT_MISSING', `${id} has no signed root here`, {
      hint: 'name the root file you trust it by: --upstream root.json',
    });
  const listed = { id, url, root: { version: versionOf(root, 'root'), sha256: sha256(root) }, namespaces: [] };
  return { listed, root };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isValid, PublisherId } from '@plugmark/schemas';

const REMOTE = /^\s*url\s*=\s*(?:https:\/\/|ssh:\/\/git@|git@)github\.com[/:]([A-Za-z0-9-]+)\/[^/\s]+\s*$/m;

/** Who owns the repository that the folder is a work tree of, as a publisher's name; undefined where nobody says. */
export async function repositoryOwner(folder: string): Promise<string | undefined> {
  const config = await readFile(join(folder, '.git', 'config'), 'utf8').catch(() => '');
  const owner = REMOTE.exec(config)?.[1]?.toLowerCase();
  return owner !== undefined && isValid(PublisherId, owner) ? owner : undefined;
}

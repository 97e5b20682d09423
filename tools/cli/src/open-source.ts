// A registry to read from, as a command names it: a URL, or the folder of a built tree served to the client without a server. And
// the root it is trusted by, which always comes from the person.

import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { completeWrite } from '@plugmark/publish';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { readInput } from './read-input.ts';
import { developmentOverlay, registryFolder } from './registry-folder.ts';

export interface RegistryAddress {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** The folder, when it is one. */
  readonly folder?: string;
}

/** Nothing is ever sent there: the folder's files answer. */
const FOLDER_ADDRESS = 'http://folder.invalid/';

/** `https://...` or a folder. Throws TREE_MISSING. */
export async function registryAddress(io: Io, named: string): Promise<RegistryAddress> {
  if (/^https?:\/\//.test(named)) return { url: named, fetch: io.fetch };
  const folder = resolve(io.cwd, named);
  await completeWrite(folder);
  if (!existsSync(join(folder, 'metadata', 'timestamp.json')))
    throw new CliError('TREE_MISSING', `${named} is neither a URL nor the folder of a built registry`);
  return { url: FOLDER_ADDRESS, fetch: folderFetch(folder), folder };
}

function folderFetch(folder: string): typeof fetch {
  return async (input) => {
    const path = resolve(folder, `.${decodeURIComponent(new URL(String(input)).pathname)}`);
    const isInside = path.startsWith(folder + sep) && (await stat(path).catch(() => undefined))?.isFile() === true;
    if (!isInside) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(await readFile(path)), {
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
    });
  };
}

/** The root file that was named, or the development root of the repository the command runs in; then that is said. */
export async function trustedRoot(io: Io, named: string | undefined, say: (text: string) => void): Promise<Uint8Array> {
  if (named !== undefined) return readInput(io, named);
  const { root } = developmentOverlay(registryFolder(io));
  if (!existsSync(root))
    throw new CliError('ROOT_MISSING', 'no root was given and this repository has no development root');
  say('trusting the development root of this repository (.plugmark/dev); applications ship their own');
  return readInput(io, root);
}

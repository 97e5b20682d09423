// A registry to read from, as a command names it: a URL, or the folder of a built tree served to the client without a server. And
// the root it is trusted by, which always comes from the person.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderRegistry } from '@plugmark/client/node';
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

/** `https://...`, a folder, or a `file:` URL of one. Throws TREE_MISSING. */
export async function registryAddress(io: Io, named: string): Promise<RegistryAddress> {
  if (/^https?:\/\//.test(named)) return { url: named, fetch: io.fetch };
  const folder = named.startsWith('file:') ? fileURLToPath(named) : resolve(io.cwd, named);
  await completeWrite(folder);
  if (!existsSync(join(folder, 'metadata', 'timestamp.json')))
    throw new CliError('TREE_MISSING', `${named} is neither a URL nor the folder of a built registry`);
  return { ...folderRegistry(folder), folder };
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

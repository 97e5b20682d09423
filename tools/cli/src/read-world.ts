// The WIT world of a host, from the files a person named.

import { basename } from 'node:path';
import { HostWorld, isValid } from '@plugmark/schemas';
import { parseWit, printWit, type WitDocument } from '@plugmark/wasm';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { isFolder, readInput } from './read-input.ts';
import { filesWith } from './read-plugins.ts';

/** The world as a profile holds it. Throws FILE_MISSING, NOTHING_FOUND, WIT_TOO_LARGE, WasmError with file, line and column. */
export async function readWorld(io: Io, paths: readonly string[], name: string | undefined): Promise<HostWorld> {
  const files = await Promise.all(
    paths.map(async (path) => ((await isFolder(io, path)) ? filesWith(io, path, '.wit') : [path])),
  );
  const documents = await Promise.all(files.flat().map((path) => readDocument(io, path)));
  const decoded = parseWit(documents, name === undefined ? {} : { world: name });
  // One file is kept as its author wrote it, comments and all; of several the world alone.
  const [only] = documents.length === 1 ? documents : [];
  const wit = only?.text ?? printWit(decoded) ?? '';
  const world = { wit, decoded: JSON.parse(JSON.stringify(decoded)) as HostWorld['decoded'] };
  if (!isValid(HostWorld, world))
    throw new CliError('WIT_TOO_LARGE', `the world of ${basename(paths[0] ?? '')} does not fit a host profile`, {
      hint: 'a profile holds up to 100,000 characters of WIT; name the world alone, in a file of its own',
    });
  return world;
}

async function readDocument(io: Io, path: string): Promise<WitDocument> {
  const bytes = await readInput(io, path);
  try {
    // Line ends as a profile has them.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
    return { name: path, text };
  } catch (cause) {
    throw new CliError('FILE_UNREADABLE', `${path} is no UTF-8 text`, { cause, hint: 'name a .wit file' });
  }
}

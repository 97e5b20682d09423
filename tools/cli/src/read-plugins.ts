// What a host's plugins import and export: from .wasm files, folders of them, or lists. Names in them are anybody's.

import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { artifactFacts, type DraftImport, type DraftPlugin } from '@plugmark/analysis';
import { ImportList, Inspection, parseJson } from '@plugmark/schemas';
import { inspectWasm, WasmError } from '@plugmark/wasm';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { isFolder, readInput } from './read-input.ts';

/** Files of one draft; more say nothing new. */
const MOST_FILES = 1_000;

export interface FoundPlugins {
  readonly plugins: readonly DraftPlugin[];
  readonly offered: readonly DraftImport[];
}

/** Throws FILE_MISSING, FILE_UNREADABLE, NOTHING_FOUND, SchemaError, WasmError with the file's name. */
export async function readPlugins(io: Io, paths: readonly string[]): Promise<FoundPlugins> {
  const plugins: DraftPlugin[] = [];
  const offered: DraftImport[] = [];
  for (const path of (await Promise.all(paths.map((named) => filesOf(io, named)))).flat()) {
    const bytes = await readInput(io, path);
    if (isWasm(bytes)) plugins.push(pluginOf(bytes, path));
    else {
      const listed = importsOf(bytes, path);
      if ('facts' in listed) plugins.push(listed);
      else offered.push(...listed.offered);
    }
  }
  return { plugins, offered };
}

/** Files with that ending in a folder and below it, those of the folder itself first, each list sorted. */
export async function filesWith(io: Io, folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(resolve(io.cwd, folder), { withFileTypes: true, recursive: true });
  const found = entries
    // A link is not followed: it may lead anywhere.
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(folder, entry.parentPath.slice(resolve(io.cwd, folder).length), entry.name))
    .sort((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1));
  if (found.length === 0)
    throw new CliError('NOTHING_FOUND', `${folder} has no ${ending} file`, { hint: 'name a folder that has some' });
  if (found.length > MOST_FILES)
    throw new CliError('USAGE', `${folder} has ${found.length} ${ending} files`, { hint: 'name some of them' });
  return found;
}

const depth = (path: string): number => path.split('/').length;

async function filesOf(io: Io, path: string): Promise<string[]> {
  return (await isFolder(io, path)) ? filesWith(io, path, '.wasm') : [path];
}

/** Anything that does not begin as JSON is taken for WebAssembly, whose reader says best what is wrong with it. */
function isWasm(bytes: Uint8Array): boolean {
  return !/^\s*[[{]/.test(start(bytes));
}

const start = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, 100));

function pluginOf(bytes: Uint8Array, name: string): DraftPlugin {
  try {
    const { facts, features } = inspectWasm(bytes);
    return { name, facts: artifactFacts(facts), features: features.map(({ feature }) => feature) };
  } catch (cause) {
    if (!(cause instanceof WasmError)) throw cause;
    const { code, offset, details, message } = cause;
    throw new WasmError(code, `${name}: ${message}`, { offset, details, cause });
  }
}

/** A list of imports, or what `plugmark inspect --json` printed of a plugin. */
function importsOf(bytes: Uint8Array, path: string): DraftPlugin | { offered: DraftImport[] } {
  if (/^\s*\[/.test(start(bytes))) {
    const list = parseJson(ImportList, bytes, path);
    return { offered: list.map(({ kind = 'function', ...rest }) => ({ ...rest, kind })) };
  }
  const inspection = parseJson(Inspection, bytes, path);
  if (inspection.kind === 'process')
    throw new CliError('USAGE', `${path} is of a process plugin, which imports nothing`, {
      hint: 'a host of such plugins is described by hand',
    });
  return { name: path, facts: inspection, features: [] };
}

// A plugin that is named by where it lies: a repository on GitHub, or a file on this computer with the manifest it belongs to.

import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isSource, type PluginSource, parseSource } from '@plugmark/client';
import type { Io } from './io.ts';
import { parseYaml } from './parse-yaml.ts';
import { readInput } from './read-input.ts';

/** How far above a built file its manifest may lie: `build/release/plugin.wasm`. */
const LEVELS = 3;

/** Undefined for `publisher/name`. Throws SOURCE_MALFORMED, FILE_MISSING, FILE_UNREADABLE. */
export async function directSource(io: Io, named: string): Promise<PluginSource | undefined> {
  if (isSource(named)) return parseSource(named);
  // No plugin's name has a dot, so a file's ending tells them apart.
  if (!/^(?:\.{0,2}\/|\.\.?\\|[A-Za-z]:\\)/.test(named) && !/\.(?:wasm|zip)$/i.test(named)) return undefined;
  const path = resolve(io.cwd, named);
  return {
    kind: 'file',
    name: basename(path),
    bytes: await readInput(io, named),
    manifest: (file) => manifestOf(path, file),
  };
}

/** The nearest one that names this very file; another plugin's says nothing about it. */
async function manifestOf(path: string, file: string): Promise<Uint8Array | undefined> {
  let folder = dirname(path);
  for (let level = 0; level < LEVELS; level++, folder = dirname(folder)) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    if (bytes === undefined) continue;
    const value = parseYaml(new Uint8Array(bytes), join(folder, file));
    const named = (value as { artifact?: unknown } | null)?.artifact;
    if (typeof named === 'string' && resolve(folder, named) === path) return new Uint8Array(bytes);
  }
  return undefined;
}

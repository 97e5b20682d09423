// An author's folder: its manifest (plugin.yaml, plugin.json or the host's own file and field names) and the files it names.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { ManifestFiles } from '@plugmark/publish';
import { HostProfile, type Manifest, parseJson } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { parseManifest } from './parse-manifest.ts';
import { parseYaml } from './parse-yaml.ts';
import { inspectNamed, readInput } from './read-input.ts';

export interface ManifestFolder {
  readonly file: string;
  readonly manifest: Manifest;
  readonly files: ManifestFiles;
}

/** Names every host's plugin may use; they say nothing of the host. */
const OUR_NAMES: readonly string[] = ['plugin.yaml', 'plugin.yml', 'plugin.json'];

const PACKAGED = 'plugin.json';

/** Reads the manifest and everything it names. Throws MANIFEST_MISSING, MANIFEST_INVALID, YAML_INVALID, WasmError, ZipError, FILE_MISSING. */
export async function readManifestFolder(io: Io, folder: string, registry: string): Promise<ManifestFolder> {
  const profiles = await hostProfiles(io, registry);
  const names = [...new Set([...OUR_NAMES, ...profiles.map((profile) => profile.manifest.file)])];
  const shown = relative(io.cwd, folder) || '.';
  const there = names.filter((candidate) => existsSync(join(folder, candidate)));
  const found = await withoutPackaged(io, folder, there);
  const [name] = found;
  if (name === undefined && there.length > 0)
    throw new CliError('MANIFEST_MISSING', `${shown} has no manifest but the ${PACKAGED} that goes into its zip`, {
      hint: 'add a plugin.yaml with plugin, version, license, host and artifact, the zip',
    });
  if (name === undefined)
    throw new CliError('MANIFEST_MISSING', `${shown} has no manifest: none of ${names.join(', ')}`);
  if (found.length > 1)
    throw new CliError('MANIFEST_INVALID', `${shown} has more than one manifest: ${found.join(', ')}`, {
      hint: 'keep one of them',
    });
  const file = join(folder, name);
  const where = join(shown, name);
  const value = parseYaml(await readInput(io, file), where);
  const owner = OUR_NAMES.includes(name) ? undefined : profiles.find((profile) => profile.manifest.file === name);
  const manifest = parseManifest(owner === undefined ? value : withOurNames(value, owner), where);
  return { file, manifest, files: await manifestFiles(io, shown, manifest) };
}

/** The `plugin.json` that goes into the zip of a process plugin may lie beside the manifest; it has an entry point, which ours has not. */
async function withoutPackaged(io: Io, folder: string, names: readonly string[]): Promise<readonly string[]> {
  const isPackaged = async (name: string): Promise<boolean> => {
    if (name !== PACKAGED) return false;
    const file = join(folder, name);
    // Whoever reads it as a manifest says what is wrong with it.
    const value = (await readInput(io, file)
      .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)))
      .catch(() => undefined)) as unknown;
    return typeof value === 'object' && value !== null && 'entry_point' in value;
  };
  const packaged = await Promise.all(names.map(isPackaged));
  return names.filter((_, i) => packaged[i] === false);
}

async function hostProfiles(io: Io, registry: string): Promise<HostProfile[]> {
  const names = (await readdir(join(registry, 'hosts')).catch(() => [])).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.sort().map(async (name) => parseJson(HostProfile, await readInput(io, join(registry, 'hosts', name)), name)),
  );
}

/** The host's field names replaced by ours; a field of ours keeps its name, and the host is known from the file. */
function withOurNames(value: unknown, { host, manifest }: HostProfile): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const renamed = Object.entries(value).map(([key, member]) => [
    Object.hasOwn(manifest.fields, key) ? manifest.fields[key] : key,
    member,
  ]);
  return { host, ...Object.fromEntries(renamed) };
}

async function manifestFiles(
  io: Io,
  folder: string,
  { artifact, readme, vectors = [] }: Manifest,
): Promise<ManifestFiles> {
  const bytes = await readNamed(io, folder, { path: artifact, field: 'artifact' });
  const { kind } = await inspectNamed(bytes, join(folder, artifact));
  return {
    artifact: { kind, bytes },
    readme: readme === undefined ? undefined : await readNamed(io, folder, { path: readme, field: 'readme' }),
    vectors: await Promise.all(
      vectors.map(async (path) => ({
        name: basename(path, '.json'),
        bytes: await readNamed(io, folder, { path, field: 'vectors' }),
      })),
    ),
  };
}

/** A file the manifest names. That it is missing is said with the field, since nobody typed its path. */
async function readNamed(
  io: Io,
  folder: string,
  { path, field }: { path: string; field: 'artifact' | 'readme' | 'vectors' },
): Promise<Uint8Array> {
  try {
    return await readInput(io, join(folder, path));
  } catch (cause) {
    if (!(cause instanceof CliError) || cause.code !== 'FILE_MISSING') throw cause;
    const hint =
      field === 'artifact' ? 'build the plugin first, or correct the field' : 'add the file, or correct the field';
    throw new CliError('FILE_MISSING', `${join(folder, path)} is not there; the manifest names it as ${field}`, {
      cause,
      hint,
    });
  }
}

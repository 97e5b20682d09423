// What `run` and `vectors record` are given: a .wasm file or a folder with a manifest, and one vector for its host.

import { basename, join, resolve } from 'node:path';
import { type HostProfile, parseJson, Vector } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { readManifestFolder } from './manifest-folder.ts';
import { isFolder, readInput } from './read-input.ts';
import { hostProfile, registryFolder } from './registry-folder.ts';

export interface SubjectOptions {
  readonly host?: string;
  readonly vector?: string;
  readonly registry?: string;
}

export interface RunSubject {
  readonly artifact: Uint8Array;
  readonly profile: HostProfile;
  readonly vector: Vector;
  /** As it was named. */
  readonly vectorFile: string;
  readonly vectorBytes: Uint8Array;
}

/** Throws USAGE, HOST_UNKNOWN, FILE_MISSING, MANIFEST_MISSING, SchemaError. */
export async function readSubject(io: Io, path: string, options: SubjectOptions): Promise<RunSubject> {
  const registry = registryFolder(io, options.registry);
  const plugin = (await isFolder(io, path))
    ? await fromFolder(io, path, registry)
    : { artifact: await readInput(io, path) };
  const vectorFile = vectorPath(path, options.vector, 'vectors' in plugin ? plugin.vectors : []);
  const vectorBytes = await readInput(io, vectorFile);
  const vector = parseJson(Vector, vectorBytes, vectorFile);
  const host = options.host ?? ('host' in plugin ? plugin.host : undefined) ?? vector.host;
  return { artifact: plugin.artifact, profile: await hostProfile(registry, host), vector, vectorFile, vectorBytes };
}

async function fromFolder(
  io: Io,
  path: string,
  registry: string,
): Promise<{ readonly artifact: Uint8Array; readonly host: string | undefined; readonly vectors: readonly string[] }> {
  const { manifest, files } = await readManifestFolder(io, resolve(io.cwd, path), registry);
  const host = manifest.host ?? manifest.targets?.[0]?.host;
  return { artifact: files.artifact.bytes, host, vectors: manifest.vectors ?? [] };
}

/** A path, or the name of one of the folder's vectors; a folder with a single vector needs no name. */
function vectorPath(path: string, named: string | undefined, vectors: readonly string[]): string {
  const names = vectors.map((vector) => basename(vector, '.json'));
  const hint =
    vectors.length === 0 ? { hint: 'name its file with --vector' } : { hint: `the plugin has ${names.join(', ')}` };
  const [only] = vectors;
  if (named === undefined && vectors.length === 1 && only !== undefined) return join(path, only);
  if (named === undefined) throw new CliError('USAGE', 'which vector is to be run?', hint);
  const index = names.indexOf(named);
  return index < 0 ? named : join(path, vectors[index] as string);
}

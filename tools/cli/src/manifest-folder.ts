// An author's folder: its manifest (plugin.yaml, plugin.json or the host's own file and field names) and the files it names.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inspectArtifact } from '@plugmark/analysis';
import { type ManifestFiles } from '@plugmark/publish';
import { HostProfile, Manifest, parse, parseJson } from '@plugmark/schemas';
import { parseDocument } from 'yaml';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { readInput } from './read-input.ts';

export interface ManifestFolder {
  readonly file: string;
  readonly manifest: Manifest;
  readonly files: ManifestFiles;
}

/** Reads the manifest and everything it names. Throws MANIFEST_MISSING, YAML_INVALID, SchemaError, WasmError, FILE_MISSING. */
export async function readManifestFolder(io: Io, folder: string, registry: string): Promise<ManifestFolder> {
  const profiles = await hostProfiles(io, registry);
  const names = ['plugin.yaml', 'plugin.yml', 'plugin.json', ...profiles.map((profile) => profile.manifest.file)];
  const name = names.find((candidate) => existsSync(join(folder, candidate)));
  if (name === undefined) throw new CliError('MANIFEST_MISSING', `${folder} has none of ${[...new Set(names)].join(', ')}`);
  const file = join(folder, name);
  const value = parseYaml(await readInput(io, file), name);
  const owner = profiles.find((profile) => profile.manifest.file === name);
  const manifest = parse(Manifest, owner === undefined ? value : withOurNames(value, owner), name);
  return { file, manifest, files: await manifestFiles(io, folder, manifest) };
}

async function hostProfiles(io: Io, registry: string): Promise<HostProfile[]> {
  const names = (await readdir(join(registry, 'hosts')).catch(() => [])).filter((name) => name.endsWith('.json'));
  return Promise.all(names.sort().map(async (name) => parseJson(HostProfile, await readInput(io, join(registry, 'hosts', name)), name)));
}

/** An alias may be used, but not to make a small file large. */
const MAX_ALIASES = 50;
const MAX_MANIFEST_BYTES = 200_000;

/** YAML 1.2 core schema (JSON is a subset): no custom tags, unique keys, bounded aliases. */
export function parseYaml(bytes: Uint8Array, where: string): unknown {
  if (bytes.length > MAX_MANIFEST_BYTES) throw new CliError('YAML_INVALID', `${where} is longer than ${MAX_MANIFEST_BYTES} bytes`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const document = parseDocument(text, { schema: 'core', uniqueKeys: true, merge: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new CliError('YAML_INVALID', `${where}: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
}

/** The host's field names replaced by ours; a field of ours keeps its name, and the host is known from the file. */
function withOurNames(value: unknown, { host, manifest }: HostProfile): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const renamed = Object.entries(value).map(([key, member]) => [Object.hasOwn(manifest.fields, key) ? manifest.fields[key] : key, member]);
  return { host, ...Object.fromEntries(renamed) };
}

async function manifestFiles(io: Io, folder: string, { artifact, readme, vectors = [] }: Manifest): Promise<ManifestFiles> {
  const bytes = await readInput(io, join(folder, artifact));
  const { kind } = await inspectArtifact(bytes);
  return {
    artifact: { kind, bytes },
    readme: readme === undefined ? undefined : await readInput(io, join(folder, readme)),
    vectors: await Promise.all(vectors.map(async (path) => ({ name: basename(path, '.json'), bytes: await readInput(io, join(folder, path)) }))),
  };
}

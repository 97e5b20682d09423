// Where mirrored releases, approvals and their bytes lie, and the lock that syncs and builds share: a build must not read a folder that
// a sync is half through.

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileEnding, type Release } from '@plugmark/client';
import { completeWrite, type FileTree, sha256, withLock } from '@plugmark/publish';
import type { Io } from '../io.ts';
import { replaceFile } from '../replace-file.ts';

export interface MirrorPlaces {
  /** The registry's data. */
  readonly data: string;
  readonly mirrors: string;
  /** `<sha256>.wasm` and `<sha256>.zip`. */
  readonly artifacts: string;
  /** What upstreams said before. */
  readonly state: string;
  /** Beside the registry, since whatever lies inside is data. */
  readonly lock: string;
}

export const mirrorsOf = (data: string): string => join(data, 'mirrors');
export const mirrorLock = (data: string): string => `${data}.syncing`;
export const mirrorArtifacts = (data: string): string => join(dirname(data), 'artifacts');

export function mirrorPlaces(data: string, artifacts?: string, state?: string): MirrorPlaces {
  return {
    data,
    mirrors: mirrorsOf(data),
    artifacts: artifacts ?? mirrorArtifacts(data),
    state: state ?? join(dirname(data), '.plugmark', 'mirror'),
    lock: mirrorLock(data),
  };
}

/** Reads the registry while no sync is half through it; one that was killed is finished first. */
export async function withMirrors<T>(data: string, act: () => Promise<T>): Promise<T> {
  const mirrors = mirrorsOf(data);
  if (!existsSync(mirrors) && !existsSync(`${mirrors}.next`)) return act();
  return withLock(mirrorLock(data), async () => {
    await completeWrite(mirrors);
    return act();
  });
}

/** A file by its digest, if it is here and whole. */
export async function readArtifact(folder: string, digest: string): Promise<Uint8Array | undefined> {
  for (const ending of ['wasm', 'zip']) {
    const bytes = await readFile(join(folder, `${digest}.${ending}`)).catch(() => undefined);
    if (bytes !== undefined && sha256(bytes) === digest) return new Uint8Array(bytes);
  }
  return undefined;
}

export async function writeArtifact(
  folder: string,
  artifact: Pick<Release['artifact'], 'sha256' | 'kind'>,
  bytes: Uint8Array,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceFile(join(folder, `${artifact.sha256}.${fileEnding(artifact)}`), bytes);
}

/** What a review needs of a registry: everything but what is published in it. */
const RULES_OF_REGISTRY = /^(?:registry|policy|reserved-names)\.json$|^hosts\/|^trust\/trusted_root\.json$/;

export const rulesOnly = (files: FileTree): FileTree =>
  new Map([...files].filter(([path]) => RULES_OF_REGISTRY.test(path)));

export const instantOf = ({ now }: Pick<Io, 'now'>): string => `${now().toISOString().slice(0, 19)}Z`;

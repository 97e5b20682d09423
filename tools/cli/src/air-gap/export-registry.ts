// A registry as one tar: verified from the root on the way in, so that nobody carries what would be refused at the other end. Killed or
// cut off, the next export takes up what was fetched.

import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jsonFile, sha256, withLock } from '@plugmark/publish';
import { type ExportResult, ExportState, parse, parseJson } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { type Io, say } from '../io.ts';
import type { RegistryAddress } from '../open-source.ts';
import { replaceFile } from '../replace-file.ts';
import { carriedPath } from './carried-path.ts';
import { walkRegistry } from './walk-registry.ts';
import { writeArchive } from './write-archive.ts';

export interface ExportInput {
  readonly address: RegistryAddress;
  readonly root: Uint8Array;
  /** As named, and where it is. */
  readonly out: { readonly named: string; readonly path: string };
  /** The state file of an earlier export. */
  readonly since?: Uint8Array;
}

/** Throws what walkRegistry throws, EXPORT_STATE, LOCKED; then there is no tar. */
export async function exportRegistry(io: Io, input: ExportInput): Promise<ExportResult> {
  return withLock(`${input.out.path}.lock`, () => exportLocked(io, input));
}

async function exportLocked(io: Io, { address, root, out, since }: ExportInput): Promise<ExportResult> {
  const before = since && readState(since);
  const parts = `${out.path}.parts`;
  const has = (path: string): boolean => isHad(path, before);
  const walked = await walkRegistry({
    address: withParts(address, parts),
    root,
    now: io.now,
    has,
    keep: async (path, bytes) => {
      const file = join(parts, path);
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, bytes);
    },
    onRelease: (name) => say(io, name),
  });
  if (before !== undefined && before.registry !== walked.registry)
    throw new CliError('EXPORT_STATE', `the state is of ${before.registry}, this registry is ${walked.registry}`);
  const all = [...walked.files];
  const left = new Set(all.filter(([path, digest]) => before?.files[path] === digest).map(([path]) => path));
  const chosen = all.filter(([path]) => !left.has(path)).map(([path]) => [path, join(parts, path)] as const);
  const written = await writeArchive(out.path, new Map(chosen));
  const state = parse(
    ExportState,
    {
      schemaVersion: 1,
      registry: walked.registry,
      timestampVersion: walked.timestampVersion,
      files: { ...before?.files, ...Object.fromEntries(all) },
    },
    'state',
  );
  await replaceFile(`${out.path}.json`, jsonFile(state));
  await rm(parts, { recursive: true, force: true });
  return {
    registry: walked.registry,
    out: out.named,
    state: `${out.named}.json`,
    ...written,
    files: chosen.length,
    left: left.size,
    releases: walked.releases.length,
  };
}

function readState(bytes: Uint8Array): ExportState {
  try {
    return parseJson(ExportState, bytes, '--since');
  } catch (cause) {
    throw new CliError('EXPORT_STATE', 'what --since names is not the state of an export', { cause });
  }
}

/** Only what is named by its digest: metadata of one name may have other bytes today. */
const isHad = (path: string, before: ExportState | undefined): boolean => {
  const digest = carriedPath(path)?.sha256;
  return digest !== undefined && !/^targets\//.test(path) && before?.files[path] === digest;
};

/** What an export that was cut off had fetched already, where its name still tells the truth. */
function withParts({ url, fetch, ...address }: RegistryAddress, parts: string): RegistryAddress {
  const base = new URL(url.endsWith('/') ? url : `${url}/`).pathname;
  return {
    ...address,
    url,
    fetch: async (input, init) => {
      const path = decodeURIComponent(new URL(String(input)).pathname.slice(base.length));
      const digest = carriedPath(path)?.sha256;
      const file = join(parts, path);
      const bytes = digest !== undefined && existsSync(file) ? new Uint8Array(await readFile(file)) : undefined;
      return bytes !== undefined && sha256(bytes) === digest ? new Response(bytes) : fetch(input, init);
    },
  };
}

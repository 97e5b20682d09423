// A tar that was carried here becomes a folder that serves. It is unpacked beside the folder, verified as a client with the given root
// would verify it together with what the folder has, and only what verified is moved in: content first, the timestamp last, so that a
// reader sees the old registry or the new one. Killed at any point, the same command goes on.

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { openRegistry } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { byUrgency, carriedViews, type FileTree, moveFile, sha256, withLock } from '@plugmark/publish';
import {
  HostProfile,
  type ImportResult,
  parse,
  parseJson,
  ImportResult as Result,
  VerifiedPublishers,
} from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { type Io, say } from '../io.ts';
import type { RegistryAddress } from '../open-source.ts';
import { BUILT } from '../own-folder.ts';
import { replaceFile } from '../replace-file.ts';
import { carriedPath } from './carried-path.ts';
import { type NamedFile, readArchive } from './read-archive.ts';
import { type WalkedRegistry, walkRegistry } from './walk-registry.ts';

export interface ImportInput {
  /** The tar. */
  readonly file: NamedFile;
  readonly root: Uint8Array;
  readonly to: { readonly named: string; readonly path: string };
  /** The time its metadata is judged at, where it was carried for longer than that lives. */
  readonly asOf?: Date | undefined;
}

/** Throws TAR_*, CARRIED_FILE, FOLDER_NOT_OURS, LOCKED, and what the client throws; then the folder is as it was. */
export async function importRegistry(io: Io, { file, root, to, asOf }: ImportInput): Promise<ImportResult> {
  const incoming = `${to.path}.incoming`;
  return withLock(`${to.path}.lock`, async () => {
    const left = await leftIn(incoming, `${to.named}.incoming`);
    const carried = await unpack(file, incoming);
    // Of a tar that was refused or cut off: it would stand before what the folder has.
    for (const path of left) if (!carried.has(path)) await rm(join(incoming, path));
    const address = overlay(incoming, to.path);
    const now = (): Date => asOf ?? io.now();
    await followOn({ address, root, now, memory: `${to.path}.trust` });
    const walked = await walkRegistry({
      address,
      root,
      now,
      keep: async () => undefined,
      onRelease: (name) => say(io, `verified ${name}`),
    });
    const added = await moveIn(walked, incoming, to.path);
    await rm(incoming, { recursive: true, force: true });
    const { registry, rootVersion, timestampVersion, releases, files } = walked;
    const result = { registry, to: to.named, rootVersion, timestampVersion, added, files: files.size, releases };
    return parse(Result, result, 'result');
  });
}

/** How a file is called that was being written when the power went. */
const UNFINISHED = /\.[0-9a-f-]{36}\.tmp$/;

/** Files of an earlier import. Throws FOLDER_NOT_OURS: what an import clears away must be of one. */
async function leftIn(incoming: string, named: string): Promise<string[]> {
  if (!existsSync(incoming)) return [];
  const entries = await readdir(incoming, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(incoming, join(parentPath, name)).split(sep).join('/'));
  const foreign = paths.find((path) => carriedPath(path.replace(UNFINISHED, '')) === undefined);
  if (foreign === undefined) return paths;
  throw new CliError('FOLDER_NOT_OURS', `${named} is where the tar is unpacked, and it holds ${foreign}`, {
    hint: 'move it away, or name another folder with --to',
  });
}

/** Into a folder beside, each file compared with what its name promises. What lies there whole is not written again. */
async function unpack(file: NamedFile, incoming: string): Promise<Set<string>> {
  const carried = new Set<string>();
  for await (const { path, read } of readArchive(file)) {
    carried.add(path);
    const digest = carriedPath(path)?.sha256;
    const target = join(incoming, path);
    if (digest !== undefined && existsSync(target) && sha256(new Uint8Array(await readFile(target))) === digest)
      continue;
    const bytes = await read();
    if (digest !== undefined && sha256(bytes) !== digest)
      throw new CliError('TAR_DIGEST', `${file.named} holds ${path}, which is not what its name says`);
    await mkdir(dirname(target), { recursive: true });
    await replaceFile(target, bytes);
  }
  return carried;
}

const FOLDER_ADDRESS = 'http://import.invalid/';

/** The new files over those of the folder: an incremental tar leaves out what is there. */
function overlay(incoming: string, folder: string): RegistryAddress {
  const fetch = async (input: Parameters<typeof globalThis.fetch>[0]): Promise<Response> => {
    const path = decodeURIComponent(new URL(String(input)).pathname.slice(1));
    if (carriedPath(path) === undefined) return new Response(null, { status: 404 });
    for (const place of [incoming, folder]) {
      const bytes = await readFile(join(place, path)).catch(() => undefined);
      if (bytes !== undefined) return new Response(new Uint8Array(bytes));
    }
    return new Response(null, { status: 404 });
  };
  return { url: FOLDER_ADDRESS, fetch };
}

/** A tar older than the last one, or one that forgets a revocation, is refused as a server that did so would be. */
async function followOn(options: {
  address: RegistryAddress;
  root: Uint8Array;
  now: () => Date;
  memory: string;
}): Promise<void> {
  const { address, root, now, memory } = options;
  const { url, fetch } = address;
  await openRegistry({ url, fetch, root, now, store: fileStore(memory) }).refresh();
}

async function moveIn(walked: WalkedRegistry, incoming: string, folder: string): Promise<number> {
  const paths = [...walked.files.keys()].sort(byUrgency);
  for (const [path, digest] of walked.files) await requireSame(join(incoming, path), path, digest);
  let added = 0;
  const move = async (path: string): Promise<void> => {
    const from = join(incoming, path);
    if (!existsSync(from)) return;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await moveFile(from, join(folder, path));
    added += 1;
  };
  for (const path of paths) if (path !== BUILT) await move(path);
  for (const [path, bytes] of views(walked)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await replaceFile(join(folder, path), bytes);
  }
  await move(BUILT);
  return added;
}

/** What is moved is what was verified; of the root that is the one the person gave. */
async function requireSame(file: string, path: string, digest: string): Promise<void> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined || sha256(new Uint8Array(bytes)) === digest) return;
  throw new CliError('CARRIED_FILE', `${path} is not the file that was verified`);
}

function views({ registry, documents, signed }: WalkedRegistry): FileTree {
  const profiles = [...signed].flatMap(([path, bytes]) =>
    path.startsWith('hosts/') ? [parseJson(HostProfile, bytes, path)] : [],
  );
  const verified = parseJson(VerifiedPublishers, signed.get('publishers.json') ?? new Uint8Array(), 'publishers.json');
  const hosts = new Map(profiles.map((profile) => [profile.host, profile]));
  return carriedViews({ registry, documents, verified, hosts, signed });
}

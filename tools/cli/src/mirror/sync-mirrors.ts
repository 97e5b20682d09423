// Every upstream in turn. What an upstream cannot give keeps what was taken over from it as it is, and the others go on; the folder is
// written in one step, after everything in it was read the way a build reads it.

import { join } from 'node:path';
import { fileStore } from '@plugmark/client/node';
import {
  completeWrite,
  type FileTree,
  jsonFile,
  readFolder,
  readRegistrySource,
  withLock,
  writeTree,
} from '@plugmark/publish';
import { MirrorReport, type MirrorResult, parse, parseJson, type Upstream } from '@plugmark/schemas';
import { describeError } from '../describe-error.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { instantOf, type MirrorPlaces, readArtifact, writeArtifact } from './mirror-folder.ts';
import { openUpstream, upstreamUnknown } from './open-upstream.ts';
import { localRules } from './review-mirrored.ts';
import { oneLine } from './sync-plugin.ts';
import { syncUpstream } from './sync-upstream.ts';

export interface SyncOptions {
  /** Upstream id -> where it is served instead. */
  readonly from: ReadonlyMap<string, string>;
  /** The time the metadata is judged at, where it was carried for longer than it lives. */
  readonly asOf?: Date | undefined;
  /** Of one upstream only. */
  readonly only?: string | undefined;
}

/** Throws LOCKED, IO: then nothing has changed, or the next sync completes it. */
export async function syncMirrors(io: Io, places: MirrorPlaces, options: SyncOptions): Promise<MirrorResult> {
  return withLock(places.lock, async () => {
    await completeWrite(places.mirrors);
    const files = await readFolder(places.data);
    const source = readRegistrySource(files);
    const { upstreams } = source.registry;
    const chosen = options.only === undefined ? upstreams : upstreams.filter(({ id }) => id === options.only);
    for (const id of [...options.from.keys(), ...(options.only === undefined ? [] : [options.only])])
      if (!upstreams.some((upstream) => upstream.id === id)) throw upstreamUnknown(id, upstreams);
    const tree: FileTree = new Map(below(files, 'mirrors/'));
    const reports: MirrorReport[] = [];
    for (const upstream of chosen) {
      const report = await oneUpstream({ io, places, options, files, upstream }, tree);
      reports.push(report);
    }
    // Two upstreams may have claimed one namespace just now; what a build would refuse is never written.
    readRegistrySource(new Map([...files, ...[...tree].map(([path, bytes]) => [`mirrors/${path}`, bytes] as const)]));
    if (tree.size > 0) await writeTree(places.mirrors, tree);
    return { upstreams: reports };
  });
}

interface Turn {
  readonly io: Io;
  readonly places: MirrorPlaces;
  readonly options: SyncOptions;
  readonly files: FileTree;
  readonly upstream: Upstream;
}

async function oneUpstream({ io, places, options, files, upstream }: Turn, tree: FileTree): Promise<MirrorReport> {
  const { id } = upstream;
  const artifact = (digest: string): Promise<Uint8Array | undefined> => readArtifact(places.artifacts, digest);
  const store = fileStore(join(places.state, id));
  const now = (): Date => options.asOf ?? io.now();
  const soFar = new Map([...files, ...[...tree].map(([path, bytes]) => [`mirrors/${path}`, bytes] as const)]);
  const source = readRegistrySource(soFar);
  const seen = await readSeen(store);
  try {
    const open = await openUpstream(io, upstream, { files, store, from: options.from.get(id), now, artifact });
    const { changed, report } = await syncUpstream({
      open,
      files: soFar,
      source,
      rules: await localRules(source),
      firstSeen: seen.at(instantOf(io)),
      artifact,
      keep: (release, bytes) => writeArtifact(places.artifacts, release, bytes),
      now: io.now(),
    });
    await seen.keep();
    for (const [path, bytes] of changed) tree.set(`${id}/${path}`, bytes);
    return filed(tree, parse(MirrorReport, { schemaVersion: 1, at: instantOf(io), ...report }, 'report'));
  } catch (error) {
    const { code, message, exit } = describeError(error);
    // A fault of this machine, of ours or of whoever typed the command is not something an upstream did.
    if (code === 'INTERNAL' || code === 'IO' || code.startsWith('STORE') || exit === EXIT.usage) throw error;
    const problem = { code, message: oneLine(message) };
    const report = parse(
      MirrorReport,
      { schemaVersion: 1, at: instantOf(io), upstream: id, problem, taken: [], refused: [] },
      'report',
    );
    // A connection that was down for a moment is no news for the registry's history.
    return exit === EXIT.io ? report : filed(tree, report);
  }
}

/** The report that lies there already, where nothing but the time is new: a sync that changes nothing changes no file. */
function filed(tree: FileTree, report: MirrorReport): MirrorReport {
  const path = `${report.upstream}/report.json`;
  const bytes = tree.get(path);
  const before = bytes && parseJson(MirrorReport, bytes, path);
  const settled = { ...report, taken: report.taken.map((row) => ({ ...row, change: 'kept' as const })) };
  if (before === undefined || JSON.stringify({ ...before, at: '' }) !== JSON.stringify({ ...settled, at: '' }))
    tree.set(path, jsonFile(settled));
  return report;
}

const SEEN = 'mirror/first-seen.json';

/** Digest to the time it was first seen: the age of a release must not rest on what upstream says alone. */
async function readSeen(
  store: ReturnType<typeof fileStore>,
): Promise<{ at: (now: string) => (digest: string) => string; keep: () => Promise<void> }> {
  const bytes = await store.get(SEEN);
  const known = new Map(
    Object.entries(bytes === undefined ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>)),
  );
  const before = known.size;
  return {
    at: (now) => (digest) => {
      const first = known.get(digest) ?? now;
      known.set(digest, first);
      return first;
    },
    keep: async () => {
      if (known.size !== before) await store.put(SEEN, jsonFile(Object.fromEntries(known)));
    },
  };
}

function below(files: FileTree, prefix: string): [string, Uint8Array][] {
  return [...files]
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, bytes]) => [path.slice(prefix.length), bytes]);
}

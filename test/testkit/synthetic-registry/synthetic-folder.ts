// A synthetic registry as folders, as `plugmark registry build` wants them: registry/, artifacts/, keys/ and trust/ to build from, ledger/
// and tree/ as they come out, root.json for a client.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FileTree, offlineFiles } from '@plugmark/publish';
import { pemOf } from '../registry-folder.ts';
import { SYNTHETIC_KEYS, type SyntheticRegistry, synthesise } from './synthesise.ts';

export interface SyntheticFolder {
  readonly folder: string;
  readonly plugins: number;
  readonly releases: number;
  readonly seed: string;
  readonly now: Date;
  /** At least so many bytes for each artifact of the first plugin. */
  readonly firstArtifactBytes?: number;
}

/** Says what a folder holds; a folder without it is somebody’s own. */
const MARK = 'synthetic.json';
const UNFINISHED = 'unfinished\n';
const DAY_MS = 86_400_000;
const EVERY = 1000;

/** Makes the folder, or leaves it as it is where it was made with the same options. Returns whether it was made. Throws TypeError for a folder of others. */
export async function syntheticFolder({ folder, ...options }: SyntheticFolder): Promise<boolean> {
  const mark = `${JSON.stringify(options)}\n`;
  if ((await readFile(join(folder, MARK), 'utf8').catch(() => undefined)) === mark) return false;
  // Before the work, which may take minutes.
  await requireOwn(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARK), UNFINISHED);
  writeParts(folder, await synthesise({ ...options, onProgress }));
  await writeFile(join(folder, MARK), mark);
  return true;
}

/** A midnight of the last `days`: the same for so many days, so that what lies there can be used again while its timestamp lasts (3). */
export function recentMidnight(days: 1 | 2): Date {
  return new Date(Math.floor(Date.now() / (days * DAY_MS)) * days * DAY_MS);
}

function onProgress({ done, total }: { readonly done: number; readonly total: number }): void {
  if (done % EVERY === 0 || done === total) process.stderr.write(`analysed ${done} of ${total} releases\n`);
}

function writeParts(folder: string, made: SyntheticRegistry): void {
  const { offline } = made;
  const parts: Readonly<Record<string, FileTree>> = {
    registry: made.files,
    artifacts: new Map([...made.artifacts].map(([digest, bytes]) => [`${digest}.wasm`, bytes])),
    keys: new Map(Object.entries(SYNTHETIC_KEYS).map(([name, key]) => [`${name}.pem`, Buffer.from(pemOf(key))])),
    trust: new Map([
      ...[...offlineFiles(offline)].map(([name, bytes]) => [`metadata/${name}`, bytes] as const),
      ...[...offline.files].map(([path, bytes]) => [`targets/${path}`, bytes] as const),
    ]),
    ledger: made.ledger,
    tree: made.tree,
  };
  for (const [name, files] of Object.entries(parts)) writePart(join(folder, name), files);
  writeFileSync(join(folder, 'root.json'), offline.roots[0] ?? new Uint8Array());
}

/** Not by `writeTree`, which flushes each file to the disk: hundreds of thousands take an hour, and the mark says what is unfinished. */
function writePart(folder: string, files: FileTree): void {
  rmSync(folder, { recursive: true, force: true });
  const made = new Set<string>();
  for (const [path, bytes] of files) {
    const parent = dirname(join(folder, path));
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(join(folder, path), bytes);
  }
}

/** What lies in the way of a part is replaced, so `--out .` must not be one. */
async function requireOwn(folder: string): Promise<void> {
  const names: string[] = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  if (names.length === 0 || names.includes(MARK)) return;
  throw new TypeError(`${folder} holds files that are not a synthetic registry; name another folder`);
}

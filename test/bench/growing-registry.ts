// A synthetic registry in a git checkout of its own, as an office has it, that can be given a release and have it taken back.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type FileChanges,
  type FileTree,
  type KeySigner,
  keySigner,
  type LazyFiles,
  lazyFolder,
  type OfflineMetadata,
  type Update,
  updateRegistry,
  writeChanges,
} from '@plugmark/publish';
import { type GitSource, gitSource } from '../../tools/cli/src/git-source.ts';
import type { Io } from '../../tools/cli/src/io.ts';
import { readTrustFolder } from '../../tools/cli/src/trust-folder.ts';
import { writeFiles } from '../testkit/registry-folder.ts';
import { planRegistry } from '../testkit/synthetic-registry/plan.ts';
import { nextRelease } from '../testkit/synthetic-registry/source-files.ts';
import { recentMidnight, syntheticFolder } from '../testkit/synthetic-registry/synthetic-folder.ts';

const FOLDERS = fileURLToPath(new URL('../../.plugmark/bench/', import.meta.url));
const RELEASES = 5;
const HOUR_MS = 3_600_000;

export interface GrowingRegistry {
  readonly folder: string;
  readonly ledger: string;
  readonly tree: string;
  readonly offline: OfflineMetadata;
  /** Another release of some plugin, committed. What comes back undoes that and every change of ledger and tree. */
  readonly addRelease: (number: number) => Promise<() => Promise<void>>;
  /** Views that are written too. */
  readonly note: (views: FileChanges) => void;
  readonly update: (draw: {
    readonly count: number;
  }) => Promise<{ readonly source: GitSource; readonly update: Update }>;
}

export async function openGrowing(plugins: number): Promise<GrowingRegistry> {
  const folder = join(FOLDERS, `registry-${plugins}x${RELEASES}`);
  const options = { plugins, releases: RELEASES, seed: 'plugmark', now: recentMidnight(2) };
  await syntheticFolder({ folder, ...options });
  commitAll(folder);
  return openFolder(folder, options);
}

export interface GrowingOptions {
  readonly plugins: number;
  readonly releases: number;
  readonly seed: string;
  readonly now: Date;
}

/** One that was made before. */
export async function openFolder(folder: string, { now, ...options }: GrowingOptions): Promise<GrowingRegistry> {
  const { current: offline } = await readTrustFolder(join(folder, 'trust'));
  if (offline === undefined) throw new TypeError(`${folder} has no trust`);
  const [ledger, tree] = [join(folder, 'ledger'), join(folder, 'tree')];
  const before: Kept = { ledger: lazyFolder(ledger), tree: lazyFolder(tree) };
  const later = new Date(now.getTime() + HOUR_MS);
  const signers = { online: signer(folder, 'online'), cosign: signer(folder, 'cosign') };
  const plan = planRegistry({ ...options, now });
  const changes: { ledger: FileChanges; tree: FileChanges } = { ledger: new Map(), tree: new Map() };
  return {
    ...{ folder, ledger, tree, offline },
    addRelease: async (number) => {
      const made = await nextRelease(plan, (number * 137) % options.plugins, `90.${number}.0`);
      const undoRelease = await commitRelease(folder, made.files);
      const artifacts = new Map([...made.artifacts].map(([digest, bytes]) => [`${digest}.wasm`, bytes] as const));
      await writeFiles(join(folder, 'artifacts'), artifacts);
      return async () => {
        await writeChanges(ledger, changes.ledger);
        await writeChanges(tree, changes.tree);
        undoRelease();
        for (const name of artifacts.keys()) await rm(join(folder, 'artifacts', name));
      };
    },
    note: (views) => {
      for (const [path, bytes] of inverse(views, before.tree)) changes.tree.set(path, bytes);
    },
    update: async (draw) => {
      const source = await gitSource(GIT, join(folder, 'registry'));
      if (source === undefined) throw new TypeError(`${folder}/registry is no checkout`);
      const update = await updateRegistry({
        ...{ folder: source, offline, signers, now: later, ledger: before.ledger },
        artifact: async ({ release }) =>
          new Uint8Array(readFileSync(join(folder, 'artifacts', `${release.artifact.sha256}.wasm`))),
        draw: { ...draw, seed: new TextEncoder().encode(`${performance.now()}`) },
      });
      if ('whole' in update) throw new TypeError(`needs a whole build: ${update.whole}`);
      changes.ledger = inverse(update.ledger, before.ledger);
      changes.tree = inverse(update.tree, before.tree);
      return { source, update };
    },
  };
}

interface Kept {
  readonly ledger: LazyFiles;
  readonly tree: LazyFiles;
}

const inverse = (changes: FileChanges, files: LazyFiles): FileChanges =>
  new Map([...changes.keys()].map((path) => [path, files.get(path)]));

const GIT = {
  env: process.env,
  now: () => new Date(),
  cwd: '.',
  stdout: process.stdout,
  stderr: process.stderr,
  fetch,
} as Io;

function signer(folder: string, name: string): KeySigner {
  return keySigner(readFileSync(join(folder, 'keys', `${name}.pem`), 'utf8'), name);
}

function git(folder: string, ...args: string[]): void {
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@bench.invalid', '-c', 'gc.auto=0'];
  execFileSync('git', ['-C', folder, ...who, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function commitAll(folder: string): void {
  if (existsSync(join(folder, '.git'))) return;
  git(folder, 'init', '--quiet');
  git(folder, 'add', 'registry');
  git(folder, 'commit', '--quiet', '-m', 'registry');
}

async function commitRelease(folder: string, files: FileTree): Promise<() => void> {
  await writeFiles(join(folder, 'registry'), files);
  git(folder, 'add', ...[...files.keys()].map((path) => `registry/${path}`));
  git(folder, 'commit', '--quiet', '-m', 'a release');
  return () => git(folder, 'reset', '--quiet', '--hard', 'HEAD~1');
}

/** Processor time of this process. */
export function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Of the children it waited for. proc(5), stat: after the name in brackets, cutime and cstime are the 14th and 15th; a hundred ticks a second. */
export function childrenMs(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

// The command against the stand-in: a publisher's folder, a reviewer's checkout, and a clock that only tests move.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree } from '@plugmark/publish';
import { parse, ReviewResult, SubmitResult } from '@plugmark/schemas';
import { afterEach, beforeEach, expect } from 'vitest';
import { type FetchLimits, fetchPublic, type Unsafely } from '../../tools/cli/src/fetch-public.ts';
import { main } from '../../tools/cli/src/main.ts';
import { branchRef, type Repository, type User } from '../../tools/dev/src/github/github-state.ts';
import type { ReleaseSpec } from '../analysis/merge/merge-world.ts';
import { HONEST, mainRegistry } from '../analysis/merge/merge-world.ts';
import { type SmallRegistry, writeFiles } from '../testkit/registry-folder.ts';
import { openWorld, type World } from './stand-in.ts';

export interface Bench extends World {
  readonly main: SmallRegistry;
  /** What the reviewer has checked out. */
  readonly checkout: string;
  readonly slept: number[];
  /** How the reviewer fetches from where strangers say; without it as everywhere, from public addresses alone. */
  fetchPublic?: typeof fetchPublic;
  run(argv: readonly string[], options?: RunOptions): Promise<Ended>;
  review(...more: string[]): Promise<ReviewResult>;
  /** Puts the reviewer's checkout where main is. */
  pull(): Promise<void>;
  /** A version folder as `plugmark sign` writes it. */
  signed(spec: ReleaseSpec & { readonly plugin: string; readonly version: string }): Promise<string>;
  submit(folder: string, user: User, ...more: string[]): Promise<SubmitResult>;
  /** Moves the clock on. */
  later(minutes: number): void;
  /** Of every pull request of the registry, in order. */
  comments(): NonNullable<ReturnType<World['github']['state']['comments']['get']>>;
  mainSha(): ReturnType<World['github']['state']['git']['readRef']>;
  forkOf(login: string): Repository;
}

/** A bench for each test, which must have asked the stand-in for nothing it does not have. */
export function benchForEach(take: (bench: Bench) => void): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    take(bench);
  });
  afterEach(async () => {
    expect(bench.github.unknown).toEqual([]);
    await bench.end();
  });
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `change`: of the registry's files, before anybody sees them. */
export async function openBench({ change }: { change?: (files: FileTree) => void } = {}): Promise<Bench> {
  const main = await mainRegistry();
  change?.(main.files);
  const world = await openWorld(main.files);
  const checkout = join(world.folder, 'checkout');
  const slept: number[] = [];
  await writeFiles(join(world.folder, 'artifacts'), []);
  const bench: Bench = {
    ...world,
    main,
    checkout,
    slept,
    run: (argv, options) => run(bench, argv, options),
    review: async (...more) => {
      const argv = [
        'review',
        '--repository',
        'plugmark/registry',
        '--artifacts',
        join(world.folder, 'artifacts'),
        '--json',
        ...more,
      ];
      const ended = await bench.run(argv, { cwd: checkout, env: { GITHUB_TOKEN: world.reviewer } });
      if (ended.stdout === '') throw new Error(ended.stderr);
      return parse(ReviewResult, JSON.parse(ended.stdout), 'review');
    },
    pull: () => checkOut(bench),
    signed: (spec) => signed(bench, spec),
    submit: async (folder, user, ...more) => {
      const argv = [
        'submit',
        folder,
        '--repository',
        'plugmark/registry',
        '--registry',
        join(checkout, 'registry'),
        '--json',
        ...more,
      ];
      const ended = await bench.run(argv, { env: { GITHUB_TOKEN: world.github.token(user) } });
      if (ended.stdout === '') throw new Error(ended.stderr);
      return parse(SubmitResult, JSON.parse(ended.stdout), 'submit');
    },
    later: (minutes) => {
      world.clock.now = new Date(world.clock.now.getTime() + minutes * 60_000);
    },
    comments: () => world.github.state.comments.get(world.registry.id) ?? [],
    mainSha: () => world.github.state.git.readRef(branchRef(world.registry, 'main')),
    forkOf: (login) => {
      const found = [...world.github.state.repositories.values()].find(({ owner }) => owner.login === login);
      if (found === undefined) throw new Error(`${login} has no fork`);
      return found;
    },
  };
  await bench.pull();
  await saveArtifacts(bench, main);
  return bench;
}

async function run(
  { github, clock, folder, slept, fetchPublic: get }: Bench,
  argv: readonly string[],
  { cwd = folder, env = {} }: RunOptions = {},
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const io = {
    stdout: into('stdout'),
    stderr: into('stderr'),
    cwd,
    env: { GITHUB_API_URL: github.address, ...env },
    now: () => clock.now,
    fetch,
    sleep: async (milliseconds: number) => void slept.push(milliseconds),
    // What is on github.com there is on the stand-in here; nothing else is anywhere.
    fetchPublic:
      get ??
      ((address: string, limits: FetchLimits) =>
        fetchPublic(address.replace(/^https:\/\/github\.com/, github.address), limits, LOOPBACK)),
  };
  return { exit: await main(argv, io), ...said };
}

const LOOPBACK: Unsafely = {
  allowHost: (name) => name === '127.0.0.1',
  allowAddress: (address) => address === '127.0.0.1',
  allowPlainHttp: true,
};

async function checkOut({ github, registry, checkout }: Bench): Promise<void> {
  await rm(checkout, { recursive: true, force: true });
  await mkdir(checkout, { recursive: true });
  const { git } = github.state;
  const ref = `refs/namespaces/${registry.owner.id}-${registry.name}/refs/heads/main`;
  const files = await git.readTree((await git.readRef(ref)) ?? '', { recursive: true });
  for (const { path, type, sha } of files)
    if (type === 'blob') await writeFiles(checkout, [[path, await git.readBlob(sha)]]);
}

async function saveArtifacts({ folder }: World, { artifacts }: SmallRegistry): Promise<void> {
  await writeFiles(
    join(folder, 'artifacts'),
    [...artifacts].map(([digest, bytes]) => [`${digest}.wasm`, bytes] as const),
  );
}

async function signed(bench: Bench, spec: ReleaseSpec & { plugin: string; version: string }): Promise<string> {
  const head: SmallRegistry = { files: new Map(bench.main.files), artifacts: new Map(bench.main.artifacts) };
  await HONEST.release(head, spec);
  await saveArtifacts(bench, head);
  const at = `plugins/${spec.plugin}/`;
  const out = join(bench.folder, 'signed', spec.plugin);
  const own = [...head.files].filter(
    ([path]) => path.startsWith(`${at}${spec.version}/`) || path === `${at}listing.json`,
  );
  await writeFiles(
    out,
    own.map(([path, bytes]) => [path.slice(at.length), bytes] as const),
  );
  return join(out, spec.version);
}

import { resolve } from 'node:path';
import {
  completeWrite,
  type FileTree,
  jsonFile,
  type RegistrySource,
  type ReleaseSource,
  readFolder,
  readRegistrySource,
  runFits,
  sha256,
  withLock,
  writeTree,
} from '@plugmark/publish';
import type { RunOptions } from '@plugmark/sandbox';
import { type HostProfile, parseJson, type RunList, RunReport, Vector } from '@plugmark/schemas';
import type { Command } from 'commander';
import { findArtifact, repositoryOf } from '../artifact-sources.ts';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { ledgerHasRuns, readLedgerFolder } from '../ledger-runs.ts';
import { requireOwnFolder } from '../own-folder.ts';
import { registryFiles } from '../registry-files.ts';
import { developmentOverlay, registryFolder } from '../registry-folder.ts';
import { runReport } from '../run-report.ts';
import { askedSecond, SECOND_ENGINE_HELP, secondEngineOf } from '../second-engine-of.ts';

interface RunAllOptions {
  readonly out: string;
  readonly registry?: string;
  readonly artifacts: string[];
  readonly shard?: string;
  readonly ledger?: string;
  readonly again?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark registry run --out runs
  plugmark registry build --out tree --runs runs`;

/** The file that says what the others are. */
const LIST = 'runs.json';

export function registryRunCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('run')
    .summary('run every release’s vectors in the sandbox')
    .description(
      'Runs the vectors of every release in the sandbox and writes one run report for each release and host. It holds no key; `registry build --runs` reads what it wrote. Reports that are still of the same bytes, manifest and profile are kept; with a second engine, those that did not ask it are made again.',
    )
    .requiredOption('--out <folder>', 'where to write the run reports')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--artifacts <folder...>', 'folders with <sha256>.wasm files', [])
    .option('--shard <k/n>', 'only this part of the releases, so that n machines share them; k from 1')
    .option('--ledger <folder>', 'leave out what this ledger has reports of two machines of')
    .option('--again', 'run everything again')
    .option('--json', 'one line of JSON (schema: run-list)')
    .addHelpText('after', SECOND_ENGINE_HELP + EXAMPLES)
    .action(async (options: RunAllOptions) => {
      const list = await runAll(io, options);
      if (options.json) printJson(io, list);
      else print(io, `${options.out}: ${list.runs.length} run reports`);
      finish(EXIT.ok);
    });
}

async function runAll(io: Io, options: RunAllOptions): Promise<RunList> {
  const data = registryFolder(io, options.registry);
  const isMine = shardOf(options.shard);
  const out = resolve(io.cwd, options.out);
  await requireOwnFolder(out, { holds: LIST, named: options.out });
  const places = {
    folders: [developmentOverlay(data).artifacts, ...options.artifacts.map((folder) => resolve(io.cwd, folder))],
    npmFrom: repositoryOf(data),
  };
  return withLock(`${out}.running`, async () => {
    await completeWrite(out);
    const source = readRegistrySource(await registryFiles(io, data));
    const how = { ...secondEngineOf(io), requiredLayers: source.policy.sandbox.requiredLayers };
    const known =
      options.ledger === undefined
        ? undefined
        : await readLedgerFolder(resolve(io.cwd, options.ledger), source.registry.id);
    const hasSecond = how.secondEngine !== undefined;
    const jobs = allJobs(source)
      .filter(isMine)
      .filter((job) => known === undefined || !ledgerHasRuns(known, { ...job, hasSecond }));
    const before: FileTree = options.again === undefined ? await readFolder(out) : new Map();
    const files: FileTree = new Map();
    const runs: RunList['runs'] = [];
    for (const [i, job] of jobs.entries()) {
      const artifact = await findArtifact(job.source, places);
      const done = artifact && (keptReport(before.get(job.path), job, how) ?? (await run(io, job, artifact, how)));
      say(io, `[${i + 1}/${jobs.length}] ${sayJob(job, done)}`);
      if (done === undefined) continue;
      const file = jsonFile(done.report);
      const { plugin, version } = job.source.release;
      files.set(job.path, file);
      runs.push({ plugin, version, host: job.profile.host, path: job.path, sha256: sha256(file) });
    }
    const list: RunList = { schemaVersion: 1, runs };
    await writeTree(out, files.set(LIST, jsonFile(list)));
    return list;
  });
}

const SHARD = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/;

/** By the digest of the path, so that every machine divides alike and a new release moves no other. Throws USAGE. */
function shardOf(named: string | undefined): (job: Job) => boolean {
  if (named === undefined) return () => true;
  const [, k, n] = SHARD.exec(named) ?? [];
  if (k === undefined || Number(k) > Number(n))
    throw new CliError('USAGE', `--shard takes k/n such as 1/4, not ${named}`);
  return ({ path }) =>
    Number.parseInt(sha256(new TextEncoder().encode(path)).slice(0, 8), 16) % Number(n) === Number(k) - 1;
}

function sayJob({ source, profile }: Job, done: Done | undefined): string {
  const { plugin, version } = source.release;
  const result =
    done === undefined
      ? 'not run: no source has its bytes'
      : `${done.report.runs.length} runs${done.kept ? '  (unchanged)' : ''}${leftOut(done.report)}`;
  return `${plugin} ${version} on ${profile.host}  ${result}`;
}

const leftOut = ({ notRun = [] }: RunReport): string =>
  notRun.map(({ name, reason }) => `\n  ${name} was not used: ${reason}`).join('');

interface Job {
  readonly source: ReleaseSource;
  readonly profile: HostProfile;
  readonly vectors: readonly Vector[];
  readonly path: string;
}

/** One for each release and host it has vectors for. A process plugin cannot be run here. */
function allJobs({ plugins, hosts }: RegistrySource): Job[] {
  return [...plugins.values()].flatMap(({ plugin, releases }) =>
    [...releases].flatMap(([version, source]) =>
      source.release.targets.flatMap(({ host }) => {
        const profile = hosts.get(host);
        const all = [...source.vectors].map(([name, bytes]) => parseJson(Vector, bytes, `vectors/${name}.json`));
        const vectors = all.filter((vector) => vector.host === host);
        if (profile === undefined || vectors.length === 0 || source.release.artifact.kind === 'process') return [];
        return [{ source, profile, vectors, path: `${plugin}/${version}/${host}.json` }];
      }),
    ),
  );
}

interface Done {
  readonly report: RunReport;
  readonly kept: boolean;
}

/**
 * What lies there from before, while it is of the same bytes, manifest, profile and analyser. One that asked a second engine is kept on
 * a machine without it, and not the other way round.
 */
function keptReport(
  bytes: Uint8Array | undefined,
  { source, profile, path }: Job,
  { secondEngine }: RunOptions,
): Done | undefined {
  if (bytes === undefined) return undefined;
  const report = parseJson(RunReport, bytes, path);
  const isComplete = secondEngine === undefined || askedSecond(report);
  return isComplete && runFits(report, source, profile) ? { report, kept: true } : undefined;
}

async function run(io: Io, { source, profile, vectors }: Job, artifact: Uint8Array, how: RunOptions): Promise<Done> {
  const { release, manifestSha256 } = source;
  const { plugin, version } = release;
  const input = { artifact, kind: release.artifact.kind, profile, vectors, now: io.now() };
  return { report: await runReport({ ...input, release: { plugin, version, manifestSha256 } }, how), kept: false };
}

import { resolve } from 'node:path';
import { type RegistrySource, type ReleaseSource, readFolder, readRegistrySource } from '@plugmark/publish';
import type { FetchResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type FetchedRelease, fetchReleases } from '../fetch-releases.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { readLedgerFolder } from '../ledger-runs.ts';
import { isFolder } from '../read-input.ts';
import { developmentOverlay, registryFolder } from '../registry-folder.ts';

interface FetchOptions {
  readonly out: string;
  readonly registry?: string;
  readonly ledger?: string;
  readonly skipFailed?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark registry fetch --out artifacts
  plugmark registry fetch --registry source/registry --ledger ledger --out new`;

export function registryFetchCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('fetch')
    .summary('fetch the bytes of every release, by digest')
    .description(
      'Fetches the bytes of every release from the registry’s own copy, the sources the release names, or a mirror, and writes each as <sha256>.wasm or .zip. Only public addresses are fetched from, within policy’s size and time. What is there and right is kept, so that a fetch that was stopped goes on.',
    )
    .requiredOption('--out <folder>', 'where to write them; nothing is removed there')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--ledger <folder>', 'only releases that this ledger does not have yet')
    .option('--skip-failed', 'exit 0 though some were not to be had: a build with --skip-refused leaves those out')
    .option('--json', 'one line of JSON (schema: fetch-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: FetchOptions) => {
      const result = await fetchAll(io, options);
      if (options.json) printJson(io, result);
      else print(io, render(result, options.out));
      finish(options.skipFailed ? EXIT.ok : EXITS[result.outcome]);
    });
}

/** Bytes that may be there later are a matter of the network. */
const EXITS = { pass: EXIT.ok, fail: EXIT.failed, inconclusive: EXIT.io } as const satisfies Record<
  FetchResult['outcome'],
  ExitCode
>;

async function fetchAll(io: Io, options: FetchOptions): Promise<FetchResult> {
  const data = registryFolder(io, options.registry);
  const source = readRegistrySource(await readFolder(data));
  const { registry, policy } = source;
  const releases = await wanted(io, source, options.ledger);
  return fetchReleases({
    registry,
    releases,
    out: resolve(io.cwd, options.out),
    folders: [developmentOverlay(data).artifacts],
    limits: { maxBytes: policy.limits.artifactBytes, timeoutMs: policy.limits.analysisSeconds * 100 },
    get: io.fetchPublic,
    onDone: (release, done) => say(io, `[${done}/${releases.length}] ${sayRelease(release)}`),
  });
}

async function wanted(
  io: Io,
  { plugins, registry }: RegistrySource,
  named: string | undefined,
): Promise<ReleaseSource[]> {
  const all = [...plugins.values()].flatMap(({ releases }) => [...releases.values()]);
  if (named === undefined) return all;
  const folder = resolve(io.cwd, named);
  // A name that was mistyped would look like a new ledger, and everything would be fetched.
  if (!(await isFolder(io, named)))
    throw new CliError('FILE_MISSING', `${named} is not a folder`, { hint: 'plugmark registry ledger pull fills it' });
  const { entries } = await readLedgerFolder(folder, registry.id);
  return all.filter(({ release: { plugin, version } }) => !entries.has(`${plugin}@${version}`));
}

function sayRelease({ plugin, version, state, source, failures }: FetchedRelease): string {
  const from = source === undefined ? '' : ` from ${source}`;
  const reasons = failures.map((failure) => `\n  ${failure.source}: ${failure.reason} [${failure.state}]`);
  return `${plugin} ${version}  ${state === 'failed' ? 'not to be had' : state}${from}${reasons.join('')}`;
}

function render({ releases }: FetchResult, out: string): string {
  const count = (state: FetchedRelease['state']): number => releases.filter((one) => one.state === state).length;
  return `${out}: ${count('fetched')} fetched, ${count('present')} present, ${count('failed')} not to be had`;
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderTerminal } from '@plugmark/analysis';
import {
  type BuildEvent,
  type BuildResult,
  buildRegistry,
  completeWrite,
  type KeylessSigner,
  type RegistrySource,
  type ReleaseSource,
  readFolder,
  readLedger,
  readRegistrySource,
  trustState,
  type WriteResult,
  withLock,
  writeTree,
} from '@plugmark/publish';
import { BuildOutput, parse, type RootState } from '@plugmark/schemas';
import type { Command } from 'commander';
import { blobFolder, findArtifact, repositoryOf } from '../artifact-sources.ts';
import { buildChanged } from '../build-changed.ts';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson, say } from '../io.ts';
import { mirrorArtifacts, withMirrors } from '../mirror/mirror-folder.ts';
import { fileSize } from '../numbers.ts';
import {
  KEYS_IN_ENVIRONMENT,
  makeDevelopmentKeys,
  type OpenedTrust,
  openTrust,
  publishedTimestamp,
} from '../open-trust.ts';
import { BUILT, requireOwnFolder } from '../own-folder.ts';
import { readRuns } from '../read-runs.ts';
import { registryFiles } from '../registry-files.ts';
import { developmentOverlay, registryFolder } from '../registry-folder.ts';
import { workflowSigner } from '../release-signer.ts';
import { trustLock } from '../trust-folder.ts';
import { waitingNotes } from '../waiting-notes.ts';

interface BuildOptions {
  readonly out: string;
  readonly registry?: string;
  readonly ledger?: string;
  readonly trust?: string;
  readonly keys?: string;
  readonly artifacts: string[];
  readonly signingConfig?: string;
  readonly runs: string[];
  readonly skipRefused?: true;
  readonly changed?: true;
  readonly draw: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark registry build --out tree
  plugmark registry build --out tree --ledger ledger --trust trust --keys keys
  plugmark registry build --changed --out tree --ledger ledger --trust trust \\
    --keys env:`;

export function registryBuildCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('build')
    .summary('analyse, verify, sign and write the registry')
    .description(
      'Analyses every release, verifies its publisher’s signature, co-signs verified publishers, signs the metadata, has a fresh client verify everything, and only then writes the tree.',
    )
    .requiredOption('--out <folder>', 'where to write the tree')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--ledger <folder>', 'what cannot be derived again (default: the development overlay)')
    .option('--trust <folder>', 'signed root and targets (default: the development overlay)')
    .option(
      '--keys <folder>',
      'signing keys, or env: for PLUGMARK_ONLINE_KEY and PLUGMARK_COSIGN_KEY (default: the development overlay, made on first use)',
    )
    .option('--artifacts <folder...>', 'folders with <sha256>.wasm files', [])
    .option('--signing-config <file>', 'services for keyless co-signing (default: trust/signing_config.json)')
    .option('--runs <folder...>', 'folders written by registry run, one a machine', [])
    .option('--skip-refused', 'leave refused releases out instead of stopping')
    .option(
      '--changed',
      'only what changed since the last build into this folder; the rest is neither read nor verified',
    )
    .option('--draw <n>', 'with --changed: how many other plugins, drawn by chance, are made and verified again', '50')
    .option('--json', 'one line of JSON (schema: build-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: BuildOptions) => {
      const built = await build(io, options);
      for (const note of built.waiting) say(io, note);
      if (options.json) printJson(io, summary(built));
      else print(io, renderSummary(built));
      finish(EXIT.ok);
    });
}

interface Built {
  readonly result: Pick<BuildResult, 'refusals' | 'verified'>;
  readonly written: WriteResult;
  readonly out: string;
  /** What is not in it, and should perhaps be. A build of what changed does not look. */
  readonly waiting: readonly string[];
}

interface Places {
  readonly data: string;
  readonly out: string;
  readonly ledger: string;
  readonly trust: string;
  readonly keys: string;
  readonly artifacts: readonly string[];
}

function places(io: Io, options: BuildOptions): Places {
  const data = registryFolder(io, options.registry);
  const overlay = developmentOverlay(data);
  const within = (named: string | undefined, otherwise: string): string =>
    named === undefined ? otherwise : resolve(io.cwd, named);
  const out = resolve(io.cwd, options.out);
  return {
    data,
    out,
    ledger: within(options.ledger, overlay.ledger),
    trust: within(options.trust, overlay.trust),
    keys: options.keys === KEYS_IN_ENVIRONMENT ? KEYS_IN_ENVIRONMENT : within(options.keys, overlay.keys),
    artifacts: [
      overlay.artifacts,
      mirrorArtifacts(data),
      ...options.artifacts.map((folder) => resolve(io.cwd, folder)),
      blobFolder(out),
    ],
  };
}

async function build(io: Io, options: BuildOptions): Promise<Built> {
  const where = places(io, options);
  await requireOwnFolder(where.out, { holds: BUILT, named: options.out });
  // From reading the ledger to writing it nobody else may: two builds would give one number to two releases, or two metadata files.
  return withLock(`${where.ledger}.building`, () =>
    withLock(trustLock(where.data, where.trust), () => withMirrors(where.data, () => buildLocked(io, options, where))),
  );
}

async function buildLocked(
  io: Io,
  options: BuildOptions,
  { data, out, ledger, trust, keys, artifacts }: Places,
): Promise<Built> {
  // Killed while it wrote: what had been decided is finished before it is read.
  for (const folder of [ledger, trust]) await completeWrite(folder);
  const development = options.keys === undefined;
  if (development) await announceKeys(io, keys);
  const now = io.now();
  const keyless = (): Promise<KeylessSigner> => workflowSigner(io, data, options);
  const runs = await readRuns(options.runs.map((folder) => resolve(io.cwd, folder)));
  const trusted = async (source: RegistrySource, hasHistory: boolean): Promise<OpenedTrust> => {
    const opened = await openTrust({ trust, keys, env: io.env, source, now, development, hasHistory, keyless });
    warnOfEnds(io, trustState(opened.offline, source.registry.expiries, now));
    return opened;
  };
  const shared = {
    artifact: (release: ReleaseSource) => findArtifact(release, { folders: artifacts, npmFrom: repositoryOf(data) }),
    leaveOutMissing: options.skipRefused === true,
    now,
    onProgress: ({ done, total, plugin, version, verdict, reused }: BuildEvent) =>
      say(io, `[${done}/${total}] ${plugin} ${version}  ${verdict}${reused ? '  (unchanged)' : ''}`),
  };
  if (options.changed && !development) {
    const changed = await buildChanged(io, {
      ...{ ...shared, data, out, ledger, trust, keys, runs, draw: drawCount(options.draw) },
      openTrust: (source) => trusted(source, true),
      publishedTimestamp: ({ offline }) => publishedTimestamp(out, offline),
      requireAdmitted: (result) => requireAdmitted(io, result, options),
    });
    if (changed !== undefined) return { ...changed, out: options.out, waiting: [] };
  }
  const source = readRegistrySource(await (development ? registryFiles(io, data) : readFolder(data)));
  const history = readLedger(await readFolder(ledger), source.registry.id);
  const opened = await trusted(source, history.head !== undefined);
  const result = await buildRegistry({
    ...{ source, ...opened, ledger: history, runs: runs.of, ...shared },
    published: await publishedTimestamp(out, opened.offline),
  });
  requireAdmitted(io, result, options);
  const waiting = development ? [] : await waitingNotes({ source, trust, now });
  // The ledger first: what was signed must not be lost when the tree cannot be written.
  await writeTree(ledger, result.ledger);
  return { result, written: await writeTree(out, result.tree), out: options.out, waiting };
}

function drawCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new CliError('USAGE', `--draw takes a whole number, not ${text}`);
}

/** Offline roles are renewed by people, who have to hear of it in time. */
function warnOfEnds(io: Io, { roles, endingSoon }: RootState): void {
  for (const { role, expires } of roles)
    if (endingSoon.includes(role)) say(io, `${role}.json ends ${expires}: sign it anew (plugmark root sign)`);
}

async function announceKeys(io: Io, keys: string): Promise<void> {
  const isNew = !existsSync(keys);
  const made = await makeDevelopmentKeys(keys);
  if (made.length > 0)
    say(
      io,
      `${isNew ? 'made development keys' : `made the development keys ${made.join(', ')}`} in .plugmark/dev/keys (for this machine only)`,
    );
}

function requireAdmitted(io: Io, { refusals }: Pick<BuildResult, 'refusals'>, { skipRefused }: BuildOptions): void {
  for (const { reports } of refusals)
    for (const report of reports)
      if (report.verdict === 'fail') io.stderr.write(`${renderTerminal(report, { paint: painter(io, io.stderr) })}\n`);
  if (refusals.length === 0 || skipRefused) return;
  const list = refusals.map(
    ({ plugin, version, reasons }) => `${plugin} ${version}: ${reasons.join(', ') || 'not signed'}`,
  );
  throw new CliError(
    'REFUSED',
    [
      `refused, so nothing was written: ${refusals.length} ${refusals.length === 1 ? 'release' : 'releases'}`,
      ...list,
    ].join('\n'),
  );
}

function summary({ result, written, out }: Built): BuildOutput {
  const plugins = result.verified.map(({ plugin, version, sha256, tier, registry }) => ({
    plugin,
    version,
    sha256,
    tier,
    levels: [...registry.levels],
  }));
  const refused = result.refusals.map(({ plugin, version, reasons }) => ({ plugin, version, reasons }));
  return parse(BuildOutput, { out, plugins, refused, ...written }, 'result');
}

function renderSummary({ result, written, out }: Built): string {
  const rows = result.verified.map(({ plugin, version, tier, size, registry }) => [
    plugin,
    version,
    tier,
    fileSize(size),
    registry.state === 'verified' ? 'co-signed' : 'not co-signed',
  ]);
  const table = [['plugin', 'version', 'tier', 'size', 'mark'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  const refused = result.refusals.map(
    ({ plugin, version, reasons }) => `  left out: ${plugin} ${version} (${reasons.join(', ') || 'not signed'})`,
  );
  return [
    ...lines,
    ...refused,
    '',
    `verified by a fresh client: ${result.verified.length} releases`,
    `${out}: ${written.written} files written, ${written.unchanged} unchanged, ${written.removed} removed`,
  ].join('\n');
}

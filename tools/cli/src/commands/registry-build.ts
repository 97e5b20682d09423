import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderTerminal } from '@plugmark/analysis';
import { type BuildResult, buildRegistry, readFolder, readLedger, readRegistrySource, type WriteResult, writeTree } from '@plugmark/publish';
import type { Command } from 'commander';
import { blobFolder, findArtifact, repositoryOf } from '../artifact-sources.ts';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson, say } from '../io.ts';
import { developmentOverlay, registryFolder } from '../registry-folder.ts';
import { makeDevelopmentKeys, openTrust } from '../trust-folder.ts';

interface BuildOptions {
  readonly out: string;
  readonly registry?: string;
  readonly ledger?: string;
  readonly trust?: string;
  readonly keys?: string;
  readonly artifacts: string[];
  readonly skipRefused?: true;
  readonly json?: true;
}

export function registryBuildCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('build')
    .summary('analyse, verify, sign and write the registry')
    .description('Analyses every release, verifies its publisher’s signature, co-signs verified publishers, signs the metadata, has a fresh client verify everything, and only then writes the tree.')
    .requiredOption('--out <folder>', 'where to write the tree')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--ledger <folder>', 'what cannot be derived again (default: the development overlay)')
    .option('--trust <folder>', 'signed root and targets (default: the development overlay)')
    .option('--keys <folder>', 'signing keys (default: the development overlay, made on first use)')
    .option('--artifacts <folder...>', 'folders with <sha256>.wasm files', [])
    .option('--skip-refused', 'leave refused releases out instead of stopping')
    .option('--json', 'one line of JSON')
    .action(async (options: BuildOptions) => {
      const built = await build(io, options);
      if (options.json) printJson(io, summary(built));
      else print(io, renderSummary(built));
      finish(EXIT.ok);
    });
}

interface Built {
  readonly result: BuildResult;
  readonly written: WriteResult;
  readonly out: string;
}

async function build(io: Io, options: BuildOptions): Promise<Built> {
  const data = registryFolder(io, options.registry);
  const overlay = developmentOverlay(data);
  const within = (named: string | undefined, otherwise: string): string => (named === undefined ? otherwise : resolve(io.cwd, named));
  const [out, ledgerFolder, trust, keys] = [resolve(io.cwd, options.out), within(options.ledger, overlay.ledger), within(options.trust, overlay.trust), within(options.keys, overlay.keys)];
  const development = options.keys === undefined;
  if (development) await announceKeys(io, keys);
  const source = readRegistrySource(await readFolder(data));
  const now = io.now();
  const opened = await openTrust({ trust, keys, source, now, development });
  const folders = [overlay.artifacts, ...options.artifacts.map((folder) => resolve(io.cwd, folder)), blobFolder(out)];
  const result = await buildRegistry({
    source,
    ...opened,
    ledger: readLedger(await readFolder(ledgerFolder), source.registry.id),
    artifact: (release) => findArtifact(release, { folders, npmFrom: repositoryOf(data) }),
    now,
    onProgress: ({ done, total, plugin, version, verdict, reused }) => say(io, `[${done}/${total}] ${plugin} ${version}  ${verdict}${reused ? '  (unchanged)' : ''}`),
  });
  requireAdmitted(io, result, options);
  // The ledger first: what was signed must not be lost when the tree cannot be written.
  await writeTree(ledgerFolder, result.ledger);
  return { result, written: await writeTree(out, result.tree), out: options.out };
}

async function announceKeys(io: Io, keys: string): Promise<void> {
  const isNew = !existsSync(keys);
  const made = await makeDevelopmentKeys(keys);
  if (made.length > 0) say(io, `${isNew ? 'made development keys' : `made the development keys ${made.join(', ')}`} in .plugmark/dev/keys (ignored by git; for this machine only)`);
}

function requireAdmitted(io: Io, { refusals }: BuildResult, { skipRefused }: BuildOptions): void {
  for (const { reports } of refusals) for (const report of reports) if (report.verdict === 'fail') io.stderr.write(`${renderTerminal(report, { paint: painter(io, io.stderr) })}\n`);
  if (refusals.length === 0 || skipRefused) return;
  const list = refusals.map(({ plugin, version, reasons }) => `${plugin} ${version} (${reasons.join(', ')})`).join('; ');
  throw new CliError('REFUSED', `refused: ${list}; nothing was written`);
}

function summary({ result, written, out }: Built): object {
  const plugins = result.verified.map(({ plugin, version, sha256, tier, registry }) => ({ plugin, version, sha256, tier, levels: registry.levels }));
  const refused = result.refusals.map(({ plugin, version, reasons }) => ({ plugin, version, reasons }));
  return { out, plugins, refused, ...written };
}

function renderSummary({ result, written, out }: Built): string {
  const rows = result.verified.map(({ plugin, version, tier, size, registry }) => [plugin, version, tier, `${Math.ceil(size / 1024)} kB`, registry.state === 'verified' ? `co-signed, ${registry.levels.length} levels` : 'not co-signed']);
  const table = [['plugin', 'version', 'tier', 'size', 'registry’s mark'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  const refused = result.refusals.map(({ plugin, version, reasons }) => `  left out: ${plugin} ${version} (${reasons.join(', ')})`);
  return [...lines, ...refused, `${result.verified.length} releases verified by a fresh client; ${out}: ${written.written} files written, ${written.unchanged} unchanged, ${written.removed} removed`].join('\n');
}

// The analyser on other people's modules: a whole report in process and as a process, the walk over every instruction,
// and the meter; each beside what else reads WebAssembly. PLUGMARK_CORPUS_DIR (see test/wasm/fetch-corpus.ts) adds the
// file of 32 MB.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspectWasm } from '@plugmark/wasm';
import { build } from 'esbuild';
import { mediansMs, type Row, type RowInput, row, skippedRow, talk } from './harness.ts';
import { bench as benchMeter } from './meter.ts';
import { PEERS, type Peer, type PeerInput } from './peers.ts';
import { reviewer } from './review-file.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const REGISTRY = join(ROOT, 'registry');
const HOST = 'dprint';
const plugin = (name: string): string => join(ROOT, 'node_modules/@dprint', name, 'plugin.wasm');
const corpus = process.env['PLUGMARK_CORPUS_DIR'];

const FILES: Readonly<Record<string, string | undefined>> = {
  '600kb': plugin('json'),
  '4mb': plugin('typescript'),
  '32mb': corpus === undefined ? undefined : join(corpus, '@ffmpeg+core@0.12.10/dist/esm/ffmpeg-core.wasm'),
};

/** Peer -> how its row ends and what the report, or only the walk, must reach beside it. */
const COMPARED: Readonly<
  Record<keyof typeof PEERS, { readonly of: 'report' | 'walk'; readonly suffix: string; readonly atMost?: number }>
> = {
  objdump: { of: 'report', suffix: '', atMost: 0.6 },
  validate: { of: 'report', suffix: '-validate', atMost: 0.12 },
  wabt: { of: 'report', suffix: '-wabt' },
  binaryen: { of: 'report', suffix: '-binaryen' },
  wasmparser: { of: 'walk', suffix: '', atMost: 0.3 },
  v8: { of: 'walk', suffix: '-v8' },
};
const NAMES = Object.keys(COMPARED) as (keyof typeof PEERS)[];

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [size, path] of Object.entries(FILES)) {
    const reason = path === undefined ? 'PLUGMARK_CORPUS_DIR is not set' : `${path} is not there`;
    if (path !== undefined && existsSync(path)) rows.push(...(await benchFile(size, path)));
    else rows.push(...NAMES.map((name) => skippedRow(rowName(name, size), 'ms', reason)));
  }
  rows.push(...(await benchProcess(plugin('typescript'))));
  return [...rows, ...(await benchMeter())];
}

function rowName(name: keyof typeof PEERS, size: string): string {
  return `${COMPARED[name].of}-${size}${COMPARED[name].suffix}`;
}

/** Large files are warm after a few turns, small ones only after many. */
const WARM_MS = 2000;

async function benchFile(size: string, path: string): Promise<Row[]> {
  const input: PeerInput = { bytes: new Uint8Array(readFileSync(path)), path };
  const review = reviewer(REGISTRY, HOST);
  const peers = await Promise.all(NAMES.map((name) => PEERS[name](input)));
  const running = peers.filter((peer) => 'run' in peer);
  const own = [() => review(input.bytes), () => inspectWasm(input.bytes)];
  const medians = await mediansMs([...own, ...running.map(({ run }) => run)], { runs: 15, warmMs: WARM_MS });
  const [report = Number.NaN, walk = Number.NaN] = medians;
  const times = { report, walk };
  talk(
    `${size}: ${(input.bytes.length / 1e6).toFixed(1)} MB, report ${report.toFixed(1)} ms, walk ${walk.toFixed(1)} ms`,
  );
  return NAMES.map((name, index) => {
    const { of, atMost } = COMPARED[name];
    const goal = atMost === undefined ? {} : { goal: { of: 'ratio', atMost } as const };
    const peer = measured(peers[index] as Peer, { running, medians: medians.slice(own.length) });
    return row({ name: rowName(name, size), unit: 'ms', value: times[of], peer, ...goal });
  });
}

function measured(
  peer: Peer,
  { running, medians }: { readonly running: readonly Peer[]; readonly medians: readonly number[] },
): NonNullable<RowInput['peer']> {
  if ('missing' in peer) return peer;
  return { name: peer.name, value: medians[running.indexOf(peer)] as number };
}

/** The whole process, bundled as an installed package is, and the command itself; both beside a process that does nothing. */
async function benchProcess(path: string): Promise<Row[]> {
  if (!existsSync(path)) return [skippedRow('report-4mb-cold', 'ms', `${path} is not there`)];
  const folder = mkdtempSync(join(tmpdir(), 'plugmark-bench-'));
  try {
    const entry = join(folder, 'review-file.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('review-file.ts', import.meta.url))],
      outfile: entry,
      ...{
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'node',
        conditions: ['@plugmark/source'],
        logLevel: 'error',
      },
    });
    // As an installed command starts: a small file that lets Node keep what it compiled, and then the rest.
    const launcher = join(folder, 'launch.mjs');
    writeFileSync(
      launcher,
      `import { enableCompileCache } from 'node:module';\nenableCompileCache(${JSON.stringify(folder)});\nawait import('./review-file.mjs');\n`,
    );
    const commands = [
      ['-e', '0'],
      [launcher, path, REGISTRY, HOST],
      [join(ROOT, 'tools/cli/bin/plugmark.js'), 'check', path, '--host', HOST, '--json'],
    ];
    const [bare = Number.NaN, cold = Number.NaN, cli = Number.NaN] = await mediansMs(
      commands.map((command) => () => runNode(command)),
      { runs: 15, warmMs: 500 },
    );
    const peer = { name: 'node -e 0', value: bare };
    return [
      row({ name: 'report-4mb-cold', unit: 'ms', value: cold, peer, goal: { of: 'ratio', atMost: 2.5 } }),
      row({ name: 'report-4mb-cli', unit: 'ms', value: cli, peer }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runNode(args: readonly string[]): void {
  const env = { ...process.env, PLUGMARK_REVIEW_FILE: '1' };
  const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const judged = args[0] === '-e' || (status !== null && status < 2 && stdout.includes('"verdict"'));
  if (!judged) throw new TypeError(`${args.join(' ')} ended with ${status}`);
}

// The analyser on other people's modules: a whole report in process and as a process, the walk over every instruction,
// and the meter; each beside what else reads WebAssembly. PLUGMARK_CORPUS_DIR (see test/wasm/fetch-corpus.ts) adds the
// file of 32 MB.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspectWasm } from '@plugmark/wasm';
import { build } from 'esbuild';
import { medianMs, type Row, type RowInput, row, skippedRow, talk } from './harness.ts';
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

async function benchFile(size: string, path: string): Promise<Row[]> {
  const input: PeerInput = { bytes: new Uint8Array(readFileSync(path)), path };
  const review = reviewer(REGISTRY, HOST);
  const times = {
    report: await medianMs(() => review(input.bytes), { runs: 11, warmup: 5 }),
    walk: await medianMs(() => inspectWasm(input.bytes), { runs: 11, warmup: 5 }),
  };
  talk(
    `${size}: ${(input.bytes.length / 1e6).toFixed(1)} MB, report ${times.report.toFixed(1)} ms, walk ${times.walk.toFixed(1)} ms`,
  );
  const rows: Row[] = [];
  for (const name of NAMES) {
    const { of, atMost } = COMPARED[name];
    const peer = await measure(await PEERS[name](input));
    const goal = atMost === undefined ? {} : { goal: { of: 'ratio', atMost } as const };
    rows.push(row({ name: rowName(name, size), unit: 'ms', value: times[of], peer, ...goal }));
  }
  return rows;
}

async function measure(peer: Peer): Promise<NonNullable<RowInput['peer']>> {
  if ('missing' in peer) return peer;
  return { name: peer.name, value: await medianMs(peer.run, { runs: 5, warmup: 1 }) };
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
    const peer = { name: 'node -e 0', value: await processMs(['-e', '0']) };
    const cold = await processMs([entry, path, REGISTRY, HOST]);
    const cli = await processMs([join(ROOT, 'tools/cli/bin/plugmark.js'), 'check', path, '--host', HOST, '--json']);
    return [
      row({ name: 'report-4mb-cold', unit: 'ms', value: cold, peer, goal: { of: 'ratio', atMost: 2.5 } }),
      row({ name: 'report-4mb-cli', unit: 'ms', value: cli, peer }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function processMs(args: readonly string[]): Promise<number> {
  const env = { ...process.env, PLUGMARK_REVIEW_FILE: '1' };
  return medianMs(
    () => {
      const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
      const judged = args[0] === '-e' || (status !== null && status < 2 && stdout.includes('"verdict"'));
      if (!judged) throw new TypeError(`${args.join(' ')} ended with ${status}`);
    },
    { runs: 11, warmup: 2 },
  );
}

// Files of 200 MB, most of them one thing too many times: a typed finding, and no more memory than a few times the file.
import { spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnalysisReport } from '@plugmark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreModule, name, section, u32 } from '../testkit/wasm-builder.ts';
import { REPOSITORY } from './fixtures.ts';

const SIZE = 200_000_000;
const MAX_RSS_MB = 1_100;

let folder: string;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-large-'));
  script = join(folder, 'main.mjs');
  await writeFile(script, SCRIPT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Large {
  /** Bytes before the filling. */
  readonly head: Uint8Array;
  /** Repeated up to the size. */
  readonly unit: Uint8Array;
  /** Codes that the reader may give, or none where the file is well-formed. */
  readonly code?: string;
}

const PREAMBLE = coreModule();
const FIVE_BYTES = (value: number): number[] =>
  [0, 7, 14, 21, 28].map((shift, at) => ((value >>> shift) & 0x7f) | (at < 4 ? 0x80 : 0));
/** A section of a known id that takes the rest of the file, beginning with a count as large as 32 bits allow, or given. */
const rest = (id: number, unit: readonly number[], start: readonly number[] = []): Large => {
  const length = SIZE - PREAMBLE.length - 6;
  return { head: Uint8Array.from([...PREAMBLE, id, ...FIVE_BYTES(length), ...start]), unit: Uint8Array.from(unit) };
};
const count = (value: number): number[] => FIVE_BYTES(value);

const FILES: Readonly<Record<string, Large>> = {
  zeros: { head: new Uint8Array(), unit: Uint8Array.from([0]), code: 'WASM_NOT_WASM' },
  'one custom section': rest(0, [0x61], name('x')),
  'empty custom sections': { head: PREAMBLE, unit: Uint8Array.from([0, 1, 0]), code: 'WASM_LIMIT' },
  types: { ...rest(1, [0x60, 0, 0], count(60_000_000)), code: 'WASM_LIMIT' },
  'recursion groups': { ...rest(1, [0x4e, 1, 0x60, 0, 0], count(39_999_000)), code: 'WASM_LIMIT' },
  imports: { ...rest(2, [0, 0, 3, 0x7f, 0], count(39_999_000)), code: 'WASM_LIMIT' },
  functions: { ...rest(3, [0], count(199_000_000)), code: 'WASM_LIMIT' },
  exports: { ...rest(7, [1, 0x61, 0, 0], count(49_999_000)), code: 'WASM_LIMIT' },
  'element segments': { ...rest(9, [1, 0, 0], count(60_000_000)), code: 'WASM_LIMIT' },
  'bodies without functions': { ...rest(10, [2, 0, 0x0b], count(60_000_000)), code: 'WASM_LIMIT' },
  'data segments': { ...rest(11, [1, 0], count(99_000_000)), code: 'WASM_LIMIT' },
  'one data segment': rest(11, [0x41], [...u32(1), 1, ...FIVE_BYTES(SIZE - PREAMBLE.length - 6 - 7)]),
  'components in a component': {
    head: Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]),
    unit: Uint8Array.from(section(4, [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0])),
    code: 'WASM_LIMIT',
  },
  'nested names': { ...rest(0, [...section(1, name('a'))], name('name')) },
};

async function write(path: string, { head, unit }: Large): Promise<void> {
  const file = await open(path, 'w');
  const times = Math.floor(4_000_000 / unit.length);
  const block = Buffer.alloc(times * unit.length, unit);
  let written = (await file.write(head)).bytesWritten;
  while (written < SIZE) written += (await file.write(block, 0, Math.min(block.length, SIZE - written))).bytesWritten;
  await file.close();
}

const SCRIPT = `
import { main } from ${JSON.stringify(new URL('../../tools/cli/src/main.ts', import.meta.url).href)};
process.exitCode = await main(process.argv.slice(2));
process.stderr.write(String(process.resourceUsage().maxRSS));
`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function plugmark(...argv: string[]): Promise<Ended> {
  const args = ['--conditions=@plugmark/source', '--max-old-space-size=512', script];
  const child = spawn(process.execPath, [...args, ...argv, '--json'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 300_000,
    killSignal: 'SIGKILL',
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, ...said })));
}

const megabytes = ({ stderr }: Ended): number => Number(stderr.slice(stderr.lastIndexOf('\n') + 1)) / 1024;

test.each(Object.entries(FILES))('%s', async (_, large) => {
  const path = join(folder, 'large.wasm');
  await write(path, large);
  const inspected = await plugmark('inspect', path);
  const said = JSON.parse(inspected.stdout) as { error?: { code: string }; artifact?: unknown };
  expect(said.error?.code).toBe(large.code);
  expect(inspected.code).toBe(large.code === undefined ? 0 : 1);
  expect(megabytes(inspected)).toBeLessThan(MAX_RSS_MB);

  const checked = await plugmark('check', path, '--host', 'conductor');
  const report = JSON.parse(checked.stdout) as AnalysisReport;
  expect([checked.code, report.verdict]).toEqual([1, 'fail']);
  expect(report.outcomes.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId))).toContain(
    'artifact.too-large',
  );
  expect(megabytes(checked)).toBeLessThan(MAX_RSS_MB);
});

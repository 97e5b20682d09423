// WASI preview 1 as plugins see it: every function exported again by a module that only forwards, called with numbers from vectors.
// The folder is the vector's, in memory; a path cannot leave it, and without a grant there is none.
import { type ConfigurationId, runVectors } from '@plugmark/sandbox';
import type { HostProfile, Vector, VectorRun } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { ERRNO } from '../../tools/sandbox/src/child/wasi-memory.ts';
import { assemble } from '../analysis/assemble.ts';
import { registryHost, sandboxHost, vectorOf } from './sandbox-host.ts';

const WASI = 'wasi_snapshot_preview1';
const HIELEMENTS = registryHost('hielements');
const RULES = HIELEMENTS.imports.filter(({ module }) => module === WASI);
const FORBIDDEN = RULES.filter(({ meaning }) => meaning.as === 'forbidden').map(({ name }) => name);

/** Texts by address. */
const TEXTS: Readonly<Record<number, string>> = {
  16: 'notes.txt',
  64: '../etc/passwd',
  96: '/etc/passwd',
  128: 'sub/deep.txt',
  160: 'new.txt',
  192: 'sub/../notes.txt',
  224: 'sub',
  256: 'notes.txt/x',
  288: 'folder',
};
const text = (address: number): [number, number] => [address, TEXTS[address]?.length ?? 0];
/** One buffer of so many bytes at 2048, described at 1024. */
const LIST = 1024;
const BUFFER = 2048;
const OUT = 4096;

function forwarder(names: readonly string[]): string {
  const chosen = RULES.filter(({ name }) => names.includes(name));
  const imports = chosen.map(
    ({ name, type = '' }) => `(import "${WASI}" "${name}" (func $${name} ${signature(type)}))`,
  );
  const exports = chosen.map(({ name, type = '' }) => {
    const values = parameters(type).map((_, i) => `(local.get ${i})`);
    return `(func (export "${name}") ${signature(type)} (call $${name} ${values.join(' ')}))`;
  });
  const data = Object.entries(TEXTS).map(([at, value]) => `(data (i32.const ${at}) "${value}")`);
  return `(module ${imports.join(' ')} (memory (export "memory") 1) ${data.join(' ')} ${exports.join(' ')}
    (func (export "poke") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "peek") (param i32) (result i32) (i32.load (local.get 0))))`;
}

const parameters = (type: string): string[] => (/^\(([^)]*)\)/.exec(type)?.[1] ?? '').split(', ').filter(Boolean);
function signature(type: string): string {
  const result = /-> \(([^)]+)\)/.exec(type)?.[1];
  return `(param ${parameters(type).join(' ')})${result === undefined ? '' : ` (result ${result})`}`;
}

type Call = readonly [string, ...(number | string)[]];
const FILES: Vector['files'] = [
  { path: 'notes.txt', content: { text: 'hello notes' } },
  { path: 'sub/deep.txt', content: { text: 'deep' } },
];
const ALL = RULES.map(({ name }) => name).filter((name) => !FORBIDDEN.includes(name));

async function play(
  calls: readonly Call[],
  {
    grants = [],
    profile = { ...HIELEMENTS, abi: 'raw' } as HostProfile,
    names = ALL,
    configuration = 'liftoff' as ConfigurationId,
  }: {
    grants?: readonly string[];
    profile?: HostProfile;
    names?: readonly string[];
    configuration?: ConfigurationId;
  } = {},
): Promise<{ readonly results: unknown[]; readonly run: VectorRun }> {
  const vector = vectorOf(calls, { host: profile.host, grants: [...grants], files: FILES });
  const { runs } = await runVectors(
    { artifact: assemble(forwarder(names)), profile, vectors: [vector] },
    { configurations: [configuration] },
  );
  const run = runs[0] as VectorRun;
  return { run, results: run.calls.map(({ output }) => (Array.isArray(output) ? output[0] : output)) };
}

const open = (path: number, { flags = 0, rights = '2' } = {}): Call => [
  'path_open',
  3,
  0,
  ...text(path),
  flags,
  rights,
  rights,
  0,
  OUT,
];
const READ = ['read:workspace'];
const WRITE = ['read:workspace', 'write:workspace'];
const buffer = (length: number): Call[] => [
  ['poke', LIST, BUFFER],
  ['poke', LIST + 4, length],
];

test('without a grant no file function does anything', async () => {
  const names = RULES.filter(({ meaning }) => meaning.as === 'capability');
  const { results, run } = await play(names.map(({ name, type = '' }) => [name, ...parameters(type).map(() => 3)]));
  expect(run.ending).toBe('ok');
  // A libc ends its search for folders at this error, and the program at any other.
  expect(results).toEqual(names.map(({ name }) => (name.startsWith('fd_prestat') ? ERRNO.badf : ERRNO.notcapable)));
  expect(run.hostCalls).toBe(names.length);
});

test('with reading granted: the folder by its name, a file by its path, its bytes', async () => {
  const { results } = await play(
    [
      ['fd_prestat_get', 3, OUT],
      ['peek', OUT + 4],
      ['fd_prestat_dir_name', 3, BUFFER, 10],
      ['peek', BUFFER],
      ['fd_prestat_get', 4, OUT],
      open(16),
      ['peek', OUT],
      ...buffer(5),
      ['fd_read', 4, LIST, 1, OUT],
      ['peek', OUT],
      ['peek', BUFFER],
      ['fd_tell', 4, OUT],
      ['peek', OUT],
      ['fd_seek', 4, '-2', 2, OUT],
      ['fd_read', 4, LIST, 1, OUT],
      ['peek', OUT],
      ['fd_pread', 4, LIST, 1, '6', OUT],
      ['peek', BUFFER],
      ['path_filestat_get', 3, 0, ...text(128), OUT],
      ['peek', OUT + 32],
      open(192),
      ['fd_close', 4],
      ['fd_close', 4],
    ],
    { grants: READ },
  );
  const word = (value: string): number => Buffer.from(value).readInt32LE(0);
  expect(results).toEqual([
    ...[0, 1, 0, '/'.charCodeAt(0), ERRNO.badf],
    ...[0, 4, undefined, undefined, 0, 5, word('hell'), 0, 5, 0, 0, 2, 0, word('note'), 0, 4, 0, 0, ERRNO.badf],
  ]);
});

test('a path cannot leave the folder', async () => {
  const { results } = await play([open(64), open(96), ['path_filestat_get', 3, 0, ...text(64), OUT], open(256)], {
    grants: WRITE,
  });
  expect(results).toEqual([ERRNO.notcapable, ERRNO.notcapable, ERRNO.notcapable, ERRNO.notdir]);
});

test('with reading alone nothing can be changed', async () => {
  const { results } = await play(
    [
      open(160, { flags: 1 }),
      open(16, { flags: 8 }),
      open(16, { rights: '66' }),
      ...buffer(4),
      ['fd_write', 4, LIST, 1, OUT],
      ['fd_pwrite', 4, LIST, 1, '0', OUT],
      ['path_create_directory', 3, ...text(288)],
      ['path_unlink_file', 3, ...text(16)],
      ['path_rename', 3, ...text(16), 3, ...text(160)],
    ],
    { grants: READ },
  );
  const no = ERRNO.notcapable;
  expect(results).toEqual([no, no, 0, undefined, undefined, no, no, no, no, no]);
});

test('with writing granted: made, written, read again, renamed, removed', async () => {
  const { results } = await play(
    [
      open(160, { flags: 1, rights: '66' }),
      ['poke', BUFFER, 0x21736579],
      ...buffer(4),
      ['fd_write', 4, LIST, 1, OUT],
      ['fd_filestat_get', 4, OUT],
      ['peek', OUT + 32],
      ['fd_pread', 4, LIST, 1, '0', OUT],
      ['peek', BUFFER],
      open(160, { flags: 5, rights: '66' }),
      ['path_create_directory', 3, ...text(288)],
      ['path_remove_directory', 3, ...text(224)],
      ['path_remove_directory', 3, ...text(288)],
      ['path_rename', 3, ...text(16), 3, ...text(128)],
      ['path_filestat_get', 3, 0, ...text(16), OUT],
      ['fd_filestat_set_size', 4, '999999999999'],
    ],
    { grants: WRITE },
  );
  expect(results).toEqual([
    ...[0, undefined, undefined, undefined, 0, 0, 4, 0, 0x21736579],
    ...[ERRNO.exist, 0, ERRNO.notempty, 0, 0, ERRNO.noent, ERRNO.nospc],
  ]);
});

test('addresses outside the memory are an error, not an end', async () => {
  const { results, run } = await play(
    [
      ['fd_write', 1, -8, 1, OUT],
      ['fd_write', 1, LIST, 100_000, OUT],
      ['random_get', -4, 8],
      ['clock_time_get', 0, '0', -1],
      ['args_sizes_get', -1, -1],
      ['path_open', 3, 0, -1, 100, 0, '0', '0', 0, OUT],
      ['poll_oneoff', -1, OUT, 1, OUT],
      ['fd_readdir', 3, -1, 100, '0', OUT],
    ],
    { grants: READ },
  );
  expect(run.ending).toBe('ok');
  expect(results).toEqual([ERRNO.fault, ERRNO.inval, ...Array.from({ length: 6 }, () => ERRNO.fault)]);
});

test('the clock stands at the host’s hour and random numbers come from the vector’s seed', async () => {
  const calls: Call[] = [
    ['clock_time_get', 0, '0', OUT],
    ['peek', OUT],
    ['peek', OUT + 4],
    ['random_get', BUFFER, 4],
    ['peek', BUFFER],
    ['environ_sizes_get', OUT, OUT + 4],
    ['peek', OUT],
    ['poll_oneoff', 0, OUT, 1, OUT + 64],
    ['sched_yield'],
  ];
  const [one, other] = [await play(calls), await play(calls, { configuration: 'liftoff-other-world' })];
  const nanoseconds = BigInt.asUintN(32, BigInt(Number(one.results[1]))) + (BigInt(Number(one.results[2])) << 32n);
  expect(nanoseconds).toBe(BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n);
  // Hielements promises both, so they are the same in every world.
  expect(other.results).toEqual(one.results);
});

test('flags, kinds and what streams cannot do', async () => {
  const { results } = await play([
    ['fd_fdstat_get', 1, OUT],
    ['peek', OUT],
    ['fd_seek', 1, '0', 0, OUT],
    ['fd_tell', 0, OUT],
    ['fd_fdstat_get', 9, OUT],
    ['fd_renumber', 1, 2],
    ['fd_close', 1],
  ]);
  expect([results[0], Number(results[1]) & 0xff, ...results.slice(2)]).toEqual([
    0,
    2,
    ERRNO.spipe,
    ERRNO.spipe,
    ERRNO.badf,
    0,
    ERRNO.badf,
  ]);
});

test('a program: arguments, input, output, exit status', async () => {
  const wat = `(module
    (import "${WASI}" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "${WASI}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "${WASI}" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "${WASI}" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\20\\00\\00\\00\\10\\00\\00\\00")
    (func (export "_start")
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.store (i32.const 4) (i32.load (i32.const 8)))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
      (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 12)))
      (drop (call $sizes (i32.const 64) (i32.const 68)))
      (call $exit (i32.load (i32.const 64)))))`;
  const calls: Vector['calls'] = [{ entry: '_start', input: { json: { args: ['a', 'b'], stdin: 'hello' } } }];
  const vector = vectorOf([], { calls });
  const { runs } = await runVectors(
    { artifact: assemble(wat), profile: sandboxHost({ abi: 'wasi-command' }), vectors: [vector] },
    { configurations: ['liftoff'] },
  );
  expect(runs[0]).toMatchObject({ ending: 'ok', printed: 'hellohello' });
  expect(runs[0]?.calls[0]?.output).toEqual({ exit: 3, stdout: 'hello', stderr: 'hello' });
});

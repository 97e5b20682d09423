// What the analysis is measured beside: other people's readers of WebAssembly, in process and as commands. A peer that
// is not here, or cannot read a file, is a reason and never an error. wasmparser and binaryen are installed apart from
// the repository: `npm ci --prefix test/bench/peers`.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

/** Does the peer's work on a file once, or says why it cannot. */
export type Peer = { readonly name: string } & ({ readonly run: () => void } | { readonly missing: string });

export interface PeerInput {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly path: string;
}

/** Above this, one turn of binaryen takes many seconds and gigabytes. */
const SLOW_PEER_BYTES = 12_000_000;
const FOLDER = fileURLToPath(new URL('peers/node_modules/', import.meta.url));

export const PEERS = {
  objdump: ({ path }: PeerInput): Peer => command('wasm-objdump', ['-x', path]),
  validate: ({ path }: PeerInput): Peer => command('wasm-validate', ['--enable-all', path]),
  v8: ({ bytes }: PeerInput): Peer => tried('WebAssembly.validate', () => void WebAssembly.validate(bytes)),
  wabt: async ({ bytes }: PeerInput): Promise<Peer> => {
    const { readWasm } = await wabt();
    return tried('wabt.js', () => readWasm(bytes, { readDebugNames: true, threads: true }).destroy());
  },
  wasmparser: ({ bytes }: PeerInput): Promise<Peer> => fromFolder('wasmparser', 'dist/cjs/WasmParser.js', parse(bytes)),
  binaryen: async ({ bytes }: PeerInput): Promise<Peer> =>
    bytes.length > SLOW_PEER_BYTES
      ? { name: 'binaryen', missing: 'a file so large takes it many seconds and gigabytes, and is left out' }
      : fromFolder('binaryen', 'index.js', readWithBinaryen(bytes)),
} as const;

type Library = Readonly<Record<string, unknown>>;

async function fromFolder(name: string, file: string, work: (library: Library) => () => void): Promise<Peer> {
  try {
    // Not a literal, so that neither the type checker nor the bundler looks for a package that is not a dependency.
    const module = (await import(join(FOLDER, name, file))) as { default?: Library };
    return tried(name, work((module.default ?? module) as Library));
  } catch (error) {
    const missing = (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    if (!missing) return { name, missing: `it fails on this file: ${String(error)}` };
    return { name, missing: 'not installed: npm ci --prefix test/bench/peers' };
  }
}

const parse =
  (bytes: Uint8Array) =>
  ({ BinaryReader }: Library) =>
  (): void => {
    const reader = new (
      BinaryReader as new () => { setData(data: unknown, at: number, size: number): void; read(): boolean }
    )();
    reader.setData(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    while (reader.read());
  };

const readWithBinaryen =
  (bytes: Uint8Array) =>
  ({ readBinary }: Library) =>
  (): void =>
    (readBinary as (bytes: Uint8Array) => { dispose(): void })(bytes).dispose();

/** A command of the machine: the ones npm installs are the same tools compiled to WebAssembly. */
function command(name: string, args: readonly string[]): Peer {
  const folder = (process.env['PATH'] ?? '')
    .split(delimiter)
    .find((each) => !each.includes('node_modules') && isExecutable(join(each, name)));
  if (folder === undefined) return { name, missing: `${name} is not installed` };
  return tried([name, ...args.slice(0, -1)].join(' '), () => {
    const { status, error } = spawnSync(join(folder, name), args, { stdio: 'ignore' });
    if (error !== undefined || status !== 0) throw error ?? new TypeError(`${name} ended with ${status}`);
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A peer that refuses a file would look fast, so it is asked once before. */
function tried(name: string, run: () => void): Peer {
  try {
    run();
    return { name, run };
  } catch (error) {
    return { name, missing: `it fails on this file: ${String(error).slice(0, 120)}` };
  }
}

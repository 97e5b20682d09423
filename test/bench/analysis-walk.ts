// The part of a report that reads and walks a module: sections, every instruction, features and counts in one pass.
// Peers: wabt.js, which reads every instruction too; and wasmparser, where it is installed (it is no dependency).
// PLUGMARK_CORPUS_DIR adds the file of 32 MB.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspectWasm } from '@plugmark/wasm';
import wabt from 'wabt';
import { medianMs, type Row, row, skippedRow, talk } from './harness.ts';

type Wabt = Awaited<ReturnType<typeof wabt>>;
/** A whole walk with wasmparser, or why there is none. */
type Parser = ((bytes: Uint8Array) => void) | string;

const plugin = (name: string): string =>
  fileURLToPath(new URL(`../../node_modules/@dprint/${name}/plugin.wasm`, import.meta.url));
const corpus = process.env['PLUGMARK_CORPUS_DIR'];

const FILES: readonly (readonly [string, string | undefined])[] = [
  ['report-600kb', plugin('json')],
  ['report-4mb', plugin('typescript')],
  ['report-32mb', corpus === undefined ? undefined : join(corpus, '@ffmpeg+core@0.12.10/dist/esm/ffmpeg-core.wasm')],
];

/** Two rows a file: beside wabt.js and beside wasmparser. */
export async function bench(): Promise<Row[]> {
  const [tools, parser] = [await wabt(), await loadParser()];
  const rows: Row[] = [];
  for (const [name, path] of FILES) {
    if (path === undefined) rows.push(skippedRow(`${name}-walk`, 'ms', 'PLUGMARK_CORPUS_DIR is not set'));
    else if (!existsSync(path)) rows.push(skippedRow(`${name}-walk`, 'ms', 'the file is not there'));
    else rows.push(...(await benchFile(`${name}-walk`, path, { tools, parser })));
  }
  return rows;
}

async function benchFile(
  name: string,
  path: string,
  { tools, parser }: { readonly tools: Wabt; readonly parser: Parser },
): Promise<Row[]> {
  const bytes = new Uint8Array(readFileSync(path));
  const value = await medianMs(() => inspectWasm(bytes), { runs: 11, warmup: 5 });
  talk(`${name}: ${(bytes.length / 1e6).toFixed(1)} MB, ${(bytes.length / 1e3 / value).toFixed(0)} MB/s`);
  const wabtPeer = canRead(tools, bytes)
    ? { name: 'wabt.js', value: await medianMs(() => readWithWabt(tools, bytes), { runs: 5, warmup: 1 }) }
    : { name: 'wabt.js', missing: 'wabt.js does not read this file with its default features' };
  const peer =
    typeof parser === 'string'
      ? { name: 'wasmparser', missing: parser }
      : { name: 'wasmparser', value: await medianMs(() => parser(bytes), { runs: 5, warmup: 1 }) };
  return [
    row({ name, unit: 'ms', value, peer: wabtPeer }),
    row({ name: `${name}-parser`, unit: 'ms', value, peer, goal: { of: 'ratio', atMost: 0.3 } }),
  ];
}

function readWithWabt(tools: Wabt, bytes: Uint8Array): void {
  tools.readWasm(bytes, { readDebugNames: true, threads: true }).destroy();
}

function canRead(tools: Wabt, bytes: Uint8Array): boolean {
  try {
    readWithWabt(tools, bytes);
    return true;
  } catch {
    return false;
  }
}

async function loadParser(): Promise<Parser> {
  // Not a literal, so that the type checker does not look for a package that is not a dependency.
  const specifier = process.env['PLUGMARK_WASMPARSER'] ?? 'wasmparser';
  try {
    const { BinaryReader } = (await import(specifier)) as {
      BinaryReader: new () => { setData(data: ArrayBuffer, at: number, length: number): void; read(): boolean };
    };
    return (bytes) => {
      const reader = new BinaryReader();
      reader.setData(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
      while (reader.read());
    };
  } catch {
    return 'wasmparser is not installed; PLUGMARK_WASMPARSER may name its module';
  }
}

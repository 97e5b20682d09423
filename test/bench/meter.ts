// The meter on other people's plugins: how fast it writes, how much larger modules become, how much slower they run.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { meterFuel } from '@plugmark/wasm';
import { median, mediansMs, type Row, row, skippedRow, talk } from './harness.ts';

const PACKAGES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const plugin = (name: string): string => `${PACKAGES}@dprint/${name}/plugin.wasm`;
const SCHEDULE = { schedule: 'wasmtime/classic' } as const;
type Call = (...values: readonly number[]) => number;

/** Text for a formatter that keeps it busy for some tens of milliseconds. */
const TEXTS: Readonly<Record<string, { readonly path: string; readonly text: string }>> = {
  json: {
    path: 'a.json',
    text: JSON.stringify(Array.from({ length: 4000 }, (_, n) => ({ n, name: `item ${n}`, list: [n, n + 1, null] }))),
  },
  typescript: {
    path: 'a.ts',
    text: Array.from(
      { length: 250 },
      (_, n) =>
        `export   function f${n}(a:number,b?:string):number{ if(a>${n}){return a*2}else{return [1,2].map(x=>x+a).length}}\n`,
    ).join(''),
  },
};

export async function bench(): Promise<Row[]> {
  const rows = [await throughput(), sizes()];
  for (const name of Object.keys(TEXTS)) rows.push(await slowdown(name));
  return [...rows, slowest(rows)];
}

async function throughput(): Promise<Row> {
  const path = plugin('typescript');
  if (!existsSync(path)) return skippedRow('meter-throughput', 'MB/s', '@dprint/typescript is not installed');
  const bytes = new Uint8Array(readFileSync(path));
  const [ms = Number.NaN] = await mediansMs([() => meterFuel(bytes, SCHEDULE)], { runs: 21, warmMs: 3000 });
  return row({
    name: 'meter-throughput',
    unit: 'MB/s',
    value: bytes.length / 1e3 / ms,
    goal: { of: 'value', atLeast: 90 },
  });
}

/** Every installed module of this kind, and those of PLUGMARK_CORPUS_DIR below 20 MB. */
function sizes(): Row {
  const roots = [
    PACKAGES,
    ...(process.env['PLUGMARK_CORPUS_DIR'] === undefined ? [] : [`${process.env['PLUGMARK_CORPUS_DIR']}/`]),
  ];
  const ratios = roots.flatMap((root) =>
    globSync('**/*.wasm', { cwd: root }).flatMap((file) => {
      const bytes = new Uint8Array(readFileSync(`${root}${file}`));
      const isCore = bytes[4] === 1 && bytes.length < 20_000_000;
      return isCore ? [meterFuel(bytes, SCHEDULE).bytes.length / bytes.length] : [];
    }),
  );
  talk(`meter-size: ${ratios.length} modules, largest ratio ${Math.max(...ratios).toFixed(2)}`);
  return row({ name: 'meter-size', unit: 'ratio', value: median(ratios), goal: { of: 'value', atMost: 1.22 } });
}

async function slowdown(name: string): Promise<Row> {
  const rowName = `meter-slowdown-${name}`;
  if (!existsSync(plugin(name))) return skippedRow(rowName, 'ms', `@dprint/${name} is not installed`);
  const bytes = new Uint8Array(readFileSync(plugin(name)));
  const metered = meterFuel(bytes, SCHEDULE);
  const [plain, counted] = [formatter(bytes, name), formatter(metered.bytes, name, metered.exports.fuel)];
  // Enough turns for the optimising compiler to be done with both.
  const [peerValue = Number.NaN, value = Number.NaN] = await mediansMs([plain, counted], { runs: 41, warmMs: 2000 });
  const peer = { name: 'the module as published', value: peerValue };
  return row({ name: rowName, unit: 'ms', value, peer, goal: { of: 'ratio', atMost: 1.2 } });
}

/** The plugin that metering slows down most. */
function slowest(rows: readonly Row[]): Row {
  const ratios = rows.flatMap(({ name, ratio }) =>
    name.startsWith('meter-slowdown') && ratio !== null ? [ratio] : [],
  );
  if (ratios.length === 0) return skippedRow('meter-slowdown', 'ratio', 'no plugin is installed');
  return row({ name: 'meter-slowdown', unit: 'ratio', value: Math.max(...ratios), goal: { of: 'value', atMost: 1.2 } });
}

/** Formats the text once a call. */
function formatter(bytes: Uint8Array<ArrayBuffer>, name: string, fuel?: string): () => void {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const call = (entry: string, ...values: readonly number[]): number => (exports[entry] as Call)(...values);
  const give = (text: string): void => {
    const data = new TextEncoder().encode(text);
    const at = call('clear_shared_bytes', data.length);
    new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer).set(data, at);
  };
  const { path, text } = TEXTS[name] ?? { path: '', text: '' };
  give(JSON.stringify({ plugin: {}, global: {} }));
  call('register_config', 1);
  return () => {
    if (fuel !== undefined) (exports[fuel] as WebAssembly.Global<'i64'>).value = 2n ** 62n;
    give(path);
    call('set_file_path');
    give(text);
    call('format', 1);
  };
}

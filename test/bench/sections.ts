// The reader's outer layer (sections, imports, exports, memories, tables, custom sections) on dprint's plugins, which
// other people ship. The peer is wabt.js, which reads every instruction too, hence the low goal. V8 is no peer: it
// compiles lazily and keeps the module of bytes it has seen.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readWasm } from '@plugmark/wasm';
import wabt from 'wabt';
import { medianMs, type Row, row, skippedRow, talk } from './harness.ts';

type Wabt = Awaited<ReturnType<typeof wabt>>;

const PLUGINS = ['json', 'toml', 'dockerfile', 'typescript'];

/** One row a plugin; the order of PLUGINS. */
export async function bench(): Promise<Row[]> {
  const tools = await wabt();
  const rows: Row[] = [];
  for (const plugin of PLUGINS) rows.push(await benchPlugin(plugin, tools));
  return rows;
}

async function benchPlugin(plugin: string, tools: Wabt): Promise<Row> {
  const name = `sections-${plugin}`;
  const path = fileURLToPath(new URL(`../../node_modules/@dprint/${plugin}/plugin.wasm`, import.meta.url));
  if (!existsSync(path)) return skippedRow(name, 'ms', `@dprint/${plugin} is not installed`);
  const bytes = new Uint8Array(readFileSync(path));
  talk(`${name}: ${(bytes.length / 1e6).toFixed(2)} MB`);
  const value = await medianMs(() => readWasm(bytes), { runs: 21, warmup: 10 });
  const peerValue = await medianMs(() => tools.readWasm(bytes, { readDebugNames: true }).destroy(), {
    runs: 5,
    warmup: 1,
  });
  return row({
    name,
    unit: 'ms',
    value,
    peer: { name: 'wabt.js', value: peerValue },
    goal: { of: 'ratio', atMost: 0.05 },
  });
}

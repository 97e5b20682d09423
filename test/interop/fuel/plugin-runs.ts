// Other people's plugins through their own interface (dprint's: shared bytes in and out), as steps.
import { fileURLToPath } from 'node:url';
import type { Step } from './kernels.ts';

const BUDGET = 4_000_000_000;
const call = (name: string, ...args: readonly number[]): Step => ({ call: name, args, budget: BUDGET });
/** The plugin says where the bytes belong. */
const give = (text: string): Step[] => {
  const bytes = Buffer.from(text);
  return [call('clear_shared_bytes', bytes.length), { write: bytes.toString('hex'), at: 'result' }];
};
const format = (path: string, text: string): Step[] => [
  ...give(JSON.stringify({ plugin: {}, global: {} })),
  call('register_config', 1),
  call('get_config_diagnostics', 1),
  ...give(path),
  call('set_file_path'),
  ...give(text),
  call('format', 1),
  call('get_formatted_text'),
];

const JSON_TEXT = JSON.stringify({
  a: [1, 2, { b: 'text', c: null }],
  numbers: Array.from({ length: 400 }, (_, n) => n * 7),
});
const TOML_TEXT = Array.from({ length: 120 }, (_, n) => `[section-${n}]\nkey   =  ${n}\nlist=[1,2,   3]\n`).join('');
const TS_TEXT = Array.from(
  { length: 60 },
  (_, n) =>
    `export   function f${n}(a:number,b?:string):number{ if(a>${n}){return a*2}else{return [1,2,3].map(x=>x+a).length}}\n`,
).join('');

interface PluginRun {
  readonly name: string;
  readonly path: string;
  readonly steps: readonly Step[];
}

const plugin = (name: string, path: string, text: string): PluginRun => ({
  name: `dprint ${name}`,
  path: fileURLToPath(new URL(`../../../node_modules/@dprint/${name}/plugin.wasm`, import.meta.url)),
  steps: format(path, text),
});

export const PLUGIN_RUNS: readonly PluginRun[] = [
  plugin('json', 'a.json', JSON_TEXT),
  plugin('toml', 'a.toml', TOML_TEXT),
  plugin('typescript', 'a.ts', TS_TEXT),
  plugin('dockerfile', 'Dockerfile', `FROM  node:20\nRUN   echo  hi\n`.repeat(40)),
];

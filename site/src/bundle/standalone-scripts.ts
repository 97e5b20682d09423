// `import text from 'standalone:workers/analyse-worker'` is that module of ours with everything it needs, as the text of one classic
// script. A worker made from such text through a blob: address keeps the policy of its page (one with an address of its own would
// not), and a saved page needs no second file.

import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const PREFIX = 'standalone:';
const SOURCES = new URL('../', import.meta.url);

export function standaloneScripts(conditions: readonly string[]): Plugin {
  // Pages are made in one environment and their scripts in another; both ask for the same text.
  const made = new Map<string, Promise<string>>();
  return {
    name: 'plugmark:standalone-scripts',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const name = id.slice(PREFIX.length + 1);
      const text = made.get(name) ?? bundle(name, conditions);
      made.set(name, text);
      return `export default ${JSON.stringify(await text)};`;
    },
  };
}

async function bundle(name: string, conditions: readonly string[]): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: [...conditions] },
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      lib: { entry: fileURLToPath(new URL(`${name}.ts`, SOURCES)), formats: ['iife'], name: 'plugmark' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const chunks = [output].flat().flatMap((part) => ('output' in part ? part.output : []));
  const [code] = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? [chunk.code] : []));
  if (code === undefined || chunks.length !== 1) throw new Error(`${name} is not one script`);
  return code;
}

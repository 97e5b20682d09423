// Compiles the example plugins in test/plugins to the bytes whose digests are committed in the registry. The output is a
// function of the sources and of the compilers' versions in package-lock.json: the compiler sees files by their names inside
// test/plugins only, never a path of this machine, and no clock. Those in Rust and C are taken as they are committed
// (native-plugins.ts compiles them).

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NATIVE_PLUGINS, nativeFile } from './native-plugins.ts';
import { packProcess } from './pack-process.ts';

const SOURCES = fileURLToPath(new URL('../plugins', import.meta.url));
/** Where tests keep them: compiling takes twenty seconds, and what is taken from here is keyed by all it is compiled from. */
export const EXAMPLE_ARTIFACTS: string = fileURLToPath(new URL('../../.plugmark/test/artifacts', import.meta.url));
const CACHE = 'plugins-cache.json';

interface Recipe {
  readonly plugin: string;
  readonly version: string;
  /** Folder of manifest, README and vectors, relative to test/plugins. */
  readonly folder: string;
  /** Folders whose AssemblyScript sources the plugin may use; the entry is `index.ts` of `folder`. */
  readonly uses: readonly string[];
  /** Most memory the module may grow to, in pages of 64 KiB; each is far below its host's ceiling. */
  readonly maxPages: number;
  /** For a component: the world it is wrapped for, and the canonical name of each core export that does not have it yet. */
  readonly component?: {
    readonly wit: string;
    readonly world: string;
    readonly exports: Readonly<Record<string, string>>;
  };
}

const ANALYZE_GRAPH = 'parseltongue:plugin/parseltongue-plugin@0.1.0#analyze-graph';
const GUEST = 'guest';
const PARSELTONGUE = { wit: 'degree-centrality/world.wit', world: 'plugin' };

/** Every example plugin; the folder names are those of test/plugins. */
export const PLUGIN_RECIPES: readonly Recipe[] = [
  ...['1.0.0', '1.1.0'].map((version) => ({
    plugin: 'plugmark-examples/spectral-entropy',
    version,
    folder: `spectral-entropy/${version}`,
    uses: [GUEST, 'spectral-entropy', `spectral-entropy/${version}`],
    maxPages: 1024,
  })),
  simple('velocity-curve', 16),
  simple('http-trigger', 64),
  simple('layer-check', 256),
  {
    ...simple('degree-centrality', 1024),
    component: {
      ...PARSELTONGUE,
      exports: {
        analyzeGraph: ANALYZE_GRAPH,
        postAnalyzeGraph: `cabi_post_${ANALYZE_GRAPH}`,
        cabiRealloc: 'cabi_realloc',
      },
    },
  },
  simple('plain-text', 1024),
  native('permutation-entropy'),
  native('scale-harmoniser'),
  native('source-imports'),
  { ...native('dependency-cycles'), uses: ['degree-centrality'], component: { ...PARSELTONGUE, exports: {} } },
];

/** Process plugins: what is in `plugin/` of the folder, packed as it is. */
export const PROCESS_RECIPES: readonly Pick<Recipe, 'plugin' | 'version' | 'folder'>[] = [
  { plugin: 'plugmark-examples/text-statistics', version: '1.0.0', folder: 'text-statistics' },
];

export interface BuiltPlugin {
  readonly plugin: string;
  readonly version: string;
  /** Absolute path of `<sha256>.wasm`, or `.zip`. */
  readonly file: string;
  readonly sha256: string;
  readonly size: number;
}

type Cache = Record<string, { sha256: string; size: number }>;

/** Builds every example plugin into `outDir`, or takes over what is there and unchanged. */
export async function buildPlugins(outDir: string): Promise<BuiltPlugin[]> {
  await mkdir(outDir, { recursive: true });
  const sources = await readSources();
  const toolchain = await toolchainVersions();
  const cache = await readCache(outDir);
  const built: BuiltPlugin[] = [];
  for (const recipe of PLUGIN_RECIPES) {
    const used = usedSources(recipe, sources);
    const compiled = await committed(recipe);
    const key = sha256(JSON.stringify([recipe, toolchain, [...used], compiled && sha256(compiled)]));
    const known = await reuse(outDir, cache[key]);
    const entry = known ?? (await store(outDir, await compile(recipe, used, compiled)));
    cache[key] = entry;
    built.push({
      plugin: recipe.plugin,
      version: recipe.version,
      file: join(outDir, `${entry.sha256}.wasm`),
      ...entry,
    });
    process.stderr.write(`${recipe.plugin} ${recipe.version}: ${entry.size} bytes${known ? ', unchanged' : ''}\n`);
  }
  await writeAtomically(join(outDir, CACHE), `${JSON.stringify(cache, null, 1)}\n`);
  for (const { plugin, version, folder } of PROCESS_RECIPES) {
    const entry = await store(outDir, await packProcess(join(SOURCES, folder, 'plugin')), 'zip');
    built.push({ plugin, version, file: join(outDir, `${entry.sha256}.zip`), ...entry });
    process.stderr.write(`${plugin} ${version}: ${entry.size} bytes\n`);
  }
  return built;
}

function simple(name: string, maxPages: number): Recipe {
  return { plugin: `plugmark-examples/${name}`, version: '1.0.0', folder: name, uses: [GUEST, name], maxPages };
}

function native(name: string): Recipe {
  const plugin = NATIVE_PLUGINS.find(({ folder }) => folder === name);
  if (plugin === undefined) throw new Error(`native-plugins.ts has no ${name}`);
  return { ...simple(name, plugin.maxBytes / 65_536), uses: [] };
}

/** The committed file of a plugin in Rust or C. */
async function committed({ folder }: Recipe): Promise<Uint8Array | undefined> {
  const plugin = NATIVE_PLUGINS.find((candidate) => candidate.folder === folder);
  return plugin && new Uint8Array(await readFile(nativeFile(plugin)));
}

async function readSources(): Promise<Map<string, string>> {
  const names = (await readdir(SOURCES, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
  const wanted = names.filter((name) => /\.(ts|wit)$/.test(name)).sort();
  const texts = wanted.map(
    async (name): Promise<[string, string]> => [name, await readFile(join(SOURCES, name), 'utf8')],
  );
  return new Map(await Promise.all(texts));
}

function usedSources(recipe: Recipe, sources: Map<string, string>): Map<string, string> {
  const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/'));
  return new Map([...sources].filter(([name]) => recipe.uses.includes(folderOf(name))));
}

/** What besides the sources decides the bytes; this file is part of it. */
async function toolchainVersions(): Promise<string[]> {
  const require = createRequire(import.meta.url);
  const versions = ['assemblyscript', 'binaryen', '@bytecodealliance/jco-transpile'].map(async (name) => {
    const folder = (require.resolve.paths(name) ?? []).find((path) => existsSync(join(path, name, 'package.json')));
    if (folder === undefined) throw new Error(`${name} is not installed; run npm ci`);
    const { version } = JSON.parse(await readFile(join(folder, name, 'package.json'), 'utf8')) as { version: string };
    return `${name}@${version}`;
  });
  return [...(await Promise.all(versions)), sha256(await readFile(fileURLToPath(import.meta.url)))];
}

async function compile(
  recipe: Recipe,
  sources: Map<string, string>,
  compiled: Uint8Array | undefined,
): Promise<Uint8Array> {
  const core = compiled ?? (await compileCore(recipe, sources));
  if (recipe.component === undefined) return core;
  const wit = sources.get(recipe.component.wit);
  if (wit === undefined) throw new Error(`${recipe.component.wit} is not there`);
  return wrapAsComponent(core, wit, recipe.component);
}

/** The component of an example whose core module needs no renaming. */
export async function componentFromCore(core: Uint8Array, folder: string): Promise<Uint8Array> {
  const recipe = PLUGIN_RECIPES.find((candidate) => candidate.folder === folder);
  if (recipe?.component === undefined) throw new Error(`${folder} is no component`);
  return wrapAsComponent(core, await readFile(join(SOURCES, recipe.component.wit), 'utf8'), recipe.component);
}

async function compileCore(recipe: Recipe, sources: Map<string, string>): Promise<Uint8Array> {
  const { main } = await import('assemblyscript/asc');
  let output: Uint8Array | undefined;
  const result = await main([`${recipe.folder}/index.ts`, ...compilerFlags(recipe)], {
    readFile: (name: string) => sources.get(name) ?? null,
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (contents instanceof Uint8Array) output = contents;
    },
    listFiles: () => [],
  });
  if (result.error !== null || output === undefined) {
    throw new Error(`${recipe.folder} does not compile:\n${result.stderr.toString()}`, { cause: result.error });
  }
  return output;
}

function compilerFlags(recipe: Recipe): string[] {
  return [
    ...['--outFile', 'plugin.wasm', '--runtime', 'minimal', '--optimizeLevel', '3', '--shrinkLevel', '1', '--converge'],
    // Without an abort handler a failed check traps: no env.abort import, and no file name in the data section.
    ...['--use', 'abort=', '--initialMemory', '1', '--maximumMemory', String(recipe.maxPages)],
  ];
}

/** AssemblyScript cannot export a name with a colon in it, so the text form is edited before it is assembled again. */
async function wrapAsComponent(
  core: Uint8Array,
  witSource: string,
  component: NonNullable<Recipe['component']>,
): Promise<Uint8Array> {
  const { componentEmbed, componentNew, parse, print } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  let text = await print(core);
  for (const [name, canonical] of Object.entries(component.exports)) {
    const before = `(export "${name}" `;
    if (!text.includes(before)) throw new Error(`the core module does not export ${name}`);
    text = text.replace(before, `(export "${canonical}" `);
  }
  const binary = await parse(text);
  return componentNew(await componentEmbed({ binary, witSource, world: component.world, stringEncoding: 'utf8' }));
}

async function reuse(outDir: string, entry: Cache[string] | undefined): Promise<Cache[string] | undefined> {
  if (entry === undefined) return undefined;
  const file = join(outDir, `${entry.sha256}.wasm`);
  return existsSync(file) && sha256(await readFile(file)) === entry.sha256 ? entry : undefined;
}

async function store(outDir: string, bytes: Uint8Array, ending: 'wasm' | 'zip' = 'wasm'): Promise<Cache[string]> {
  const entry = { sha256: sha256(bytes), size: bytes.length };
  await writeAtomically(join(outDir, `${entry.sha256}.${ending}`), bytes);
  return entry;
}

async function readCache(outDir: string): Promise<Cache> {
  const file = join(outDir, CACHE);
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Cache;
  } catch {
    // A cache that cannot be read is no cache; it is written anew.
    return {};
  }
}

async function writeAtomically(file: string, contents: string | Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, contents);
  await rename(unfinished, file);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

const [, script, outDir] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  if (outDir === undefined) {
    process.stderr.write('usage: build-plugins.ts OUT\n');
    process.exitCode = 2;
  } else {
    process.stdout.write(`${JSON.stringify(await buildPlugins(outDir), null, 1)}\n`);
  }
}

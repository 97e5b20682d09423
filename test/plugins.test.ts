// The example plugins: built again elsewhere to the bytes that every other test takes, held against their hosts' profiles and
// manifests, and run on their vectors. BLESS=1 records the expected outputs anew.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { componentEmbed, componentNew, componentWit } from '@bytecodealliance/jco-transpile/wasm-tools';
import { satisfiesWorld } from '@plugmark/analysis';
import { DETERMINISM_CONFIGURATIONS } from '@plugmark/sandbox';
import { HostProfile, Manifest, parse, parseJson, Vector, type VectorRun } from '@plugmark/schemas';
import { type ModuleFacts, printWit, readWasm, type WasmFacts } from '@plugmark/wasm';
import { satisfies } from 'semver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { type BuiltPlugin, EXAMPLE_ARTIFACTS, PLUGIN_RECIPES } from './testkit/build-plugins.ts';
import { NATIVE_PLUGINS } from './testkit/native-plugins.ts';
import { deterministicFigures, outputsOf, runInSandbox } from './testkit/run-in-sandbox.ts';
import { spectralEntropy } from './testkit/spectral-entropy.ts';

const BUILD_SCRIPT = fileURLToPath(new URL('./testkit/build-plugins.ts', import.meta.url));
const PLUGINS = fileURLToPath(new URL('./plugins', import.meta.url));
const HOSTS = fileURLToPath(new URL('../registry/hosts', import.meta.url));
const HOST_NAMES = ['conductor', 'ddalab', 'dprint', 'hielements', 'parseltongue', 'project-ai'];

let scratch = '';
let built: BuiltPlugin[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'plugmark-plugins-'));
  built = await build({ cwd: scratch, out: EXAMPLE_ARTIFACTS });
}, 120_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** In a process of its own, so that the working directory is really another one. */
async function build({ cwd, out }: { cwd: string; out: string }): Promise<BuiltPlugin[]> {
  const args = ['--conditions=@plugmark/source', BUILD_SCRIPT, out];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  return (JSON.parse(stdout) as BuiltPlugin[]).map((plugin) => ({ ...plugin, file: resolve(cwd, plugin.file) }));
}

async function bytesOf(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const index = PLUGIN_RECIPES.findIndex((recipe) => recipe.folder === folder);
  const plugin = built[index];
  if (plugin === undefined) throw new Error(`${folder} was not built`);
  return Uint8Array.from(await readFile(plugin.file));
}

async function profileOf(host: string): Promise<HostProfile> {
  return parseJson(HostProfile, await readFile(join(HOSTS, `${host}.json`)), host);
}

/** The manifest with the host's field names replaced by ours. */
async function manifestOf(folder: string): Promise<Manifest> {
  const names = await readdir(join(PLUGINS, folder));
  const name = names.find((candidate) => candidate.endsWith('plugin.yaml'));
  const written = parseYaml(await readFile(join(PLUGINS, folder, name ?? 'plugin.yaml'), 'utf8')) as { host: string };
  const { manifest } = await profileOf(written.host);
  expect(name).toBe(manifest.file);
  const ours = Object.entries(written).map(([key, value]) => [manifest.fields[key] ?? key, value]);
  return parse(Manifest, Object.fromEntries(ours), folder);
}

test('a build in another directory gives the same bytes, and a second one there builds nothing', async () => {
  const elsewhere = join(scratch, 'deeper', 'still');
  await mkdir(elsewhere, { recursive: true });
  const digests = (plugins: BuiltPlugin[]): string[] =>
    plugins.map(({ plugin, version, sha256 }) => `${plugin}@${version} ${sha256}`);
  const second = await build({ cwd: elsewhere, out: '../out' });
  expect(digests(second)).toEqual(digests(built));
  const file = second[0]?.file ?? '';
  await writeFile(file, 'damaged');
  const third = await build({ cwd: elsewhere, out: '../out' });
  expect(third).toEqual(second);
  expect(await readFile(file)).toEqual(await readFile(built[0]?.file ?? ''));
}, 120_000);

test('no path of this machine is in the bytes', async () => {
  for (const { folder } of PLUGIN_RECIPES) {
    const text = Buffer.from(await bytesOf(folder)).toString('latin1');
    // Those in Rust and C name no TypeScript; one of them looks for it.
    const traces = NATIVE_PLUGINS.some((plugin) => plugin.folder === folder)
      ? ['/tmp', tmpdir()]
      : ['node_modules', '.ts'];
    for (const trace of [dirname(PLUGINS), ...traces]) {
      expect(text.includes(trace) || text.includes([...trace].join('\0')), `${trace} in ${folder}`).toBe(false);
    }
  }
});

describe('host profiles', () => {
  test.each(HOST_NAMES)('%s', async (host) => {
    const profile = await profileOf(host);
    const known = new Set(profile.capabilities.map(({ id }) => id));
    const rules = [...profile.imports, ...profile.componentImports];
    const meant = rules.flatMap(({ meaning }) => (meaning.as === 'capability' ? [meaning.capability] : []));
    expect(profile.host).toBe(host);
    expect(meant.filter((id) => !known.has(id))).toEqual([]);
    const imports = profile.imports.map(({ module, name, api }) => `${module} ${name} ${api}`);
    expect(new Set(imports).size).toBe(profile.imports.length);
    if (profile.artifact !== 'process') expect(new Set(meant)).toEqual(known);
    const dangerous = profile.capabilities.filter(({ class: of }) =>
      ['network', 'filesystem', 'subprocess'].includes(of),
    );
    expect(dangerous.every(({ prominent }) => prominent)).toBe(true);
  });

  test.each(['ddalab', 'conductor', 'hielements'])('%s knows all 46 functions of WASI preview 1', async (host) => {
    const { imports } = await profileOf(host);
    expect(imports.filter(({ module }) => module === 'wasi_snapshot_preview1')).toHaveLength(46);
  });

  test("parseltongue's world is valid WIT, is the one the example is built for, and its decoded form names the same interfaces", async () => {
    const { world } = await profileOf('parseltongue');
    expect(world?.wit).toBe(await readFile(join(PLUGINS, 'degree-centrality/world.wit'), 'utf8'));
    const module = await componentEmbed({ witSource: world?.wit ?? '', world: 'plugin', dummy: true });
    const printed = await componentWit(await componentNew(module));
    const named = (list: { name: string }[] | undefined): string[] => (list ?? []).map(({ name }) => name);
    expect([...printed.matchAll(/import (\S+);/g)].map(([, name]) => name)).toEqual(
      named(world?.decoded.imports.interfaces),
    );
    expect([...printed.matchAll(/export (\S+);/g)].map(([, name]) => name)).toEqual(
      named(world?.decoded.exports.interfaces),
    );
  });
});

test('the component example fits the world of its host', async () => {
  const facts = readWasm(await bytesOf('degree-centrality'));
  const { world } = await profileOf('parseltongue');
  if (facts.kind !== 'component' || facts.world === undefined || world === undefined) throw new TypeError('no world');
  expect(satisfiesWorld(facts.world, world.decoded, satisfies)).toEqual([]);
  expect(facts.world.exports).toEqual(world.decoded.exports);
  const printed = printWit(facts.world) ?? '';
  const module = await componentEmbed({ witSource: printed, world: 'root', dummy: true });
  expect(readWasm(Uint8Array.from(await componentNew(module)))).toMatchObject({ world: facts.world });
});

describe("dprint's profile fits plugins that exist", () => {
  test.each(['json', 'toml', 'typescript', 'dockerfile'])('@dprint/%s', async (name) => {
    const file = fileURLToPath(import.meta.resolve(`@dprint/${name}/plugin.wasm`));
    const facts = readWasm(await readFile(file));
    expect(facts.imports).toEqual([]);
    expectRequiredExports(facts, await profileOf('dprint'));
  });
});

describe.each(PLUGIN_RECIPES)('$folder', ({ folder, plugin, version }) => {
  test('manifest: valid, names this release, and declares what the bytes import', async () => {
    const manifest = await manifestOf(folder);
    expect([manifest.plugin, manifest.version]).toEqual([plugin, version]);
    const declared = (manifest.capabilities ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.id));
    expect([...declared].sort()).toEqual(await derivedCapabilities(folder, manifest.host ?? ''));
    const listed = (await readdir(join(PLUGINS, folder, 'vectors'))).map((name) => `vectors/${name}`);
    expect([...listed].sort()).toEqual(manifest.vectors);
  });

  test('exports: all that the host requires, with a type it accepts', async () => {
    const { host } = await manifestOf(folder);
    expectRequiredExports(readWasm(await bytesOf(folder)), await profileOf(host ?? ''));
  });

  test('memory: capped within the limit that the manifest states', async () => {
    const { limits } = await manifestOf(folder);
    for (const { memories } of coreModules(readWasm(await bytesOf(folder)))) {
      expect(memories.map(({ maxPages }) => (maxPages ?? 0) * 65_536)).toEqual([limits?.memoryBytes]);
    }
  });

  test('vectors: each call gives what it is recorded to give, with the same figures in every configuration', async () => {
    const { vectors: paths = [], host } = await manifestOf(folder);
    expect(paths.length).toBeGreaterThanOrEqual(2);
    const files = paths.map((path) => join(PLUGINS, folder, path));
    const vectors = await Promise.all(files.map(async (file) => parseJson(Vector, await readFile(file), file)));
    expect(vectors.map(({ name }) => `vectors/${name}.json`)).toEqual(paths);
    expect(vectors.every((vector) => vector.host === host)).toBe(true);
    const { runs } = await runInSandbox(await bytesOf(folder), vectors, DETERMINISM_CONFIGURATIONS);
    for (const [i, vector] of vectors.entries()) {
      const [first, ...others] = runs.filter((run) => run.vector === vector.name);
      expect(first?.fuel, vector.name).toBeGreaterThan(0);
      if (process.env['BLESS'] !== undefined) await record(files[i] ?? '', vector, outputsOf(first));
      else expect(outputsOf(first), vector.name).toEqual(recorded(vector));
      expect(others.map(deterministicFigures), vector.name).toEqual(
        others.map(() => deterministicFigures(first as VectorRun)),
      );
    }
  });
});

function expectRequiredExports(facts: WasmFacts, profile: HostProfile): void {
  const newest = profile.apiVersions.at(-1) ?? '';
  for (const wanted of profile.exports.filter(({ api = '*' }) => satisfies(newest, api))) {
    const found = facts.exports.find(({ name }) => name === wanted.name);
    if (!wanted.required && found === undefined) continue;
    expect(found, wanted.name).toMatchObject({ kind: wanted.kind });
    if (wanted.types.length > 0) expect(wanted.types).toContain((found as { type?: string }).type);
  }
}

async function derivedCapabilities(folder: string, host: string): Promise<string[]> {
  const facts = readWasm(await bytesOf(folder));
  const profile = await profileOf(host);
  const found = new Set<string>();
  if (facts.kind === 'component') expect(facts.imports).toEqual([]);
  else {
    for (const { module, name, kind, type } of facts.imports) {
      const rule = profile.imports.find((candidate) => candidate.module === module && candidate.name === name);
      expect(rule, `${module} ${name}`).toMatchObject({ kind, type });
      if (rule?.meaning.as === 'capability') found.add(rule.meaning.capability);
    }
  }
  return [...found].sort();
}

function coreModules(facts: WasmFacts): readonly ModuleFacts[] {
  return facts.kind === 'component' ? facts.modules.filter(({ memories }) => memories.length > 0) : [facts];
}

function recorded({ expect: outputs }: Vector): unknown[] {
  return (outputs ?? []).map((output) =>
    'payload' in output && 'json' in output.payload ? output.payload.json : output,
  );
}

async function record(file: string, vector: Vector, outputs: unknown[]): Promise<void> {
  const tolerance = vector.host === 'ddalab' ? { tolerance: 1e-9 } : {};
  const text = JSON.stringify(
    { ...vector, expect: outputs.map((json) => ({ payload: { json }, ...tolerance })) },
    null,
    2,
  );
  // Samples on one line, or a recording would be a thousand lines long.
  const compact = text.replace(
    /\[\s+(-?[\d.][^[\]{}"]*?)\s+\]/g,
    (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`,
  );
  await writeFile(file, `${compact}\n`);
}

describe('spectral entropy against an independent computation', () => {
  const SAMPLE_RATE = 256;
  const random = generator(20_260_131);
  const signal = (length: number, sample: (seconds: number) => number): number[] =>
    Array.from({ length }, (_, i) => sample(i / SAMPLE_RATE));
  const sine = (hertz: number, seconds: number): number => Math.sin(2 * Math.PI * hertz * seconds);
  const SIGNALS: Record<string, number[]> = {
    'sine on a bin': signal(1024, (t) => 50 * sine(10, t)),
    'sine between bins': signal(900, (t) => 50 * sine(10.37, t)),
    'white noise': signal(3000, () => 100 * (random() - 0.5)),
    'rhythm in noise on a large offset': signal(1500, (t) => 40_000 + 20 * sine(11, t) + 10 * (random() - 0.5)),
    'two sines of unlike size': signal(700, (t) => sine(6, t) + 1e-6 * sine(40, t)),
    'one impulse': signal(256, (t) => (t === 0.25 ? 1 : 0)),
    silence: signal(300, () => 0),
    constant: signal(300, () => 0.1),
    'sixteen samples': signal(16, (t) => t * t),
    'too short': signal(15, (t) => t),
  };
  const UNDEFINED = ['silence', 'constant', 'too short'];
  const band = { lowHz: 8, highHz: 13 };
  const cases = [
    { folder: 'spectral-entropy/1.0.0', options: {}, segmentSamples: 1024 },
    { folder: 'spectral-entropy/1.0.0', options: { segmentSamples: 128 }, segmentSamples: 128 },
    { folder: 'spectral-entropy/1.1.0', options: { segmentSamples: 256 }, segmentSamples: 256 },
    {
      folder: 'spectral-entropy/1.1.0',
      options: { band },
      segmentSamples: 1024,
      band: { ...band, sampleRate: SAMPLE_RATE },
    },
  ];

  test.each(cases)('$folder $options', async ({ folder, options, ...wanted }) => {
    const channels = Object.entries(SIGNALS).map(([label, samples]) => ({
      label,
      samples,
      sampleRate: SAMPLE_RATE,
      unit: 'uV',
    }));
    const grants = ['read:channel_data', 'write:results'];
    const calls = [{ entry: 'analyze', input: { json: options } }];
    const vector: Vector = { schemaVersion: 1, name: 'v', title: 'v', host: 'ddalab', calls, grants, channels };
    const { runs } = await runInSandbox(await bytesOf(folder), [vector]);
    const [output] = outputsOf(runs[0]) as [{ status: number; result: { channels: object[] } }];
    expect(output.status).toBe(0);
    for (const [i, { label, samples }] of channels.entries()) {
      const { entropy, ...counts } = spectralEntropy(samples, wanted);
      const computed = output.result.channels[i] as { entropy: number | null };
      expect(computed, label).toMatchObject({ label, ...counts });
      if (entropy === null) expect(computed.entropy, label).toBeNull();
      else expect(Math.abs((computed.entropy ?? Number.NaN) - entropy), label).toBeLessThan(1e-9);
      if (UNDEFINED.includes(label)) expect(entropy, label).toBeNull();
    }
  });

  test('the reference itself: noise is near 1, a sine near 0, an impulse spreads over all bins', () => {
    const of = (name: string): number =>
      spectralEntropy(SIGNALS[name] ?? [], { segmentSamples: 256 }).entropy ?? Number.NaN;
    expect(of('white noise')).toBeGreaterThan(0.97);
    expect(of('sine on a bin')).toBeLessThan(0.25);
    expect(of('one impulse')).toBeGreaterThan(0.99);
  });
});

/** Park and Miller's generator; numbers from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

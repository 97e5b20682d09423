// Bun as the second engine, for real: every example plugin of the registry and the whole hostile suite in JavaScriptCore as in V8.
// Where there is no Bun the suite says so and is skipped.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse as assembleText } from '@bytecodealliance/jco-transpile/wasm-tools';
import { firstDifference, runsAgree } from '@plugmark/analysis';
import { NODE_ONLY_LAYERS, runVectors, SandboxError } from '@plugmark/sandbox';
import {
  parse,
  parseJson,
  type RunObservation,
  RunObservation as RunObservationSchema,
  RunReport,
} from '@plugmark/schemas';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { assemble } from '../../analysis/assemble.ts';
import { DIFFERING_CASES, HOSTILE_CASES } from '../../sandbox/hostile/cases.ts';
import { childrenLeft } from '../../sandbox/no-process-left.ts';
import { sandboxHost, vectorOf } from '../../sandbox/sandbox-host.ts';
import { installedBun } from '../../testkit/second-engine.ts';

const bun = installedBun();
if (bun === undefined)
  process.stderr.write('second engine skipped: no Bun; npm ci --prefix test/interop/second-engine, or PLUGMARK_BUN\n');
const ifThere = describe.skipIf(bun === undefined);

const BIN = fileURLToPath(new URL('../../../tools/cli/bin/plugmark.js', import.meta.url));
const BUILD = fileURLToPath(new URL('../../testkit/build-plugins.ts', import.meta.url));
const REGISTRY = fileURLToPath(new URL('../../../registry', import.meta.url));
const SOURCE = '--conditions=@plugmark/source';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-second-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => expect(await childrenLeft()).toEqual([]));

function node(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = folder,
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [SOURCE, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
    maxBuffer: 100_000_000,
  });
}

async function observe(
  artifact: Uint8Array,
  {
    calls = [['run']],
    grants = [],
    ...options
  }: {
    readonly calls?: Parameters<typeof vectorOf>[0];
    readonly grants?: readonly string[];
  } & Parameters<typeof runVectors>[1],
): Promise<RunObservation> {
  const vectors = [vectorOf(calls, { grants: [...grants] })];
  const observed = await runVectors(
    { artifact, profile: sandboxHost(), vectors },
    { ...(bun === undefined ? {} : { secondEngine: bun }), ...options },
  );
  return parse(RunObservationSchema, observed, 'observation');
}

/** All run reports below a folder, by path. */
async function reportsIn(out: string): Promise<Map<string, RunReport>> {
  const files = (await readdir(out, { recursive: true })).filter(
    (file) => file.includes('/') && file.endsWith('.json'),
  );
  const read = files
    .sort()
    .map(
      async (file): Promise<[string, RunReport]> => [file, parseJson(RunReport, await readFile(join(out, file)), file)],
    );
  return new Map(await Promise.all(read));
}

ifThere('every example plugin of the registry', () => {
  let here = new Map<string, RunReport>();
  let without = new Map<string, RunReport>();
  const run = (out: string, env: Record<string, string>): Promise<unknown> =>
    node([BIN, 'registry', 'run', '--registry', REGISTRY, '--artifacts', 'artifacts', '--out', out], env);

  beforeAll(async () => {
    const { stdout } = await node([BUILD, 'built']);
    await mkdir(join(folder, 'artifacts'));
    for (const { file, sha256 } of JSON.parse(stdout) as { file: string; sha256: string }[])
      await copyFile(join(folder, file), join(folder, 'artifacts', `${sha256}.wasm`));
    await run('with', { PLUGMARK_BUN: bun ?? '' });
    await run('without', {});
    [here, without] = [await reportsIn(join(folder, 'with')), await reportsIn(join(folder, 'without'))];
  }, 600_000);

  test('was run on its vectors, core modules in both engines and components in one, and it is said why', () => {
    expect(here.size).toBeGreaterThan(10);
    expect([...here.keys()]).toEqual([...without.keys()]);
    let runs = 0;
    for (const [file, report] of here) {
      const names = report.engines.map(({ name }) => name);
      const isComponent = report.subject.artifact.kind === 'component';
      expect(names, file).toEqual(isComponent ? ['V8', 'V8', 'V8'] : ['V8', 'V8', 'V8', 'JavaScriptCore']);
      expect(report.notRun?.map(({ reason }) => reason) ?? [], file).toEqual(
        isComponent ? [expect.stringContaining('glue')] : [],
      );
      expect(report.engines.at(-1)?.without, file).toEqual(isComponent ? undefined : NODE_ONLY_LAYERS);
      runs += report.runs.filter(({ engine }) => engine === 3).length;
    }
    expect(runs).toBeGreaterThan(30);
  });

  test('gives the same output, fuel, memory and host calls', () => {
    for (const [file, report] of here) {
      for (const vector of new Set(report.runs.map((each) => each.vector))) {
        const runs = report.runs.filter((each) => each.vector === vector);
        expect(runs, file).toHaveLength(report.engines.length);
        for (const { ending, memorySha256, fuel } of runs) {
          expect(ending, `${file} ${vector}`).toBe(runs[0]?.ending);
          expect(memorySha256, `${file} ${vector}`).toMatch(/^[0-9a-f]{64}$/);
          expect(fuel, `${file} ${vector}`).toBeGreaterThan(0);
        }
        expect(firstDifference(runs, report.engines), `${file} ${vector}`).toBeUndefined();
      }
    }
  });

  test('a machine with it agrees with one without', () => {
    for (const [file, report] of here) {
      const other = without.get(file) as RunReport;
      expect([runsAgree(report, other), runsAgree(other, report)], file).toEqual([true, true]);
    }
  });

  test('what was run without it is run again, and not the other way round', async () => {
    await run('without', { PLUGMARK_BUN: bun ?? '' });
    const again = await reportsIn(join(folder, 'without'));
    for (const [file, { engines }] of here) expect(again.get(file)?.engines, file).toEqual(engines);
    const before = await readFile(join(folder, 'with', 'runs.json'), 'utf8');
    await run('with', {});
    expect(await readFile(join(folder, 'with', 'runs.json'), 'utf8')).toBe(before);
  });
});

ifThere('hostile plugins', () => {
  test.each(HOSTILE_CASES)('$name', async (hostile) => {
    const { runs, engines, layers } = await observe(assemble(hostile.wat), { ...hostile, configurations: ['bun'] });
    const [run] = runs;
    expect(engines).toMatchObject([{ name: 'JavaScriptCore', without: NODE_ONLY_LAYERS }]);
    // Without one of these it would not have been started.
    expect(layers.some(({ layer, active }) => active && ['prlimit', 'container'].includes(layer))).toBe(true);
    expect([run?.ending, run?.trap, run?.detail]).toEqual([hostile.ending, hostile.trap, run?.detail]);
    if (hostile.fuel !== undefined) expect(run?.calls.at(-1)?.fuel).toBe(hostile.fuel);
    expect(run?.peakMemoryBytes).toBeLessThanOrEqual(4_194_304);
  });

  test.each(DIFFERING_CASES)('$name', async ({ wat, calls, grants = [], differs, differsInSecond = false }) => {
    const { runs, engines } = await observe(assemble(wat), { calls, grants });
    const seen = runs.map(({ ending, outputSha256, fuel, memorySha256, hostCallLogSha256 }) =>
      JSON.stringify([ending, outputSha256, fuel, memorySha256, hostCallLogSha256]),
    );
    const isX64 = arch() === 'x64';
    expect(seen).toHaveLength(4);
    expect([seen[1] !== seen[0], seen[2] !== seen[0]]).toEqual(differs);
    if (isX64) expect(seen[3] !== seen[0]).toBe(differsInSecond);
    if (isX64 && differsInSecond && !differs[1]) {
      expect(firstDifference(runs, engines)).toMatch(/\(V8 Liftoff; JavaScriptCore tiering as Bun has it\)$/);
    }
  });

  test('objects that are kept without end: bounded by the kernel, since no declaration bounds them', async () => {
    const bytes = await assembleText(`(module
      (type $items (array i64))
      (type $kept (struct (field (ref null $kept)) (field (ref $items))))
      (global $last (mut (ref null $kept)) (ref.null $kept))
      (func (export "run")
        (loop $again
          (global.set $last (struct.new $kept (global.get $last) (array.new_default $items (i32.const 1000000))))
          (br $again))))`);
    const { runs } = await observe(bytes, { configurations: ['bun'] });
    expect(runs).toHaveLength(1);
    expect(['trap', 'crash', 'timeout']).toContain(runs[0]?.ending);
  });
});

ifThere('who may run in it', () => {
  test('a module that it cannot read is run in V8 alone, and that is said', async () => {
    const bytes = await assembleText(
      '(module (memory i64 1 1) (func (export "run") (result i32) (i32.load (i64.const 0))))',
    );
    const { engines, runs, notRun } = await observe(bytes, {});
    expect(runs.map(({ ending }) => ending)).toEqual(['ok', 'ok', 'ok']);
    expect(engines.map(({ name }) => name)).toEqual(['V8', 'V8', 'V8']);
    expect(notRun).toMatchObject([{ name: 'JavaScriptCore', reason: expect.stringContaining('does not load there') }]);
  });

  test.each(['permission', 'page-cap'])('a policy that requires the layer %s keeps it out', async (layer) => {
    const bytes = assemble('(module (func (export "run")))');
    const { engines, notRun } = await observe(bytes, { requiredLayers: ['kill', layer] });
    expect(engines.map(({ name }) => name)).toEqual(['V8', 'V8', 'V8']);
    expect(notRun).toMatchObject([{ name: 'JavaScriptCore', reason: expect.stringContaining(layer) }]);
    const named = observe(bytes, { requiredLayers: [layer], configurations: ['bun'] });
    await expect(named).rejects.toMatchObject({ name: SandboxError.name, code: 'ENGINE_UNAVAILABLE' });
  });

  test('without a layer that bounds its memory it is not started', async () => {
    const { notRun } = await observe(assemble('(module (func (export "run")))'), { layers: [] });
    expect(notRun).toMatchObject([{ reason: expect.stringContaining('bounds the memory') }]);
  });
});

ifThere('a folder that wants to load code into it', () => {
  test('its bunfig.toml, .env and packages are not read', async () => {
    const trap = join(folder, 'trap');
    await mkdir(join(trap, 'vectors'), { recursive: true });
    const evil = join(trap, 'evil.js');
    const mark = join(folder, 'was-here');
    await writeFile(evil, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'x'); console.log('here');`);
    await writeFile(
      join(trap, 'bunfig.toml'),
      `preload = [${JSON.stringify(evil)}]\n[test]\npreload = [${JSON.stringify(evil)}]\n`,
    );
    await writeFile(join(trap, '.env'), `BUN_OPTIONS=--preload=${evil}\nNODE_OPTIONS=--require=${evil}\n`);
    await writeFile(join(trap, 'package.json'), '{"dependencies":{"left-pad":"*"}}');
    await writeFile(join(trap, 'plugin.wasm'), assemble('(module (func (export "run") (result i32) (i32.const 7)))'));
    await writeFile(join(trap, 'v.json'), JSON.stringify(vectorOf([['run']], { host: 'raw-host' })));
    await mkdir(join(trap, 'registry', 'hosts'), { recursive: true });
    await copyFile(join(REGISTRY, 'registry.json'), join(trap, 'registry', 'registry.json'));
    const profile = { ...sandboxHost(), host: 'raw-host' };
    await writeFile(join(trap, 'registry', 'hosts', 'raw-host.json'), JSON.stringify(profile));
    const args = [BIN, 'run', 'plugin.wasm', '--vector', 'v.json', '--configuration', 'bun', '--json'];
    const { stdout } = await node(args, { PLUGMARK_BUN: bun ?? '' }, trap);
    expect(JSON.parse(stdout)).toMatchObject({ output: [7], ending: 'ok', configuration: 'tiering as Bun has it' });
    await expect(readFile(mark)).rejects.toThrow('ENOENT');
    // The trap is a trap: started here as people start it, it does load the code.
    await promisify(execFile)(bun ?? '', ['--print', '1'], { cwd: trap, env: {} });
    expect(await readFile(mark, 'utf8')).toBe('x');
  });
});

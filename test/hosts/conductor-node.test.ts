// The example host for Node as its user would meet it: from a search to the day a plugin is revoked, over a loopback server, with the
// real sandbox. The host has no clock but the machine's, so the registry is made today.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSource } from '../check/read-imports.ts';
import { filesBelow } from '../check/repository-files.ts';
import { CONDUCTOR, hostRegistry, REVOKED, setStatus } from '../testkit/host-plugins.ts';
import { type Built, build, rootOf } from '../testkit/office.ts';
import { addRelease, type SmallRegistry } from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';
import { WasmBuilder } from '../testkit/wasm-builder.ts';
import { conductor } from './conductor-node/conductor.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('./conductor-node/main.ts', import.meta.url));
const I32 = 'i32' as const;
/** `i32.const 0; i32.const 0; call 0`: a request without a text. */
const CALLS_ITS_IMPORT = [0x41, 0, 0x41, 0, 0x10, 0];
const ANSWERS = (status: number) => [0x41, status];

/** A plugin for Conductor: what it imports, and what `execute` does. */
function pluginFor(imports: readonly string[], execute: readonly number[]): Uint8Array {
  const builder = new WasmBuilder();
  for (const name of imports) builder.importFunction('conductor', name, [I32, I32], [I32]);
  return builder
    .memory({ min: 1, max: 2 }, { export: 'memory' })
    .function({ parameters: [I32], results: [I32], body: [0x41, 8], export: 'alloc' })
    .function({ parameters: [I32, I32], results: [I32], body: execute, export: 'execute' })
    .function({ export: 'init' })
    .build();
}

let registry: SmallRegistry;
let built: Built | undefined;
let server: RegistryServer;
let home = '';

async function publish(version: string, bytes: Uint8Array, capabilities: readonly string[]): Promise<void> {
  const declared = capabilities.map((id) => ({ id, reason: `It needs the ${id}.` }));
  await addRelease(registry, {
    plugin: 'acme/lamp',
    version,
    host: CONDUCTOR,
    bytes,
    manifest: { capabilities: declared } as never,
  });
  await rebuild();
}

async function rebuild(): Promise<void> {
  built = await build(registry, { previous: built, now: new Date() });
  expect(built.refusals).toEqual([]);
  if (server !== undefined) server.tree = built.tree;
}

interface Said {
  readonly exit: number;
  readonly lines: readonly string[];
  readonly asked: readonly string[];
}

/** A new start of the host each time; `answers` are typed when it asks. */
async function host(command: readonly string[], ...answers: string[]): Promise<Said> {
  const lines: string[] = [];
  const asked: string[] = [];
  const exit = await conductor(home, command, {
    print: (line) => lines.push(...line.split('\n')),
    ask: async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    },
  });
  return { exit, lines, asked };
}

async function hostProcess(
  command: readonly string[],
  typed: string,
): Promise<{ exit: number | null; stdout: string }> {
  const child = spawn(process.execPath, ['--conditions=@plugmark/source', MAIN, home, ...command]);
  child.stdin.end(typed);
  const exit = new Promise<number | null>((done) => child.on('close', done));
  const stdout = await text(child.stdout);
  return { exit: await exit, stdout };
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'plugmark-conductor-'));
  registry = await hostRegistry();
  await publish('1.0.0', pluginFor(['http_request'], ANSWERS(0)), ['network']);
  server = await serveTree((built as Built).tree);
  writeFileSync(join(home, 'root.json'), rootOf(built as Built));
  writeFileSync(
    join(home, 'settings.json'),
    JSON.stringify({ registry: server.url, policy: { capabilities: { network: 'ask' } } }),
  );
}, 180_000);
afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

const run = async (): Promise<Record<string, unknown>> => JSON.parse((await host(['run', 'acme/lamp'])).lines.join(''));

test('both example hosts can be copied: they import what is published, and nothing of this repository', () => {
  const folders = ['conductor-node', 'ddalab-page'].map((name) => `test/hosts/${name}`);
  const files = folders.flatMap((folder) => filesBelow(REPOSITORY, folder)).filter((path) => path.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(10);
  for (const path of files)
    for (const { specifier } of readSource(path, readFileSync(join(REPOSITORY, path), 'utf8')).imports)
      expect(specifier, path).toMatch(
        /^(?:\.\/[\w-]+\.ts|node:[\w/]+|@plugmark\/(?:client|sandbox|schemas|wasm)(?:\/\w+)?|esbuild|\.\.\/\.\.\/\.\.\/registry\/hosts\/\w+\.json)$/,
      );
});

test('search, consent, run, held, consent, unhealthy, rollback, revoked, audit', { timeout: 180_000 }, async () => {
  expect(await host(['search', 'lamp'])).toMatchObject({ exit: 0, lines: ['acme/lamp: A test. (not checked yet)'] });

  // Nobody answers, so nobody agreed.
  const unanswered = await host(['install', 'acme/lamp']);
  expect(unanswered).toMatchObject({ exit: 1, asked: ['install it? [y/N] '] });
  expect(unanswered.lines.at(-1)).toContain('refused: CONSENT_DENIED');
  expect(await host(['list'])).toMatchObject({ exit: 0, lines: [] });

  const installed = await hostProcess(['install', 'acme/lamp'], 'y\n');
  expect(installed.stdout.trim().split('\n')).toEqual([
    'acme/lamp 1.0.0 by acme (verified)',
    '  Low risk: can use the network',
    '  [low risk] This plugin can send requests to other computers and receive answers, also without asking each time.',
    '      The publisher says: It needs the network.',
    '      Seen in the code: conductor.http_request',
    '  - It cannot read or write files.',
    '  - It cannot run other programs.',
    '  - It cannot change anything about your computer.',
    'installed acme/lamp 1.0.0 (verified); may: network',
  ]);
  expect(await run()).toMatchObject({ ending: 'ok', status: 0, refused: [] });

  // A version that reaches further waits until somebody agrees; whoever leaves the capability out gets the version without it.
  await publish('1.1.0', pluginFor(['command_run', 'http_request'], CALLS_ITS_IMPORT), ['network', 'subprocess']);
  const held = await host(['update'], '', 'n');
  expect(held.lines.at(-1)).toBe('acme/lamp 1.0.0 -> 1.1.0: held (CONSENT_DENIED)');
  expect(held.lines).toContain(
    '  [high risk, NEW] This plugin can run other programs and commands, with everything they can do on your computer.',
  );
  // `execute` answers -1 when nothing is granted, which the host takes for unhealthy.
  const unhealthy = await host(['update'], '', 'y');
  expect(unhealthy.asked).toEqual(['type subprocess to allow it, or nothing to go without: ', 'install it? [y/N] ']);
  expect(unhealthy.lines.at(-1)).toBe('acme/lamp 1.0.0 -> 1.1.0: rolledBack (HEALTH_FAILED)');
  expect(await run()).toMatchObject({ ending: 'ok', status: 0 });

  // One that works: it starts a program only when the event says so, which here is never.
  await publish('1.2.0', pluginFor(['command_run', 'http_request'], [...CALLS_ITS_IMPORT, 0x1a, 0x41, 0]), [
    'network',
    'subprocess',
  ]);
  const updated = await host(['update'], '', 'y');
  expect(updated.lines.at(-1)).toBe('acme/lamp 1.0.0 -> 1.2.0: updated');
  expect(await host(['list'])).toMatchObject({ lines: [expect.stringContaining('acme/lamp 1.2.0; may: network;')] });
  // What was not granted is refused while it runs.
  expect(await run()).toMatchObject({ ending: 'ok', status: 0, refused: ['conductor.command_run'] });

  expect((await host(['audit'])).lines).toEqual(['compared with the registry']);
  setStatus(registry, 'acme/lamp', '1.2.0', REVOKED);
  await rebuild();
  expect((await host(['audit'])).lines).toEqual([
    'compared with the registry',
    `error: acme/lamp 1.2.0 revoked: ${REVOKED.reason}`,
  ]);
  const refused = await host(['run', 'acme/lamp']);
  expect(refused.exit).toBe(1);
  expect(refused.lines[0]).toContain('refused: REVOKED');
  expect((await host(['rollback', 'acme/lamp'])).lines).toEqual(['back to acme/lamp 1.0.0']);
  expect(await run()).toMatchObject({ ending: 'ok', status: 0 });
  expect(await host(['juggle'])).toMatchObject({ exit: 2 });
  expect(await host(['run', 'acme/lamp', '{note: 60}'])).toMatchObject({ exit: 2 });
});

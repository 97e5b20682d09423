// test/vectors/build: one defect each in a registry folder, or in what it serves, that was built once and has a new release waiting.
// The command ends with the expected code, and what was published and recorded is as it was. In `npm test` most commands run in this
// process, which takes a hundredth of the time; `npm run test:slow` starts each as the program people start.
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PUBLISH_ERROR_CODES, readFolder, sealKey } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digests, jsonOf } from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  type Json,
  OFFICE_KEYS,
  PUBLISHER_KEYS,
  pemOf,
  smallRegistry,
  writeFiles,
  writeSmallRegistry,
} from '../testkit/registry-folder.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';
import { applyEdit, type Edit, type Names, NEW, NEW_BYTES } from './vector-edits.ts';

const ROOT = new URL('../vectors/build/', import.meta.url);
const COMMAND = fileURLToPath(new URL('../../tools/cli/bin/plugmark.js', import.meta.url));
interface Expectation {
  readonly exit: number;
  readonly code: string;
  readonly mentions?: readonly string[];
  /** The defect lies in the tree that is served. */
  readonly changesOut?: true;
  /** The ledger goes ahead of the tree, which the next run brings after it. */
  readonly changesLedger?: true;
}

let base: string;
let names: Names;

/** The small registry, built once, and a new release that waits to be built. */
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plugmark-vectors-'));
  const registry = await smallRegistry();
  await writeSmallRegistry(join(base, 'honest'), registry);
  const built = await runHere(join(base, 'honest'), 'build');
  expect([built.exit, built.stderr]).toEqual([0, expect.any(String)]);
  const before = new Set(registry.files.keys());
  const release = await addRelease(registry, { ...NEW, bytes: NEW_BYTES });
  await writeSmallRegistry(join(base, 'honest'), registry);
  expect(registry.files.size).toBeGreaterThan(before.size);
  const tree = await readFolder(join(base, 'honest/out'));
  const published = jsonOf(tree, 'v1/plugins/acme/thing.json').releases.find(
    (entry: Json) => entry.release.version === '1.0.0',
  );
  names = {
    new: release.artifact.sha256,
    published: published.release.artifact.sha256,
    bundle: published.attestations.publisher.sha256,
    cosignature: published.attestations.registry.sha256,
  };
  await writeFiles(join(base, 'honest'), [
    ['file.wasm', tree.get(`blobs/sha256/${names['published']}.wasm`) as Uint8Array],
    ['publisher.pem', pemOf(PUBLISHER_KEYS.acme)],
    [
      'author/plugin.yaml',
      'schemaVersion: 1\nplugin: acme/thing\nversion: 3.0.0\nlicense: MIT\nartifact: plugin.wasm\ntitle: Thing\nsummary: A test.\nhost: bench\n',
    ],
    ['author/plugin.wasm', NEW_BYTES],
    ['sealed.key.json', sealKey(pemOf(OFFICE_KEYS.revocations), 'correct horse battery', { logN: 14 })],
    ['passphrase.txt', 'correct horse battery\n'],
  ]);
  // The same registry as maintainers hold it who sign offline.
  const held = ['root', 'targets', 'revocations', 'online', 'cosign'].flatMap((role) => [
    '--holder',
    `${role}=keys/${role}.pem`,
  ]);
  const init = ['root', 'init', '--registry', 'registry', '--trust', 'ceremony', '--keys', 'none', ...held, '--json'];
  const begun = await runCommand(init, join(base, 'honest'));
  expect([begun.exit, begun.stderr]).toEqual([0, '']);
  editJson(registry.files, 'plugins/acme/thing/status.json', () => ({
    schemaVersion: 1,
    plugin: 'acme/thing',
    versions: {
      '1.0.0': {
        state: 'revoked',
        since: '2026-06-01T00:00:00Z',
        severity: 'high',
        reason: 'It steals.',
        evidence: 'https://example.org/',
      },
    },
  }));
  await writeFiles(join(base, 'honest'), [
    ['status.json', registry.files.get('plugins/acme/thing/status.json') as Uint8Array],
  ]);
}, 60_000);
afterAll(() => rm(base, { recursive: true, force: true }));

const ROOT_SIGN = ['root', 'sign', '--registry', 'registry', '--trust', 'ceremony', '--only', 'revocations'];
const BUILD = [
  'registry',
  'build',
  '--registry',
  'registry',
  '--out',
  'out',
  '--ledger',
  'ledger',
  '--trust',
  'trust',
  '--keys',
  'keys',
  '--artifacts',
  'artifacts',
  '--json',
];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  build: BUILD,
  'build-runs': [...BUILD, '--runs', 'runs'],
  verify: ['verify', '--registry', 'out', '--root', 'trust/metadata/1.root.json', '--json'],
  'verify-file': ['verify', 'file.wasm', '--registry', 'out', '--root', 'trust/metadata/1.root.json', '--json'],
  'root-sign': [
    ...ROOT_SIGN,
    '--key',
    'keys/revocations.pem',
    '--passphrase-file',
    'passphrase.txt',
    '--yes',
    '--json',
  ],
  'root-sign-pending': ['root', 'sign', '--registry', 'registry', '--trust', 'ceremony', '--json'],
  'root-lift': [...ROOT_SIGN, '--lift', 'acme/thing@1.0.0', '--reason', 'A mistake.', '--json'],
  check: ['check', 'author', '--registry', 'registry', '--json'],
  sign: [
    'sign',
    'author',
    '--registry',
    'registry',
    '--key',
    'publisher.pem',
    '--source',
    'https://example.org/plugin.wasm',
    '--json',
  ],
};

/** Nobody's token: its form is right, and it never leaves the machine. */
const TOKEN = `e30.${Buffer.from('{"sub":"nobody"}').toString('base64url')}.e30`;
const SIGN_KEYLESS = ['sign', 'author', '--registry', 'registry', '--keyless', '--signing-config', 'services.json'];
const KEYLESS_END = ['--source', 'https://example.org/plugin.wasm', '--json'];
const KEYLESS_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'sign-keyless': [...SIGN_KEYLESS, '--identity-token', TOKEN, ...KEYLESS_END],
  'sign-no-token': [...SIGN_KEYLESS, ...KEYLESS_END],
  'sign-bad-token': [...SIGN_KEYLESS, '--identity-token', 'a password', ...KEYLESS_END],
};

const runHere = (folder: string, command: string): Promise<Ended> => runCommand(argumentsOf(command), folder);

function argumentsOf(command: string): readonly string[] {
  return KEYLESS_COMMANDS[command] ?? COMMANDS[command] ?? [];
}

function runAsProgram(folder: string, command: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [COMMAND, ...argumentsOf(command)],
      { cwd: folder, timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({ exit: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

const state = async (folder: string, name: string): Promise<Record<string, string>> =>
  digests(await readFolder(join(folder, name)));
const read = (name: string, file: string): Json => JSON.parse(readFileSync(new URL(`${name}/${file}`, ROOT), 'utf8'));

/** What the command says went wrong: its error, or the first release that does not verify. */
function codeIn(stdout: string): unknown {
  const said = JSON.parse(stdout) as {
    error?: { code: string };
    code?: string;
    releases?: { verified: boolean; code?: string }[];
  };
  return said.error?.code ?? said.code ?? said.releases?.find(({ verified }) => !verified)?.code;
}

const VECTORS = readdirSync(ROOT).sort();

export function testVectors(asProgram: (name: string) => boolean): void {
  test.each(VECTORS)('%s', { timeout: 60_000 }, (name) => runVector(name, asProgram(name) ? runAsProgram : runHere));
}

async function runVector(name: string, run: typeof runHere): Promise<void> {
  const { command, edits } = read(name, 'input.json') as { command: string; edits: Edit[] };
  const expected = read(name, 'expect.json') as Expectation;
  const folder = join(base, name);
  cpSync(join(base, 'honest'), folder, { recursive: true });
  for (const edit of edits) await applyEdit(folder, edit, names);
  const before = { out: await state(folder, 'out'), ledger: await state(folder, 'ledger').catch(() => undefined) };
  const { exit, stdout, stderr } = await run(folder, command);
  expect([exit, codeIn(stdout)]).toEqual([expected.exit, expected.code]);
  // What goes to people names the code, the place, and no stack.
  const said = command.startsWith('verify') && !stdout.includes('"error"') ? stdout : stderr.replaceAll(/\s+/g, ' ');
  for (const word of [expected.code, ...(expected.mentions ?? [])]) expect(said).toContain(word);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(await state(folder, 'out')).toEqual(before.out);
  if (expected.changesLedger !== true)
    expect(await state(folder, 'ledger').catch(() => undefined)).toEqual(before.ledger);
  await rm(folder, { recursive: true });
}

export function testControls(): void {
  test.each([
    ['build', 'registry'],
    ['verify', 'out'],
    ['verify-file', 'file.wasm'],
    ['check', 'author'],
    ['sign', 'author'],
  ])('without a defect the same command succeeds: %s %s', { timeout: 60_000 }, async (command) => {
    const folder = join(base, `control-${command}`);
    cpSync(join(base, 'honest'), folder, { recursive: true });
    const { exit, stderr } = await runAsProgram(folder, command);
    expect([exit, exit === 0 ? '' : stderr]).toEqual([0, '']);
    if (command === 'build')
      expect(Object.keys(await state(folder, 'ledger'))).toContain('entries/acme/thing/2.0.0.json');
  });
}

export function testLookAhead(): void {
  test('a build under a root that maintainers hold renews nothing offline, and says which role ends soon', async () => {
    const folder = join(base, 'look-ahead');
    cpSync(join(base, 'honest'), folder, { recursive: true });
    const [registry, build, ...flags] = COMMANDS['build'] ?? [];
    const names: Readonly<Record<string, string>> = { trust: 'ceremony', ledger: 'held-ledger', out: 'held-out' };
    const command = [registry, build, ...flags].map((word) => names[word ?? ''] ?? word ?? '');
    const soon = new Date(Date.now() + 300 * 86_400_000);
    const { exit, stderr } = await runCommand(command, folder, soon);
    expect([exit, stderr.match(/^\w+\.json ends .*$/gm)]).toEqual([
      0,
      [expect.stringMatching(/^revocations\.json ends \S+: sign it anew \(plugmark root sign\)$/)],
    ]);
    expect(await state(folder, 'ceremony')).toEqual(await state(join(base, 'honest'), 'ceremony'));
  });
}

export function testCompleteness(): void {
  test('each code of the package has a vector', () => {
    const codes = new Set(VECTORS.map((name) => (read(name, 'expect.json') as Expectation).code));
    // A lock is held by a process that lives; that is tested with the lock.
    const missing = Object.keys(PUBLISH_ERROR_CODES).filter((code) => !codes.has(code) && code !== 'LOCKED');
    expect(missing).toEqual([]);
  });

  test('each vector says in one sentence what is wrong', () => {
    for (const name of VECTORS)
      expect([name, readFileSync(new URL(`${name}/README.md`, ROOT), 'utf8')]).toEqual([
        name,
        expect.stringMatching(/^[^\n]+\.\n$/),
      ]);
  });
}

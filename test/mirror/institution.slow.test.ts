// An institution from nothing to a verified install, with the commands as people start them: approve three upstream plugins, take them
// over, sign, build, and a client with only the institution's root installs one and is refused what was not approved. Then the same
// from a tar, in a network namespace without network.
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAB, labFiles, UPSTREAM } from '../testkit/institution.ts';
import { build, rootOf } from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  type Json,
  smallRegistry,
  writeFiles,
} from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';

const COMMAND = fileURLToPath(new URL('../../tools/cli/bin/plugmark.js', import.meta.url));
const ISOLATED = ['unshare', '--user', '--map-root-user', '--net'];
const noNamespaces = spawnSync(ISOLATED[0] as string, [...ISOLATED.slice(1), 'true']).status !== 0;

let folder: string;
let served: RegistryServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-institution-'));
  const registry = await smallRegistry();
  await addRelease(registry, { plugin: 'acme/other', version: '1.0.0', bytes: honestModule(5).build() });
  await addRelease(registry, { plugin: 'acme/third', version: '1.0.0', bytes: honestModule(6).build() });
  const upstream = await build(registry, { now: new Date() });
  served = await serveTree(upstream.tree);
  const files = await labFiles(rootOf(upstream));
  editJson(files, 'policy.json', (policy: Json) => ({
    ...policy,
    client: { ...policy.client, minimumReleaseAgeMinutes: 0 },
  }));
  await writeFiles(join(folder, 'lab/registry'), files);
  await writeFiles(join(folder, 'lab'), [
    ['upstream-root.json', rootOf(upstream)],
    ['passphrase.txt', 'four words that nobody guesses\n'],
  ]);
  await cp(join(folder, 'lab'), join(folder, 'closed-lab'), { recursive: true });
}, 120_000);
afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

function start(cwd: string, prefix: readonly string[], argv: readonly string[]): Promise<Ended> {
  const [program = '', ...rest] = [...prefix, process.execPath, COMMAND, ...argv];
  return new Promise((done) => {
    execFile(program, rest, { cwd, timeout: 120_000 }, (error, stdout, stderr) =>
      done({ exit: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const APPROVED = ['acme/thing@1.1.0', 'acme/third@1.0.0', 'indie/tool@0.1.0'];

/** From approvals to a client; `where` says where the upstream is served. */
async function institution(cwd: string, prefix: readonly string[], where: string): Promise<void> {
  const plugmark = async (...argv: string[]): Promise<Json> => {
    const { exit, stdout, stderr } = await start(cwd, prefix, [...argv, '--json']);
    expect([argv.join(' '), exit, exit === 0 ? '' : stderr]).toEqual([argv.join(' '), 0, '']);
    return JSON.parse(stdout);
  };
  for (const release of APPROVED) {
    const approval = [
      '--upstream',
      UPSTREAM,
      '--from',
      where,
      '--by',
      'the lab',
      '--reason',
      'Reviewed for the sleep study.',
    ];
    expect(await plugmark('mirror', 'approve', release, ...approval)).toMatchObject({ upstream: UPSTREAM });
  }
  const sync = await plugmark('mirror', 'sync', '--from', `${UPSTREAM}=${where}`);
  expect([sync.upstreams[0].taken.length, sync.upstreams[0].refused]).toEqual([3, []]);
  await plugmark('root', 'init', '--keys', '../keys', '--passphrase-file', 'passphrase.txt', '--no-input');
  const built = await plugmark(
    'registry',
    'build',
    '--out',
    'tree',
    '--ledger',
    'ledger',
    '--trust',
    'registry/trust',
    '--keys',
    '../keys',
  );
  expect(built.plugins.map(({ plugin, tier }: Json) => [plugin, tier])).toEqual([
    ['acme/thing', 'verified'],
    ['acme/third', 'verified'],
    ['indie/tool', 'community'],
  ]);
  const root = 'registry/trust/metadata/1.root.json';
  const client = ['--registry', 'tree', '--root', root, '--store', 'store'];
  const installed = await plugmark('install', 'acme/thing', ...client);
  expect(installed).toMatchObject({ version: '1.1.0', tier: 'verified', registry: { state: 'verified' } });
  const refused = await start(cwd, prefix, ['install', 'acme/other', ...client, '--json']);
  expect([refused.exit, JSON.parse(refused.stdout).error.code]).toEqual([1, 'PLUGIN_UNKNOWN']);
  const strangers = await start(cwd, prefix, [
    'install',
    'acme/thing',
    '--registry',
    'tree',
    '--root',
    'upstream-root.json',
    '--json',
  ]);
  expect([strangers.exit, JSON.parse(strangers.stdout).error.code]).toEqual([1, 'METADATA_SIGNATURE']);
  const document = JSON.parse(await readFile(join(cwd, 'tree/v1/plugins/acme/thing.json'), 'utf8'));
  expect([document.registry, document.origin.registryId]).toEqual([LAB, UPSTREAM]);
}

test('from approvals to a client that knows only the institution’s root', { timeout: 600_000 }, async () => {
  await institution(join(folder, 'lab'), [], served.url);
});

const CLOSED = 'the same from a tar, without a network';

test.skipIf(noNamespaces)(
  noNamespaces ? `${CLOSED}: this machine makes no network namespaces` : CLOSED,
  { timeout: 600_000 },
  async () => {
    const lab = join(folder, 'closed-lab');
    const exported = await start(
      folder,
      [],
      ['export', '--registry', served.url, '--root', 'lab/upstream-root.json', '--out', 'closed-lab/upstream.tar'],
    );
    expect([exported.exit, exported.exit === 0 ? '' : exported.stderr]).toEqual([0, '']);
    const reach = spawnSync(ISOLATED[0] as string, [
      ...ISOLATED.slice(1),
      process.execPath,
      '-e',
      `fetch(${JSON.stringify(served.url)}).then(() => process.exit(1), () => process.exit(0))`,
    ]);
    expect(reach.status).toBe(0);
    const imported = await start(lab, ISOLATED, [
      'import',
      'upstream.tar',
      '--root',
      'upstream-root.json',
      '--to',
      'imported',
    ]);
    expect([imported.exit, imported.exit === 0 ? '' : imported.stderr]).toEqual([0, '']);
    await rm(join(folder, 'keys'), { recursive: true, force: true });
    await institution(lab, ISOLATED, 'imported');
  },
);

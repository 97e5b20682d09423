// A real OCI registry (the distribution server, Debian's `docker-registry`; PLUGMARK_OCI_REGISTRY names its file): what we push is what it
// keeps, what it serves is pulled by digest, and what was changed inside it is refused. Versions before 3 have no referrers API, so the
// list under a tag is what is met here.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConsentQuestion, memoryStore, openPlugins, type PluginStore, parseSource } from '@plugmark/client';
import { sha256 } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchArtifact } from '../../tools/cli/src/artifact-sources.ts';
import { fetchPublic } from '../../tools/cli/src/fetch-public.ts';
import { componentFromCore } from '../testkit/build-plugins.ts';
import { DDALAB, hostModule } from '../testkit/host-plugins.ts';
import { codeOf, NOW } from '../testkit/office.ts';
import { honestModule, smallRegistry, sourceOf, writeFiles } from '../testkit/registry-folder.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';

const SERVER = process.env['PLUGMARK_OCI_REGISTRY'] ?? 'docker-registry';
const isMissing = spawnSync(SERVER, ['--version']).error !== undefined;
const named = (title: string): string => (isMissing ? `${title}: ${SERVER} is not installed` : title);

let folder: string;
let host: string;
let server: ChildProcess;
const bytes = honestModule(1).build();
const lamp = hostModule(DDALAB, ['network'], { number: 1 });
let bundle: Uint8Array;

beforeAll(async () => {
  if (isMissing) return;
  folder = await mkdtemp(join(tmpdir(), 'plugmark-oci-'));
  host = `127.0.0.1:${await freePort()}`;
  bundle = (await smallRegistry()).files.get('plugins/acme/thing/1.0.0/publisher.sigstore.json') as Uint8Array;
  await writeFiles(folder, [
    [
      'config.yml',
      `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${join(folder, 'store')}}}\nhttp: {addr: "${host}"}\n`,
    ],
    ['plugin.wasm', bytes],
    ['lamp.wasm', lamp],
    ['publisher.sigstore.json', bundle],
    ['registry.txt', 'no WebAssembly'],
  ]);
  server = spawn(SERVER, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  await answering(`http://${host}/v2/`);
}, 60_000);
afterAll(async () => {
  server?.kill();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function answering(url: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${SERVER} does not answer`);
}

const run = (...argv: string[]): Promise<Ended> => runCommand([...argv, '--json'], folder);
const push = async (tag: string): Promise<{ reference: string }> => {
  const ended = await run(
    'oci',
    'push',
    'plugin.wasm',
    '--to',
    `${host}/acme/thing:${tag}`,
    '--bundle',
    'publisher.sigstore.json',
  );
  expect([ended.exit, ended.stderr]).toEqual([0, '']);
  return JSON.parse(ended.stdout);
};
const codeIn = ({ stdout }: Ended): unknown => JSON.parse(stdout).error?.code;

test.skipIf(isMissing)(named('pushed, and pulled by digest with its bundle'), async () => {
  const { reference } = await push('1.0.0');
  expect((await push('again')).reference).toBe(reference);
  const pulled = await run('oci', 'pull', reference, '--out', 'pulled.wasm', '--bundles', 'bundles');
  expect([pulled.exit, JSON.parse(pulled.stdout)]).toEqual([
    0,
    { reference, sha256: sha256(bytes), size: bytes.length, bundles: [sha256(bundle)], out: 'pulled.wasm' },
  ]);
  expect(new Uint8Array(await readFile(join(folder, 'pulled.wasm')))).toEqual(bytes);
  expect(await readdir(join(folder, 'bundles'))).toEqual([`${sha256(bundle)}.sigstore.json`]);
});

test.skipIf(isMissing)(named('the layout is the one others read'), async () => {
  const { reference } = await push('layout');
  const digest = reference.slice(reference.indexOf('@') + 1);
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await (await fetch(`http://${host}/v2/acme/thing/manifests/layout`, { headers: { accept } })).json();
  expect(manifest).toMatchObject({
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.wasm.config.v0+json' },
    layers: [{ mediaType: 'application/wasm', digest: `sha256:${sha256(bytes)}`, size: bytes.length }],
  });
  const config = await (await fetch(`http://${host}/v2/acme/thing/blobs/${manifest.config.digest}`)).json();
  expect(config).toEqual({
    architecture: 'wasm',
    os: 'wasip1',
    created: '1970-01-01T00:00:00Z',
    layerDigests: [`sha256:${sha256(bytes)}`],
  });
  const tag = digest.replace(':', '-');
  const index = await (
    await fetch(`http://${host}/v2/acme/thing/manifests/${tag}`, {
      headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    })
  ).json();
  expect(index.manifests).toMatchObject([{ artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }]);
});

test.skipIf(isMissing)(
  named('refused: a tag, what is not there, what is no WebAssembly, a file changed inside the registry'),
  async () => {
    const { reference } = await push('refusals');
    const pulled = async (name: string): Promise<unknown> =>
      codeIn(await run('oci', 'pull', name, '--out', 'never.wasm'));
    expect(await pulled(`oci://${host}/acme/thing:refusals`)).toBe('OCI_REFERENCE');
    expect(await pulled(`oci://${host}/acme/thing@sha256:${'ab'.repeat(32)}`)).toBe('OCI_ARTIFACT');
    const other = await run('oci', 'push', 'registry.txt', '--to', `${host}/acme/other:1`);
    expect(codeIn(other)).toBe('WASM_NOT_WASM');
    const stored = join(
      folder,
      'store/docker/registry/v2/blobs/sha256',
      sha256(bytes).slice(0, 2),
      sha256(bytes),
      'data',
    );
    await writeFile(
      stored,
      Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
    );
    expect(await pulled(reference)).toBe('OCI_ARTIFACT');
    await writeFile(stored, bytes);
    expect(await readFile(join(folder, 'never.wasm')).catch(() => undefined)).toBeUndefined();
  },
);

test.skipIf(isMissing)(
  named('an oci:// source of a proposed release is fetched for its review, from public addresses only'),
  async () => {
    const { reference } = await push('source');
    const release = sourceOf(await smallRegistry())
      .plugins.get('acme/thing')
      ?.releases.get('1.0.0');
    if (release === undefined) throw new Error('no release');
    const source = { ...release, sources: { schemaVersion: 1 as const, sources: [reference] } };
    const limits = { maxBytes: 1_000_000, timeoutMs: 20_000 };
    const unsafely = { allowHost: () => true, allowAddress: () => true, allowPlainHttp: true } as const;
    const get: typeof fetchPublic = (address, of) => fetchPublic(address, of, unsafely);
    expect(await fetchArtifact(source, { folders: [], limits, get })).toEqual({ bytes });
    expect(await fetchArtifact(source, { folders: [], limits })).toMatchObject({ state: 'forbidden' });
  },
);

/** A host with the SDK alone. */
const application = (store: PluginStore, asked: ConsentQuestion[] = [], how: typeof fetch = fetch) =>
  openPlugins({
    url: 'http://registry.invalid/',
    root: new Uint8Array(),
    store,
    fetch: how,
    now: () => NOW,
    host: { id: 'ddalab', api: '1.0.0' },
    profile: DDALAB,
    consent: async (question) => {
      asked.push(question);
      return { allow: true, explicitly: question.decision.explicit };
    },
  });
const offline: typeof fetch = async (input) => {
  throw new Error(`${input} was asked for`);
};
const pushLamp = async (tag: string): Promise<string> => {
  const ended = await run('oci', 'push', 'lamp.wasm', '--to', `${host}/octo/tools/lamp:${tag}`);
  expect([ended.exit, ended.stderr]).toEqual([0, '']);
  return JSON.parse(ended.stdout).reference;
};

test.skipIf(isMissing)(named('the SDK installs by digest, loads, and restores offline from its lockfile'), async () => {
  const reference = await pushLamp('1.0.0');
  const [store, asked] = [memoryStore(), [] as ConsentQuestion[]];
  const source = parseSource(reference);
  expect(await application(store, asked).installFrom(source)).toMatchObject({
    plugin: 'octo/lamp',
    tier: 'community',
    publisher: { state: 'notChecked' },
    analysed: false,
    source,
    sha256: sha256(lamp),
  });
  expect(asked[0]?.decision.explicit).toEqual(['unknown']);
  expect((await application(store, [], offline).load('octo/lamp')).bytes).toEqual(lamp);
  expect(await application(store, [], offline).restore({ frozen: true })).toMatchObject([{ state: 'proved' }]);
  const other = memoryStore();
  await other.put('hosts/ddalab/plugmark.lock', (await store.get('hosts/ddalab/plugmark.lock')) as Uint8Array);
  expect(await codeOf(() => application(other, [], offline).restore({ frozen: true }))).toBe('PROOF_MISSING');
  expect(await application(other).restore()).toMatchObject([{ state: 'fetched' }]);
  expect((await application(other, [], offline).load('octo/lamp')).bytes).toEqual(lamp);
});

test.skipIf(isMissing)(
  named('the SDK refuses a tag, what is not there, and a manifest or a file that was changed inside the registry'),
  async () => {
    const reference = await pushLamp('refusals');
    expect(() => parseSource(`oci://${host}/octo/tools/lamp:refusals`)).toThrow(
      expect.objectContaining({ code: 'SOURCE_UNPINNED' }),
    );
    const install = (named: string) => codeOf(() => application(memoryStore()).installFrom(parseSource(named)));
    expect(await install(`oci://${host}/octo/tools/lamp@sha256:${'ab'.repeat(32)}`)).toBe('SOURCE_MISSING');
    expect(await install(reference.replace('/octo/tools/lamp', '/octo/other'))).toBe('SOURCE_MISSING');
    const stored = (digest: string): string =>
      join(folder, 'store/docker/registry/v2/blobs/sha256', digest.slice(0, 2), digest, 'data');
    for (const digest of [reference.slice(-64), sha256(lamp)]) {
      const whole = await readFile(stored(digest));
      // A space more is the same JSON, and another manifest; a module ends as it likes.
      await writeFile(stored(digest), Buffer.concat([whole.subarray(0, -1), Buffer.from(' '), whole.subarray(-1)]));
      expect(['ARTIFACT_DIGEST', 'TOO_LARGE']).toContain(await install(reference));
      await writeFile(stored(digest), whole);
    }
    expect(await install(reference)).toMatchObject({ accepted: { plugin: 'octo/lamp' } });
  },
);

test.skipIf(isMissing)(named('plugmark install, list, why, update, outdated, audit, install --frozen'), async () => {
  const reference = await pushLamp('cli');
  const screen = await runCommand(['info', reference, '--host', 'ddalab@1.0.0'], folder);
  expect([screen.exit, screen.stdout]).toEqual([0, expect.stringContaining('signatures not checked')]);
  const installed = await run('install', reference, '--host', 'ddalab@1.0.0', '--allow-unsigned', '--allow', 'network');
  expect([installed.exit, JSON.parse(installed.stdout)]).toMatchObject([
    0,
    { plugin: 'octo/lamp', publisher: { state: 'notChecked' }, analysed: true, grants: ['network'] },
  ]);
  expect(installed.stderr).toContain('signatures not checked');
  const said = async (...argv: string[]): Promise<string> => {
    const ended = await runCommand(argv, folder);
    expect([ended.exit, ended.stderr]).toEqual([0, '']);
    return ended.stdout;
  };
  expect(await said('list')).toContain('signatures not checked');
  expect(await said('why', 'octo/lamp')).toContain(`octo/lamp comes from ${reference}`);
  for (const command of ['update', 'outdated']) expect(await said(command)).toContain('is fixed by its digest');
  expect(JSON.parse(await said('outdated', '--json'))).toEqual({ plugins: [], fixed: ['octo/lamp'] });
  expect(await said('audit')).toContain('unwatched');
  expect(await said('install', '--frozen')).toBe('octo/lamp 0.0.0  proved\n');
  await rm(join(folder, '.plugmark/store/blobs'), { recursive: true });
  expect(codeIn(await run('install', '--frozen'))).toBe('NOT_INSTALLED');
  const back = await run('install', '--allow-unsigned', '--allow', 'network');
  expect(JSON.parse(back.stdout)).toMatchObject({ plugins: [{ plugin: 'octo/lamp', state: 'fetched' }] });
});

test.skipIf(isMissing)(named('a component for Parseltongue, whose plugins come this way'), async () => {
  const core = new URL('../plugins/dependency-cycles/core.wasm', import.meta.url);
  const cycles = await componentFromCore(new Uint8Array(await readFile(core)), 'dependency-cycles');
  await writeFiles(folder, [['cycles.wasm', cycles]]);
  const ended = await run('oci', 'push', 'cycles.wasm', '--to', `${host}/octo/cycles:1`);
  const { reference } = JSON.parse(ended.stdout);
  const keeping = ['--lockfile', 'parseltongue.lock', '--store', 'parseltongue'];
  const named = ['--host', 'parseltongue', ...keeping, '--allow-unsigned'];
  const installed = await run('install', reference, ...named);
  expect([installed.exit, JSON.parse(installed.stdout)]).toMatchObject([
    0,
    { plugin: 'octo/cycles', kind: 'component', analysed: true, sha256: sha256(cycles) },
  ]);
  expect((await run('load', 'octo/cycles', ...keeping, '--out', 'loaded.wasm')).exit).toBe(0);
  expect(new Uint8Array(await readFile(join(folder, 'loaded.wasm')))).toEqual(cycles);
});

test.skipIf(isMissing)(named('a registry that asks for a password'), async ({ skip }) => {
  // bcrypt of `secret`, so that no tool is needed to make it.
  const password = await new Promise<string>((done) =>
    execFile('python3', ['-c', 'import crypt;print(crypt.crypt("secret","$2b$05$abcdefghijklmnopqrstuu"))'], (_, out) =>
      done(out.trim()),
    ),
  );
  if (!password.startsWith('$2')) skip('python3 makes no bcrypt here');
  const closed = `127.0.0.1:${await freePort()}`;
  await writeFiles(folder, [
    ['htpasswd', `lab:${password}\n`],
    [
      'closed.yml',
      `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${join(folder, 'closed')}}}\nhttp: {addr: "${closed}"}\nauth: {htpasswd: {realm: lab, path: ${join(folder, 'htpasswd')}}}\n`,
    ],
  ]);
  const guarded = spawn(SERVER, ['serve', join(folder, 'closed.yml')], { stdio: 'ignore' });
  for (
    let i = 0;
    i < 200 &&
    !(await fetch(`http://${closed}/v2/`).then(
      ({ status }) => status === 401,
      () => false,
    ));
    i++
  )
    await new Promise((done) => setTimeout(done, 100));
  const argv = ['oci', 'push', 'plugin.wasm', '--to', `${closed}/acme/thing:1`, '--json'];
  expect(codeIn(await runCommand(argv, folder))).toBe('OCI_AUTH');
  const env = { PLUGMARK_OCI_USERNAME: 'lab', PLUGMARK_OCI_PASSWORD: 'secret' };
  expect((await runCommand(argv, folder, undefined, env)).exit).toBe(0);
  guarded.kill();
});

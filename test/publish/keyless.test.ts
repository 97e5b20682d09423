// A publisher and a registry that sign without keys, from the ceremony to a fresh client; and keys that come and go.
import { memoryStore, openPlugins, openRegistry, openWatch, type Plugins, type PluginsOptions } from '@plugmark/client';
import { type KeylessSigner, keylessSigner, offlineDocuments, publishStatement, sha256 } from '@plugmark/publish';
import { canonicalBytes, type Publisher, parseCanonical, Release } from '@plugmark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serveSigstore } from '../../tools/dev/src/sigstore/serve.ts';
import { signStatement } from '../../tools/publish/src/statement-bundle.ts';
import { IDENTITY } from '../sigstore/cases.ts';
import { openLoopback, RUN, SIGNED_AT } from '../testkit/loopback.ts';
import {
  type Built,
  build,
  ceremony,
  clientOf,
  codeOf,
  later,
  NOW,
  releaseOf,
  rootOf,
  serving,
} from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  identityOf,
  PUBLISHER_KEYS,
  REGISTRY_ID,
  type SmallRegistry,
  signerOf,
  smallRegistry,
  sourceOf,
} from '../testkit/registry-folder.ts';
import { ed25519Key } from '../testkit/test-keys.ts';

const clock = { now: SIGNED_AT };
const SIGSTORE = openLoopback(clock);
const PLUGIN = 'acme/thing';
const NEXT = ed25519Key('keyless next');
/** The same as the schema has it. */
const WORKFLOW = IDENTITY as Publisher['identities'][number];
let served: Served;
beforeAll(async () => {
  served = await serveSigstore(SIGSTORE);
});
afterAll(() => served.close());

const signer = (version: string, rekor: 1 | 2 = 2): KeylessSigner =>
  keylessSigner({
    config: SIGSTORE.signingConfig(served.address, rekor),
    where: 'test',
    token: SIGSTORE.token({ ...RUN, ref: `refs/tags/v${version}` }),
  });

const releaseIn = ({ files }: SmallRegistry, version: string): Release =>
  parseCanonical(Release, files.get(`plugins/${PLUGIN}/${version}/release.json`) as Uint8Array, 'release');

async function resign(
  registry: SmallRegistry,
  version: string,
  by: Parameters<typeof signStatement>[1],
): Promise<void> {
  const bundle = await signStatement(publishStatement(releaseIn(registry, version), REGISTRY_ID), by);
  registry.files.set(`plugins/${PLUGIN}/${version}/publisher.sigstore.json`, bundle);
}

const identities = (
  registry: SmallRegistry,
  change: (list: Publisher['identities']) => Publisher['identities'],
): void =>
  editJson(registry.files, 'publishers/acme.json', (publisher) => ({
    ...publisher,
    identities: change(publisher.identities),
  }));

/** acme releases from a workflow too; the registry signs a trusted root. */
async function keylessRegistry(): Promise<SmallRegistry> {
  const registry = await smallRegistry();
  registry.files.set('trust/trusted_root.json', SIGSTORE.trustedRoot);
  identities(registry, (list) => [...list, WORKFLOW]);
  return registry;
}

const install = (built: Built, version: string, keyless?: 'web' | 'node') => {
  const now = later(300_000);
  const load =
    keyless && (() => (keyless === 'web' ? import('@plugmark/client/sigstore') : import('@plugmark/client/node')));
  return clientOf((path) => built.tree.get(path), rootOf(built), load ? { keyless: load, now } : { now }).install(
    `${PLUGIN}@${version}`,
  );
};

test('what checks certificates is loaded while the bytes are', async () => {
  const registry = await keylessRegistry();
  // No key may sign, so a certificate will come.
  identities(registry, () => [WORKFLOW]);
  for (const version of ['1.0.0', '1.1.0']) await resign(registry, version, signer(version));
  const built = await build(registry);
  let isAsked = (): void => undefined;
  const trustedRoot = new Promise<void>((done) => {
    isAsked = done;
  });
  const serve: typeof fetch = async (input) => {
    const path = new URL(String(input)).pathname.slice(1);
    if (path.endsWith('.trusted_root.json')) isAsked();
    // A client that asks for the root only when it has read the bundle waits here for ever.
    if (path.startsWith('attestations/')) await trustedRoot;
    const bytes = built.tree.get(path);
    return new Response((bytes ?? null) as Uint8Array<ArrayBuffer> | null, { status: bytes ? 200 : 404 });
  };
  const client = openRegistry({
    url: 'https://small.example/',
    root: rootOf(built),
    store: memoryStore(),
    fetch: serve,
    now: () => later(300_000),
    keyless: () => import('@plugmark/client/sigstore'),
  });
  expect((await client.install(`${PLUGIN}@1.1.0`)).publisher.state).toBe('verified');
});

test.each([1, 2] as const)(
  'a release signed by a listed workflow (Rekor v%i) is listed, co-signed and installed',
  async (rekor) => {
    const registry = await keylessRegistry();
    await resign(registry, '1.1.0', signer('1.1.0', rekor));
    const built = await build(registry);
    expect(built.refusals).toEqual([]);
    for (const keyless of ['web', 'node'] as const) {
      const { publisher, registry: mark, tier } = await install(built, '1.1.0', keyless);
      expect(publisher).toMatchObject({
        state: 'verified',
        signer: 'https://github.com/acme/thing/.github/workflows/release.yml@refs/tags/v1.1.0',
        workflow: { repository: 'https://github.com/acme/thing', trigger: 'push', ref: 'refs/tags/v1.1.0' },
        signedAt: SIGNED_AT.getTime(),
        entries: [{ log: expect.stringContaining('rekor.plugmark.invalid'), logIndex: expect.any(Number) }],
      });
      expect([mark.state, tier]).toEqual(['verified', 'verified']);
    }
    // Releases signed by key need no part of it.
    expect((await install(built, '1.0.0')).publisher).toEqual({ state: 'verified', signer: PUBLISHER_KEYS.acme.keyId });
  },
);

test('without the verifier loaded it is not checked, and not installed', async () => {
  const registry = await keylessRegistry();
  await resign(registry, '1.1.0', signer('1.1.0'));
  const built = await build(registry);
  expect(await codeOf(() => install(built, '1.1.0'))).toBe('BUNDLE_KEYLESS');
  const client = openWatch({
    url: 'https://small.example/',
    root: rootOf(built),
    store: memoryStore(),
    fetch: serving((path) => built.tree.get(path)),
    now: () => NOW,
  });
  const list = [identityOf(PUBLISHER_KEYS.acme), IDENTITY];
  expect(await client.signatureOf(PLUGIN, '1.1.0', list)).toMatchObject({ state: 'notChecked' });
  expect(await client.signatureOf(PLUGIN, '1.0.0', list)).toMatchObject({ state: 'verified' });
  expect(await client.signatureOf(PLUGIN, '1.0.0', [IDENTITY])).toMatchObject({
    state: 'verificationFailed',
    refusal: { code: 'KEY_UNKNOWN' },
  });
});

test('a verifier that cannot be loaded is asked for again, not remembered', async () => {
  const registry = await keylessRegistry();
  await resign(registry, '1.1.0', signer('1.1.0'));
  const built = await build(registry);
  let attempts = 0;
  const keyless = async () => {
    attempts++;
    if (attempts === 1) throw new TypeError('the network is gone');
    return import('@plugmark/client/sigstore');
  };
  const client = clientOf((path) => built.tree.get(path), rootOf(built), { keyless });
  await client.install(`${PLUGIN}@1.0.0`);
  expect(attempts).toBe(0);
  await expect(client.install(`${PLUGIN}@1.1.0`)).rejects.toThrow(TypeError);
  expect((await client.install(`${PLUGIN}@1.1.0`)).publisher.state).toBe('verified');
  expect(attempts).toBe(2);
});

test('a workflow that is not listed is refused by the build with its code', async () => {
  const registry = await keylessRegistry();
  await resign(registry, '1.1.0', signer('1.0.0'));
  const built = await build(registry);
  expect(built.refusals).toMatchObject([{ version: '1.1.0', reasons: ['signature.invalid'] }]);
  const findings = built.refusals[0]?.reports.flatMap(({ outcomes }) =>
    outcomes.flatMap((outcome) => outcome.findings),
  );
  expect(findings?.find(({ ruleId }) => ruleId === 'signature.invalid')?.facts).toMatchObject({ code: 'IDENTITY_REF' });
});

test('without a signed trusted root no certificate counts', async () => {
  const registry = await keylessRegistry();
  registry.files.delete('trust/trusted_root.json');
  await resign(registry, '1.1.0', signer('1.1.0'));
  const built = await build(registry);
  expect(built.refusals).toMatchObject([{ version: '1.1.0', reasons: ['signature.invalid'] }]);
  expect(releaseOf(built, PLUGIN, '1.1.0')).toBeUndefined();
});

test('a release is never listed without a signature, whoever signed before', async () => {
  const registry = await smallRegistry();
  await addRelease(registry, { plugin: PLUGIN, version: '1.2.0', bytes: honestModule(9).build() });
  registry.files.delete(`plugins/${PLUGIN}/1.2.0/publisher.sigstore.json`);
  const built = await build(registry);
  expect(built.refusals.map(({ version }) => version)).toEqual(['1.2.0']);
  expect(releaseOf(built, PLUGIN, '1.2.0')).toBeUndefined();
});

test('a key is rotated: the new one proves itself, signs, and takes over what the old one signed', async () => {
  const registry = await smallRegistry();
  const first = await build(registry);
  const proof = { plugin: PLUGIN, version: '1.1.0' };
  const next = { ...identityOf(NEXT), proof } as Publisher['identities'][number];
  identities(registry, (list) => [...list, next]);
  const proofPath = `publishers/acme/proofs/${NEXT.keyId}.sigstore.json`;
  expect(await codeOf(() => build(registry, { previous: first }))).toBe('KEY_UNPROVEN');
  const statement = publishStatement(releaseIn(registry, '1.1.0'), REGISTRY_ID);
  registry.files.set(proofPath, await signStatement(statement, signerOf(NEXT)));
  await addRelease(registry, { plugin: PLUGIN, version: '1.2.0', bytes: honestModule(9).build(), key: NEXT });
  const second = await build(registry, { previous: first, now: later(60_000) });
  expect((await install(second, '1.2.0')).publisher.signer).toBe(NEXT.keyId);
  expect((await install(second, '1.0.0')).publisher.signer).toBe(PUBLISHER_KEYS.acme.keyId);
  // The old key is taken off: its releases are signed again, and nothing else about them changes.
  identities(registry, () => [next]);
  for (const version of ['1.0.0', '1.1.0']) await resign(registry, version, signerOf(NEXT));
  const third = await build(registry, { previous: second, now: later(120_000) });
  expect(third.refusals).toEqual([]);
  expect((await install(third, '1.0.0')).publisher.signer).toBe(NEXT.keyId);
  expect(releaseOf(third, PLUGIN, '1.0.0')?.publishedAt).toBe(releaseOf(first, PLUGIN, '1.0.0')?.publishedAt);
});

test('a key whose listing has ended counts for signatures that were timestamped before', async () => {
  const registry = await keylessRegistry();
  const ended = { ...identityOf(PUBLISHER_KEYS.acme), to: '2026-06-02T00:00:00Z' } as Publisher['identities'][number];
  identities(registry, () => [ended, WORKFLOW]);
  await resign(registry, '1.1.0', { ...signerOf(PUBLISHER_KEYS.acme), timestampUrl: served.address });
  const built = await build(registry, { now: SIGNED_AT });
  expect(built.refusals.map(({ version }) => version)).toEqual(['1.0.0']);
  expect((await install(built, '1.1.0', 'web')).publisher).toMatchObject({
    state: 'verified',
    signedAt: SIGNED_AT.getTime(),
  });
  expect(await codeOf(() => install(built, '1.1.0'))).toBe('KEY_WINDOW');
});

test('an Ed25519 signature beside the artifact is served with it, and refused when it is of nobody listed', async () => {
  const registry = await smallRegistry();
  const bytes = honestModule(1).build();
  const path = `plugins/${PLUGIN}/1.0.0/plugin.wasm.sig`;
  registry.files.set(path, PUBLISHER_KEYS.acme.sign(bytes));
  const built = await build(registry);
  expect(built.tree.get(`blobs/sha256/${sha256(bytes)}.wasm.sig`)).toEqual(PUBLISHER_KEYS.acme.sign(bytes));
  for (const wrong of [
    NEXT.sign(bytes),
    PUBLISHER_KEYS.acme.sign(honestModule(2).build()),
    new Uint8Array(64),
    new Uint8Array(65),
  ]) {
    registry.files.set(path, wrong);
    expect((await build(registry)).refusals).toMatchObject([{ version: '1.0.0', reasons: ['signature.invalid'] }]);
  }
});

test('the statement of a keyless bundle is the one a key would have signed', async () => {
  const registry = await keylessRegistry();
  const statement = publishStatement(releaseIn(registry, '1.1.0'), REGISTRY_ID);
  const bundle = JSON.parse(new TextDecoder().decode(await signStatement(statement, signer('1.1.0'))));
  expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
  expect(Buffer.from(bundle.dsseEnvelope.payload, 'base64')).toEqual(Buffer.from(canonicalBytes(statement)));
  expect(sourceOf(registry).trustedRoot).toEqual(SIGSTORE.trustedRoot);
});

test('a registry whose own workflow co-signs: the mark names it, and another workflow’s mark does not count', async () => {
  const registry = await keylessRegistry();
  const source = sourceOf(registry);
  const run = {
    ...RUN,
    repository: 'registry',
    repositoryId: '555',
    workflow: '.github/workflows/publish.yml',
    ref: 'refs/heads/main',
  };
  const subject = 'https://github.com/acme/registry/.github/workflows/publish.yml@refs/heads/main';
  const cosigner = (change: Partial<typeof RUN> = {}) =>
    keylessSigner({
      config: SIGSTORE.signingConfig(served.address, 2),
      where: 'test',
      token: SIGSTORE.token({ ...run, ...change }),
    });
  const cosign = { kind: 'keyless', issuer: IDENTITY.issuer, subject, repositoryId: '555' } as const;
  const documents = offlineDocuments(source, { cosign: [{ key: cosign, from: '2026-01-01T00:00:00Z' }] });
  const offline = ceremony(registry, {}, documents);
  const built = await build(registry, { offline, cosigner: cosigner() });
  const { registry: mark } = await install(built, '1.1.0', 'web');
  expect(mark).toEqual({ state: 'verified', levels: expect.arrayContaining(['PLUGMARK_PUBLISHER_VERIFIED']) });
  // The next build keeps the marks; a certificate is not bought for what is signed already.
  const again = await build(registry, {
    offline,
    previous: built,
    cosigner: { ...cosigner(), identity: { getToken: () => Promise.reject(new Error('no token')) } },
  });
  expect(releaseOf(again, PLUGIN, '1.1.0')?.attestations.registry).toEqual(
    releaseOf(built, PLUGIN, '1.1.0')?.attestations.registry,
  );
  for (const change of [
    { repositoryId: '556' },
    { workflow: '.github/workflows/ci.yml' },
    { event: 'pull_request_target' },
  ])
    expect(await codeOf(() => build(registry, { offline, cosigner: cosigner(change) }))).toBe('SELF_CHECK');
  // The workflow file was renamed and listed anew: marks of the old one are made again.
  const renamed = { ...cosign, subject: subject.replace('publish.yml', 'office.yml') };
  const listed = offlineDocuments(source, { cosign: [{ key: renamed, from: '2026-01-01T00:00:00Z' }] });
  const next = await build(registry, {
    offline: ceremony(registry, { previous: built }, listed),
    previous: built,
    cosigner: cosigner({ workflow: '.github/workflows/office.yml' }),
  });
  expect((await install(next, '1.1.0', 'web')).registry.state).toBe('verified');
  const markOf = (one: Built) => releaseOf(one, PLUGIN, '1.1.0')?.attestations.registry?.sha256;
  expect(markOf(next)).not.toBe(markOf(built));
});

test('a host keeps by whom it was signed, in numbers that outlive renaming, and proves it again without a network', async () => {
  const registry = await keylessRegistry();
  await resign(registry, '1.1.0', signer('1.1.0'));
  const built = await build(registry);
  const store = memoryStore();
  const now = later(300_000);
  const host = (more: Partial<PluginsOptions> = {}): Plugins =>
    openPlugins({
      url: 'https://small.example/',
      root: rootOf(built),
      store,
      fetch: serving((path) => built.tree.get(path)),
      now: () => now,
      host: { id: 'bench' },
      policy: { minimumReleaseAgeMinutes: 0 },
      ...more,
    });
  expect(await codeOf(() => host().install(PLUGIN))).toBe('BUNDLE_KEYLESS');
  const keyless = () => import('@plugmark/client/sigstore');
  await host({ keyless }).install(PLUGIN);
  const { issuer, repositoryId, ownerId } = IDENTITY;
  const [entry] = (await host().lockfile()).plugins;
  expect(entry?.signer).toEqual({ kind: 'keyless', issuer, repositoryId, ownerId });
  const unplugged = async (): Promise<never> => Promise.reject(new TypeError('no network'));
  expect(await host({ keyless, fetch: unplugged }).restore({ frozen: true })).toMatchObject([{ version: '1.1.0' }]);
  expect(await codeOf(() => host({ fetch: unplugged }).restore({ frozen: true }))).toBe('BUNDLE_KEYLESS');
  // Loading rests on what was recorded when it was verified.
  expect((await host({ fetch: unplugged }).load(PLUGIN)).version).toBe('1.1.0');
});

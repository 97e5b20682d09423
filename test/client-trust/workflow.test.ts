// What vectors cannot say: requests made, kinds of keys, delegation graphs, power cuts, and the state a caller sees.
import { ClientError, loadTrusted, refreshMetadata, type TufClient } from '@plugmark/client/trust';
import { expect, test } from 'vitest';
import { MemoryTrustStore, PowerCut } from '../testkit/memory-trust-store.ts';
import { ed25519Key, p256Key, rsaKey } from '../testkit/test-keys.ts';
import { hash, NOW, TufRepository } from '../testkit/tuf-repository.ts';
import { DOCUMENT, goodRepository, POLICY } from './repository-cases.ts';

const visit = (repository: TufRepository, store: MemoryTrustStore = new MemoryTrustStore(), now: Date = NOW) =>
  refreshMetadata({ root: repository.firstRoot, fetchFile: repository.fetchFile, store, now });

const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ClientError ? error.code : error;
};

async function read(client: TufClient, path: string): Promise<string | undefined> {
  const info = await client.target(path);
  return info && new TextDecoder().decode(await client.download(info));
}

test('a first visit and a return ask for no more than they need', async () => {
  const repository = goodRepository();
  const store = new MemoryTrustStore();
  const first = await visit(repository, store);
  expect(await read(first, DOCUMENT)).toBe('{"latest":"1.0.0"}');
  expect(repository.requests).toEqual([
    'metadata/2.root.json',
    'metadata/timestamp.json',
    'metadata/3.snapshot.json',
    'metadata/3.targets.json',
    'metadata/2.documents.json',
    `targets/plugins/acme/${hash('sha256', new TextEncoder().encode('{"latest":"1.0.0"}'))}.fft.json`,
  ]);
  repository.requests.length = 0;
  const second = await visit(repository, store);
  expect(await read(second, DOCUMENT)).toBe('{"latest":"1.0.0"}');
  expect(repository.requests).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
});

test('every kind of key signs, and a repository without consistent names is read', async () => {
  const keys = {
    root: [p256Key('root'), ed25519Key('root')],
    timestamp: [p256Key('timestamp', 'ecdsa-sha2-nistp256')],
    snapshot: [rsaKey()],
  };
  for (const isConsistent of [true, false]) {
    const repository = new TufRepository({ keys, isConsistent, hashesInSnapshot: true });
    repository.addTarget('a/b c?.json', 'content');
    repository.publish();
    expect(await read(await visit(repository), 'a/b c?.json')).toBe('content');
  }
});

test('a target with sha512 only is downloaded under that name', async () => {
  const repository = new TufRepository();
  const bytes = new TextEncoder().encode('content');
  const sha512 = hash('sha512', bytes);
  repository.targets.targets['x'] = { length: bytes.length, hashes: { sha512 } };
  repository.files.set(`targets/${sha512}.x`, bytes);
  repository.publish();
  expect(await read(await visit(repository), 'x')).toBe('content');
});

test('state: versions, expiry, and when this timestamp was first seen', async () => {
  const repository = goodRepository();
  const store = new MemoryTrustStore();
  await visit(repository, store);
  const later = new Date('2026-03-02T12:00:00Z');
  const { state } = await visit(repository, store, later);
  expect(state).toEqual({
    rootVersion: 1,
    timestampVersion: 3,
    snapshotVersion: 3,
    targetsVersion: 3,
    expires: new Date('2026-04-01T00:00:00Z'),
    timestampSeen: NOW,
  });
  repository.publishTimestamp();
  expect((await visit(repository, store, later)).state.timestampSeen).toEqual(later);
});

test('an invalid clock counts as past every expiry', async () => {
  expect(await codeOf(visit(goodRepository(), new MemoryTrustStore(), new Date(Number.NaN)))).toBe('METADATA_EXPIRED');
});

test('offline: nothing at first, then everything once fetched, expired or not', async () => {
  const repository = goodRepository();
  const store = new MemoryTrustStore();
  const offline = { root: repository.firstRoot, store, now: new Date('2030-01-01T00:00:00Z') };
  expect(await loadTrusted(offline)).toBeUndefined();
  const client = await visit(repository, store);
  await read(client, DOCUMENT);
  const kept = await loadTrusted(offline);
  expect(kept?.state).toEqual(client.state);
  expect(kept && (await read(kept, DOCUMENT))).toBe('{"latest":"1.0.0"}');
  expect(kept && (await codeOf(read(kept, POLICY)))).toBe('FILE_MISSING');
});

test('offline: a store filled under another root is not believed', async () => {
  const store = new MemoryTrustStore();
  await visit(goodRepository(), store);
  const stranger = new TufRepository({ keys: { timestamp: [ed25519Key('other timestamp')] } });
  expect(await loadTrusted({ root: stranger.firstRoot, store, now: NOW })).toBeUndefined();
});

test('offline: a file newer than the one that names it is not believed', async () => {
  const repository = goodRepository();
  const store = new MemoryTrustStore();
  await read(await visit(repository, store), DOCUMENT);
  const old = new Map(store.files);
  repository.addTarget(DOCUMENT, '{"latest":"2.0.0"}', 'documents');
  repository.publish();
  await read(await visit(repository, store), DOCUMENT);
  const offline = { root: repository.firstRoot, store, now: NOW };
  const putBack = (name: string) => store.files.set(name, old.get(name) ?? new Uint8Array());
  putBack('metadata/timestamp.json');
  expect(await loadTrusted(offline)).toBeUndefined();
  putBack('metadata/snapshot.json');
  expect(await loadTrusted(offline)).toBeUndefined();
  putBack('metadata/targets.json');
  const kept = await loadTrusted(offline);
  expect(kept && (await codeOf(kept.target(DOCUMENT)))).toBe('FILE_MISSING');
  putBack('metadata/roles/documents.json');
  const again = await loadTrusted(offline);
  expect(again && (await read(again, DOCUMENT))).toBe('{"latest":"1.0.0"}');
});

test('a targets file must be the very bytes whose hash a snapshot lists', async () => {
  const repository = new TufRepository({ hashesInSnapshot: true });
  const path = 'metadata/1.targets.json';
  // A space more: the signature still holds, since it covers the canonical form.
  const respaced = new TextDecoder().decode(repository.file(path)).replace('{', '{ ');
  repository.snapshot.meta['targets.json'].length = respaced.length;
  repository.publishSnapshot();
  repository.files.set(path, new TextEncoder().encode(respaced));
  expect(await codeOf(visit(repository))).toBe('METADATA_DIGEST');
});

test('every request carries a byte limit: the declared length, and never more than the general one', async () => {
  const repository = goodRepository();
  repository.snapshot.meta['targets.json'].length = 10 ** 12;
  repository.publishSnapshot();
  const limits: Record<string, number> = {};
  const fetchFile = (path: string, maxBytes: number) => {
    limits[path] = maxBytes;
    return repository.fetchFile(path);
  };
  const root = repository.firstRoot;
  await codeOf(refreshMetadata({ root, fetchFile, store: new MemoryTrustStore(), now: NOW }));
  expect(limits).toEqual({
    'metadata/2.root.json': 512_000,
    'metadata/timestamp.json': 16_384,
    'metadata/4.snapshot.json': repository.file('metadata/4.snapshot.json').length,
    'metadata/3.targets.json': 5_000_000,
  });
});

test('a power cut at any write leaves a state that still answers, and the next visit completes it', async () => {
  const repository = goodRepository();
  const before = new MemoryTrustStore();
  await read(await visit(repository, before), DOCUMENT);
  repository.setKeys('root', [p256Key('new root')]);
  repository.setKeys('snapshot', [ed25519Key('new snapshot')]);
  repository.publishRoot();
  repository.addTarget(DOCUMENT, '{"latest":"2.0.0"}', 'documents');
  repository.publish();
  const whole = new MemoryTrustStore(before.files);
  await read(await visit(repository, whole), DOCUMENT);

  const answers = new Set<string | undefined>();
  for (let writes = 0; ; writes++) {
    const store = new MemoryTrustStore(before.files);
    store.remaining = writes;
    const end = await codeOf(visit(repository, store).then((client) => read(client, DOCUMENT)));
    store.remaining = Number.POSITIVE_INFINITY;
    const kept = await loadTrusted({ root: repository.firstRoot, store, now: NOW });
    answers.add(kept && (await read(kept, DOCUMENT).catch(() => 'not fetched yet')));
    expect(await read(await visit(repository, store), DOCUMENT)).toBe('{"latest":"2.0.0"}');
    expect(store.files).toEqual(whole.files);
    if (end === undefined) break;
    expect(end).toBeInstanceOf(PowerCut);
  }
  // Between the rotation of the snapshot key and the new snapshot there is nothing the new root vouches for.
  expect(answers).toEqual(new Set([undefined, '{"latest":"1.0.0"}', 'not fetched yet', '{"latest":"2.0.0"}']));
});

test('an update interrupted after the timestamp is resumed although the timestamp is unchanged', async () => {
  const repository = goodRepository();
  const store = new MemoryTrustStore();
  await visit(repository, store);
  repository.addTarget(POLICY, '{"wait":"P9D"}');
  repository.publish();
  const snapshot = `metadata/${repository.snapshot.version}.snapshot.json`;
  const bytes = repository.file(snapshot);
  repository.files.delete(snapshot);
  expect(await codeOf(visit(repository, store))).toBe('FILE_MISSING');
  repository.files.set(snapshot, bytes);
  expect(await read(await visit(repository, store), POLICY)).toBe('{"wait":"P9D"}');
});

test('a damaged store is healed from the server', async () => {
  const repository = goodRepository();
  repository.setKeys('root', [p256Key('new root')]);
  repository.publishRoot();
  const good = new MemoryTrustStore();
  await read(await visit(repository, good), DOCUMENT);
  for (const [name, bytes] of good.files) {
    const store = new MemoryTrustStore(good.files);
    store.files.set(
      name,
      bytes.map((byte) => byte ^ 0x80),
    );
    expect(await read(await visit(repository, store), DOCUMENT)).toBe('{"latest":"1.0.0"}');
    const isNote = name === 'trust/timestamp-seen';
    expect(store.files.get(name)).toEqual(isNote ? store.files.get(name) : bytes);
  }
});

test('a hundred roots are followed; the 257th new one waits for the next visit', async () => {
  const repository = new TufRepository();
  for (let i = 0; i < 257; i++) repository.publishRoot();
  const store = new MemoryTrustStore();
  expect((await visit(repository, store)).state.rootVersion).toBe(257);
  expect((await visit(repository, store)).state.rootVersion).toBe(258);
});

test('a failed delegated load is tried again by the same client', async () => {
  const repository = goodRepository();
  const client = await visit(repository);
  const path = 'metadata/2.documents.json';
  const bytes = repository.file(path);
  repository.files.delete(path);
  expect(await codeOf(client.target(DOCUMENT))).toBe('FILE_MISSING');
  repository.files.set(path, bytes);
  expect((await client.target(DOCUMENT))?.role).toBe('documents');
});

test('errors of the ports pass through unchanged', async () => {
  const repository = goodRepository();
  const broken = new Error('disk full');
  const store = new MemoryTrustStore();
  store.put = () => Promise.reject(broken);
  expect(await codeOf(visit(repository, store))).toBe(broken);
});

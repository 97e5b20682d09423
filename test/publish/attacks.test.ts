// What a server, a network, a disk or a second process can do to a client that has installed something before. Each row is refused with
// its code; afterwards what was installed still loads, and the honest registry is followed as if nothing had been. Rows about the
// online key itself are in stolen-online-key.test.ts, about single metadata files in test/vectors/trust.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, openRegistry, type RegistryClient, type TrustStore } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { type FileTree, publishStatement, sha256 } from '@plugmark/publish';
import { canonicalBytes } from '@plugmark/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signStatement } from '../../tools/publish/src/statement-bundle.ts';
import { MemoryTrustStore, PowerCut } from '../testkit/memory-trust-store.ts';
import { type Built, build, clientOf, codeOf, DAY, HOUR, jsonOf, later, rootOf } from '../testkit/office.ts';
import {
  addRelease,
  honestModule,
  PUBLISHER_KEYS,
  REGISTRY_ID,
  signerOf,
  smallRegistry,
} from '../testkit/registry-folder.ts';
import { Attacker } from './attacker.ts';

/** The registry when the client last looked, and now. */
let old: Built;
let now: Built;
let digest: string;
beforeAll(async () => {
  const registry = await smallRegistry();
  old = await build(registry);
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(80).build() });
  now = await build(registry, { previous: old, now: later(HOUR) });
  digest = old.documents.find(({ plugin }) => plugin === 'acme/thing')?.releases[0]?.release.artifact.sha256 ?? '';
});

const at = later(HOUR);
const reader = (tree: FileTree) => (path: string) => tree.get(path);

/** A store of a client that installed 1.1.0 from the old registry, or 1.2.0 from the new one. */
async function storeOf(built: Built, store: TrustStore = memoryStore()): Promise<TrustStore> {
  await clientOf(reader(built.tree), rootOf(old), { store, now: at }).install('acme/thing');
  return store;
}

/** What was installed loads, and the honest registry is followed. */
async function expectIntact(store: TrustStore): Promise<void> {
  const client = clientOf(reader(now.tree), rootOf(old), { store, now: at });
  expect(sha256(await client.load(digest))).toBe(digest);
  expect((await client.install('acme/thing')).version).toBe('1.2.0');
}

/** A copy of a tree with some files changed. */
function edited(tree: FileTree, edit: (files: FileTree) => void): FileTree {
  const files = new Map(tree);
  edit(files);
  return files;
}

const versionOf = (built: Built, role: string): number => jsonOf(built.tree, `metadata/${role}.json`).signed.version;
const bytes = (path: string, built = now): Uint8Array => built.tree.get(path) as Uint8Array;

describe('what is served', () => {
  test.each<[string, string, () => FileTree, Date]>([
    ['METADATA_ROLLBACK', 'the registry as it was', () => old.tree, at],
    ['METADATA_EXPIRED', 'the registry as it is, for ever', () => now.tree, later(HOUR + 3 * DAY)],
    [
      'METADATA_DIGEST',
      'an old snapshot under the name of the new one',
      () => edited(now.tree, (files) => files.set('metadata/2.snapshot.json', bytes('metadata/1.snapshot.json'))),
      at,
    ],
    [
      'METADATA_VERSION',
      'an old documents role under the name of the new one',
      () => edited(now.tree, (files) => files.set('metadata/2.documents.json', bytes('metadata/1.documents.json'))),
      at,
    ],
    [
      'TARGET_DIGEST',
      'an old document under the name of the new one',
      () =>
        edited(now.tree, (files) =>
          files.set(pathOf('plugins/acme/thing.json', now), bytes(pathOf('plugins/acme/thing.json', old), old)),
        ),
      at,
    ],
    [
      'TARGET_DIGEST',
      'the document of another plugin under the right path',
      () =>
        edited(now.tree, (files) =>
          files.set(pathOf('plugins/acme/thing.json', now), bytes(pathOf('plugins/indie/tool.json', now))),
        ),
      at,
    ],
  ])('%s: %s', async (code, _, tree, when) => {
    const store = await storeOf(code === 'METADATA_ROLLBACK' || code === 'METADATA_EXPIRED' ? now : old);
    const client = clientOf(reader(tree()), rootOf(old), { store, now: when });
    expect(await codeOf(async () => (await client.refresh()) && client.install('acme/thing'))).toBe(code);
    if (code !== 'METADATA_ROLLBACK' && code !== 'METADATA_EXPIRED') await expectIntact(store);
  });

  test('DOCUMENT_MISMATCH: the document of another plugin, listed by the online key under the right path', async () => {
    const attacker = new Attacker(old);
    attacker.list('plugins/acme/thing.json', attacker.document('indie/tool')).sign();
    const store = await storeOf(old);
    expect(await codeOf(() => attacker.client(store).install('acme/thing'))).toBe('DOCUMENT_MISMATCH');
  });

  test('KEY_UNKNOWN: a verified publisher’s plugin offered as a community one, with keys of its own', async () => {
    const attacker = new Attacker(old);
    const document = attacker.document('acme/thing');
    const [newest] = document.releases as [(typeof document.releases)[number]];
    const bundle = attacker.attest(
      await signStatement(publishStatement(newest.release, REGISTRY_ID), signerOf(PUBLISHER_KEYS.indie)),
    );
    const { registry: _, ...attestations } = newest.attestations;
    document.releases = [
      {
        ...newest,
        manifestSha256: sha256(canonicalBytes(newest.release)),
        attestations: { ...attestations, publisher: bundle },
      },
    ];
    document.publisher = { title: 'Acme', identities: attacker.document('indie/tool').publisher.identities };
    attacker.list('plugins/acme/thing.json', document).sign();
    const store = await storeOf(old);
    const client = attacker.client(store);
    expect((await client.resolve('acme/thing')).tier).toBe('verified');
    expect(await codeOf(() => client.install('acme/thing'))).toBe('KEY_UNKNOWN');
  });

  test('the clock is set back: by days it is noticed, by hours it is shown, and nothing older is taken either way', async () => {
    const store = await storeOf(now);
    const client = (tree: FileTree, when: Date) => clientOf(reader(tree), rootOf(old), { store, now: when });
    expect(await codeOf(() => client(now.tree, later(-30 * DAY)).refresh())).toBe('METADATA_LIFETIME');
    const early = later(-12 * HOUR);
    expect(await codeOf(() => client(old.tree, early).refresh())).toBe('METADATA_ROLLBACK');
    const { timestampSeen, refreshedAt } = await client(now.tree, early).refresh();
    expect(timestampSeen?.getTime()).toBeGreaterThan(refreshedAt.getTime());
    expect((await client(now.tree, at).install('acme/thing')).version).toBe('1.2.0');
  });
});

function pathOf(path: string, built: Built): string {
  const file = jsonOf(built.tree, `metadata/${versionOf(built, 'timestamp')}.documents.json`).signed.targets[path];
  const slash = path.lastIndexOf('/') + 1;
  return `targets/${path.slice(0, slash)}${file.hashes.sha256}.${path.slice(slash)}`;
}

type Misbehave = (request: IncomingMessage, response: ServerResponse) => void;

/** A real server that serves the tree and does `misbehave` for one path. */
async function withServer<T>(
  path: string,
  misbehave: Misbehave,
  act: (client: (store: TrustStore) => RegistryClient) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent((request.url ?? '').slice(1));
    if (asked === path) return misbehave(request, response);
    const file = now.tree.get(asked);
    response.writeHead(file ? 200 : 404, { 'content-type': 'application/octet-stream' }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    return await act((store) =>
      openRegistry({
        url,
        root: rootOf(old),
        store,
        fetch,
        now: () => at,
        policy: { minimumReleaseAgeMinutes: 0 },
        timeoutMs: 700,
      }),
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const endless: Misbehave = (_, response) => {
  const chunk = new Uint8Array(100_000).fill(0x20);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
};
const trickle: Misbehave = (_, response) => {
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};

describe('how it is served', () => {
  const files = (): Record<string, string> => {
    const newest = now.documents.find(({ plugin }) => plugin === 'acme/thing')?.releases[0];
    return {
      root: 'metadata/2.root.json',
      timestamp: 'metadata/timestamp.json',
      snapshot: 'metadata/2.snapshot.json',
      role: 'metadata/2.documents.json',
      document: pathOf('plugins/acme/thing.json', now),
      bundle: `attestations/${newest?.attestations.publisher.sha256}.json`,
      artifact: `blobs/sha256/${newest?.release.artifact.sha256}.wasm`,
    };
  };
  const NAMES = ['root', 'timestamp', 'snapshot', 'role', 'document', 'bundle', 'artifact'];

  test.each(NAMES)('%s without end: TOO_LARGE', async (name) => {
    const store = await storeOf(old);
    const code = await withServer(files()[name] ?? '', endless, (client) =>
      codeOf(() => client(store).install('acme/thing')),
    );
    expect(code).toBe('TOO_LARGE');
    await expectIntact(store);
  });

  test.each(['timestamp', 'artifact'])('%s that trickles for ever: NETWORK, after the time limit', async (name) => {
    const store = await storeOf(old);
    const code = await withServer(files()[name] ?? '', trickle, (client) =>
      codeOf(() => client(store).install('acme/thing')),
    );
    expect(code).toBe('NETWORK');
    await expectIntact(store);
  });

  test.each(NAMES)('%s at another origin: NETWORK, and nobody goes there', async (name) => {
    const visited: string[] = [];
    const elsewhere = createServer((request, response) => {
      visited.push(request.url ?? '');
      response.end(now.tree.get((request.url ?? '').slice(1)));
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const store = await storeOf(old);
    const moved: Misbehave = ({ url }, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}${url}` }).end();
    const code = await withServer(files()[name] ?? '', moved, (client) =>
      codeOf(() => client(store).install('acme/thing')),
    );
    elsewhere.close();
    expect([code, visited]).toEqual(['NETWORK', []]);
    await expectIntact(store);
  });
});

describe('what is kept', () => {
  const folders: string[] = [];
  const folder = (): string => {
    folders.push(mkdtempSync(join(tmpdir(), 'plugmark-attacks-')));
    return folders.at(-1) ?? '';
  };
  afterAll(() => {
    for (const path of folders) rmSync(path, { recursive: true, force: true });
  });

  test('a store in which any file was damaged, emptied or exchanged for another is healed or refused, and never believed', async () => {
    const good = new MemoryTrustStore();
    await storeOf(now, good);
    const names = [...good.files.keys()];
    expect(names.length).toBeGreaterThan(10);
    const expected = (
      await clientOf(reader(now.tree), rootOf(old), { store: memoryStore(), now: at }).install('acme/thing')
    ).sha256;
    const outcomes = new Set<string>();
    for (const [i, name] of names.entries()) {
      const whole = good.files.get(name) as Uint8Array;
      const other = good.files.get(names[(i + 1) % names.length] ?? '') as Uint8Array;
      for (const damaged of [new Uint8Array(), whole.map((byte) => byte ^ 0x01), other]) {
        const store = new MemoryTrustStore(new Map(good.files).set(name, damaged));
        const client = clientOf(reader(now.tree), rootOf(old), { store, now: at });
        // Loading before anything could heal it: the bytes themselves, or a refusal.
        const loaded = await codeOf(async () => sha256(await client.load(expected)));
        outcomes.add(typeof loaded === 'string' ? loaded : (loaded as { accepted: string }).accepted);
        expect((await client.install('acme/thing')).sha256).toBe(expected);
        expect(sha256(await client.load(expected))).toBe(expected);
      }
    }
    expect(outcomes).toEqual(new Set([expected, 'ARTIFACT_DIGEST']));
  });

  test('two clients that race on one folder, one with an old registry: both answer by what they were served, and the folder holds', async () => {
    const path = folder();
    const store = (): TrustStore => fileStore(path);
    await storeOf(old, store());
    const race = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        clientOf(reader(i % 2 === 0 ? now.tree : old.tree), rootOf(old), { store: store(), now: at }).install(
          'acme/thing',
        ),
      ),
    );
    for (const [i, ended] of race.entries()) {
      if (ended.status === 'fulfilled') expect(ended.value.version).toBe(i % 2 === 0 ? '1.2.0' : '1.1.0');
      else expect(ended.reason).toMatchObject({ code: expect.stringMatching(/^METADATA_/) });
    }
    expect(race.some(({ status }) => status === 'fulfilled')).toBe(true);
    await expectIntact(store());
    const left = readdirSync(path, { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('the power goes at any write of an install: what was installed loads, and the next install ends as an undisturbed one', async () => {
    const before = new MemoryTrustStore();
    await storeOf(old, before);
    const whole = new MemoryTrustStore(before.files);
    await storeOf(now, whole);
    const kept = (store: MemoryTrustStore) =>
      new Map([...store.files].filter(([name]) => name !== 'trust/timestamp-seen'));
    let cuts = 0;
    for (; ; cuts++) {
      const store = new MemoryTrustStore(before.files);
      store.remaining = cuts;
      const client = clientOf(reader(now.tree), rootOf(old), { store, now: at });
      const ended = await codeOf(() => client.install('acme/thing'));
      store.remaining = Number.POSITIVE_INFINITY;
      expect(sha256(await client.load(digest))).toBe(digest);
      await storeOf(now, store);
      expect(kept(store)).toEqual(kept(whole));
      if (!(ended instanceof PowerCut)) break;
    }
    expect(cuts).toBeGreaterThan(4);
  });

  test('a file of the store is whole or absent, whoever looks', async () => {
    const path = folder();
    await storeOf(now, fileStore(path));
    for (const name of readdirSync(path, { recursive: true }).map(String)) {
      if (!name.endsWith('.json')) continue;
      expect(() => JSON.parse(readFileSync(join(path, name), 'utf8'))).not.toThrow();
    }
  });
});

test('the honest registry passes every harness above', async () => {
  const store = await storeOf(old);
  const installed = await withServer('nothing', endless, (client) => client(store).install('acme/thing'));
  expect(installed).toMatchObject({ version: '1.2.0', tier: 'verified' });
});

// The lockfile: its one form, what differs when somebody edited it, another machine, damage; and what may be deleted from the store.
import {
  type ClientError,
  decodeLockfile,
  encodeLockfile,
  evictCache,
  type Lockfile,
  memoryStore,
  type PluginStore,
} from '@plugmark/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, codeOf, HOUR, later, rootOf } from '../testkit/office.ts';
import { buildTwice, digests, host, second, unplugged, YES } from './managed-host.ts';

beforeAll(buildTwice, 60_000);

describe('the lockfile', () => {
  async function locked(): Promise<{ store: PluginStore; lockfile: Lockfile }> {
    const store = memoryStore();
    const plugins = host({ store, answer: YES });
    await plugins.install(['acme/spectrum', 'acme/lamp']);
    return { store, lockfile: await plugins.lockfile() };
  }
  const NAME = 'hosts/conductor/plugmark.lock';
  type Edit = (lockfile: Lockfile) => Lockfile;
  const entry =
    (plugin: string, change: object): Edit =>
    (lockfile) => ({
      ...lockfile,
      plugins: lockfile.plugins.map((item) => (item.plugin === plugin ? { ...item, ...change } : item)),
    });
  const LAMP = 'acme/lamp';

  test('has one form, and says what differs when somebody edited it', { timeout: 60_000 }, async () => {
    const { store, lockfile } = await locked();
    const bytes = (await store.get(NAME)) as Uint8Array;
    expect(encodeLockfile(decodeLockfile(bytes))).toEqual(bytes);
    expect(new TextDecoder().decode(bytes)).not.toContain('https://small.example');
    const frozen = () => host({ store }, { fetch: unplugged }).restore({ frozen: true });
    expect(await frozen()).toHaveLength(3);
    const other = { kind: 'key', keyId: '0'.repeat(64) };
    const edits: [Edit, string, string | undefined][] = [
      [entry(LAMP, { version: '1.0.1' }), 'LOCKFILE_MISMATCH', 'version'],
      [entry(LAMP, { size: 1 }), 'LOCKFILE_MISMATCH', 'size'],
      [entry(LAMP, { tier: 'built-in' }), 'LOCKFILE_MISMATCH', 'tier'],
      [entry(LAMP, { capabilityHash: '0'.repeat(64) }), 'LOCKFILE_MISMATCH', 'capabilityHash'],
      [entry(LAMP, { signer: other }), 'LOCKFILE_MISMATCH', 'signer'],
      [entry(LAMP, { levels: [] }), 'LOCKFILE_MISMATCH', 'levels'],
      [entry(LAMP, { manifestSha256: '0'.repeat(64) }), 'LOCKFILE_MISMATCH', 'manifestSha256'],
      [entry(LAMP, { kind: 'component' }), 'LOCKFILE_MISMATCH', 'kind'],
      [entry(LAMP, { source: { kind: 'registry', registry: 'other.example' } }), 'LOCKFILE_MISMATCH', 'source'],
      [entry(LAMP, { sha256: digests['acme/fft@1.0.0'] }), 'LOCKFILE_MISMATCH', 'plugin'],
      [entry(LAMP, { sha256: '0'.repeat(64) }), 'PROOF_MISSING', undefined],
      [entry('acme/spectrum', { dependencies: new Map() }), 'LOCKFILE_MISMATCH', 'dependency acme/fft'],
      [
        entry('acme/spectrum', { dependencies: new Map([['acme/fft', '1.1.0']]) }),
        'LOCKFILE_MISMATCH',
        'dependency acme/fft',
      ],
      [
        (all) => ({ ...all, plugins: all.plugins.filter(({ plugin }) => plugin !== 'acme/fft') }),
        'LOCKFILE_MISMATCH',
        'dependency acme/fft',
      ],
      [(all) => ({ ...all, host: 'ddalab' }), 'LOCKFILE_MISMATCH', 'host'],
      [(all) => ({ ...all, registries: [] }), 'LOCKFILE_MISMATCH', 'registry small.example id'],
      [
        (all) => ({ ...all, registries: all.registries.map((item) => ({ ...item, rootSha256: '0'.repeat(64) })) }),
        'LOCKFILE_MISMATCH',
        'registry small.example rootSha256',
      ],
    ];
    for (const [edit, code, what] of edits) {
      await store.put(NAME, encodeLockfile(edit(lockfile)));
      const refusal = await frozen().catch((error: unknown) => error);
      expect({ code: (refusal as ClientError).code, what: (refusal as ClientError).details?.['what'] }).toEqual({
        code,
        what,
      });
    }
    const text = new TextDecoder().decode(bytes);
    for (const edited of [
      text.replace('\n', '\n\n'),
      text.trimEnd(),
      text.replace('"size"', '"extra": 1,\n      "size"'),
      '{',
      text.replace('"levels": [', '"levels": [ '),
    ]) {
      await store.put(NAME, new TextEncoder().encode(edited));
      expect(await codeOf(frozen)).toBe('LOCKFILE_MALFORMED');
      expect(await codeOf(() => host({ store }).load(LAMP))).toBe('LOCKFILE_MALFORMED');
    }
  });

  test('brings everything to another machine, asks for consent there, and is not changed by it', async () => {
    const { store, lockfile } = await locked();
    const fresh = memoryStore();
    await fresh.put(NAME, (await store.get(NAME)) as Uint8Array);
    expect(await codeOf(() => host({ store: fresh }).restore({ frozen: true }))).toBe('PROOF_MISSING');
    expect(await codeOf(() => host({ store: fresh }).restore())).toBe('CONSENT_REQUIRED');
    const restored = await host({ store: fresh, answer: YES, built: second, now: later(HOUR) }).restore();
    // The first needed no consent, so the attempt before has brought it; the lockfile named it already.
    expect(restored.map(({ state }) => state)).toEqual(['proved', 'fetched', 'fetched']);
    expect(await host({ store: fresh }).lockfile()).toEqual(lockfile);
    expect(await host({ store: fresh }, { fetch: unplugged }).restore({ frozen: true })).toHaveLength(3);
  });

  test('damaged bytes and proofs are fetched again where there is a network, and refused where there is none', async () => {
    const { store } = await locked();
    const digest = digests['acme/lamp@1.0.0'];
    const blob = `blobs/sha256/${digest}`;
    const flipped = ((await store.get(blob)) as Uint8Array).map((byte, i) => (i === 9 ? byte ^ 1 : byte));
    await store.put(blob, flipped);
    const offline = host({ store }, { fetch: unplugged });
    expect(await codeOf(() => offline.load(LAMP))).toBe('ARTIFACT_DIGEST');
    expect(await codeOf(() => offline.restore({ frozen: true }))).toBe('ARTIFACT_DIGEST');
    expect((await offline.audit()).findings).toMatchObject([{ kind: 'damaged', code: 'ARTIFACT_DIGEST' }]);
    expect((await host({ store }).load(LAMP)).sha256).toBe(digest);
    expect((await offline.load(LAMP)).sha256).toBe(digest);
    for (const { name } of await store.list('proof-files/')) await store.put(name, new TextEncoder().encode('{}'));
    expect(await codeOf(() => offline.restore({ frozen: true }))).toBe('PROOF_INVALID');
    expect((await host({ store, answer: YES }).restore()).map(({ state }) => state)).toContain('fetched');
    expect(await offline.restore({ frozen: true })).toHaveLength(3);
  });

  test('a store somebody else filled proves nothing from another root', async () => {
    const { store } = await locked();
    const { smallRegistry } = await import('../testkit/registry-folder.ts');
    const { ed25519Key } = await import('../testkit/test-keys.ts');
    const stranger = await build(await smallRegistry(), {
      keys: {
        root: ed25519Key('stranger root'),
        online: ed25519Key('stranger online'),
        targets: ed25519Key('stranger targets'),
      },
    });
    const other = host({ store }, { root: rootOf(stranger), fetch: unplugged });
    expect(await codeOf(() => other.restore({ frozen: true }))).toBe('PROOF_INVALID');
  });
});

describe('a lockfile that lies where others can edit it', () => {
  test('cannot give the bytes of one plugin what a person allowed another', async () => {
    const store = memoryStore();
    const plugins = host({ store, answer: YES });
    await plugins.install(['acme/lamp', 'acme/fft']);
    const lockfile = await plugins.lockfile();
    const lamp = lockfile.plugins.find(({ plugin }) => plugin === 'acme/lamp');
    const swapped = lockfile.plugins.map((entry) =>
      entry.plugin === 'acme/lamp' ? { ...entry, sha256: digests['acme/fft@1.0.0'] as string } : entry,
    );
    await store.put('hosts/conductor/plugmark.lock', encodeLockfile({ ...lockfile, plugins: swapped }));
    await expect(plugins.load('acme/lamp')).rejects.toMatchObject({
      code: 'LOCKFILE_MISMATCH',
      details: { what: 'plugin' },
    });
    const borrowed = lockfile.plugins.map((entry) =>
      entry.plugin === 'acme/fft' ? { ...entry, capabilityHash: lamp?.capabilityHash as string } : entry,
    );
    await store.put('hosts/conductor/plugmark.lock', encodeLockfile({ ...lockfile, plugins: borrowed }));
    await expect(plugins.load('acme/fft')).rejects.toMatchObject({
      code: 'LOCKFILE_MISMATCH',
      details: { what: 'capabilityHash' },
    });
  });
});

describe('room in the store', () => {
  test('is made from what no lockfile uses or may go back to', async () => {
    const store = memoryStore();
    await host({ store }).install(['acme/fft', 'acme/old-bands']);
    await host({ store }).uninstall('acme/old-bands');
    // Another host of the same store, whose plugins must survive this one's clean-up.
    await host({ store, answer: YES }, { pinName: 'elsewhere', host: { id: 'conductor' } }).install('acme/lamp');
    const left = async () => (await store.list('blobs/sha256/')).map(({ name }) => name.slice('blobs/sha256/'.length));
    expect(await left()).toHaveLength(3);
    // Its history may still go back to it.
    expect((await evictCache(store, { maxBytes: 0 })).evicted).toEqual([]);
    await store.put(`blobs/sha256/${'0'.repeat(64)}`, new Uint8Array(5000));
    await store.put(`partial/${'1'.repeat(64)}/000000000000`, new Uint8Array(100));
    const { evicted, freedBytes } = await host({ store }).evict({ maxBytes: 0 });
    expect(evicted).toEqual(['0'.repeat(64)]);
    expect(freedBytes).toBe(5100);
    expect(await host({ store }, { fetch: unplugged }).restore({ frozen: true })).toHaveLength(1);
    const elsewhere = host({ store }, { fetch: unplugged, pinName: 'elsewhere' });
    expect(await elsewhere.restore({ frozen: true })).toHaveLength(1);
    await store.put('pins/conductor.json', new TextEncoder().encode('damaged'));
    expect(await codeOf(() => evictCache(store, { maxBytes: 0 }))).toBe('STORE');
  });

  test('is made after each change where the host sets a limit', async () => {
    const store = memoryStore();
    await store.put(`blobs/sha256/${'0'.repeat(64)}`, new Uint8Array(5000));
    await host({ store }).install('acme/fft');
    expect(await store.list('blobs/')).toHaveLength(2);
    await host({ store }, { maxStoreBytes: 1000 }).install('acme/spectrum');
    expect(await store.list('blobs/')).toHaveLength(2);
    expect(await host({ store }).restore({ frozen: true })).toHaveLength(2);
  });
});

// The browser's store in a real browser: IndexedDB keeps bytes over objects and pages, transactions are whole, locks hold between tabs.
import { browserStore, type PluginStore } from '@plugmark/client';
import { beforeEach, expect, test } from 'vitest';

let name = '';
let clock = 0;
beforeEach(() => {
  name = `plugmark-${crypto.randomUUID()}`;
});

const open = (): PluginStore => browserStore({ name, now: () => new Date(++clock) });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('what was put is there for the next object, what was deleted or never put is not', async () => {
  await open().put('blobs/sha256/a', bytes('one'));
  expect(await open().get('blobs/sha256/a')).toEqual(bytes('one'));
  await open().delete('blobs/sha256/a');
  await open().delete('blobs/sha256/a');
  expect(await open().get('blobs/sha256/a')).toBeUndefined();
  expect(await open().get('constructor')).toBeUndefined();
});

test('what is put or got cannot be changed from outside afterwards', async () => {
  const store = open();
  const mine = bytes('mine');
  await store.put('a', mine);
  mine[0] = 0;
  const got = (await store.get('a')) as Uint8Array;
  got[1] = 0;
  expect(await store.get('a')).toEqual(bytes('mine'));
});

test('lists by the beginning of the name, with sizes, in the order of writing', async () => {
  const store = open();
  for (const file of ['blobs/b', 'blobs/a', 'blobsx', 'other', 'blobs/\u{10ffff}']) await store.put(file, bytes(file));
  const listed = [...(await store.list('blobs/'))].sort((a, b) => a.written - b.written);
  expect(listed.map(({ name: file, size }) => [file, size])).toEqual([
    ['blobs/b', 7],
    ['blobs/a', 7],
    ['blobs/\u{10ffff}', 10],
  ]);
});

test('a lock holds between two stores of one name, ends with an exception, and can be asked for without waiting', async () => {
  const [a, b] = [open(), open()];
  const seen: string[] = [];
  const hold = async (store: PluginStore, label: string): Promise<void> =>
    store.lock('hosts/x/', async () => {
      seen.push(`${label} in`);
      await new Promise((done) => setTimeout(done, 20));
      seen.push(`${label} out`);
    });
  await Promise.all([hold(a, 'a'), hold(b, 'b')]);
  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out']);
  await expect(a.lock('hosts/x/', () => Promise.reject(new TypeError('mine')))).rejects.toBeInstanceOf(TypeError);
  await a.lock('hosts/x/', async () => {
    await expect(b.lock('hosts/x/', async () => 1, { waits: false })).rejects.toMatchObject({ code: 'STORE_BUSY' });
    expect(await b.lock('hosts/y/', async () => 2, { waits: false })).toBe(2);
  });
  expect(await b.lock('hosts/x/', async () => 3, { waits: false })).toBe(3);
});

test('a database that cannot be opened is STORE with the browser’s word for it', async () => {
  await open().put('a', bytes('a'));
  const newer = await new Promise<IDBDatabase>((done) => {
    const other = `plugmark-${crypto.randomUUID()}`;
    const request = indexedDB.open(other, 9);
    request.onsuccess = () => done(request.result);
  });
  newer.close();
  const store = browserStore({ name: newer.name, now: () => new Date(0) });
  await expect(store.get('a')).rejects.toMatchObject({ code: 'STORE', details: { errno: 'VersionError' } });
});

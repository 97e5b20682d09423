// The file store under the conditions a disk really has: a write that fails half-way, two at once, a name that climbs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '@plugmark/client/node';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const STORE_URL = new URL('../../tools/client/src/node/file-store.ts', import.meta.url).href;

test('what was put is there, what was deleted or never put is not', async () => {
  const store = fileStore(join(folder, 'made', 'when-needed'));
  await store.put('metadata/roles/a.json', bytes('one'));
  expect(await store.get('metadata/roles/a.json')).toEqual(bytes('one'));
  await store.delete('metadata/roles/a.json');
  await store.delete('metadata/roles/a.json');
  expect(await store.get('metadata/roles/a.json')).toBeUndefined();
});

test.each(['../out', 'a/../../out', '/etc/passwd', 'a//b', './a', 'a/.', '..', '', 'a\\..\\b', 'a\0b'])(
  'the name %j cannot be read, written or deleted',
  async (name) => {
    const store = fileStore(join(folder, 'store'));
    for (const act of [() => store.get(name), () => store.put(name, bytes('x')), () => store.delete(name)]) {
      await expect(act()).rejects.toMatchObject({ code: 'STORE', details: { name } });
    }
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('puts at the same time leave one of the values whole, and no temporary file', async () => {
  const store = fileStore(folder);
  const values = Array.from({ length: 20 }, (_, i) => bytes(String(i).repeat(50_000)));
  await Promise.all(values.map((value) => store.put('a', value)));
  const left = await store.get('a');
  expect(values.filter((value) => Buffer.compare(value, left ?? bytes('')) === 0)).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['a']);
});

test('a put that cannot take its place is refused and leaves nothing behind', async () => {
  mkdirSync(join(folder, 'a', 'occupied'), { recursive: true });
  await expect(fileStore(folder).put('a', bytes('new'))).rejects.toMatchObject({ code: 'STORE' });
  expect(readdirSync(folder)).toEqual(['a']);
});

test('a folder where a file should be is an error, not an absent file', async () => {
  mkdirSync(join(folder, 'a'));
  await expect(fileStore(folder).get('a')).rejects.toMatchObject({ code: 'STORE' });
});

/** Runs `put('a', 1 MB)` in a process of its own under a shell's limit. Answers what it printed. */
function putUnder(limit: string): string {
  const script = `
    import { fileStore } from ${JSON.stringify(STORE_URL)};
    process.on('SIGXFSZ', () => {});
    fileStore(${JSON.stringify(folder)}).put('a', new Uint8Array(1_000_000)).then(() => console.log('stored'), (error) => console.log(error.code));`;
  const command = `${limit}; exec ${JSON.stringify(process.execPath)} --conditions=@plugmark/source --input-type=module -e "$SCRIPT"`;
  return execFileSync('sh', ['-c', command], {
    env: { ...process.env, SCRIPT: script },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

test('on a full disk the old bytes stay, and the half-written file goes', () => {
  writeFileSync(join(folder, 'a'), 'old');
  expect(putUnder('true')).toBe('stored');
  writeFileSync(join(folder, 'a'), 'old');
  expect(putUnder('ulimit -f 100')).toBe('STORE');
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('a lock is held by one at a time, also between two objects, and is refused at once to who does not wait', async () => {
  const [a, b] = [fileStore(folder), fileStore(folder)];
  const seen: string[] = [];
  const hold = (store: typeof a, label: string) =>
    store.lock('hosts/x/', async () => {
      seen.push(`${label} in`);
      await new Promise((done) => setTimeout(done, 30));
      seen.push(`${label} out`);
    });
  await Promise.all([hold(a, 'a'), hold(b, 'b')]);
  expect([seen.slice(0, 2), seen.slice(2)].sort()).toEqual([
    ['a in', 'a out'],
    ['b in', 'b out'],
  ]);
  await a.lock('hosts/x/', async () => {
    for (const store of [a, b])
      await expect(store.lock('hosts/x/', async () => 1, { waits: false })).rejects.toMatchObject({
        code: 'STORE_BUSY',
      });
    expect(await b.lock('hosts/y/', async () => 2, { waits: false })).toBe(2);
  });
  await expect(a.lock('hosts/x/', () => Promise.reject(new TypeError('mine')))).rejects.toBeInstanceOf(TypeError);
  expect(await b.lock('hosts/x/', async () => 3, { waits: false })).toBe(3);
  expect(readdirSync(join(folder, 'locks'))).toEqual([]);
});

test('lists what lies below a name, with sizes, without what is unfinished', async () => {
  const store = fileStore(folder);
  await store.put('blobs/sha256/a', bytes('one'));
  await store.put('blobs/sha256/b', bytes('three'));
  await store.put('blobsx', bytes('x'));
  writeFileSync(join(folder, 'blobs/sha256/c.6ba7b810-9dad-11d1-80b4-00c04fd430c8.tmp'), 'half');
  const listed = [...(await store.list('blobs/'))].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(listed.map(({ name, size }) => [name, size])).toEqual([
    ['blobs/sha256/a', 3],
    ['blobs/sha256/b', 5],
  ]);
  expect(await store.list('nothing/')).toEqual([]);
});

test.each(['/', '/.', '/../store/'])('a folder spelled with %j at its end is the same folder', async (end) => {
  const path = join(folder, 'store');
  mkdirSync(path);
  await fileStore(path).put('blobs/a', bytes('one'));
  expect(await fileStore(`${path}${end}`).list('blobs/')).toMatchObject([{ name: 'blobs/a', size: 3 }]);
});

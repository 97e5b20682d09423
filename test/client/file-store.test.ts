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

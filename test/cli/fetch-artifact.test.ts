// The bytes of a proposed release: each kind of source asked at its address, in turn, until one has the signed bytes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ReleaseSource, sha256 } from '@plugmark/publish';
import { expect, test } from 'vitest';
import { fetchArtifact } from '../../tools/cli/src/artifact-sources.ts';
import type { Fetched } from '../../tools/cli/src/fetch-public.ts';

const BYTES = new TextEncoder().encode('the artifact');
const limits = { maxBytes: 1000, timeoutMs: 1000 };

/** `package/dist/plugin.wasm` in a tar. */
function archive(content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(512);
  header.write('package/dist/plugin.wasm', 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('0', 156);
  const body = Buffer.alloc(512);
  body.set(content);
  return gzipSync(Buffer.concat([header, body, Buffer.alloc(1024)]));
}

/** What lies where; everything else is not there. */
const PLACES: Readonly<Record<string, Fetched>> = {
  'https://example.org/plugin.wasm': { bytes: BYTES },
  'https://example.org/other.wasm': { bytes: new TextEncoder().encode('another file') },
  'https://inside.example/plugin.wasm': {
    state: 'forbidden',
    reason: 'its name leads to an address that is not public',
  },
  'https://github.com/acme/thing/releases/download/v1.2.0/plugin.wasm': { bytes: BYTES },
  'https://registry.npmjs.org/@acme/thing/-/thing-1.2.0.tgz': { bytes: archive(BYTES) },
};

async function find(sources: readonly string[], folders: readonly string[] = []) {
  const asked: string[] = [];
  const release = { artifact: { kind: 'core', sha256: sha256(BYTES), size: BYTES.length } } as ReleaseSource['release'];
  const get = async (address: string): Promise<Fetched> => {
    asked.push(address);
    return PLACES[address] ?? { state: 'unreachable', reason: 'answers 404' };
  };
  const found = await fetchArtifact(
    { release, sources: { schemaVersion: 1, sources: [...sources] } },
    { folders, limits, get },
  );
  return { found, asked };
}

test.each([
  'https://example.org/plugin.wasm',
  'github:acme/thing@v1.2.0#plugin.wasm',
  'npm:@acme/thing@1.2.0#dist/plugin.wasm',
])('%s', async (source) => {
  expect((await find([source])).found).toEqual({ bytes: BYTES });
});

test('one that has other bytes, or none, does not hide one that has them', async () => {
  const { found, asked } = await find([
    'https://example.org/gone.wasm',
    'https://example.org/other.wasm',
    'https://example.org/plugin.wasm',
  ]);
  expect(found).toEqual({ bytes: BYTES });
  expect(asked).toHaveLength(3);
});

test('where none has them the worst is said', async () => {
  const gone = 'https://example.org/gone.wasm';
  const other = 'https://example.org/other.wasm';
  const inside = 'https://inside.example/plugin.wasm';
  expect((await find([gone])).found).toMatchObject({ state: 'unreachable', source: gone });
  expect((await find([gone, other])).found).toMatchObject({ state: 'different', source: other });
  expect((await find([gone, other, inside])).found).toMatchObject({ state: 'forbidden', source: inside });
  expect((await find(['npm:@acme/thing@1.2.0#plugin.wasm'])).found).toMatchObject({ state: 'unreachable' });
  expect((await find([`oci://example.org/thing@sha256:${'0'.repeat(64)}`])).found).toMatchObject({
    state: 'unreachable',
  });
});

test('a folder is looked into first, and a damaged file there counts for nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-artifacts-'));
  const file = join(folder, `${sha256(BYTES)}.wasm`);
  await writeFile(file, 'damaged');
  expect((await find(['https://example.org/plugin.wasm'], [folder])).asked).toHaveLength(1);
  await writeFile(file, BYTES);
  expect(await find(['https://example.org/plugin.wasm'], [folder])).toEqual({ found: { bytes: BYTES }, asked: [] });
  await rm(folder, { recursive: true });
});

// The parts of a deployment to a bucket that no server is needed for: the signature by AWS's own published example, and the order in
// which a reader sees things.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bucketPlace } from '../../tools/cli/src/deploy/bucket.ts';
import { signRequest } from '../../tools/cli/src/deploy/sign-request.ts';
import { writeBucket } from '../../tools/cli/src/deploy/write-bucket.ts';
import { type Built, build, clientOf, codeOf, HOUR, later, rootOf } from '../testkit/office.ts';
import { addRelease, honestModule, smallRegistry } from '../testkit/registry-folder.ts';

test('the signature of the example "GET Object" in Amazon’s documentation of Signature Version 4', () => {
  const headers = signRequest({
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    body: new Uint8Array(),
    headers: { range: 'bytes=0-9' },
    keys: { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    region: 'us-east-1',
    service: 's3',
    now: new Date('2013-05-24T00:00:00Z'),
  });
  expect(headers['authorization']).toMatch(
    /SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
  );
});

test('a client that reads after every single change of a bucket sees one registry or the other', async () => {
  const registry = await smallRegistry();
  const first: Built = await build(registry);
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(85).build() });
  const second = await build(registry, { previous: first, now: later(HOUR) });
  const served = new Map(first.tree);
  const seen: string[] = [];
  const look = async (): Promise<void> => {
    const client = clientOf((path) => served.get(path), rootOf(first), { now: later(HOUR) });
    seen.push((await client.install('acme/thing')).version);
  };
  await writeBucket(
    {
      put: async (key, bytes) => {
        served.set(key, bytes);
        await look();
      },
      get: async (key) => served.get(key),
      remove: async (key) => {
        served.delete(key);
        await look();
      },
      list: async () =>
        new Map([...served].map(([key, bytes]) => [key, createHash('md5').update(bytes).digest('hex')])),
    },
    second.tree,
  );
  expect([...new Set(seen)]).toEqual(['1.1.0', '1.2.0']);
  expect([...served.keys()].sort()).toEqual([...second.tree.keys()].sort());
});

test.each([['s3://Bucket'], ['s3://'], ['s3://b/..?x'], ['https://bucket']])('%s is no bucket', async (text) => {
  expect(await codeOf(() => bucketPlace(text, { region: 'us-east-1' }))).toBe('USAGE');
});

test('a prefix with and without slashes is one place', () => {
  const place = { endpoint: 'https://storage.example', region: 'here', bucket: 'plugins', prefix: 'a/b/' };
  for (const text of ['s3://plugins/a/b', 's3://plugins/a/b/'])
    expect(bucketPlace(text, { endpoint: 'https://storage.example/', region: 'here' })).toEqual(place);
});

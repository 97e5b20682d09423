// The mutation claim on a small repository: a single flipped bit in any served file is refused with a code, or changes
// no decision. Sampled here with a fixed seed.
import { ClientError, refreshMetadata } from '@plugmark/client/trust';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryTrustStore } from '../testkit/memory-trust-store.ts';
import { p256Key } from '../testkit/test-keys.ts';
import { NOW, type TufRepository } from '../testkit/tuf-repository.ts';
import { DOCUMENT, goodRepository, POLICY } from './repository-cases.ts';

function repositoryWithRotation(): TufRepository {
  const repository = goodRepository();
  repository.setKeys('timestamp', [p256Key('timestamp 2')]);
  repository.publishRoot();
  repository.publish();
  return repository;
}

/** Everything a caller could act on. */
async function decisions(root: Uint8Array, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const fetchFile = async (path: string) => files.get(path);
  const client = await refreshMetadata({ root, fetchFile, store: new MemoryTrustStore(), now: NOW });
  const targets = [];
  for (const path of [POLICY, DOCUMENT, 'absent']) {
    const info = await client.target(path);
    targets.push(info, info && [...(await client.download(info))]);
  }
  return JSON.stringify([client.state, targets]);
}

test('four hundred flips over all files, the shipped root included', async () => {
  const repository = repositoryWithRotation();
  const { firstRoot, requests } = repository;
  const expected = await decisions(firstRoot, repository.files);
  const client = await refreshMetadata({
    root: firstRoot,
    fetchFile: repository.fetchFile,
    store: new MemoryTrustStore(),
    now: NOW,
  });
  for (const path of [POLICY, DOCUMENT]) {
    const info = await client.target(path);
    if (info) await client.download(info);
  }
  const paths = ['metadata/1.root.json', ...requests.filter((path) => repository.files.has(path))];
  expect(paths).toHaveLength(8);

  const counts = { refused: 0, same: 0 };
  const flips = fc.record({ path: fc.constantFrom(...paths), at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) });
  const property = fc.asyncProperty(flips, async ({ path, at, bit }) => {
    const bytes = repository.file(path).slice();
    const index = at % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
    const files = new Map(repository.files).set(path, bytes);
    const root = path === 'metadata/1.root.json' ? bytes : firstRoot;
    const outcome = await decisions(root, files).catch((error: unknown) => error);
    if (outcome instanceof ClientError) counts.refused++;
    else counts.same++;
    return outcome instanceof ClientError || outcome === expected;
  });
  await fc.assert(property, { seed: 20260301, numRuns: 400 });
  // Most must be refused: a test in which nothing is would pass for a client that ignores what it reads.
  expect(counts.refused).toBeGreaterThan(350);
});

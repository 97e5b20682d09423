// tuf-js reads the repositories our builder makes, so that what the client is tested against is TUF and not our idea of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { expect, test } from 'vitest';
import { ed25519Key, p256Key, rsaKey } from '../testkit/test-keys.ts';
import { TufRepository } from '../testkit/tuf-repository.ts';
import { DOCUMENT, goodRepository, POLICY } from './repository-cases.ts';

// tuf-js reads the real clock.
const LONG = '2126-01-01T00:00:00Z';

function unexpired(repository: TufRepository): TufRepository {
  repository.root.expires = LONG;
  for (const part of [repository.timestamp, repository.snapshot, ...repository.roles.values()]) part.expires = LONG;
  repository.publishRoot();
  repository.publish();
  return repository;
}

async function readAsStranger(repository: TufRepository, path: string): Promise<string> {
  const server = createServer((request, response) => {
    const bytes = repository.files.get(decodeURIComponent((request.url ?? '').slice(1)));
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const directory = mkdtempSync(join(tmpdir(), 'plugmark-stranger-'));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    writeFileSync(join(directory, 'root.json'), repository.firstRoot);
    const updater = new Updater({
      metadataDir: directory,
      metadataBaseUrl: `${base}/metadata`,
      targetDir: directory,
      targetBaseUrl: `${base}/targets`,
    });
    await updater.refresh();
    const info = await updater.getTargetInfo(path);
    return info ? readFileSync(await updater.downloadTarget(info), 'utf8') : 'not found';
  } finally {
    server.close();
    rmSync(directory, { recursive: true });
  }
}

test('the good repository', async () => {
  expect(await readAsStranger(unexpired(goodRepository()), DOCUMENT)).toBe('{"latest":"1.0.0"}');
});

test('after two root rotations', async () => {
  const repository = goodRepository();
  repository.setKeys('root', [p256Key('root 2')]);
  repository.publishRoot();
  repository.setKeys('root', [ed25519Key('root 3'), p256Key('root 3')], 2);
  expect(await readAsStranger(unexpired(repository), POLICY)).toBe('{"wait":"P3D"}');
});

test.each([true, false])('every kind of key, consistent names: %s', async (isConsistent) => {
  const keys = { timestamp: [p256Key('timestamp', 'ecdsa-sha2-nistp256')], snapshot: [rsaKey()] };
  const repository = new TufRepository({ keys, isConsistent, hashesInSnapshot: true });
  repository.delegate({ name: 'bin', path_hash_prefixes: [...'0123456789abcdef'] });
  repository.addTarget('x.json', 'content', 'bin');
  expect(await readAsStranger(unexpired(repository), 'x.json')).toBe('content');
});

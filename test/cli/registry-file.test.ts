// A file of a registry as the commands read it: what is not there is said to be not there, and nothing else is.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readView, registryFile } from '../../tools/cli/src/registry-file.ts';
import { codeOf } from '../testkit/office.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';

const LIST = 'v1/artifacts/list.json';
let server: RegistryServer;
beforeAll(async () => {
  server = await serveTree(new Map([[LIST, new TextEncoder().encode('[]')]]));
});
afterAll(() => server.close());

const at = () => ({ url: server.url.replace(/\/$/, ''), fetch });

test('a file, one that is not there, and one that is longer than it may be', async () => {
  expect(new TextDecoder().decode(await readView(at(), LIST))).toBe('[]');
  expect(await readView(at(), 'v1/artifacts/none.json')).toBeUndefined();
  expect(await registryFile(at(), LIST, 1)).toBeUndefined();
});

// Else `verify FILE` would say that a release is none, because its registry was being restarted.
test.each(['error', 'page', 'drip'] as const)('a server that does not answer has not said no: %s', async (kind) => {
  server.faults.set(LIST, { kind });
  expect(await codeOf(() => registryFile(at(), LIST, 100, 500))).toBe('UNREACHABLE');
  server.faults.clear();
});

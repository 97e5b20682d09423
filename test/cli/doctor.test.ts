// doctor against a server that means harm: a file without an end.

import { expect, test } from 'vitest';
import { liveRegistry } from '../../tools/cli/src/live-metadata.ts';
import { NOW, TufRepository } from '../testkit/tuf-repository.ts';

test('a metadata file without an end is given up, not read into memory', async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(stream) {
      sent += 65_536;
      stream.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  });
  const fetch = async (input: string): Promise<Response> =>
    input.endsWith('/timestamp.json') ? new Response(endless) : new Response(null, { status: 404 });
  const address = { url: 'http://registry.invalid/', fetch: fetch as typeof globalThis.fetch };
  const attempt = liveRegistry(address, new TufRepository().firstRoot, () => NOW);
  await expect(attempt).rejects.toMatchObject({ name: 'ClientError', code: expect.any(String) });
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(16_777_216);
});

// The client in Bun and in Deno: every vector of its specification, and the ten lines of its README with a store on disk.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readIndex, runClientVectors } from '../../conformance/client-vectors.ts';
import { OTHER_RUNTIMES } from '../../testkit/other-runtimes.ts';
import { readmeHost } from '../../testkit/readme-host.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const CLIENT = fileURLToPath(new URL('../../conformance/plugmark-client.ts', import.meta.url));

for (const { name, missing } of OTHER_RUNTIMES)
  if (missing !== undefined) process.stderr.write(`the client in ${name} skipped: not installed; ${missing}\n`);

/** Wants every permission for anything below /dev, where states are kept in memory otherwise. */
const NEEDS_DISK: ReadonlySet<string> = new Set(['Deno']);

/**
 * Cases that a runtime refuses with another code than the specification's, and why. Deno's `importKey` takes a point that is not on its
 * curve, so that only the signature by it fails (Node, Bun and Chromium refuse the key itself).
 */
const OTHER_CODES: Readonly<Record<string, readonly string[]>> = {
  Bun: [],
  Deno: ['listed-key-off-the-curve_fail'],
};

let folder = '';
beforeEach(() => {
  // Inside the repository, so that bare names are found.
  mkdirSync(join(REPOSITORY, '.plugmark'), { recursive: true });
  folder = mkdtempSync(join(REPOSITORY, '.plugmark/runtime-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

for (const { name, missing, command } of OTHER_RUNTIMES) {
  describe.skipIf(missing !== undefined)(name, () => {
    test('every vector of the client specification', async () => {
      const results = await runClientVectors({
        command: command(CLIENT, folder),
        ...(NEEDS_DISK.has(name) ? { statesIn: folder } : {}),
      });
      const others = results.filter(({ outcome }) => outcome !== 'pass');
      expect(others.map((result) => `${result.outcome} ${result.name}`)).toEqual(
        OTHER_CODES[name]?.map((one) => `otherCode ${one}`),
      );
      expect(results).toHaveLength(readIndex().cases.length);
    });

    test('the ten lines of the README', async () => {
      const { says, server, write } = await readmeHost();
      try {
        write(folder);
        const [runtime = '', ...options] = command('host.ts', folder);
        const { stdout } = await promisify(execFile)(runtime, options, { cwd: folder });
        expect(stdout.trim().split('\n')).toEqual(says);
      } finally {
        await server.close();
      }
    });
  });
}

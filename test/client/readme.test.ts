// The ten lines of the package's README, run as they stand: only the address and the clock are those of this test.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readmeHost } from '../testkit/readme-host.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

test('ten lines from nothing to a verified plugin', { timeout: 60_000 }, async () => {
  const { lines, says, server, write } = await readmeHost();
  mkdirSync(join(REPOSITORY, '.plugmark'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, '.plugmark/readme-'));
  try {
    // Import lines are the editor's work.
    expect(lines).toHaveLength(10);
    write(folder);
    // Address and clock were found and replaced.
    expect(readFileSync(join(folder, 'host.ts'), 'utf8')).not.toMatch(/plugins\.example\.org|new Date\(\)/);
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@plugmark/source', 'host.ts'], {
      cwd: folder,
    });
    expect(stdout.trim().split('\n')).toEqual(says);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  }
});

// A folder on another file system than a given one: a rename between the two fails, as where a folder is a mounted disk.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { real } from './power-cut.ts';

/** Memory, then places that are on a disk where the given folder is in memory. */
const PLACES = ['/dev/shm', `/run/user/${process.getuid?.()}`, '/tmp', tmpdir(), join(process.cwd(), 'node_modules')];

/** Removed with the test. Skips it where all that can be written to is one file system. */
export async function onOtherFileSystem(folder: string, context: TestContext): Promise<string> {
  const { dev } = await real.stat(folder);
  for (const place of PLACES) {
    const made = await real.mkdtemp(join(place, 'plugmark-')).catch(() => undefined);
    if (made === undefined) continue;
    onTestFinished(() => real.rm(made, { recursive: true, force: true }));
    if ((await real.stat(made)).dev !== dev) return made;
  }
  return context.skip('there is no second file system');
}

import { readdirSync, readFileSync } from 'node:fs';
import { childImage } from '../../tools/sandbox/src/child-image.ts';

/** Command lines of processes that run the sandbox's code of this test process; the folder is its own. */
export async function childrenLeft(): Promise<string[]> {
  const folders = [(await childImage('run')).folder, (await childImage('translate')).folder];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`];
      } catch {
        // It ended between the two readings.
        return [];
      }
    })
    .filter((line) => folders.some((folder) => line.includes(folder)));
}

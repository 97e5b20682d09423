// What tests write and throw away lies in memory, where the machine has a folder for that and room in it: builds flush every file to
// the disk, and a test that waits for a disk is a core that does nothing. It is a file system like any other to whoever uses it.
// `TMPDIR` set by hand is left as it is.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** Short: paths stand in messages, and messages have 80 columns. */
const OURS = /^pm-[0-9a-f]{5}$/;
const MARK = 'of-a-run-of-plugmark-tests';
/** A whole run takes less than 1 GiB of it. */
const ROOM = 4 * 2 ** 30;
const DAY = 86_400_000;

export default function setup(): (() => void) | undefined {
  if (process.env['TMPDIR'] !== undefined || !hasRoom()) return undefined;
  removeLeftovers();
  const folder = join(MEMORY, `pm-${randomBytes(3).toString('hex').slice(0, 5)}`);
  mkdirSync(folder, { mode: 0o700 });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (!runsPrograms(folder)) {
    remove();
    return undefined;
  }
  process.env['TMPDIR'] = folder;
  return () => {
    delete process.env['TMPDIR'];
    remove();
  };
}

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM && freemem() > ROOM;
}

/** Containers mount it so that nothing in it can be executed, and some tests do. The program stays as the mark of a folder of ours. */
function runsPrograms(folder: string): boolean {
  const program = join(folder, MARK);
  writeFileSync(program, '#!/bin/sh\nexit 7\n', { mode: 0o700 });
  return spawnSync(program).status === 7;
}

/** Of runs that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(MEMORY).filter((entry) => OURS.test(entry))) {
    const mark = statSync(join(MEMORY, name, MARK), { throwIfNoEntry: false });
    if (mark !== undefined && mark.mtimeMs < Date.now() - DAY)
      rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
}

// The power goes off at a chosen change to the disk: that one and all after it fail, and a write is half done. What a kill looks like
// from outside, at every point there is. Works on whoever imports node:fs/promises in this process.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** The functions as they were. */
export const real = { ...fs };

class PowerCut extends Error {
  readonly code = 'EIO';
}

const CHANGING = ['mkdir', 'rename', 'rm', 'rmdir', 'writeFile', 'copyFile', 'link', 'open'] as const;

/** Runs `work` with the power going off at the change numbered `at`; a write then is half done. True when it came so far. */
export async function cutAt(at: number, work: () => Promise<unknown>): Promise<boolean> {
  let done = 0;
  const isOff = (): boolean => done++ >= at;
  for (const name of CHANGING) {
    const original = real[name] as (...args: unknown[]) => Promise<unknown>;
    const cut = async (...args: unknown[]): Promise<unknown> => {
      const isReading = name === 'open' && args[1] === 'r';
      if (!isReading && isOff()) throw new PowerCut();
      const result = await original(...args);
      return name === 'open' && !isReading ? cutHandle(result as fs.FileHandle, isOff) : result;
    };
    Object.assign(fs, { [name]: cut });
  }
  syncBuiltinESMExports();
  try {
    await work();
    return false;
  } catch {
    return done > at;
  } finally {
    Object.assign(fs, real);
    syncBuiltinESMExports();
  }
}

function cutHandle(handle: fs.FileHandle, isOff: () => boolean): fs.FileHandle {
  const write = handle.writeFile.bind(handle);
  handle.writeFile = async (data) => {
    if (!isOff()) return write(data);
    await write((data as Uint8Array).subarray(0, (data as Uint8Array).length / 2));
    throw new PowerCut();
  };
  return handle;
}

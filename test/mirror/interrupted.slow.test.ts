// A sync that is cut off at any change to the disk, or meets a full one: a build then finds what was taken over before, or all of what the
// sync had decided; the next sync brings everything. Two at once: the second is told so, and changes nothing.
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { completeWrite, readFolder, readRegistrySource } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mirrorLock, mirrorsOf } from '../../tools/cli/src/mirror/mirror-folder.ts';
import { type Lab, makeLab } from '../testkit/institution.ts';
import { build, codeOf, digests } from '../testkit/office.ts';
import { cutAt, real } from '../testkit/power-cut.ts';
import { smallRegistry } from '../testkit/registry-folder.ts';

let base: Lab;
beforeAll(async () => {
  base = await makeLab(await build(await smallRegistry()));
  await base.approve('acme/thing', { kind: 'exact' });
  await base.sync();
  await base.approve('indie/tool', { kind: 'exact', version: '0.1.0' });
});
afterAll(() => base.remove());

const mirrored = async ({ data }: Lab): Promise<Record<string, string>> => digests(await readFolder(mirrorsOf(data)));

/** A kill leaves the locks of a process that is gone; here the process lives on. */
async function dropLocks(lab: Lab): Promise<void> {
  for (const lock of [mirrorLock(lab.data), `${mirrorsOf(lab.data)}.lock`]) await real.rm(lock, { force: true });
}

test('cut off at every write: the former mirror or the next one, never half of it', async () => {
  const before = await mirrored(base);
  const whole = await base.copy();
  await whole.sync();
  const after = await mirrored(whole);
  expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length);
  const outcomes = { before: 0, after: 0 };
  // The writes of one sync are about sixty; a step of five meets each kind of them.
  for (let at = 0; ; at += 5) {
    const lab = await base.copy();
    const wasCut = await cutAt(at, () => lab.sync());
    await dropLocks(lab);
    await completeWrite(mirrorsOf(lab.data));
    const now = await mirrored(lab);
    if (wasCut) {
      expect([before, after]).toContainEqual(now);
      outcomes[Object.keys(now).length === Object.keys(before).length ? 'before' : 'after'] += 1;
      readRegistrySource(await readFolder(lab.data));
      await lab.sync();
    }
    expect(await mirrored(lab)).toEqual(after);
    await lab.remove();
    if (!wasCut) break;
  }
  expect([outcomes.before > 3, outcomes.after > 0]).toEqual([true, true]);
  await whole.remove();
});

test('LOCKED: a second sync while the first is at work', async () => {
  const lab = await base.copy();
  await mkdir(lab.folder, { recursive: true });
  const holder = { pid: process.pid, machine: hostname(), nonce: 'somebody' };
  await writeFile(mirrorLock(lab.data), JSON.stringify(holder));
  const before = await mirrored(lab);
  expect(await codeOf(() => lab.sync())).toBe('LOCKED');
  expect(await mirrored(lab)).toEqual(before);
  await lab.remove();
});

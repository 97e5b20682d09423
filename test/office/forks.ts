// A fork as somebody has it who just made one, and the function behind `registry init` over it.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readFolder, sha256 } from '@plugmark/publish';
import { expect } from 'vitest';
import type { Io } from '../../tools/cli/src/io.ts';
import { type InitPlan, initRegistry, type NewOffice } from '../../tools/cli/src/office/init-registry.ts';
import { wishesFor } from '../../tools/cli/src/office/registry-wishes.ts';
import { captured } from '../cli/fixtures.ts';
import { cutAt, real } from '../testkit/power-cut.ts';
import { editJson, type Json, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';

export const ID = 'lab.example';
export const LOOK_AHEAD = '.github/workflows/look-ahead.yml';

export const wishOptions = (more: Partial<Parameters<typeof wishesFor>[2]> = {}) => ({
  id: ID,
  url: 'https://plugins.lab.example/',
  maintainer: [],
  input: false,
  ...more,
});

/** With keys that cost less to seal. */
export function initFork(
  plan: Partial<InitPlan> & { readonly folder: string },
  io: Io = captured('/').io,
): Promise<NewOffice> {
  const id = plan.id ?? ID;
  return initRegistry(io, {
    named: 'fork',
    keys: `${plan.folder}-keys`,
    id,
    wishes: wishesFor(io, plan.folder, wishOptions({ id })),
    passphrase: async () => 'four words nobody guesses',
    cost: { logN: 14 },
    ...plan,
  });
}

/** Publishers, plugins, and another office's maintainers, keys and mirrors. */
export async function makeFork(path: string, root: Uint8Array): Promise<void> {
  const { files } = await smallRegistry();
  editJson(files, 'registry.json', (value: Json) => ({
    ...value,
    url: 'https://small.example/',
    mirrors: [{ url: 'https://mirror.example/', serves: 'all' }],
    cosign: { mode: 'key', subject: 'somebody' },
  }));
  editJson(files, 'policy.json', (value: Json) => ({
    ...value,
    merge: {
      branch: 'main',
      maintainers: [{ github: 'mona', githubId: 1 }],
      watcher: { github: 'small-watcher', githubId: 7 },
      automatic: ['release'],
      auditSeed: 'small',
      fileBytes: 1000,
      intervalMinutes: 10,
    },
  }));
  files.set('trust/metadata/1.root.json', root);
  files.set('trust/roles.json', new TextEncoder().encode('{}'));
  files.set('trust/README.md', new TextEncoder().encode('# Signed trust\n'));
  await writeFiles(join(path, 'registry'), files);
  await writeFiles(path, [
    [LOOK_AHEAD, new TextEncoder().encode('run: plugmark doctor --registry https://small.example/ --root x\n')],
  ]);
}

/** What stands in registry/, keys and times aside. */
export async function seenIn(fork: string): Promise<Record<string, string>> {
  const isSigned = (path: string): boolean =>
    path.startsWith('trust/metadata') || /cosign-keys|roles\.json|revocations/.test(path);
  return Object.fromEntries(
    [...(await readFolder(join(fork, 'registry')))].map(([path, bytes]) => [
      path,
      isSigned(path) ? 'signed' : sha256(bytes),
    ]),
  );
}

/** Of processes that are gone; here it was this one. */
async function dropLocks(folder: string): Promise<void> {
  for (const name of await real.readdir(folder, { recursive: true }))
    if (/\.(?:lock|ceremony)(?:\.|$)/.test(name)) await real.rm(join(folder, name), { force: true });
}

/** Interrupted at one change to the disk and run again. Undefined when it came to its end before. */
export async function interruptedAt(
  at: number,
  { folder, root, wanted }: { folder: string; root: Uint8Array; wanted: Record<string, string> },
): Promise<'former' | 'decided' | undefined> {
  const fork = join(folder, 'fork');
  await makeFork(fork, root);
  const former = await seenIn(fork);
  const wasCut = await cutAt(at, () => initFork({ folder: fork }));
  await dropLocks(folder);
  const left = await seenIn(fork);
  const key = (): Promise<string | undefined> =>
    real.readFile(join(`${fork}-keys`, 'online.pem'), 'utf8').catch(() => undefined);
  const keyThen = await key();
  // Past the last change that matters there is nothing to finish.
  const isDone = (await real.readdir(`${fork}-keys`).catch(() => [''])).sort().join() === KEY_FILES.join();
  if (isDone && wasCut) await expect(initFork({ folder: fork })).rejects.toMatchObject({ code: 'REGISTRY_ID_TAKEN' });
  else if (wasCut) await initFork({ folder: fork });
  expect([at, await seenIn(fork)]).toEqual([at, wanted]);
  // A key that was there is the one that was signed.
  expect([at, keyThen ?? (await key())]).toEqual([at, await key()]);
  expect(await readFile(join(fork, LOOK_AHEAD), 'utf8')).toContain('plugins.lab.example');
  expect([at, (await real.readdir(`${fork}-keys`)).sort()]).toEqual([at, KEY_FILES]);
  expect((await real.readdir(fork)).sort()).toEqual(['.github', 'registry']);
  await rm(fork, { recursive: true });
  await rm(`${fork}-keys`, { recursive: true });
  if (!wasCut) return undefined;
  return JSON.stringify(left) === JSON.stringify(former) ? 'former' : 'decided';
}

const KEY_FILES = ['cosign.pem', 'online.pem', 'revocations.key.json', 'root.key.json', 'targets.key.json'];

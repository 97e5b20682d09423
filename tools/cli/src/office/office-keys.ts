// The keys of a new registry: made beside the place and moved there at once, with a note of what is unfinished. So a set-up that was
// interrupted is gone on with by the same keys, and no key lies about that signs nothing.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { generateKey, openKey, sealKey } from '@plugmark/publish';
import { InitNote, parseJson } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { type Holder, type HoldersByRole, isOffline, keyFileOf, OFFLINE, ONLINE, type RoleName } from '../role-keys.ts';

const ROLES: readonly RoleName[] = [...OFFLINE, ...ONLINE];
const NOTE = 'unfinished.json';
/** Where nobody was there to choose one. */
export const PASSPHRASE_FILE = 'passphrase.txt';

export interface OfficeKeys {
  readonly holders: HoldersByRole;
  /** Names of the files. */
  readonly files: readonly string[];
}

/** What an interrupted set-up left; undefined when there is none. Throws SchemaError. */
export async function unfinishedInit(folder: string): Promise<InitNote | undefined> {
  const path = join(folder, NOTE);
  return existsSync(path) ? parseJson(InitNote, new Uint8Array(await readFile(path)), NOTE) : undefined;
}

export const finishInit = (folder: string): Promise<void> => rm(join(folder, NOTE), { force: true });

/** Beside the registry's folder; where that lies in a repository, in the person's own. */
export function keysBeside({ env }: Io, folder: string, id: string): string {
  const beside = `${folder}-keys`;
  const home = env['HOME'] ?? env['USERPROFILE'];
  return workTreeAround(beside) === undefined || home === undefined ? beside : join(home, 'plugmark-keys', id);
}

/** A key that was committed once is public. Throws KEYS_INSIDE. */
export function requireOutside(keys: string, { folder, named }: { folder: string; named: string }): void {
  const isInside = keys === folder || keys.startsWith(folder + sep);
  if (!isInside && workTreeAround(keys) === undefined) return;
  const where = isInside ? 'the registry’s own folder' : 'a work tree of git';
  throw new CliError('KEYS_INSIDE', `${named} lies in ${where}`);
}

function workTreeAround(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}

export interface NewKeys {
  readonly note: InitNote;
  /** Undefined where nobody is there to choose one: then it is made and lies with the keys. */
  readonly passphrase: string | undefined;
  /** For tests: seals at a lower cost. */
  readonly cost?: { readonly logN: number };
}

/** Throws FILE_EXISTS. */
export async function makeOfficeKeys(folder: string, { note, passphrase, cost }: NewKeys): Promise<OfficeKeys> {
  await requireNothingThere(folder);
  const chosen = passphrase ?? randomBytes(24).toString('base64url');
  const pems = ROLES.map((role) => [role, generateKey('ecdsa-p256')] as const);
  const files = new Map<string, Uint8Array>(
    pems.map(([role, pem]) => [
      keyFileOf(role),
      isOffline(role) ? sealKey(pem, chosen, cost) : new TextEncoder().encode(pem),
    ]),
  );
  if (passphrase === undefined) files.set(PASSPHRASE_FILE, new TextEncoder().encode(`${chosen}\n`));
  files.set(NOTE, new TextEncoder().encode(`${JSON.stringify(note)}\n`));
  await writeTogether(folder, files);
  return holdersOf(pems.map(([role, pem]) => [role, new TextEncoder().encode(pem)]));
}

/** Before seconds are spent on sealing. */
async function requireNothingThere(folder: string): Promise<void> {
  const names = await readdir(folder).catch(({ code }: NodeJS.ErrnoException) => (code === 'ENOENT' ? [] : ['a file']));
  if (names.length > 0) throw new CliError('FILE_EXISTS', `${folder} holds something already`, { hint: KEEP });
}

/** The keys that an interrupted set-up made. Throws KEY_INVALID, PASSPHRASE_WRONG. */
export async function readOfficeKeys(folder: string, passphrase: string): Promise<OfficeKeys> {
  const files: (readonly [RoleName, Uint8Array])[] = [];
  for (const role of ROLES) files.push([role, new Uint8Array(await readFile(join(folder, keyFileOf(role))))]);
  return holdersOf(files, passphrase);
}

/** The passphrase that was made because nobody was there to choose one. */
export async function madePassphrase(folder: string): Promise<string | undefined> {
  const path = join(folder, PASSPHRASE_FILE);
  return existsSync(path) ? (await readFile(path, 'utf8')).trimEnd() : undefined;
}

function holdersOf(files: readonly (readonly [RoleName, Uint8Array])[], passphrase?: string): OfficeKeys {
  const holders: Record<RoleName, Holder[]> = { root: [], targets: [], revocations: [], online: [], cosign: [] };
  for (const [role, bytes] of files) {
    const signer = openKey(bytes, keyFileOf(role), passphrase);
    holders[role].push({ side: signer, signer, name: keyFileOf(role) });
  }
  return { holders, files: ROLES.map(keyFileOf) };
}

/** The folder appears with all its files by one rename. What an earlier try left beside it is cleared away. */
async function writeTogether(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    for (const [name, bytes] of files) await writeSecret(join(unfinished, name), bytes);
    // Refuses a folder with something in it.
    if (existsSync(folder)) await rmdir(folder);
    await rename(unfinished, folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw cause;
  }
}

const KEEP = 'name another folder with --keys: keys are never overwritten';

async function writeSecret(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

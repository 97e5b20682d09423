// Sets up a registry of one's own: data without the other registry's people, fresh keys, a first root. Killed at any point it is what it
// was before, or the next run goes on with the same keys.

import { existsSync } from 'node:fs';
import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  completeWrite,
  type FileTree,
  readFolder,
  readRegistrySource,
  sha256,
  versionOf,
  withLock,
  writeTree,
} from '@plugmark/publish';
import type { InitNote, TrustRoles } from '@plugmark/schemas';
import { proposalFor, signed } from '../ceremony.ts';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { presentFiles } from '../new-plugin-folder.ts';
import { registryFolder } from '../registry-folder.ts';
import { replaceFile } from '../replace-file.ts';
import { rolesOf } from '../role-keys.ts';
import { runGit } from '../run-git.ts';
import { trustFiles, trustLock } from '../trust-folder.ts';
import { newRegistry, type Wishes } from './new-registry.ts';
import { finishInit, makeOfficeKeys, type OfficeKeys, readOfficeKeys, unfinishedInit } from './office-keys.ts';

export interface InitPlan {
  /** The repository's folder; `registry/` lies in it. */
  readonly folder: string;
  readonly named: string;
  /** An absolute path outside every repository. */
  readonly keys: string;
  readonly id: string;
  /** What the other registry is called and where; then everything that has to be known of the new one. */
  readonly wishes: (from: Origin) => Promise<Wishes>;
  /** Asked for when keys are made or opened; undefined where nobody is there to choose one. */
  readonly passphrase: () => Promise<string | undefined>;
  readonly cost?: { readonly logN: number };
}

/** The registry that a new one is made from. */
export interface Origin {
  readonly files: FileTree;
  readonly id: string;
  readonly url: string;
  readonly repository: string | undefined;
}

export interface NewOffice {
  readonly from: string;
  readonly wishes: Wishes;
  readonly keys: OfficeKeys;
  readonly root: { readonly path: string; readonly version: number; readonly sha256: string };
  readonly removed: { readonly publishers: number; readonly plugins: number; readonly releases: number };
}

export async function initRegistry(io: Io, plan: InitPlan): Promise<NewOffice> {
  const data = join(plan.folder, 'registry');
  const trust = join(data, 'trust');
  const note = await unfinishedInit(plan.keys);
  const goesOn = note !== undefined && requireSame(note, plan);
  if (goesOn) await completeWrite(data);
  const isThere = (await idOf(data)) === plan.id;
  // Before the changes are looked at: whoever runs it again would be told to commit or take back what it has just made.
  if (isThere && !goesOn) throw idTaken(plan.id);
  const isDone = goesOn && isThere;
  const origin = await originOf(io, data, { ...plan, isKnown: goesOn });
  if (!isDone) requireOtherId(plan.id, origin);
  const wishes = await plan.wishes(isDone ? { ...origin, ...note.from } : origin);
  await requireWritable(plan.folder);
  return withLock(trustLock(data, trust), async () => {
    const keys = await keysOf(plan, note, origin);
    const files = isDone ? origin.files : signedFiles(io, { trust, keys, origin, wishes });
    if (!isDone) await writeTree(data, await files);
    const from = note?.from ?? origin;
    await pointLookAhead(plan.folder, from.url, wishes.url);
    await finishInit(plan.keys);
    return { from: from.id, wishes, keys, root: rootOf(await files), removed: removedOf(origin, wishes) };
  });
}

/** Before any key is made: whoever may not write here must not be left with keys of nothing. */
async function requireWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await access(folder, constants.W_OK);
}

/** Throws FILE_EXISTS: the note of another set-up. */
function requireSame({ id }: InitNote, plan: InitPlan): true {
  if (id === plan.id) return true;
  throw new CliError('FILE_EXISTS', `${plan.keys} holds the keys of ${id}, whose set-up was interrupted`, {
    hint: `finish it with --id ${id}, or name another folder with --keys`,
  });
}

/** Undefined when there is none to be read; whoever needs the file reads it properly afterwards. */
async function idOf(data: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(join(data, 'registry.json'), 'utf8')) as { id?: string } | null)?.id;
  } catch {
    return undefined;
  }
}

/** The fork's own data; for an empty folder that of the registry this command belongs to. Throws FOLDER_NOT_EMPTY, FOLDER_DIRTY. */
async function originOf(
  io: Io,
  data: string,
  { folder, named, isKnown }: Pick<InitPlan, 'folder' | 'named'> & { readonly isKnown: boolean },
): Promise<Origin> {
  const isFork = existsSync(join(data, 'registry.json'));
  if (!isKnown) await (isFork ? requireClean(io, folder, named) : presentFiles(folder, named));
  const from = isFork ? data : registryFolder(io, OWN_REGISTRY);
  const files = await readFolder(from);
  const { id, url, repository } = readRegistrySource(files).registry;
  return { files, id, url, repository };
}

/** What is not committed would be mixed with what is written here, and lost with a reset. Throws FOLDER_DIRTY. */
async function requireClean(io: Io, folder: string, named: string): Promise<void> {
  if (!existsSync(join(folder, '.git'))) return;
  const { stdout } = await runGit(io, ['-C', folder, 'status', '--porcelain', '--', 'registry', '.github']);
  const changed = stdout.split('\n').filter((line) => line !== '');
  if (changed.length === 0) return;
  throw new CliError('FOLDER_DIRTY', `${named} has changes that are not committed: ${changed[0]?.slice(3)}`);
}

/** Signatures bind the id: two registries of one name could pass off each other's releases. Throws REGISTRY_ID_TAKEN. */
function requireOtherId(id: string, { files, id: other }: Origin): void {
  const { upstreams } = readRegistrySource(files).registry;
  if (id === other) throw idTaken(id);
  if (upstreams.some((one) => one.id === id)) throw new CliError('REGISTRY_ID_TAKEN', `${id} is the id of an upstream`);
}

const idTaken = (id: string): CliError =>
  new CliError('REGISTRY_ID_TAKEN', `${id} is the id of the data that is there already`, {
    hint: 'if you made it with this command, it is done; otherwise choose an id of your own, such as a name of your domain: signatures bind it, and it stays',
  });

async function keysOf(plan: InitPlan, note: InitNote | undefined, { id, url }: Origin): Promise<OfficeKeys> {
  const passphrase = await plan.passphrase();
  if (note !== undefined) return readOfficeKeys(plan.keys, passphrase ?? '');
  return makeOfficeKeys(plan.keys, {
    note: { schemaVersion: 1, id: plan.id, from: { id, url } },
    passphrase,
    ...(plan.cost === undefined ? {} : { cost: plan.cost }),
  });
}

interface Signing {
  readonly trust: string;
  readonly keys: OfficeKeys;
  readonly origin: Origin;
  readonly wishes: Wishes;
}

/** The whole of registry/, its first root in force. */
async function signedFiles(io: Io, { trust, keys, origin, wishes }: Signing): Promise<FileTree> {
  const now = io.now();
  const files = newRegistry(origin.files, readRegistrySource(origin.files), wishes);
  const roles: TrustRoles = rolesOf(keys.holders, new Map(), now);
  const aside: FileTree = new Map(
    [...files].flatMap(([path, bytes]) => (path.startsWith('trust/') ? [[path.slice('trust/'.length), bytes]] : [])),
  );
  const folder = { current: undefined, pending: undefined, roles, aside };
  const ceremony = { trust, source: readRegistrySource(files), folder };
  const { root, targets, revocations } = keys.holders;
  const signers = [...root, ...targets, ...revocations].flatMap(({ signer }) => signer ?? []);
  const made = signed(ceremony, await proposalFor(ceremony, now), signers).folder;
  for (const [path, bytes] of trustFiles(made)) files.set(`trust/${path}`, bytes);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const OWN_REGISTRY = fileURLToPath(new URL('../../../../registry', import.meta.url));
const FIRST_ROOT = 'trust/metadata/1.root.json';

function rootOf(files: FileTree): NewOffice['root'] {
  const bytes = files.get(FIRST_ROOT) ?? new Uint8Array();
  return { path: `registry/${FIRST_ROOT}`, version: versionOf(bytes, 'root'), sha256: sha256(bytes) };
}

/** The workflow that looks at the live site names its address; a fork would watch the other registry's. */
async function pointLookAhead(folder: string, from: string, to: string): Promise<void> {
  const path = join(folder, '.github/workflows/look-ahead.yml');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const next = text?.replaceAll(`--registry ${from} `, `--registry ${to} `);
  if (next !== undefined && next !== text) await replaceFile(path, next);
}

function removedOf({ files }: Origin, { keep }: Wishes): NewOffice['removed'] {
  const { publishers, plugins } = readRegistrySource(files);
  if (keep) return { publishers: 0, plugins: 0, releases: 0 };
  const releases = [...plugins.values()].reduce((sum, plugin) => sum + plugin.releases.size, 0);
  return { publishers: publishers.size, plugins: plugins.size, releases };
}

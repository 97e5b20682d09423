// The signed trust of a registry as a folder: metadata/ and targets/. Where the offline keys lie beside it (development, or the
// laptop of a small registry) it is brought up to date; where only the online keys are, it is taken as it was signed.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FileTree,
  generateKey,
  holdCeremony,
  type KeySigner,
  keySigner,
  type OfflineMetadata,
  offlineDocuments,
  offlineFiles,
  PublishError,
  type RegistrySource,
  readFolder,
  revocationsDocument,
  writeTree,
} from '@plugmark/publish';
import { CosignKeys, type Policy, parseJson } from '@plugmark/schemas';

const KEY_NAMES = ['root', 'targets', 'revocations', 'online', 'cosign'] as const;
type KeyName = (typeof KEY_NAMES)[number];

/** Makes the keys of a development registry that are not there yet. Returns the names of new ones. */
export async function makeDevelopmentKeys(folder: string): Promise<KeyName[]> {
  const missing = KEY_NAMES.filter((name) => !existsSync(join(folder, `${name}.pem`)));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of missing)
    await writeFile(join(folder, `${name}.pem`), generateKey('ecdsa-p256'), { mode: 0o600, flag: 'wx' });
  return missing;
}

async function readKey(folder: string, name: KeyName): Promise<KeySigner | undefined> {
  const path = join(folder, `${name}.pem`);
  const pem = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    // A key that is there and cannot be read is not a key that lies elsewhere.
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  return pem === undefined ? undefined : keySigner(pem, `${name}.pem`);
}

async function needKey(folder: string, name: KeyName): Promise<KeySigner> {
  const key = await readKey(folder, name);
  if (key !== undefined) return key;
  throw new PublishError('KEY_MISSING', `${name}.pem`, `is not in ${folder}`);
}

export interface TrustInput {
  readonly trust: string;
  readonly keys: string;
  readonly source: RegistrySource;
  readonly now: Date;
  /** A development registry lets new releases be installed at once. */
  readonly development: boolean;
}

export interface OpenedTrust {
  readonly offline: OfflineMetadata;
  readonly signers: { readonly online: KeySigner; readonly cosign: KeySigner };
}

/** The registry's trust, signed anew where needed and possible. Throws KEY_MISSING, TRUST_MISSING, KEY_INVALID. */
export async function openTrust({ trust, keys, source, now, development }: TrustInput): Promise<OpenedTrust> {
  const [online, cosign] = await Promise.all([needKey(keys, 'online'), needKey(keys, 'cosign')]);
  const [root, targets, revocations] = await Promise.all([
    readKey(keys, 'root'),
    readKey(keys, 'targets'),
    readKey(keys, 'revocations'),
  ]);
  const previous = readTrust(await readFolder(trust));
  if (root === undefined || targets === undefined || revocations === undefined) {
    if (previous === undefined)
      throw new PublishError('TRUST_MISSING', trust, 'has no signed root, and the offline keys are not here');
    return { offline: previous, signers: { online, cosign } };
  }
  const documents = offlineDocuments(source, {
    cosign,
    cosignFrom: cosignSince(previous, cosign, now),
    ...(development ? { policy: withoutWaiting } : {}),
  });
  const offline = holdCeremony({
    previous,
    documents,
    plugins: source.plugins.size,
    revocations: revocationsDocument(source),
    keys: { root: [root], targets: [targets], revocations: [revocations], online },
    expiries: source.registry.expiries,
    now,
  });
  await writeTree(trust, trustFiles(offline));
  return { offline, signers: { online, cosign } };
}

/** The timestamp.json of a tree that was built under the same first root; of another registry's tree there is nothing to continue. */
export async function publishedTimestamp(tree: string, { roots }: OfflineMetadata): Promise<Uint8Array | undefined> {
  const [root, timestamp] = await Promise.all(
    ['1.root.json', 'timestamp.json'].map((name) => readFile(join(tree, 'metadata', name)).catch(() => undefined)),
  );
  const isSame = root !== undefined && roots[0] !== undefined && root.equals(roots[0]);
  return isSame && timestamp !== undefined ? new Uint8Array(timestamp) : undefined;
}

function withoutWaiting(policy: Policy): Policy {
  return { ...policy, client: { ...policy.client, minimumReleaseAgeMinutes: 0 } };
}

function cosignSince(previous: OfflineMetadata | undefined, { keyId }: KeySigner, now: Date): string {
  const bytes = previous?.files.get('cosign-keys.json');
  const known =
    bytes &&
    parseJson(CosignKeys, bytes, 'cosign-keys.json').identities.find(
      (identity) => identity.kind === 'key' && identity.keyId === keyId,
    );
  return known?.from ?? `${now.toISOString().slice(0, 19)}Z`;
}

function trustFiles(offline: OfflineMetadata): FileTree {
  const metadata = [...offlineFiles(offline)].map(([name, bytes]): [string, Uint8Array] => [`metadata/${name}`, bytes]);
  const targets = [...offline.files].map(([path, bytes]): [string, Uint8Array] => [`targets/${path}`, bytes]);
  return new Map([...metadata, ...targets]);
}

/** The newest version of each role, every root in order, and the documents. Undefined when nothing was ever signed. */
function readTrust(files: FileTree): OfflineMetadata | undefined {
  const roots = versionsOf(files, 'root');
  const targets = versionsOf(files, 'targets').at(-1);
  const revocations = versionsOf(files, 'revocations').at(-1);
  if (roots.length === 0) return undefined;
  if (targets === undefined || revocations === undefined)
    throw new PublishError('TRUST_MISSING', 'metadata', 'has a root but no targets or revocations');
  const documents = [...files]
    .filter(([path]) => path.startsWith('targets/'))
    .map(([path, bytes]): [string, Uint8Array] => [path.slice('targets/'.length), bytes]);
  return { roots, targets, revocations, files: new Map(documents) };
}

function versionsOf(files: FileTree, role: string): Uint8Array[] {
  const pattern = new RegExp(`^metadata/(\\d+)\\.${role}\\.json$`);
  const found = [...files].flatMap(([path, bytes]) => {
    const version = pattern.exec(path)?.[1];
    return version === undefined ? [] : [{ version: Number(version), bytes }];
  });
  return found.sort((a, b) => a.version - b.version).map(({ bytes }) => bytes);
}

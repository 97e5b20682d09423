// The signed trust of a registry as a folder: metadata/ and targets/. Where the offline keys lie beside it (development, or the
// laptop of a small registry) it is brought up to date; where only the online keys are, it is taken as it was signed.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CosignWorkflow,
  type FileTree,
  generateKey,
  holdCeremony,
  type KeylessSigner,
  type KeySigner,
  keySigner,
  type OfflineMetadata,
  offlineDocuments,
  offlineFiles,
  PublishError,
  type RegistrySource,
  readFolder,
  requireProvenKeys,
  revocationsDocument,
  type StatementSigner,
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
  /** For a registry whose own workflow co-signs. */
  readonly keyless: (() => Promise<KeylessSigner>) | undefined;
}

export interface OpenedTrust {
  readonly offline: OfflineMetadata;
  readonly signers: { readonly online: KeySigner; readonly cosign: StatementSigner };
}

/** The registry's trust, signed anew where needed and possible. Throws KEY_MISSING, TRUST_MISSING, KEY_INVALID. */
export async function openTrust(input: TrustInput): Promise<OpenedTrust> {
  const { trust, keys, source, now, development } = input;
  const online = await needKey(keys, 'online');
  const { cosign, listed } = await cosigner(input);
  const [root, targets, revocations] = await Promise.all([
    readKey(keys, 'root'),
    readKey(keys, 'targets'),
    readKey(keys, 'revocations'),
  ]);
  const previous = readTrust(await readFolder(trust));
  // What the offline keys sign must not list a key that nobody showed to hold.
  await requireProvenKeys(source);
  if (root === undefined || targets === undefined || revocations === undefined) {
    if (previous === undefined)
      throw new PublishError('TRUST_MISSING', trust, 'has no signed root, and the offline keys are not here');
    return { offline: previous, signers: { online, cosign } };
  }
  const documents = offlineDocuments(source, {
    cosign: listed,
    cosignFrom: cosignSince(previous, listed, now),
    ...(development ? { policy: withoutWaiting } : {}),
  });
  const offline = holdCeremony({
    previous,
    documents,
    revocations: revocationsDocument(source),
    keys: { root: [root], targets: [targets], revocations: [revocations], online },
    expiries: source.registry.expiries,
    now,
  });
  await writeTree(trust, trustFiles(offline));
  return { offline, signers: { online, cosign } };
}

/** Who co-signs, and how the offline keys list it: a key, unless registry.json names a workflow. */
async function cosigner({
  keys,
  source,
  keyless,
}: TrustInput): Promise<{ cosign: StatementSigner; listed: KeySigner | CosignWorkflow }> {
  const { mode, issuer, subject, repositoryId } = source.registry.cosign;
  if (mode === 'key') {
    const key = await needKey(keys, 'cosign');
    return { cosign: key, listed: key };
  }
  if (issuer === undefined || subject === undefined || repositoryId === undefined || keyless === undefined)
    throw new PublishError(
      'TRUST_MISMATCH',
      'registry.json',
      'co-signs keyless: it needs cosign.issuer, subject and repositoryId',
    );
  return { cosign: await keyless(), listed: { kind: 'keyless', issuer, subject, repositoryId } };
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

function cosignSince(previous: OfflineMetadata | undefined, listed: KeySigner | CosignWorkflow, now: Date): string {
  const bytes = previous?.files.get('cosign-keys.json');
  const known =
    bytes && parseJson(CosignKeys, bytes, 'cosign-keys.json').identities.find((identity) => isSame(identity, listed));
  return known?.from ?? `${now.toISOString().slice(0, 19)}Z`;
}

function isSame(identity: CosignKeys['identities'][number], listed: KeySigner | CosignWorkflow): boolean {
  if (identity.kind === 'key') return 'keyId' in listed && identity.keyId === listed.keyId;
  return 'kind' in listed && identity.subject === listed.subject && identity.repositoryId === listed.repositoryId;
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

// The trust a build works under, and its online keys. A development registry, whose offline keys lie beside the online ones, is
// brought up to date on the way; where maintainers hold ceremonies (there is a roles.json), what they signed is taken as it is.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Cosigner,
  generateKey,
  holdCeremony,
  type KeylessSigner,
  type KeySigner,
  type OfflineMetadata,
  offlineDocuments,
  openKey,
  PublishError,
  type RegistrySource,
  requireProvenKeys,
  revocationsDocument,
  type StatementSigner,
} from '@plugmark/publish';
import type { Policy } from '@plugmark/schemas';
import { cosignWorkflow, listedCosigner } from './cosign-listing.ts';
import { readTrustFolder, writeTrustFolder } from './trust-folder.ts';

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

/** In place of a folder: the job's secrets as PLUGMARK_ONLINE_KEY and so on, so that no key is ever a file of a runner. */
export const KEYS_IN_ENVIRONMENT = 'env:';

async function readKey({ keys: folder, env }: KeyPlace, name: KeyName): Promise<KeySigner | undefined> {
  if (folder === KEYS_IN_ENVIRONMENT) {
    const text = env[`PLUGMARK_${name.toUpperCase()}_KEY`] ?? '';
    return text === '' ? undefined : openKey(new TextEncoder().encode(text), `${name}.pem`, undefined);
  }
  const path = join(folder, `${name}.pem`);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    // A key that is there and cannot be read is not a key that lies elsewhere.
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  return bytes && openKey(bytes, `${name}.pem`, undefined);
}

async function needKey(place: KeyPlace, name: KeyName): Promise<KeySigner> {
  const key = await readKey(place, name);
  if (key !== undefined) return key;
  const where = place.keys === KEYS_IN_ENVIRONMENT ? `PLUGMARK_${name.toUpperCase()}_KEY` : place.keys;
  throw new PublishError('KEY_MISSING', `${name}.pem`, `is not in ${where}`);
}

interface KeyPlace {
  /** A folder, or KEYS_IN_ENVIRONMENT. */
  readonly keys: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface TrustInput extends KeyPlace {
  readonly trust: string;
  readonly source: RegistrySource;
  readonly now: Date;
  /** A development registry lets new releases be installed at once. */
  readonly development: boolean;
  /** Something was published before: its root cannot be made anew. */
  readonly hasHistory: boolean;
  /** For a registry whose own workflow co-signs. */
  readonly keyless: () => Promise<KeylessSigner>;
}

export interface OpenedTrust {
  readonly offline: OfflineMetadata;
  readonly signers: { readonly online: KeySigner; readonly cosign: StatementSigner };
}

/** The registry's trust, signed anew where needed and possible. Throws KEY_MISSING, TRUST_MISSING, TRUST_MISMATCH, KEY_INVALID. */
export async function openTrust(input: TrustInput): Promise<OpenedTrust> {
  const { trust, source, now, development, hasHistory } = input;
  const online = await needKey(input, 'online');
  const { cosign, listed } = await cosigner(input);
  const [root, targets, revocations] = await Promise.all([
    readKey(input, 'root'),
    readKey(input, 'targets'),
    readKey(input, 'revocations'),
  ]);
  const folder = await readTrustFolder(trust);
  const { current: previous } = folder;
  const signers = { online, cosign };
  if (previous === undefined && hasHistory)
    throw new PublishError(
      'TRUST_MISSING',
      trust,
      'has no signed root, but the ledger has a history under one; restore it',
    );
  if (folder.roles !== undefined || root === undefined || targets === undefined || revocations === undefined) {
    if (previous !== undefined) return { offline: previous, signers };
    throw new PublishError('TRUST_MISSING', trust, 'has no signed root, and the offline keys are not here');
  }
  // What the offline keys sign must not list a key that nobody showed to hold.
  await requireProvenKeys(source);
  const documents = offlineDocuments(source, {
    cosign: [listedCosigner(listed, previous, now)],
    ...(development ? { policy: withoutWaiting } : {}),
  });
  const offline = holdCeremony({
    previous,
    documents,
    plugins: source.plugins.size,
    revocations: revocationsDocument(source, { previous: previous?.files.get('revocations.json'), now }),
    keys: { root: [root], targets: [targets], revocations: [revocations], online },
    expiries: source.registry.expiries,
    now,
  });
  await writeTrustFolder(trust, { ...folder, current: offline });
  return { offline, signers };
}

/** Whether opening it would hold a ceremony, for which the whole registry has to be read: all offline keys lie here. */
export async function holdsCeremony(place: Pick<TrustInput, 'trust' | 'keys' | 'env'>): Promise<boolean> {
  if ((await readTrustFolder(place.trust)).roles !== undefined) return false;
  const keys = await Promise.all((['root', 'targets', 'revocations'] as const).map((name) => readKey(place, name)));
  return keys.every((key) => key !== undefined);
}

/** Who co-signs, and how the offline keys list it. */
async function cosigner(input: TrustInput): Promise<{ cosign: StatementSigner; listed: Cosigner['key'] }> {
  const { source, keyless } = input;
  const workflow = cosignWorkflow(source);
  if (workflow !== undefined) return { cosign: await keyless(), listed: workflow };
  const key = await needKey(input, 'cosign');
  return { cosign: key, listed: key };
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

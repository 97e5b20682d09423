// The steps of TUF 1.0 section 5 as pure functions: trusted state and untrusted bytes in, newly trusted state out.
// Nothing here fetches, stores or reads a clock; signatures are always checked before a field is interpreted.
import { ClientError } from '../error.ts';
import { requireFile } from './file-check.ts';
import type { Delegator, MetaFile, Role, Root, Signed, Snapshot, Targets, Timestamp } from './metadata.ts';
import { place, ROOT, readEnvelope, SNAPSHOT, TARGETS, TIMESTAMP } from './metadata.ts';
import type { Reader } from './shape.ts';
import { verifyThreshold } from './threshold.ts';

/** A role with the name its file goes by. */
export interface NamedRole extends Role {
  readonly name: string;
}

/** TUF 5.2: the root the host ships, trusted as given; its own threshold shows that it is whole. Throws ROOT_INVALID. */
export async function trustRoot(bytes: Uint8Array): Promise<Root> {
  try {
    return await selfSignedRoot(bytes);
  } catch (cause) {
    throw new ClientError('ROOT_INVALID', {}, cause);
  }
}

/**
 * TUF 5.3.4 and 5.3.5: signed by the old threshold and by its own, version exactly one higher. With the old alone a
 * stolen key could name keys nobody holds; with its own alone anybody could be root.
 */
export async function advanceRoot(trusted: Root, bytes: Uint8Array): Promise<Root> {
  await verified(bytes, trusted, namedRole(trusted, 'root'), ROOT);
  const next = await selfSignedRoot(bytes);
  requireVersion('root', next, trusted.version + 1);
  return next;
}

/** TUF 5.3.11: whether stored timestamp and snapshot must go, since keys that may have signed huge versions went. */
export function rotatesOnlineKeys(from: Root, to: Root): boolean {
  return (['timestamp', 'snapshot'] as const).some((name) => {
    // Ids alone would miss a key replaced under the same id.
    const describe = ({ roles, keys }: Root) =>
      JSON.stringify([roles[name].threshold, roles[name].keyids.toSorted().map((id) => [id, keys.get(id)])]);
    return describe(from) !== describe(to);
  });
}

/** TUF 5.4.2: a timestamp signed under `root`; version and expiry are not yet judged. */
export function readTimestamp(root: Root, bytes: Uint8Array): Promise<Timestamp> {
  return verified(bytes, root, namedRole(root, 'timestamp'), TIMESTAMP);
}

/** TUF 5.4.3: neither the timestamp nor the snapshot it names may be older than before. */
export function advanceTimestamp(trusted: Timestamp | undefined, next: Timestamp): Timestamp {
  if (!trusted) return next;
  requireNotOlder('timestamp', trusted, next);
  // Same version: the old one stays, even if this one reads differently. The caller still checks its expiry.
  if (next.version === trusted.version) return trusted;
  requireNotOlder('snapshot', trusted.meta['snapshot.json'], next.meta['snapshot.json']);
  return next;
}

/** TUF 5.5.3: a snapshot signed under `root`; nothing else is judged yet. */
export function readSnapshot(root: Root, bytes: Uint8Array): Promise<Snapshot> {
  return verified(bytes, root, namedRole(root, 'snapshot'), SNAPSHOT);
}

/** TUF 5.5.2 to 5.5.6: the snapshot the timestamp names, which drops and lowers nothing the trusted one lists. */
export async function advanceSnapshot(
  root: Root,
  expected: MetaFile,
  trusted: Snapshot | undefined,
  bytes: Uint8Array,
  now: Date,
): Promise<Snapshot> {
  await requireFile(bytes, expected, 'snapshot', 'METADATA_DIGEST');
  const next = await readSnapshot(root, bytes);
  requireVersion('snapshot', next, expected.version);
  for (const [name, file] of trusted?.meta ?? []) requireNotOlder(name, file, next.meta.get(name));
  requireUnexpired('snapshot', next, now);
  return next;
}

/** TUF 5.6.3: a targets file, top-level or delegated, signed under its delegator. */
export function readTargets(delegator: Delegator, role: NamedRole, bytes: Uint8Array): Promise<Targets> {
  return verified(bytes, delegator, role, TARGETS);
}

/** TUF 5.6.2 to 5.6.5: the targets file the snapshot names. Rollback was settled when the snapshot was accepted. */
export async function advanceTargets(
  delegator: Delegator,
  role: NamedRole,
  expected: MetaFile,
  bytes: Uint8Array,
  now: Date,
): Promise<Targets> {
  await requireFile(bytes, expected, role.name, 'METADATA_DIGEST');
  const next = await readTargets(delegator, role, bytes);
  requireVersion(role.name, next, expected.version);
  requireUnexpired(role.name, next, now);
  return next;
}

/** TUF 5.3.10, 5.4.4 and their like, written so that an invalid `now` (NaN) counts as expired. */
export function requireUnexpired(role: string, { expires }: Signed, now: Date): void {
  if (!(expires > now)) throw new ClientError('METADATA_EXPIRED', { role, expires: expires.toISOString() });
}

export function namedRole(root: Root, name: keyof Root['roles']): NamedRole {
  return { ...root.roles[name], name };
}

async function selfSignedRoot(bytes: Uint8Array): Promise<Root> {
  const root = ROOT(readEnvelope(bytes, 'root').signed, place('root'));
  return verified(bytes, root, namedRole(root, 'root'), ROOT);
}

async function verified<T>(bytes: Uint8Array, delegator: Delegator, role: NamedRole, reader: Reader<T>): Promise<T> {
  const envelope = readEnvelope(bytes, role.name);
  await verifyThreshold(envelope, delegator, role);
  return reader(envelope.signed, place(role.name));
}

function requireVersion(role: string, { version }: Signed, expected: number): void {
  if (version !== expected) throw new ClientError('METADATA_VERSION', { role, version, expected });
}

/** Also when the entry is gone: a dropped role could come back as an old one later. */
function requireNotOlder(role: string, trusted: { version: number }, next: { version: number } | undefined): void {
  if (next && next.version >= trusted.version) return;
  throw new ClientError('METADATA_ROLLBACK', { role, trusted: trusted.version, version: next?.version });
}

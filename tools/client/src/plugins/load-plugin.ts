// Loading: the moment at which everything that was promised has to be true. Named in the lockfile, not revoked, news fresh enough for
// this host, agreed to and not taken back, and the bytes hashed just now. It never waits for a network that is not needed.

import type { Grants } from '../documents/consent.ts';
import type { LockedPlugin } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { blobName, loadBytes, requireNotRevoked } from '../load-bytes.ts';
import { forgetParts } from '../store/download.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import { STORED_SEEN } from '../trust/trust-store.ts';
import { markVerified, type VerifiedBytes } from '../verified-bytes.ts';
import { fetchArtifact } from './acquire.ts';
import { stateOf } from './consent.ts';
import { type DirectEntry, isDirect } from './direct-entry.ts';
import { readLocked } from './direct-files.ts';
import { directProfile } from './direct-profile.ts';
import { type ActOptions, record } from './install-plugins.ts';
import type { PluginsContext } from './plugins-context.ts';
import { readProof } from './proof-store.ts';
import { requireSeen } from './prove-direct.ts';
import type { NewRecord } from './run-log.ts';

/** Bytes to run, and what they may be given. */
export interface LoadedPlugin {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  readonly kind: LockedPlugin['kind'];
  readonly bytes: VerifiedBytes;
  /** What it may do; nothing else may be given to it. */
  readonly grants: readonly Grants[];
}

/** Throws NOT_INSTALLED, REVOKED, LOCKFILE_MISMATCH, PROOF_MISSING, REVOCATIONS_STALE, CONSENT_REQUIRED, GRANT_REVOKED, ARTIFACT_DIGEST, STORE. A refusal is logged. */
export async function loadPlugin(
  context: PluginsContext,
  named: string,
  { correlationId }: ActOptions,
): Promise<LoadedPlugin> {
  const entry = await entryNamed(context, named);
  const { plugin, version, sha256: digest, kind } = entry;
  const about = { plugin, version, sha256: digest, ...(correlationId === undefined ? {} : { correlationId }) };
  try {
    await requireNotRevoked(digest, context.options.store);
    await requireRecorded(context, entry);
    await requireNews(context);
    const grants = await grantsOf(context, entry);
    const bytes = await intactBytes(context, entry);
    await record(context, [{ ...about, event: 'loaded', grants: grants.map(({ id }) => id) }]);
    return { plugin, version, sha256: digest, kind, bytes, grants };
  } catch (error) {
    if (error instanceof ClientError && error.code !== 'STORE')
      await recordRefusal(context, { ...about, event: 'refused', code: error.code });
    throw error;
  }
}

/** The refusal itself is what the caller has to hear, also where it cannot be written down. */
async function recordRefusal(context: PluginsContext, refusal: NewRecord): Promise<void> {
  await record(context, [refusal]).catch(() => undefined);
}

/** By plugin or by digest; only what the lockfile names can be loaded. Throws NOT_INSTALLED. */
export async function entryNamed({ state }: PluginsContext, named: string): Promise<LockedPlugin> {
  const { plugins } = await state.lockfile();
  const entry = plugins.find(({ plugin, sha256: digest }) => plugin === named || digest === named);
  if (entry !== undefined) return entry;
  throw new ClientError('NOT_INSTALLED', named.includes('/') ? { plugin: named } : { sha256: named });
}

/**
 * The lockfile may lie where others can edit it. What was verified is recorded in the store, by digest: no edit can give the bytes of
 * one plugin what a person allowed another one. Throws PROOF_MISSING, LOCKFILE_MISMATCH.
 */
async function requireRecorded(context: PluginsContext, entry: LockedPlugin): Promise<void> {
  if (isDirect(entry)) return void (await requireSeen(context, entry));
  const { options } = context;
  const { plugin, version, capabilityHashes } = await readProof(entry.sha256, options.store);
  const facts = { plugin, version, capabilityHash: capabilityHashes.get(options.host.id) };
  for (const what of ['plugin', 'version', 'capabilityHash'] as const) {
    const [actual, expected] = [entry[what], facts[what]];
    if (actual !== expected)
      throw new ClientError('LOCKFILE_MISMATCH', { plugin: entry.plugin, what, actual, expected });
  }
}

const HOUR_MS = 3_600_000;

/** When the registry’s newest word came to this store; undefined where it never did. */
export async function lastNews({ options }: PluginsContext): Promise<Date | undefined> {
  const note = await options.store.get(STORED_SEEN);
  const at = new Date(new TextDecoder().decode(note).split(' ')[1] ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** News from the future is from a clock that was wrong, then or now, and says nothing about its age. */
async function requireNews(context: PluginsContext): Promise<void> {
  const { policy, now } = context.options;
  const maxHours = policy?.maxRevocationAgeHours;
  if (maxHours === undefined) return;
  const seen = await lastNews(context);
  const hours = seen === undefined ? undefined : (now().getTime() - seen.getTime()) / HOUR_MS;
  if (hours !== undefined && hours >= -24 && hours <= maxHours) return;
  throw new ClientError('REVOCATIONS_STALE', {
    maxHours,
    seen: seen?.toISOString(),
    hours: hours && Math.round(hours),
  });
}

/** Throws CONSENT_REQUIRED, GRANT_REVOKED. */
export async function grantsOf({ receipts, options }: PluginsContext, entry: LockedPlugin): Promise<readonly Grants[]> {
  const { plugin, version } = entry;
  const receipt = await receipts.find(entry);
  if (receipt === undefined) throw new ClientError('CONSENT_REQUIRED', { plugin, version });
  const standing = stateOf(receipt, options.now());
  if (standing === 'active') return receipt.grants;
  throw new ClientError('GRANT_REVOKED', {
    plugin,
    version,
    state: standing,
    at: receipt.revokedAt ?? receipt.expires,
  });
}

/** Damaged or missing bytes are fetched again by their digest; where that fails too, the damage is what is reported. */
async function intactBytes(context: PluginsContext, entry: LockedPlugin): Promise<VerifiedBytes> {
  const { store } = context.options;
  try {
    return await loadBytes(entry.sha256, store);
  } catch (error) {
    if (!(error instanceof ClientError) || (error.code !== 'ARTIFACT_DIGEST' && error.code !== 'NOT_INSTALLED'))
      throw error;
    const healed = await fetchAgain(context, entry);
    if (healed === undefined) throw error;
    return healed;
  }
}

/** Undefined when nobody has them. */
export async function fetchAgain(context: PluginsContext, entry: LockedPlugin): Promise<VerifiedBytes | undefined> {
  const { store } = context.options;
  try {
    const bytes = await (isDirect(entry) ? fromSource(context, entry) : fetchArtifact(context, entry));
    if (bytes === undefined || toHex(await sha256(bytes)) !== entry.sha256) return undefined;
    await store.put(blobName(entry.sha256), bytes);
    await forgetParts(store, entry.sha256);
    return markVerified(bytes);
  } catch (error) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

async function fromSource(context: PluginsContext, entry: DirectEntry): Promise<Uint8Array> {
  return (await readLocked(context, entry, await directProfile(context))).bytes;
}

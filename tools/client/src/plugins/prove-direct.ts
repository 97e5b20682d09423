// An entry of the lockfile that no registry vouches for, against what was seen when it was installed: the record and the bytes. Nothing
// here is signed; it shows an edited lockfile and damaged bytes, not somebody who can write to the store.
import type { Lockfile } from '../documents/lockfile.ts';
import type { SourceRecord } from '../documents/source-record.ts';
import { ClientError } from '../error.ts';
import { loadBytes } from '../load-bytes.ts';
import { setOfDirect } from './direct-capabilities.ts';
import { type DirectEntry, tierOfSource } from './direct-entry.ts';
import { requireDependencies } from './install-direct.ts';
import type { PluginsContext } from './plugins-context.ts';
import { requireSameEntry } from './same-entry.ts';
import { recordOf } from './source-records.ts';

/** Offline. Throws PROOF_MISSING, PROOF_INVALID, NOT_INSTALLED, ARTIFACT_DIGEST, REVOKED, LOCKFILE_MISMATCH. */
export async function proveDirect(context: PluginsContext, entry: DirectEntry, lockfile: Lockfile): Promise<void> {
  const known = await requireSeen(context, entry);
  await loadBytes(entry.sha256, context.options.store);
  try {
    requireDependencies(known, lockfile);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'DEPENDENCY_CONFLICT') throw error;
    const { plugin, versions } = error.details;
    const actual = String(versions);
    throw new ClientError('LOCKFILE_MISMATCH', {
      plugin: entry.plugin,
      what: `dependency ${plugin}`,
      actual,
      expected: known.dependencies.get(String(plugin)),
    });
  }
}

/** The entry says what was seen, word for word. */
export async function requireSeen(context: PluginsContext, entry: DirectEntry): Promise<SourceRecord> {
  const { host } = context.options;
  const known = await recordOf(context, entry);
  if (known.host !== host.id) throw new ClientError('PROOF_INVALID', { sha256: entry.sha256, what: 'host' });
  const { hash } = await setOfDirect(known, host.id);
  if (hash !== known.capabilityHash)
    throw new ClientError('PROOF_INVALID', { sha256: entry.sha256, what: 'capabilities' });
  const { plugin, version, source, kind, sha256, size, manifestSha256, capabilityHash } = known;
  const facts = { plugin, version, source, kind, sha256, size, manifestSha256, capabilityHash };
  requireSameEntry(entry, { ...facts, tier: tierOfSource(source), signer: { kind: 'none' }, levels: [] });
  return known;
}

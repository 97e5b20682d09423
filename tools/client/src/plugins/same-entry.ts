// One entry of a lockfile, word for word against what is known.
import type { LockedPlugin } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { fromUtf8 } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';

export type EntryFacts = Omit<LockedPlugin, 'requested' | 'dependencies'>;

/** Throws LOCKFILE_MISMATCH naming the first member that differs. */
export function requireSameEntry(entry: LockedPlugin, facts: EntryFacts): void {
  const [said, known] = [comparable(entry), comparable(facts)];
  for (const name of Object.keys(known) as (keyof EntryFacts)[]) {
    if (said[name] === known[name]) continue;
    const details = { plugin: entry.plugin, what: name, actual: said[name], expected: known[name] };
    throw new ClientError('LOCKFILE_MISMATCH', details);
  }
}

function comparable(facts: EntryFacts): Readonly<Record<keyof EntryFacts, string>> {
  const {
    plugin,
    version,
    source,
    kind,
    sha256: digest,
    size,
    manifestSha256,
    tier,
    capabilityHash,
    signer,
    levels,
  } = facts;
  const text = (value: unknown): string => fromUtf8(canonicalJson(value ?? null));
  return {
    plugin,
    version,
    source: text(source),
    kind,
    sha256: digest,
    size: text(size),
    manifestSha256: text(manifestSha256),
    tier,
    capabilityHash,
    signer: text(signer),
    levels: text([...levels].sort()),
  };
}

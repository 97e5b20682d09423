// The lockfile against what was verified: every entry is proved again from the host's root, and every word of it compared. A lockfile
// is a claim that anybody can edit.
import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import type { Chosen, InstalledPlugin } from '../install-release.ts';
import { satisfies } from '../semver.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import { storedRoot } from '../trust/trust-store.ts';
import { acceptedIdentities } from '../verify-release.ts';
import { capabilitySet, hashOf } from './capability-set.ts';
import type { PluginsContext } from './plugins-context.ts';
import { proveInstalled, readProof } from './proof-store.ts';
import { signerRecord, summaryFor } from './release-facts.ts';
import { type EntryFacts, requireSameEntry } from './same-entry.ts';

/** Offline. Throws PROOF_*, NOT_INSTALLED, ARTIFACT_DIGEST, LOCKFILE_MISMATCH and what a signature is refused with. */
export async function proveEntry(
  context: PluginsContext,
  entry: LockedPlugin,
  lockfile: Lockfile,
): Promise<InstalledPlugin> {
  const proven = await proveInstalled(entry.sha256, context.options);
  requireSameEntry(entry, await provenFacts(proven, context.options.host.id));
  requireDependencies(entry, proven.chosen, lockfile);
  await requireRoot(context, entry, lockfile);
  return proven.installed;
}

/** What the entry must say. */
async function provenFacts(
  {
    installed,
    chosen,
    documents,
    registry,
  }: {
    readonly installed: InstalledPlugin;
    readonly chosen: Chosen;
    readonly documents: SignedDocuments;
    readonly registry: string;
  },
  host: string,
): Promise<EntryFacts> {
  const { plugin, version, kind, sha256: digest, size, tier } = installed;
  return {
    plugin,
    version,
    source: { kind: 'registry', registry },
    kind,
    sha256: digest,
    size,
    manifestSha256: chosen.release.manifestSha256,
    tier,
    capabilityHash: await hashOf(capabilitySet(summaryFor(chosen.release, host))),
    signer: signerRecord(installed, acceptedIdentities(chosen.document, await documents.publishers())),
    levels: installed.registry.levels,
  };
}

/** Everything it needs is there, in a version that it accepts, and nothing else is named. */
export function requireDependencies(
  entry: LockedPlugin,
  { release }: Pick<Chosen, 'release'>,
  { plugins }: Lockfile,
): void {
  const needed = release.release.value.dependencies;
  const mismatch = (dependency: string, actual: string | undefined, expected: string) =>
    new ClientError('LOCKFILE_MISMATCH', { plugin: entry.plugin, what: `dependency ${dependency}`, actual, expected });
  for (const [plugin, range] of needed) {
    const present = plugins.find((candidate) => candidate.plugin === plugin)?.version;
    const named = entry.dependencies.get(plugin);
    if (present === undefined || !satisfies(present, range)) throw mismatch(plugin, present, range);
    if (named !== present) throw mismatch(plugin, named, present);
  }
  for (const [plugin, version] of entry.dependencies) if (!needed.has(plugin)) throw mismatch(plugin, version, 'none');
}

/** The root that is named must be one that was verified here. */
async function requireRoot({ options }: PluginsContext, entry: LockedPlugin, { registries }: Lockfile): Promise<void> {
  const { registry } = await readProof(entry.sha256, options.store);
  const named = registries.find(({ id }) => id === registry);
  const mismatch = (what: string, actual: string | undefined, expected: string) =>
    new ClientError('LOCKFILE_MISMATCH', { what: `registry ${registry} ${what}`, actual, expected });
  if (named === undefined) throw mismatch('id', registries.map(({ id }) => id).join(', '), registry);
  const bytes = (await options.store.get(storedRoot(named.rootVersion))) ?? options.root;
  const digest = toHex(await sha256(bytes));
  if (digest !== named.rootSha256) throw mismatch('rootSha256', named.rootSha256, digest);
}

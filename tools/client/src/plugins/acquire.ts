// One planned release made installable: its bytes and marks verified, the policy asked about what is true, the person asked about what
// it can do. Nothing is written before all of a plan's releases came through here.
import { askPlaces } from '../ask-places.ts';
import type { ConsentReceipt } from '../documents/consent.ts';
import type { LockedPlugin } from '../documents/lockfile.ts';
import type { Release } from '../documents/release.ts';
import { type InstalledPlugin, verifyRelease } from '../install-release.ts';
import { blobName } from '../load-bytes.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { download } from '../store/download.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import type { VerifiedBytes } from '../verified-bytes.ts';
import { acceptedIdentities } from '../verify-release.ts';
import { agree } from './agree.ts';
import type { PlannedChange } from './plan-install.ts';
import type { PluginsContext } from './plugins-context.ts';
import { signerRecord } from './release-facts.ts';

export interface Acquired {
  readonly installed: InstalledPlugin;
  readonly bytes: VerifiedBytes;
  readonly receipt: ConsentReceipt;
  readonly entry: LockedPlugin;
  /** Digests of the bundles that were checked. */
  readonly attestations: readonly string[];
}

/** Throws what verifyRelease throws, POLICY_REFUSED, CONSENT_*. */
export async function acquire(
  context: PluginsContext,
  change: PlannedChange,
  { documents, former }: { readonly documents: SignedDocuments; readonly former: LockedPlugin | undefined },
): Promise<Acquired> {
  const { installed, bytes } = await verifyRelease(change, {
    documents,
    fetchFile: context.fetchAttestationFile,
    // One that came out of a pack is proved by its own bytes later.
    onBundle: (digest, bundle) => context.attestations.set(digest, bundle),
    artifact: (artifact) => keptOrFetched(context, artifact),
  });
  const signer = signerRecord(installed, acceptedIdentities(change.document, await documents.publishers()));
  const receipt = await agree(context, change, { documents, former, installed, signer });
  const { publisher, registry } = change.release.attestations;
  const marks = registry === undefined ? [publisher] : [publisher, registry];
  return {
    installed,
    bytes,
    receipt,
    attestations: marks.map(({ sha256: digest }) => digest),
    entry: entryOf(change, installed, { signer, capabilityHash: receipt.capabilityHash }),
  };
}

function entryOf(
  { plugin, version, requested, document, release, dependencies }: PlannedChange,
  { kind, sha256: digest, size, tier, registry }: InstalledPlugin,
  facts: Pick<LockedPlugin, 'signer' | 'capabilityHash'>,
): LockedPlugin {
  return {
    plugin,
    version,
    requested,
    source: { kind: 'registry', registry: document.registry },
    kind,
    sha256: digest,
    size,
    manifestSha256: release.manifestSha256,
    tier,
    ...facts,
    levels: registry.levels,
    dependencies,
  };
}

/** A damaged copy is of no use; it is fetched again over it. */
export async function keptOrFetched(
  context: PluginsContext,
  artifact: Release['artifact'],
): Promise<Uint8Array | undefined> {
  const kept = await context.options.store.get(blobName(artifact.sha256));
  if (kept?.length === artifact.size && toHex(await sha256(kept)) === artifact.sha256) return kept;
  return fetchArtifact(context, artifact);
}

/** What has come from one place is gone on with at the next: the digest decides. Undefined where nobody has them. */
export function fetchArtifact(
  { options, core }: PluginsContext,
  { sha256: digest, size, kind }: Release['artifact'],
): Promise<Uint8Array | undefined> {
  const { store, fetch, onProgress } = options;
  const ports = { store, fetch, timeoutMs: core.timeoutMs, onProgress };
  return askPlaces(core, { sha256: digest, kind }, (url) => download({ url, sha256: digest, size }, ports));
}

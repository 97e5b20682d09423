// The bytes that were cited, verified as a release of this registry whatever has become of it since. Yanked ones too; a revoked one is
// handed out to be looked into, without any grant, and every time it is written into the log.

import { fetchAttestation } from '../attestation.ts';
import type { DocumentRelease } from '../documents/package-document.ts';
import { ClientError } from '../error.ts';
import { type InstalledPlugin, verifyRelease } from '../install-release.ts';
import { standingOf } from '../standing.ts';
import { together } from '../together.ts';
import type { VerifiedBytes } from '../verified-bytes.ts';
import { tierOf } from '../verify-release.ts';
import { keptOrFetched } from './acquire.ts';
import { type ActOptions, record, viewOf } from './install-plugins.ts';
import type { PluginsContext } from './plugins-context.ts';
import { hostProfileJson } from './profile-target.ts';

/** A release fetched by its digest to be run again, whatever its standing; what is revoked gets no grant. */
export interface ReproducedPlugin extends InstalledPlugin {
  readonly bytes: VerifiedBytes;
  readonly release: DocumentRelease;
  /** False for a revoked release: nothing may be given to it, not even what its vectors ask for. */
  readonly mayHaveGrants: boolean;
  /** The host's profile as the registry signed it, for whoever runs it. */
  readonly profile: unknown;
  /** The analysis report for this host, by the digest the document lists; absent where it is not served loose. */
  readonly report?: Uint8Array | undefined;
}

/** Throws NO_RELEASE where the plugin never had these bytes, HOST_UNKNOWN, and what verifying throws. Nothing is installed. */
export async function reproducePlugin(
  context: PluginsContext,
  { plugin, sha256: digest }: { readonly plugin: string; readonly sha256: string },
  { correlationId }: ActOptions,
): Promise<ReproducedPlugin> {
  const { documents } = await viewOf(context);
  const { host, now } = context.options;
  const [document, publishers, revocations] = await together([
    documents.plugin(plugin),
    documents.publishers(),
    documents.revocations(),
  ]);
  const release = document.releases.find((listed) => listed.release.value.artifact.sha256 === digest);
  if (release === undefined) throw new ClientError('NO_RELEASE', { plugin, sha256: digest });
  const { value } = release.release;
  const { version } = value;
  const profile = await hostProfileJson(documents, host.id);
  if (profile === undefined) throw new ClientError('HOST_UNKNOWN', { host: host.id });
  const standing = standingOf(release, revocations, now());
  const chosen = { plugin, version, tier: tierOf(value, publishers), document, release, standing };
  const { installed, bytes } = await verifyRelease(chosen, {
    documents,
    fetchFile: context.fetchAttestationFile,
    artifact: (artifact) => keptOrFetched(context, artifact),
  });
  const mayHaveGrants = standing.mayLoad;
  const about = { plugin, version, sha256: digest, ...(correlationId === undefined ? {} : { correlationId }) };
  const detail = mayHaveGrants ? {} : { grants: [], code: 'REVOKED', detail: 'reproduced without grants' };
  await record(context, [{ ...about, event: 'reproduced', ...detail }]);
  const report = await reportFor(context, release, host.id);
  return { ...installed, bytes, release, mayHaveGrants, profile, report };
}

/** It says what was seen; nothing is decided on it, so that it is missing is no refusal. */
async function reportFor(
  { fetchAttestationFile }: PluginsContext,
  { analysis, attestations }: DocumentRelease,
  host: string,
): Promise<Uint8Array | undefined> {
  const ref = attestations.analyses[analysis.findIndex((summary) => summary.host === host)];
  try {
    return ref && (await fetchAttestation(ref, fetchAttestationFile));
  } catch (error) {
    const isAbsent = error instanceof ClientError && error.code === 'ATTESTATION_MISSING';
    if (!isAbsent) throw error;
    return undefined;
  }
}

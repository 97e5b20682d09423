// Who signed a listed release, judged by identities of the caller's own rather than by what the registry lists.
import { type FetchFile, fetchAttestation } from './attestation.ts';
import { type CoreOptions, openCore } from './core.ts';
import type { PackageDocument } from './documents/package-document.ts';
import type { Identity } from './documents/publishers.ts';
import { ClientError } from './error.ts';
import type { SignedDocuments } from './signed-documents.ts';
import { together } from './together.ts';
import { manifestDigest, publisherState, signedFor } from './verify-release.ts';

/** For whoever watches his own namespace: a registry could list a key that he never had. */
export interface PublisherWatch {
  /** All releases of a plugin. Throws PLUGIN_UNKNOWN, DOCUMENT_*. */
  document(plugin: string): Promise<PackageDocument>;
  /** Throws PLUGIN_UNKNOWN, NO_RELEASE, ATTESTATION_*, NETWORK; a refusal is a state. */
  signatureOf(plugin: string, version: string, identities: readonly Identity[]): ReturnType<typeof publisherState>;
}

/** Throws REGISTRY_URL. */
export function openWatch(options: CoreOptions): PublisherWatch {
  const core = openCore(options);
  return {
    document: async (plugin) => (await core.documents()).plugin(plugin),
    signatureOf: async (plugin, version, identities) =>
      publisherSignature(await core.documents(), { plugin, version, identities }, core.fetchFile),
  };
}

async function publisherSignature(
  documents: SignedDocuments,
  { plugin, version, identities }: { plugin: string; version: string; identities: readonly Identity[] },
  fetchFile: FetchFile,
): ReturnType<typeof publisherState> {
  const [document, upstreams] = await together([documents.plugin(plugin), documents.upstreams()]);
  const listed = document.releases.find(({ release }) => release.value.version === version);
  if (listed === undefined) throw new ClientError('NO_RELEASE', { plugin, reasons: '' });
  const claim = {
    plugin,
    version,
    registry: signedFor(document, upstreams),
    sha256: listed.release.value.artifact.sha256,
    manifestSha256: await manifestDigest(listed),
  };
  const bundle = await fetchAttestation(listed.attestations.publisher, fetchFile);
  return publisherState(bundle, claim, { identities, keyless: documents.keyless });
}

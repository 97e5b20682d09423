// From a chosen release to bytes that may be kept: the bytes by digest, the publisher's mark, the registry's mark. Nothing is stored
// here; whoever calls stores what comes back.
import { type FetchFile, fetchAttestation } from './attestation.ts';
import type { DocumentRelease, PackageDocument } from './documents/package-document.ts';
import type { Release } from './documents/release.ts';
import { ClientError } from './error.ts';
import type { SignedDocuments } from './signed-documents.ts';
import type { Standing } from './standing.ts';
import { together } from './together.ts';
import { sha256, toHex } from './trust/bytes.ts';
import { markVerified, type VerifiedBytes } from './verified-bytes.ts';
import {
  acceptedIdentities,
  manifestDigest,
  type PublishClaim,
  type SignatureState,
  signedFor,
  type Tier,
  type VerifiedSigner,
  verifyCosignature,
  verifyPublisher,
} from './verify-release.ts';

/** A release whose whole chain was verified; its bytes are in the store. */
export interface InstalledPlugin {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  readonly size: number;
  /** A `process` can do anything the account of whoever runs it can. */
  readonly kind: Release['artifact']['kind'];
  readonly tier: Tier;
  readonly publisher: { readonly state: SignatureState } & VerifiedSigner;
  readonly registry: { readonly state: SignatureState; readonly levels: readonly string[] };
  readonly capabilityHashes: Readonly<Record<string, string>>;
  readonly standing: Standing;
}

/** What was chosen: a release, the document it stands in, and what the chooser found out about it. */
export interface Chosen {
  readonly plugin: string;
  readonly version: string;
  readonly tier: Tier;
  readonly document: PackageDocument;
  readonly release: DocumentRelease;
  /** What to tell the user before and after: deprecated, or locked although yanked or quarantined. */
  readonly standing: Standing;
}

export interface VerifyPorts {
  readonly documents: SignedDocuments;
  /** For bundles. */
  readonly fetchFile: FetchFile;
  /** The bytes of the release; undefined where nobody has them. */
  readonly artifact: (artifact: Release['artifact']) => Promise<Uint8Array | undefined>;
  /** Each bundle that was checked against its digest. */
  readonly onBundle?: ((sha256: string, bytes: Uint8Array) => void) | undefined;
  readonly onVerified?: ((part: VerifiedPart) => void) | undefined;
}

/** `registry` only where a release carries the registry's mark. */
export type VerifiedPart = 'artifact' | 'publisher' | 'registry';

/** Throws ARTIFACT_*, ATTESTATION_*, MANIFEST_MISMATCH, ORIGIN_UNKNOWN, COSIGNATURE_INVALID and what verifyPublisher throws. */
export async function verifyRelease(
  chosen: Chosen,
  { documents, fetchFile, artifact: read, onBundle, onVerified }: VerifyPorts,
): Promise<{ readonly installed: InstalledPlugin; readonly bytes: VerifiedBytes }> {
  const { plugin, version, release, document, tier, standing } = chosen;
  const { artifact } = release.release.value;
  const { attestations } = release;
  // Its levels speak of imports and bounds, of which a process has none: whoever signed one for a process is not believed.
  const cosignature = artifact.kind === 'process' ? undefined : attestations.registry;
  const [publishers, upstreams, manifestSha256] = await together([
    documents.publishers(),
    documents.upstreams(),
    manifestDigest(release),
  ]);
  const identities = acceptedIdentities(document, publishers);
  const [bytes, publisherBundle, registryBundle] = await together([
    read(artifact).then((served) => verifyBytes(artifact, served)),
    fetchAttestation(attestations.publisher, fetchFile),
    cosignature && fetchAttestation(cosignature, fetchFile),
    // What reads certificates comes along where it will be needed: no key may sign.
    identities.every(({ kind }) => kind === 'keyless') ? documents.keyless?.prepare() : undefined,
  ]);
  onVerified?.('artifact');
  onBundle?.(attestations.publisher.sha256, publisherBundle);
  if (registryBundle && attestations.registry) onBundle?.(attestations.registry.sha256, registryBundle);
  const claim = { plugin, version, registry: signedFor(document, upstreams), sha256: artifact.sha256, manifestSha256 };
  const signer = await verifyPublisher(publisherBundle, claim, { identities, keyless: documents.keyless });
  onVerified?.('publisher');
  const levels = registryBundle && (await cosignedLevels(registryBundle, claim, documents, chosen));
  if (levels !== undefined) onVerified?.('registry');
  const installed: InstalledPlugin = {
    plugin,
    version,
    sha256: artifact.sha256,
    size: artifact.size,
    kind: artifact.kind,
    tier,
    publisher: { state: 'verified', ...signer },
    registry: levels
      ? { state: 'verified', levels }
      : { state: attestations.registry === undefined ? 'notSigned' : 'notChecked', levels: [] },
    capabilityHashes: Object.fromEntries(release.analysis.map(({ host, capabilities }) => [host, capabilities.hash])),
    standing,
  };
  return { installed, bytes };
}

/** What this registry's own co-signature vouches for, also when the release comes from an upstream. */
async function cosignedLevels(
  bundle: Uint8Array,
  claim: PublishClaim,
  documents: SignedDocuments,
  { document: { registry }, release: { attestations } }: Chosen,
): Promise<readonly string[]> {
  const { publisher, analyses, runs } = attestations;
  const inputs = [publisher, ...analyses, ...runs].map(({ sha256: digest }) => digest);
  return verifyCosignature(bundle, { ...claim, registry, inputs }, await documents.cosignKeys(), documents.keyless);
}

async function verifyBytes(
  { sha256: expected, size }: Release['artifact'],
  bytes: Uint8Array | undefined,
): Promise<VerifiedBytes> {
  if (bytes === undefined) throw new ClientError('ARTIFACT_MISSING', { sha256: expected });
  const actual = toHex(await sha256(bytes));
  if (actual === expected && bytes.length === size) return markVerified(bytes);
  throw new ClientError('ARTIFACT_DIGEST', { expected, actual });
}

/** Where the bytes of a release are served. */
export function blobPath({ sha256: digest, kind }: Pick<Release['artifact'], 'sha256' | 'kind'>): string {
  return `blobs/sha256/${digest}.${kind === 'process' ? 'zip' : 'wasm'}`;
}

// Proofs: beside each digest what is needed to verify it again, offline, from the root alone. A proof is evidence only as far as the
// signatures in it verify; where it lies and who wrote it counts for nothing.

import type { FetchFile } from '../attestation.ts';
import type { PackageDocument } from '../documents/package-document.ts';
import { type Proof, proof } from '../documents/proof.ts';
import { ClientError, type ClientErrorCode } from '../error.ts';
import { type Chosen, type InstalledPlugin, verifyRelease } from '../install-release.ts';
import { blobName } from '../load-bytes.ts';
import { type SignedDocuments, signedDocuments } from '../signed-documents.ts';
import { standingOf } from '../standing.ts';
import type { PluginStore } from '../store/plugin-store.ts';
import { together } from '../together.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { readJson } from '../trust/shape.ts';
import { loadTrusted } from '../trust/update.ts';
import type { VerifiedBytes } from '../verified-bytes.ts';
import { type LoadKeyless, tierOf } from '../verify-release.ts';
import { replayingStore } from './recording-store.ts';

export const proofName = (digest: string): string => `proofs/${digest}.json`;
export const proofFileName = (digest: string): string => `proof-files/${digest}`;

export interface ProofPorts {
  readonly store: PluginStore;
  readonly root: Uint8Array;
  readonly now: () => Date;
  readonly keyless?: LoadKeyless | undefined;
}

/** Everything first, the proof that names it last: a proof without its files is never there. */
export async function keepProof(
  installed: Pick<InstalledPlugin, 'plugin' | 'version' | 'sha256' | 'capabilityHashes'>,
  evidence: {
    readonly registry: string;
    readonly files: ReadonlyMap<string, Uint8Array>;
    readonly attestations: ReadonlyMap<string, Uint8Array>;
  },
  { store }: ProofPorts,
): Promise<void> {
  const { plugin, version, capabilityHashes } = installed;
  const files: Record<string, string> = {};
  for (const [name, bytes] of evidence.files) files[name] = await keepFile(bytes, store);
  for (const bytes of evidence.attestations.values()) await keepFile(bytes, store);
  const { registry, attestations } = evidence;
  const named = {
    schemaVersion: 1,
    registry,
    plugin,
    version,
    capabilityHashes,
    files,
    attestations: [...attestations.keys()].sort(),
  };
  await store.put(proofName(installed.sha256), canonicalJson(named));
}

async function keepFile(bytes: Uint8Array, store: PluginStore): Promise<string> {
  const digest = toHex(await sha256(bytes));
  const name = proofFileName(digest);
  if ((await readProofFile(digest, store)) === undefined) await store.put(name, bytes);
  return digest;
}

/** Undefined when it is not there or damaged. */
async function readProofFile(digest: string, store: PluginStore): Promise<Uint8Array | undefined> {
  const bytes = await store.get(proofFileName(digest));
  return bytes !== undefined && toHex(await sha256(bytes)) === digest ? bytes : undefined;
}

/** Throws PROOF_MISSING, PROOF_INVALID. */
export async function readProof(digest: string, store: PluginStore): Promise<Proof> {
  const bytes = await store.get(proofName(digest));
  if (bytes === undefined) throw new ClientError('PROOF_MISSING', { sha256: digest });
  return readJson(bytes, { code: 'PROOF_INVALID', path: proofName(digest) }, proof);
}

export interface Proven {
  readonly installed: InstalledPlugin;
  readonly chosen: Chosen;
  readonly bytes: VerifiedBytes;
  readonly documents: SignedDocuments;
  readonly registry: string;
}

/** These speak of the bytes, the disk or the host, not of the proof. */
const NOT_THE_PROOF: ReadonlySet<ClientErrorCode> = new Set([
  'NOT_INSTALLED',
  'ARTIFACT_DIGEST',
  'STORE',
  'BUNDLE_KEYLESS',
  'PROOF_MISSING',
]);

/**
 * The whole chain again, from the host's root to the bytes in the store, as it was when they were installed: nothing is fetched, and
 * nothing is refused for having expired since. Throws PROOF_MISSING, PROOF_INVALID (`what` is the code of the refusal), NOT_INSTALLED,
 * ARTIFACT_DIGEST.
 */
export async function proveInstalled(digest: string, ports: ProofPorts): Promise<Proven> {
  try {
    return await prove(digest, ports);
  } catch (error) {
    if (!(error instanceof ClientError) || NOT_THE_PROOF.has(error.code) || error.code === 'PROOF_INVALID') throw error;
    throw new ClientError('PROOF_INVALID', { sha256: digest, what: error.code }, error);
  }
}

async function prove(digest: string, ports: ProofPorts): Promise<Proven> {
  const { store, root, now, keyless } = ports;
  const kept = await readProof(digest, store);
  const replay = replayingStore(kept.files, (file) => readProofFile(file, store));
  const tuf = await loadTrusted({ root, store: replay, now: now() });
  if (tuf === undefined) throw new ClientError('PROOF_INVALID', { sha256: digest, what: 'metadata' });
  const documents = signedDocuments(tuf, { store: replay, keyless });
  const document = await documents.plugin(kept.plugin);
  const chosen = await chosenIn(document, { documents, version: kept.version, digest, now: now() });
  const fetchFile: FetchFile = async (path) => readProofFile(path.replace(/^attestations\/|\.json$/g, ''), store);
  const { installed, bytes } = await verifyRelease(chosen, {
    documents,
    fetchFile,
    artifact: async ({ sha256: name }) => {
      const found = await store.get(blobName(name));
      if (found === undefined) throw new ClientError('NOT_INSTALLED', { sha256: name });
      return found;
    },
  });
  return { installed, chosen, bytes, documents, registry: document.registry };
}

async function chosenIn(
  document: PackageDocument,
  { documents, version, digest, now }: { documents: SignedDocuments; version: string; digest: string; now: Date },
): Promise<Chosen> {
  const release = document.releases.find(
    ({ release: { value } }) => value.version === version && value.artifact.sha256 === digest,
  );
  if (release === undefined)
    throw new ClientError('PROOF_INVALID', { sha256: digest, what: `${document.plugin} ${version}` });
  const [publishers, revocations] = await together([documents.publishers(), documents.revocations()]);
  const { plugin } = document;
  const tier = tierOf(release.release.value, publishers);
  return { plugin, version, tier, document, release, standing: standingOf(release, revocations, now) };
}

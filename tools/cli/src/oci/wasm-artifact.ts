// A plugin as a Wasm OCI artifact (CNCF TAG Runtime's layout): one layer `application/wasm`, a config that says module or component, and
// Sigstore bundles as manifests that refer to it. The same bytes give the same manifest.

import { inspectArtifact } from '@plugmark/analysis';
import { ClientError, OCI_MANIFEST, type OciReference, pullWasmArtifact } from '@plugmark/client';
import { canonicalBytes, type Inspection } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { artifactWords } from './artifact-words.ts';
import { digestOf, type OciRegistry } from './oci-registry.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const WASM_CONFIG = 'application/vnd.wasm.config.v0+json';
const WASM_LAYER = 'application/wasm';
const EMPTY = 'application/vnd.oci.empty.v1+json';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const describe = (mediaType: string, bytes: Uint8Array): Descriptor => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
});

/** Pushes the bytes under a tag and the bundles as its referrers. Throws OCI_*, WasmError for what is no WebAssembly. */
export async function pushWasm(
  registry: OciRegistry,
  {
    bytes,
    bundles,
    tag,
  }: { readonly bytes: Uint8Array; readonly bundles: readonly Uint8Array[]; readonly tag: string },
): Promise<OciReference> {
  const config = canonicalBytes(configOf(await inspectArtifact(bytes), bytes));
  for (const blob of [bytes, config]) await registry.putBlob(blob);
  const manifest = canonicalBytes({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: describe(WASM_CONFIG, config),
    layers: [describe(WASM_LAYER, bytes)],
  });
  const { digest } = await registry.putManifest(manifest, OCI_MANIFEST, tag);
  const reference = { ...registry.repository, digest };
  for (const bundle of bundles) await attach(registry, describe(OCI_MANIFEST, manifest), bundle);
  return reference;
}

function configOf(inspection: Inspection, bytes: Uint8Array): object {
  if (inspection.kind === 'process')
    throw new CliError('OCI_ARTIFACT', 'a zip is no WebAssembly: this layout has no place for it');
  const common = {
    // Asked for by the layout; a time of ours would make two pushes of one file two artifacts.
    created: '1970-01-01T00:00:00Z',
    architecture: 'wasm',
    layerDigests: [digestOf(bytes)],
  };
  if (inspection.kind === 'core') return { ...common, os: 'wasip1' };
  const names = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name);
  return {
    ...common,
    os: 'wasip2',
    component: { exports: names(inspection.exports), imports: names(inspection.imports) },
  };
}

/** A bundle as a manifest with a subject. Registries older than v1.1 list referrers under a tag made of the subject's digest. */
async function attach(registry: OciRegistry, subject: Descriptor, bundle: Uint8Array): Promise<void> {
  const empty = new TextEncoder().encode('{}');
  for (const blob of [empty, bundle]) await registry.putBlob(blob);
  const annotations = { 'dev.sigstore.bundle.content': 'dsse-envelope' };
  const manifest = canonicalBytes({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: BUNDLE,
    config: describe(EMPTY, empty),
    layers: [describe(BUNDLE, bundle)],
    subject,
    annotations,
  });
  const { referrersKnown } = await registry.putManifest(manifest, OCI_MANIFEST);
  if (referrersKnown) return;
  const listed = await fallbackList(registry, subject.digest);
  const own: Descriptor = { ...describe(OCI_MANIFEST, manifest), artifactType: BUNDLE, annotations };
  const manifests = [...listed.filter(({ digest }) => digest !== own.digest), own];
  const index = canonicalBytes({ schemaVersion: 2, mediaType: INDEX, manifests });
  await registry.putManifest(index, INDEX, fallbackTag(subject.digest));
}

const fallbackTag = (digest: string): string => digest.replace(':', '-');

async function fallbackList(registry: OciRegistry, digest: string): Promise<readonly Descriptor[]> {
  const found = await registry.manifest(fallbackTag(digest));
  return found === undefined ? [] : descriptors(readJson(found.bytes)['manifests']);
}

/** The module or component a manifest holds. The digest decides at every step. Throws OCI_*. */
export async function pullWasm(
  registry: Pick<OciRegistry, 'manifest' | 'blob'>,
  reference: OciReference,
  maxBytes: number,
): Promise<Uint8Array> {
  const manifest = async (digest: string): Promise<Uint8Array | undefined> => (await registry.manifest(digest))?.bytes;
  try {
    return (await pullWasmArtifact({ manifest, blob: registry.blob }, reference, { maxBytes })).bytes;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new CliError('OCI_ARTIFACT', artifactWords(error, reference), { cause: error });
  }
}

const MAX_BUNDLES = 50;
const MAX_BUNDLE_BYTES = 1_000_000;

/** Sigstore bundles that refer to a manifest. They are a stranger's files until they verify. */
export async function pullBundles(registry: OciRegistry, digest: string): Promise<Uint8Array[]> {
  const index = await registry.referrers(digest);
  const listed = index === undefined ? await fallbackList(registry, digest) : descriptors(readJson(index)['manifests']);
  const bundles: Uint8Array[] = [];
  for (const { digest: of, artifactType } of listed.slice(0, MAX_BUNDLES)) {
    if (artifactType !== BUNDLE) continue;
    const found = await registry.manifest(of);
    const manifest = found === undefined ? {} : readJson(found.bytes);
    const [subject] = descriptors([manifest['subject']]);
    const [layer] = descriptors(manifest['layers']);
    if (subject?.digest !== digest || layer === undefined) continue;
    const bundle = await registry.blob(layer.digest, MAX_BUNDLE_BYTES);
    if (bundle !== undefined) bundles.push(bundle);
  }
  return bundles;
}

function readJson(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))) as Record<string, unknown>;
  } catch (cause) {
    throw new CliError('OCI_ARTIFACT', 'a manifest is not JSON', { cause });
  }
}

function descriptors(value: unknown): readonly Descriptor[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item): item is Descriptor =>
      typeof item === 'object' &&
      item !== null &&
      typeof item.mediaType === 'string' &&
      /^sha256:[0-9a-f]{64}$/.test(String(item.digest)) &&
      Number.isSafeInteger(item.size) &&
      item.size >= 0,
  );
}

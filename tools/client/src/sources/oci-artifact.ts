// A plugin as a Wasm OCI artifact (the layout of CNCF's TAG Runtime): a config that says it is one, and one layer with the bytes. The
// digest in the reference decides about the manifest, and the manifest about the layer; nothing else a registry says is believed.
import { ClientError } from '../error.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import {
  integer,
  list,
  literal,
  map,
  matching,
  object,
  optional,
  type Reader,
  readJson,
  refuse,
  string,
  where,
} from '../trust/shape.ts';
import { type OciReference, ociText } from './oci-reference.ts';

/** How a registry is asked; each answer is undefined where it has no such thing. */
export interface OciPorts {
  /** At most `MAX_OCI_MANIFEST` bytes. */
  manifest(digest: string): Promise<Uint8Array | undefined>;
  /** At most `size` bytes. */
  blob(digest: string, size: number): Promise<Uint8Array | undefined>;
}

/** What a manifest says that counts, and what it says for people. */
export interface WasmManifest {
  readonly layer: { readonly digest: string; readonly size: number };
  /** By its author, as OCI names them (`org.opencontainers.image.version`). Labels: nothing is decided on them. */
  readonly annotations: ReadonlyMap<string, string>;
}

/** The media type of a manifest that is taken. */
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
/** Registries refuse to take larger ones. */
export const MAX_OCI_MANIFEST = 4_000_000;

const descriptor = <M extends string>(mediaType: M) =>
  object<{ mediaType: M; digest: string; size: number }>({
    mediaType: literal(mediaType),
    digest: matching(/^sha256:[0-9a-f]{64}$/),
    size: integer(0),
  });

/** What a name for one thing must not also be: a manifest that is an index as well is read as one here and as the other there. */
const absent: Reader<undefined> = (value, at) => (value === undefined ? undefined : refuse(at));

// A descriptor may also say where else its bytes lie (`urls`), or carry them (`data`): addresses and bytes of a stranger, not read.
const manifest = object<{
  schemaVersion: number;
  mediaType: string | undefined;
  config: unknown;
  layers: readonly { digest: string; size: number }[];
  manifests: undefined;
  annotations: ReadonlyMap<string, string> | undefined;
}>({
  schemaVersion: integer(2, 2),
  mediaType: optional(literal(OCI_MANIFEST)),
  config: descriptor('application/vnd.wasm.config.v0+json'),
  layers: where(list(descriptor('application/wasm')), ({ length }) => length === 1),
  manifests: absent,
  annotations: optional(map(string)),
});

/** Throws ARTIFACT_LAYOUT with the member that is not as it must be. */
export function readWasmManifest(bytes: Uint8Array): WasmManifest {
  const { layers, annotations = new Map() } = readJson(bytes, { code: 'ARTIFACT_LAYOUT', path: 'manifest' }, manifest);
  const [layer] = layers as [WasmManifest['layer']];
  return { layer: { digest: layer.digest, size: layer.size }, annotations };
}

/** The module or component of an artifact. */
export interface PulledWasm {
  readonly bytes: Uint8Array;
  readonly annotations: WasmManifest['annotations'];
}

/**
 * Fetches what a reference names, comparing every digest on the way. Throws SOURCE_MISSING, ARTIFACT_DIGEST, ARTIFACT_LAYOUT, TOO_LARGE,
 * and what the ports throw.
 */
export async function pullWasmArtifact(
  ports: OciPorts,
  reference: OciReference,
  { maxBytes }: { readonly maxBytes: number },
): Promise<PulledWasm> {
  const found = await requireDigest(reference, reference.digest, await ports.manifest(reference.digest));
  const { layer, annotations } = readWasmManifest(found);
  if (layer.size > maxBytes)
    throw new ClientError('TOO_LARGE', { url: ociText(reference), size: layer.size, maxBytes });
  const bytes = await requireDigest(reference, layer.digest, await ports.blob(layer.digest, layer.size));
  // Whoever says how long it is and does not keep to it has said so to tools that do not compare.
  if (bytes.length !== layer.size)
    throw new ClientError('ARTIFACT_LAYOUT', { path: 'manifest.layers.0.size', actual: bytes.length });
  return { bytes, annotations };
}

async function requireDigest(
  { host, name }: OciReference,
  digest: string,
  bytes: Uint8Array | undefined,
): Promise<Uint8Array> {
  if (bytes === undefined)
    throw new ClientError('SOURCE_MISSING', { what: 'artifact', repository: `${host}/${name}`, digest });
  const actual = toHex(await sha256(bytes));
  if (`sha256:${actual}` === digest) return bytes;
  throw new ClientError('ARTIFACT_DIGEST', { expected: digest.slice('sha256:'.length), actual });
}

// The publisher's side: an author's manifest and bytes become release.json, and release.json is signed.

import {
  canonicalBytes,
  type DeclaredCapability,
  type HostProfile,
  type Manifest,
  PUBLISH_PREDICATE,
  type PublishStatement,
  parse,
  Release,
  STATEMENT_TYPE,
} from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { type StatementSigner, signStatement } from './statement-bundle.ts';

/** The files a manifest names, already read. Vector names are theirs, not the files'. */
export interface ManifestFiles {
  readonly artifact: { readonly kind: Release['artifact']['kind']; readonly bytes: Uint8Array };
  readonly readme?: Uint8Array | undefined;
  readonly vectors: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The immutable release of an author's manifest. Throws SchemaError when the manifest leaves something out that a release needs. */
export function makeRelease(manifest: Manifest, files: ManifestFiles, profile: HostProfile | undefined): Release {
  const { artifact, readme, vectors } = files;
  const release = {
    schemaVersion: 1,
    plugin: manifest.plugin,
    version: manifest.version,
    license: manifest.license,
    artifact: { kind: artifact.kind, sha256: sha256(artifact.bytes), size: artifact.bytes.length },
    targets: manifest.targets ?? [
      { host: manifest.host, api: manifest.api ?? `^${profile?.apiVersions.at(-1) ?? '1'}` },
    ],
    capabilities: (manifest.capabilities ?? []).map(declared),
    dependencies: manifest.dependencies ?? {},
    vectors: vectors.map(({ name, bytes }) => ({ name, sha256: sha256(bytes) })),
    ...defined({
      limits: manifest.limits,
      readme: readme && { sha256: sha256(readme) },
      source: manifest.source,
      citation: manifest.citation,
      notes: manifest.notes,
    }),
  };
  return parse(Release, release, 'release');
}

type ManifestCapability = NonNullable<Manifest['capabilities']>[number];

function declared(capability: ManifestCapability): DeclaredCapability {
  if (typeof capability === 'string') return { id: capability, reason: 'the author gives no reason' };
  const { id, params, reason = 'the author gives no reason' } = capability;
  return { id, ...defined({ params }), reason };
}

function defined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

/** What a publisher says: these bytes, under this name and version, for this registry, with this manifest. */
export function publishStatement(release: Release, registry: string): PublishStatement {
  const { plugin, version, artifact } = release;
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `${plugin}@${version}`, digest: { sha256: artifact.sha256 } }],
    predicateType: PUBLISH_PREDICATE,
    predicate: { plugin, version, registry, manifest: { digest: { sha256: sha256(canonicalBytes(release)) } } },
  };
}

/** `release.json` and `publisher.sigstore.json`, ready to be written beside each other. */
export async function signRelease(
  release: Release,
  { registry, signer }: { registry: string; signer: StatementSigner },
): Promise<{ release: Uint8Array; bundle: Uint8Array }> {
  return { release: canonicalBytes(release), bundle: await signStatement(publishStatement(release, registry), signer) };
}

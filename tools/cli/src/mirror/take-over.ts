// One release of an upstream, verified by the client as an application would, as the files it has in this registry. The bytes that were
// verified are handed back beside them.

import { type AttestationRef, type DocumentRelease, fetchAttestation, type Revocations } from '@plugmark/client';
import { type FileTree, jsonFile, sha256 } from '@plugmark/publish';
import { canonicalBytes, type MirrorRecord, parse, Release, Sources } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { registryFile } from '../registry-file.ts';
import type { OpenUpstream } from './open-upstream.ts';

export interface TakenOver {
  /** By path relative to the version's folder. */
  readonly files: FileTree;
  readonly bytes: Uint8Array;
}

const MAX_TEXT_BYTES = 2_000_000;
const DETACHED_BYTES = 64;

/** Throws what the client throws when it does not verify, MIRROR_FILE, UNREACHABLE. */
export async function takeOver(open: OpenUpstream, release: DocumentRelease, firstSeen: string): Promise<TakenOver> {
  const { upstream, client } = open;
  const { value } = release.release;
  const { plugin, version, artifact } = value;
  const install = client.install(`${plugin}@${version}`, { locked: new Set([artifact.sha256]) });
  const { registry, sha256: digest } = await install;
  const bytes = open.verified.get(artifact.sha256);
  open.verified.delete(digest);
  if (bytes === undefined) throw new CliError('MIRROR_FILE', `${plugin} ${version} changed while it was read`);
  const cosignature = registry.state === 'verified' ? release.attestations.registry : undefined;
  const record: MirrorRecord = {
    schemaVersion: 1,
    upstream: upstream.id,
    rootSha256: upstream.root.sha256,
    plugin,
    version,
    publishedAt: release.publishedAt,
    firstSeen,
    levels: [...registry.levels] as MirrorRecord['levels'],
  };
  const files: FileTree = new Map([
    ['release.json', canonicalBytes(release.release.json)],
    ['sources.json', jsonFile(parse(Sources, { schemaVersion: 1, sources: release.sources }, 'sources.json'))],
    ['publisher.sigstore.json', await attestation(open, release.attestations.publisher)],
    ['mirror.json', jsonFile(record)],
    ...(cosignature === undefined ? [] : [['upstream.sigstore.json', await attestation(open, cosignature)] as const]),
    ...(await textFiles(open, parse(Release, release.release.json, 'release.json'))),
  ]);
  return { files, bytes };
}

async function textFiles(open: OpenUpstream, { readme, vectors, artifact }: Release): Promise<[string, Uint8Array][]> {
  const detached = await registryFile(open.address, `blobs/sha256/${artifact.sha256}.wasm.sig`, DETACHED_BYTES);
  const named = vectors.map(async ({ name, sha256: digest }): Promise<[string, Uint8Array]> => {
    return [`vectors/${name}.json`, await byDigest(open, `vectors/${digest}.json`, digest, MAX_TEXT_BYTES)];
  });
  return [
    ...(readme === undefined
      ? []
      : [['README.md', await byDigest(open, `readmes/${readme.sha256}.md`, readme.sha256, MAX_TEXT_BYTES)] as const]),
    ...(await Promise.all(named)),
    ...(detached === undefined ? [] : [['plugin.wasm.sig', detached] as const]),
  ].map(([path, bytes]) => [path, bytes]);
}

/** Old ones lie in packs. */
const attestation = ({ address }: OpenUpstream, ref: AttestationRef): Promise<Uint8Array> =>
  fetchAttestation(ref, (path, maxBytes) => registryFile(address, path, maxBytes));

async function byDigest(
  { address, upstream }: OpenUpstream,
  path: string,
  digest: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const bytes = await registryFile(address, path, maxBytes);
  if (bytes !== undefined && sha256(bytes) === digest) return bytes;
  const problem = bytes === undefined ? 'is not served, or is too large' : 'is not what its name says';
  throw new CliError('MIRROR_FILE', `${upstream.id}: ${path} ${problem}`);
}

export function isRevoked({ release }: DocumentRelease, { revocations }: Revocations): boolean {
  return revocations.some(
    ({ sha256: digest, lifted }) => digest === release.value.artifact.sha256 && lifted === undefined,
  );
}

// A key on a publisher's list must be held by whoever put it there: it signed a release, or it proves that it can. Otherwise anybody
// could list somebody else's key, and a mistyped one would be noticed at the next release.

import { ClientError, verifyPublisher } from '@plugmark/client';
import { parseBundle } from '@plugmark/client/trust';
import type { KeyIdentity, Publisher } from '@plugmark/schemas';
import { PublishError } from './error.ts';
import { publisherIdOf, type RegistrySource, type ReleaseSource } from './registry-source.ts';

/** Throws KEY_UNPROVEN. A publisher without releases has nothing to prove it with yet; an only key is proved by what it signed, or nothing is listed. */
export async function requireProvenKeys(source: RegistrySource): Promise<void> {
  for (const publisher of source.publishers.values()) {
    const releases = releasesOf(publisher, source);
    // Keys of a mirrored publisher were proved upstream, by releases that may not be approved here.
    if (isMirrored(publisher, source)) continue;
    if (releases.length === 0 || publisher.identities.length === 1) continue;
    const used = new Set(releases.map(({ bundle }) => hintOf(bundle)));
    for (const identity of publisher.identities)
      if (identity.kind === 'key' && !used.has(identity.keyId)) await requireProof(identity, publisher, source);
  }
}

function isMirrored({ publisher }: Publisher, { plugins }: RegistrySource): boolean {
  return [...plugins.values()].some(
    ({ plugin, origin }) => origin !== undefined && publisherIdOf(plugin) === publisher,
  );
}

function releasesOf({ publisher }: Publisher, { plugins }: RegistrySource): ReleaseSource[] {
  return [...plugins.values()]
    .filter(({ plugin }) => publisherIdOf(plugin) === publisher)
    .flatMap(({ releases }) => [...releases.values()]);
}

/** Which key a bundle names. Whether it verifies is decided when the release is admitted. */
function hintOf(bundle: Uint8Array | undefined): string | undefined {
  try {
    return bundle && parseBundle(bundle).hint;
  } catch (error) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

async function requireProof(key: KeyIdentity, { publisher }: Publisher, source: RegistrySource): Promise<void> {
  const where = `publishers/${publisher}.json`;
  const unproven = (problem: string, cause?: unknown): PublishError =>
    new PublishError('KEY_UNPROVEN', where, `key ${key.keyId} ${problem}`, cause === undefined ? {} : { cause });
  if (key.proof === undefined) throw unproven('signed no release and proves nothing');
  const { plugin, version } = key.proof;
  const release = source.plugins.get(plugin)?.releases.get(version);
  const bundle = source.proofs.get(`${publisher}/${key.keyId}`);
  if (release === undefined || publisherIdOf(plugin) !== publisher)
    throw unproven(`names ${plugin} ${version} as its proof, which is no release of ${publisher}`);
  if (bundle === undefined) throw unproven(`has no publishers/${publisher}/proofs/${key.keyId}.sigstore.json`);
  const claim = {
    plugin,
    version,
    registry: source.registry.id,
    sha256: release.release.artifact.sha256,
    manifestSha256: release.manifestSha256,
  };
  // An end is for releases: a proof made today for a key that ends tomorrow shows who holds it all the same.
  const { to: _, ...listed } = key;
  await verifyPublisher(bundle, claim, { identities: [listed] }).catch((cause: unknown) => {
    if (!(cause instanceof ClientError)) throw cause;
    throw unproven(`has a proof that does not verify (${cause.code})`, cause);
  });
}

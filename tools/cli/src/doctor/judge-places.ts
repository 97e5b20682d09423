// Whether bytes are where they are said to be: each source of each release, and each mirror. Asked for by name, since it fetches all
// of it.

import { fetchBytes } from '@plugmark/client/trust';
import { type RegistrySource, type ReleaseSource, sha256 } from '@plugmark/publish';
import { fetchArtifact, ownBlob } from '../artifact-sources.ts';
import type { DataInput } from './data-input.ts';
import { inconclusive, notApplicable, pass, unless, type Verdict } from './look.ts';

const TIMEOUT_MS = 60_000;

const releasesOf = ({ plugins }: RegistrySource): ReleaseSource[] =>
  [...plugins.values()].flatMap(({ releases }) => [...releases.values()]);

/** Built in the repository itself, or in a registry that this command does not read. */
const isElsewhere = (source: string): boolean => /^(?:workspace|oci):/.test(source);

export async function judgeSources({ io, ceremony: { source }, fetches }: DataInput): Promise<Verdict> {
  const releases = releasesOf(source).filter(({ sources }) => !sources.sources.every(isElsewhere));
  if (releases.length === 0) return notApplicable('no release is fetched from anywhere');
  if (!fetches) return inconclusive('they were not asked: --fetch');
  const limits = { maxBytes: source.policy.limits.artifactBytes, timeoutMs: TIMEOUT_MS };
  const problems: string[] = [];
  let dead = 0;
  for (const { release, sources } of releases) {
    let living = 0;
    for (const one of sources.sources.filter((uri) => !isElsewhere(uri))) {
      const place = { release, sources: { ...sources, sources: [one] } };
      const found = await fetchArtifact(place, {
        folders: [],
        limits,
        ...(io.fetchPublic === undefined ? {} : { get: io.fetchPublic }),
      });
      if ('bytes' in found) living++;
      else if (found.state === 'unreachable') dead++;
      else problems.push(`${release.plugin} ${release.version}: ${one} ${found.reason}`);
    }
    if (living === 0) problems.push(`${release.plugin} ${release.version} is nowhere else`);
  }
  return unless(
    problems.slice(0, SHOWN),
    `${releases.length} releases are${dead === 0 ? '' : `, ${dead} sources are dead`}`,
  );
}

/** More would only say the same. */
const SHOWN = 10;

export async function judgeMirrors({ io, ceremony: { source }, fetches }: DataInput): Promise<Verdict> {
  const { mirrors } = source.registry;
  if (mirrors.length === 0) return notApplicable('there are none');
  const releases = releasesOf(source);
  if (releases.length === 0) return pass('there is nothing to serve yet');
  if (!fetches) return inconclusive('they were not asked: --fetch');
  const problems: string[] = [];
  for (const { url } of mirrors)
    for (const { release } of releases) {
      const { sha256: digest, size } = release.artifact;
      const address = ownBlob(url, release);
      const bytes = await fetchBytes(io.fetch, address, { maxBytes: size, timeoutMs: TIMEOUT_MS }).catch(
        () => undefined,
      );
      if (bytes === undefined) problems.push(`${address} is not served`);
      else if (sha256(bytes) !== digest) problems.push(`${address} is something else`);
    }
  return unless(problems.slice(0, SHOWN), `${mirrors.length} serve ${releases.length} releases each`);
}

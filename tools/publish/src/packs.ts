// Attestations of old releases, put together: a registry of fifty thousand releases has a hundred and fifty thousand bundles and
// reports, and a host of static files minds their number. The newest releases stay loose, because they are what is installed; of the
// rest every eight share one file, which never changes again, so that a new release does not move what all older ones left behind.

import type { AttestationRef, DocumentRelease } from '@plugmark/schemas';
import { sha256 } from './digest.ts';

const LOOSE = 2;
const IN_A_PACK = 8;

export interface ToPack {
  /** When it was first published here: later ones never come to lie before it. */
  readonly sequence: number;
  readonly release: DocumentRelease;
}

type Attestations = DocumentRelease['attestations'];

/** The releases in the order they came in, old ones with the place of each attestation in a pack. */
export function packed(
  releases: readonly ToPack[],
  bytesOf: (sha256: string) => Uint8Array | undefined,
): DocumentRelease[] {
  const oldestFirst = [...releases].sort(
    (a, b) => a.sequence - b.sequence || (a.release.release.version < b.release.release.version ? -1 : 1),
  );
  const places = new Map<DocumentRelease, Attestations>();
  for (let end = IN_A_PACK; end + LOOSE <= oldestFirst.length; end += IN_A_PACK)
    for (const [release, placed] of placedIn(oldestFirst.slice(end - IN_A_PACK, end), bytesOf))
      places.set(release, placed);
  return releases.map(({ release }) => ({ ...release, attestations: places.get(release) ?? release.attestations }));
}

function placedIn(
  group: readonly ToPack[],
  bytesOf: (sha256: string) => Uint8Array | undefined,
): Map<DocumentRelease, Attestations> {
  const offsets = new Map<string, number>();
  let length = 0;
  for (const { release } of group) {
    for (const ref of refsIn(release.attestations)) {
      if (offsets.has(ref.sha256)) continue;
      offsets.set(ref.sha256, length);
      length += ref.size;
    }
  }
  const parts = [...offsets.keys()].map((digest) => bytesOf(digest) ?? new Uint8Array());
  const pack = sha256(Buffer.concat(parts));
  const place = (ref: AttestationRef): AttestationRef => ({
    ...ref,
    pack: { sha256: pack, offset: offsets.get(ref.sha256) ?? 0 },
  });
  return new Map(group.map(({ release }) => [release, placeAll(release.attestations, place)]));
}

function placeAll(named: Attestations, place: (ref: AttestationRef) => AttestationRef): Attestations {
  const { publisher, registry, upstream, analyses, runs } = named;
  return {
    ...named,
    publisher: place(publisher),
    ...(registry === undefined ? {} : { registry: place(registry) }),
    ...(upstream === undefined ? {} : { upstream: place(upstream) }),
    analyses: analyses.map(place),
    runs: runs.map(place),
  };
}

/** Everything a release names that is served among the attestations. */
export function refsIn({ publisher, registry, upstream, analyses, runs }: Attestations): AttestationRef[] {
  const marks = [registry, upstream].filter((mark) => mark !== undefined);
  return [publisher, ...marks, ...analyses, ...runs];
}

export interface ServedFile {
  readonly path: string;
  /** What it is put together from, in order. */
  readonly parts: readonly string[];
}

/** The files that serve what some releases name: loose ones, and packs. */
export function servedAttestations(releases: readonly Pick<DocumentRelease, 'attestations'>[]): ServedFile[] {
  const packs = new Map<string, Map<number, string>>();
  const loose: ServedFile[] = [];
  for (const { attestations } of releases) {
    for (const { sha256: digest, pack } of refsIn(attestations)) {
      if (pack === undefined) loose.push({ path: `attestations/${digest}.json`, parts: [digest] });
      else packs.set(pack.sha256, (packs.get(pack.sha256) ?? new Map()).set(pack.offset, digest));
    }
  }
  const together = [...packs].map(([digest, places]) => ({
    path: `attestations/packs/${digest}`,
    parts: [...places].sort(([a], [b]) => a - b).map(([, part]) => part),
  }));
  return [...loose, ...together];
}

/** Undefined while a part is not there. */
export function bytesOfFile(
  { parts }: ServedFile,
  bytesOf: (sha256: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  const found = parts.map(bytesOf);
  const whole = found.filter((bytes) => bytes !== undefined);
  if (whole.length < found.length) return undefined;
  return whole.length === 1 ? whole[0] : new Uint8Array(Buffer.concat(whole));
}

// Which artifacts a registry's own place serves when it may hold so many bytes, and which only its mirrors do. One order for everybody
// who asks: the deployment that leaves files out, the pages that link to them, the count of what is where.

import type { ArtifactKind, Mirror, PackageDocument } from '@plugmark/schemas';

/** One listed release, as far as its bytes matter. */
export interface ListedArtifact {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  readonly kind: ArtifactKind;
  readonly size: number;
  readonly publishedAt: string;
  /** Whether it is the release of its plugin that the index names. */
  readonly isLatest: boolean;
}

export interface BlobPlaces {
  readonly budgetBytes: number;
  /** In the order in which they would go, the last first to go. */
  readonly within: readonly ListedArtifact[];
  /** The nearest to the edge of the budget first. */
  readonly beyond: readonly ListedArtifact[];
}

/**
 * What people install today comes first: the latest release of every plugin, then the others, each from the newest down. What fits is a
 * beginning of this order and never a choice: else a small release that is published could bring an old large one back, and a
 * deployment would move files that nobody touched. Releases that share bytes count once, at the first place any of them has. One that is
 * larger than the whole budget stands in nobody's way: it would send everything behind it to the mirrors and still not be here.
 */
export function blobsWithinBudget(artifacts: readonly ListedArtifact[], budgetBytes: number): BlobPlaces {
  const ordered = firstOfEach([...artifacts].sort(byNeed));
  let sum = 0;
  const within = ordered.filter(({ size }) => {
    if (size > budgetBytes) return false;
    sum += size;
    return sum <= budgetBytes;
  });
  const isWithin = new Set(within);
  return { budgetBytes, within, beyond: ordered.filter((artifact) => !isWithin.has(artifact)) };
}

/** Two releases of one digest with different sizes are a mistake of whoever listed them: the larger counts, whichever came first. */
function byNeed(a: ListedArtifact, b: ListedArtifact): number {
  return (
    Number(b.isLatest) - Number(a.isLatest) ||
    compare(b.publishedAt, a.publishedAt) ||
    compare(a.sha256, b.sha256) ||
    b.size - a.size ||
    compare(a.plugin, b.plugin) ||
    compare(a.version, b.version)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function firstOfEach(ordered: readonly ListedArtifact[]): ListedArtifact[] {
  const seen = new Set<string>();
  return ordered.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
}

/** `latest`: the version that the index names. */
export function listedArtifacts({ plugin, releases }: PackageDocument, latest: string | undefined): ListedArtifact[] {
  return releases.map(({ release: { version, artifact }, publishedAt }) => {
    const { sha256, kind, size } = artifact;
    return { plugin, version, sha256, kind, size, publishedAt, isLatest: version === latest };
  });
}

export const bytesOf = (artifacts: readonly Pick<ListedArtifact, 'size'>[]): number =>
  artifacts.reduce((sum, { size }) => sum + size, 0);

/**
 * The mirrors that clients of a registry ask, each ending with a slash: over http only where the registry itself is. Its own address
 * in the list is none: what goes from there would be gone.
 */
export function askedMirrors(registryUrl: string, mirrors: readonly Mirror[]): string[] {
  const own = baseOf(registryUrl);
  const asked = mirrors.flatMap(({ url }) => (URL.canParse(url) ? [baseOf(url)] : []));
  const others = [...new Set(asked)].filter((url) => url !== own);
  return others.filter((url) => url.startsWith('https:') || own.startsWith('http:'));
}

/** As a URL parser spells it, so that another spelling of the own address is seen as that. */
function baseOf(url: string): string {
  const href = URL.canParse(url) ? new URL(url).href : url;
  return href.endsWith('/') ? href : `${href}/`;
}

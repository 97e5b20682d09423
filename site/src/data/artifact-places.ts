// Where the bytes of a release can be had: here, or beyond what this place may hold, on a mirror. A page links to nothing that a
// deployment within the budget leaves out.

import { askedMirrors, blobsWithinBudget, bytesOf, type ListedArtifact } from '@plugmark/analysis';
import { blobPath } from '@plugmark/client';
import type { Mirror, Registry } from '@plugmark/schemas';
import type { Artifact } from './install-snippets.ts';

export interface ArtifactPlaces {
  readonly budgetBytes: number;
  /** Those that clients ask, in their order. */
  readonly mirrors: readonly string[];
  /** Digests that only mirrors serve; none where there is no mirror, since then nothing may be left out. */
  readonly beyond: ReadonlySet<string>;
  readonly beyondBytes: number;
}

export interface PlacesInput {
  readonly registry: Registry;
  /** As the offline keys signed them. */
  readonly mirrors: readonly Mirror[];
  /** Of all artifacts together: where they fit, nobody has to read every document. */
  readonly blobBytes: number;
  readonly artifacts: () => readonly ListedArtifact[];
}

export function artifactPlaces({ registry, mirrors, blobBytes, artifacts }: PlacesInput): ArtifactPlaces {
  const { url, blobBudgetBytes: budgetBytes } = registry;
  const asked = askedMirrors(url, mirrors);
  const isAllHere = asked.length === 0 || blobBytes <= budgetBytes;
  const beyond = isAllHere ? [] : blobsWithinBudget(artifacts(), budgetBytes).beyond;
  return {
    budgetBytes,
    mirrors: asked,
    beyond: new Set(beyond.map(({ sha256 }) => sha256)),
    beyondBytes: bytesOf(beyond),
  };
}

/** Undefined where this site serves it. */
export function mirrorAddress({ mirrors, beyond }: ArtifactPlaces, artifact: Artifact): string | undefined {
  const [first] = mirrors;
  return first !== undefined && beyond.has(artifact.sha256) ? first + blobPath(artifact) : undefined;
}

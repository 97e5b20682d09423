// What a registry holds, counted from its plain JSON. Pure; the folder's files come in as paths and sizes.

import { askedMirrors, blobsWithinBudget, bytesOf, type ListedArtifact } from '@plugmark/analysis';
import { blobPath } from '@plugmark/client';
import type { Changes, Index, Mirrors, PublisherList, Registry, StatsResult } from '@plugmark/schemas';

export interface CountInput {
  readonly registry: Registry;
  readonly index: Index;
  readonly changes: Changes;
  readonly publishers: PublisherList;
  /** Where the registry is a folder. */
  readonly folder?: CountedFolder;
}

export interface CountedFolder {
  /** Bytes by path. */
  readonly files: ReadonlyMap<string, number>;
  /** Of every listed release. */
  readonly artifacts: readonly ListedArtifact[];
  /** The signed list, as the folder shows it. */
  readonly mirrors: Mirrors['mirrors'];
}

export function countRegistry({ registry, index, changes, publishers, folder }: CountInput): StatsResult {
  const { plugins, generatedAt } = index;
  const released = changes.changes.filter(({ kind }) => kind === 'released');
  return {
    registry: registry.id,
    generatedAt,
    publishers: publishers.publishers.length,
    plugins: plugins.length,
    releases: released.length,
    of: {
      tier: tally(plugins.map(({ tier }) => tier)),
      host: tally(plugins.flatMap(({ hosts }) => hosts)),
      risk: tally(plugins.map(({ risk }) => risk)),
      class: tally(plugins.flatMap(({ classes }) => classes)),
      determinism: tally(plugins.map(({ determinism }) => determinism)),
      kind: tally(plugins.map(({ kind }) => kind)),
      state: tally(plugins.map(({ state }) => state)),
    },
    months: Object.entries(tally(released.map(({ at }) => at.slice(0, 7))))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, releases]) => ({ month, releases })),
    ...(folder === undefined ? {} : { files: areasOf(folder.files), budget: budgetOf(folder, registry) }),
  };
}

/** Most frequent first, then by name. */
function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** First folder of a path -> what it is to people. */
const AREAS: Readonly<Record<string, string>> = {
  blobs: 'artifacts',
  attestations: 'attestations',
  metadata: 'metadata',
  targets: 'signed documents',
  v1: 'plain JSON',
};

function areasOf(files: CountedFolder['files']): NonNullable<StatsResult['files']> {
  const areas = new Map<string, { files: number; bytes: number }>();
  for (const [path, bytes] of files) {
    const area = AREAS[path.split('/')[0] ?? ''] ?? 'pages and everything else';
    const sum = areas.get(area) ?? { files: 0, bytes: 0 };
    areas.set(area, { files: sum.files + 1, bytes: sum.bytes + bytes });
  }
  return [...areas].sort(([, a], [, b]) => b.bytes - a.bytes).map(([area, sum]) => ({ area, ...sum }));
}

/** What is in the folder is counted from it; what ought to be, from the list. */
function budgetOf(
  { files, artifacts, mirrors }: CountedFolder,
  { url, blobBudgetBytes }: Registry,
): NonNullable<StatsResult['budget']> {
  const { within, beyond } = blobsWithinBudget(artifacts, blobBudgetBytes);
  const sum = (some: readonly ListedArtifact[]) => ({ files: some.length, bytes: bytesOf(some) });
  const blobs = [...files].filter(([path]) => path.startsWith('blobs/'));
  return {
    blobBytes: blobs.reduce((bytes, [, size]) => bytes + size, 0),
    budgetBytes: blobBudgetBytes,
    within: sum(within),
    beyond: sum(beyond),
    onMirrors: sum([...within, ...beyond].filter((artifact) => !files.has(blobPath(artifact)))),
    mirrors: askedMirrors(url, mirrors).length,
  };
}

// What a registry holds, counted from its plain JSON. Pure; the folder's files come in as paths and sizes.

import type { Changes, Index, PublisherList, Registry, StatsResult } from '@plugmark/schemas';

export interface CountInput {
  readonly registry: Registry;
  readonly index: Index;
  readonly changes: Changes;
  readonly publishers: PublisherList;
  /** Bytes by path, where the registry is a folder. */
  readonly files?: ReadonlyMap<string, number>;
}

export function countRegistry({ registry, index, changes, publishers, files }: CountInput): StatsResult {
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
    ...(files === undefined ? {} : sizes(files, registry)),
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

function sizes(
  files: ReadonlyMap<string, number>,
  { blobBudgetBytes }: Registry,
): Pick<StatsResult, 'files' | 'budget'> {
  const areas = new Map<string, { files: number; bytes: number }>();
  for (const [path, bytes] of files) {
    const area = AREAS[path.split('/')[0] ?? ''] ?? 'pages and everything else';
    const sum = areas.get(area) ?? { files: 0, bytes: 0 };
    areas.set(area, { files: sum.files + 1, bytes: sum.bytes + bytes });
  }
  const blobBytes = areas.get('artifacts')?.bytes ?? 0;
  return {
    files: [...areas].sort(([, a], [, b]) => b.bytes - a.bytes).map(([area, sum]) => ({ area, ...sum })),
    budget: { blobBytes, budgetBytes: blobBudgetBytes },
  };
}

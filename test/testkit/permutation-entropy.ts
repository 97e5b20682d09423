// Permutation entropy once more, written from its definition in another way than the plugin: every window is sorted, and its
// pattern is the list of positions in sorted order. For tests alone; it is slow.

export interface OrdinalPatterns {
  readonly entropy: number | null;
  readonly bits: number | null;
  readonly patterns: number;
  readonly missingPatterns: number;
  readonly vectors: number;
  readonly skipped: number;
}

export function permutationEntropy(
  samples: readonly number[],
  { order, delay }: { readonly order: number; readonly delay: number },
): OrdinalPatterns {
  const counts = new Map<string, number>();
  let skipped = 0;
  for (let start = 0; start + (order - 1) * delay < samples.length; start++) {
    const window = Array.from({ length: order }, (_, i) => samples[start + i * delay] as number);
    if (window.some(Number.isNaN)) {
      skipped += 1;
      continue;
    }
    // Array.prototype.sort is stable, so equal values keep their order in time.
    const sorted = [...window.keys()].sort((a, b) => (window[a] as number) - (window[b] as number));
    counts.set(sorted.join(), (counts.get(sorted.join()) ?? 0) + 1);
  }
  const vectors = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const possible = Array.from({ length: order }, (_, i) => i + 1).reduce((product, factor) => product * factor, 1);
  const bits = [...counts.values()].reduce((sum, count) => sum + (count / vectors) * Math.log2(vectors / count), 0);
  return {
    bits: vectors === 0 ? null : bits,
    entropy: vectors === 0 ? null : bits / Math.log2(possible),
    patterns: counts.size,
    missingPatterns: possible - counts.size,
    vectors,
    skipped,
  };
}

import type { CoreFacts, HostLimits } from '@plugmark/schemas';
import type { DraftPlugin } from './draft-types.ts';

const MIB = 1_048_576;
/** Four times what was seen, as a power of two: room for the next version of the largest plugin. */
const HEADROOM = 4;
/** Smallest and largest that is drafted. 4 GiB is all that 32-bit addresses reach. */
const RANGE = {
  artifactBytes: [16 * MIB, 1024 * MIB],
  memoryBytes: [128 * MIB, 4096 * MIB],
  tableElements: [16_384, 10_000_000],
} as const;
/** What the profiles of this registry have where a host's notes say nothing. */
const CUSTOMARY = {
  fuel: 5_000_000_000,
  startMilliseconds: 2_000,
  callMilliseconds: 30_000,
  outputBytes: 8 * MIB,
  hostCalls: 1_000_000,
} as const;

/** Limits that admit every plugin seen, with room to grow. */
export function draftLimits(plugins: readonly DraftPlugin[]): HostLimits {
  const cores = plugins.flatMap(({ facts }) => (facts.kind === 'core' ? [facts] : facts.modules));
  return {
    ...CUSTOMARY,
    artifactBytes: roomFor(
      plugins.map(({ facts }) => facts.size),
      RANGE.artifactBytes,
    ),
    memoryBytes: roomFor(cores.map(memoryBytes), RANGE.memoryBytes),
    tableElements: roomFor(cores.map(tableElements), RANGE.tableElements),
  };
}

/** What it starts with: a maximum says what a plugin would take, not what it needs. */
function memoryBytes({ memories }: Pick<CoreFacts, 'memories'>): number {
  return memories.reduce((sum, { minPages, pageSize }) => sum + minPages * pageSize, 0);
}

function tableElements({ tables }: Pick<CoreFacts, 'tables'>): number {
  return tables.reduce((sum, { min }) => sum + min, 0);
}

function roomFor(seen: readonly number[], [least, most]: readonly [number, number]): number {
  const largest = seen.reduce((one, other) => Math.max(one, other), 0);
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, largest * HEADROOM)));
  return Math.max(least, Math.min(most, wanted));
}

import type { AnalysisSummary, HostProfile, Release } from '@plugmark/schemas';
import { sayBytes, sayCount, sayMilliseconds } from './say-numbers.ts';

/** What the plugin asks for beside what the host allows. */
export interface ResourceLimit {
  readonly name: string;
  readonly plugin: string;
  readonly host: string;
}

/** What is known of a file that nobody released, too. */
export type LimitedRelease = Pick<Release, 'limits'> & {
  readonly artifact: Pick<Release['artifact'], 'kind' | 'size'>;
};

/** A process has no memory of its own that the bytes would show, and no fuel. */
export function resourceLimits(
  summary: AnalysisSummary,
  { limits }: HostProfile,
  release: LimitedRelease,
): readonly ResourceLimit[] {
  const size = {
    name: 'File',
    plugin: sayBytes(release.artifact.size),
    host: `at most ${sayBytes(limits.artifactBytes)}`,
  };
  const time = {
    name: 'Time for a call',
    plugin: 'not limited by itself',
    host: `at most ${sayMilliseconds(limits.callMilliseconds)}`,
  };
  return release.artifact.kind === 'process'
    ? [size, time]
    : [size, memoryLimit(summary, limits, release), fuelLimit(limits, release), time];
}

function memoryLimit(
  { memory }: AnalysisSummary,
  limits: HostProfile['limits'],
  release: LimitedRelease,
): ResourceLimit {
  const own = [memory.maxBytes, release.limits?.memoryBytes].filter((bytes) => bytes !== undefined);
  const most = own.length === 0 ? 'sets itself no maximum' : `at most ${sayBytes(Math.min(...own))}`;
  return {
    name: 'Memory',
    plugin: `starts with ${sayBytes(memory.minBytes)}, ${most}`,
    host: `at most ${sayBytes(limits.memoryBytes)}`,
  };
}

function fuelLimit({ fuel }: HostProfile['limits'], { limits }: LimitedRelease): ResourceLimit {
  const host = fuel === undefined ? 'no budget of its own' : `at most ${sayCount(fuel)}`;
  const own = limits?.fuel === undefined ? 'not limited by itself' : `at most ${sayCount(limits.fuel)}`;
  return { name: 'Instructions for a call', plugin: own, host };
}

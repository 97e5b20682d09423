// A plugin run as the product runs it, for tests that only want what it gave.
import { readFile } from 'node:fs/promises';
import { type ConfigurationId, runVectors } from '@plugmark/sandbox';
import { HostProfile, parseJson, type RunObservation, type Vector, type VectorRun } from '@plugmark/schemas';

const HOSTS = new URL('../../registry/hosts/', import.meta.url);

/** Runs of all vectors, in order, in one configuration after the other; the host is the vectors'. */
export async function runInSandbox(
  artifact: Uint8Array,
  vectors: readonly Vector[],
  configurations: readonly ConfigurationId[] = ['liftoff'],
): Promise<RunObservation> {
  const host = vectors[0]?.host ?? '';
  const profile = parseJson(HostProfile, await readFile(new URL(`${host}.json`, HOSTS)), host);
  return runVectors({ artifact, profile, vectors }, { configurations });
}

/** The output of each call; a call that did not end well has none. */
export function outputsOf(run: VectorRun | undefined): unknown[] {
  return run?.calls.map(({ output }) => output) ?? [];
}

/** What of a run may not differ between configurations. */
export function deterministicFigures(run: VectorRun): unknown {
  const { ending, fuel, startFuel, outputSha256, memorySha256, hostCallLogSha256, hostCalls, peakMemoryBytes } = run;
  return { ending, fuel, startFuel, outputSha256, memorySha256, hostCallLogSha256, hostCalls, peakMemoryBytes };
}

// What speaks against the same input giving the same result: the first difference between two runs of one vector, in words. Time and
// resident memory are the machine's; everything else the sandbox reports is the plugin's own and must agree.

import type { RunCall, RunObservation, VectorRun } from '@plugmark/schemas';
import { printable } from '../printable.ts';
import { endingText, firstValueDifference } from './match-output.ts';

type Engines = RunObservation['engines'];

/** The first difference between the first run and another of one vector, with the configurations' names; undefined when all agree. */
export function firstDifference(runs: readonly VectorRun[], engines: Engines): string | undefined {
  const [first, ...others] = runs;
  if (first === undefined) return undefined;
  for (const other of others) {
    const found = runDifference(first, other);
    if (found !== undefined) return `${found} (${titleOf(engines, first)}; ${titleOf(engines, other)})`;
  }
  return undefined;
}

const titleOf = (engines: Engines, { engine }: VectorRun): string => {
  const found = engines[engine];
  return found === undefined ? 'an unnamed engine' : `${found.name} ${found.configuration}`;
};

/** Undefined when the two runs agree in everything that is the plugin's own. */
export function runDifference(a: VectorRun, b: VectorRun): string | undefined {
  return (
    callDifference(a, b) ??
    endingDifference(a, b) ??
    hostCallDifference(a, b) ??
    figureDifference(a, b) ??
    (a.memorySha256 === b.memorySha256 ? undefined : 'memory or globals differ at the end')
  );
}

function callDifference(a: VectorRun, b: VectorRun): string | undefined {
  for (const [i, call] of a.calls.entries()) {
    const other = b.calls[i];
    const found = other === undefined ? 'was not made' : callsDiffer(call, other);
    if (found !== undefined) return `call ${i + 1} (${printable(call.entry, 60)}) ${found}`;
  }
  const more = b.calls[a.calls.length];
  return more === undefined
    ? undefined
    : `call ${a.calls.length + 1} (${printable(more.entry, 60)}) was made only later`;
}

function callsDiffer(a: RunCall, b: RunCall): string | undefined {
  if (endingText(a) !== endingText(b)) return `ends with ${endingText(a)} and ${endingText(b)}`;
  const value = firstValueDifference(a.output ?? null, b.output ?? null);
  if (value !== undefined) return `gives ${value}`;
  if (a.outputSha256 !== b.outputSha256) return 'gives outputs with unlike bytes';
  if (a.fuel !== b.fuel) return `uses ${a.fuel} and ${b.fuel} units of fuel`;
  return a.hostCalls === b.hostCalls ? undefined : `makes ${a.hostCalls} and ${b.hostCalls} host calls`;
}

function endingDifference(a: VectorRun, b: VectorRun): string | undefined {
  return endingText(a) === endingText(b) ? undefined : `ends with ${endingText(a)} and ${endingText(b)}`;
}

function hostCallDifference(a: VectorRun, b: VectorRun): string | undefined {
  if (a.hostCallLogSha256 === b.hostCallLogSha256) return undefined;
  const text = (call: VectorRun['hostCallLog'][number] | undefined): string =>
    call === undefined
      ? 'nothing'
      : printable(`${call.function}(${call.arguments.join(', ')}) -> ${call.result ?? ''}`, 120);
  const at = a.hostCallLog.findIndex((call, i) => text(call) !== text(b.hostCallLog[i]));
  if (at < 0) return 'calls into the host differ, beyond those that are listed';
  return `host call ${at + 1} is ${text(a.hostCallLog[at])} and ${text(b.hostCallLog[at])}`;
}

const FIGURES = ['startFuel', 'fuel', 'peakMemoryBytes', 'hostCalls', 'outputSha256'] as const;

function figureDifference(a: VectorRun, b: VectorRun): string | undefined {
  const name = FIGURES.find((figure) => a[figure] !== b[figure]);
  return name === undefined ? undefined : `${name} is ${a[name] ?? 'absent'} and ${b[name] ?? 'absent'}`;
}

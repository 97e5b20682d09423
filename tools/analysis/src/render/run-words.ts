// What running the vectors showed, in words and rows: the determinism word with its evidence, and each vector's figures.

import type { Determinism, EngineCount, VectorResult } from '@plugmark/schemas';
import { grouped } from '../rules/rule.ts';

const WORDS: Readonly<Record<Determinism['word'], (facts: Determinism) => string>> = {
  'by-construction': (facts) => `nothing in the code can make the same input give another result${evidence(facts)}`,
  observed: (facts) => `the same result in every run seen${evidence(facts)}`,
  nondeterministic: ({ firstDifference }) =>
    `results differ from run to run${firstDifference === undefined ? '' : `: ${firstDifference}`}`,
  untested: () => 'nobody has run it more than once and compared',
};

/** A sentence without its end: what the word means and how often it was seen. */
export function sayDeterminism(determinism: Determinism): string {
  return WORDS[determinism.word](determinism);
}

function evidence({ inputs, runs, engines = [] }: Determinism): string {
  if (inputs === 0) return '';
  const where = engines.length === 0 ? '' : ` in ${sayEngines(engines)}`;
  return ` (${many(inputs, 'input')}, ${many(runs, 'run')}${where})`;
}

/** `3 configurations of V8 and 1 of JavaScriptCore` */
export function sayEngines(engines: readonly EngineCount[]): string {
  const parts = engines.map(({ name, configurations }, i) =>
    i === 0 ? `${many(configurations, 'configuration')} of ${name}` : `${grouped(configurations)} of ${name}`,
  );
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

const many = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Parts per million as per cent with two digits that count: `12 %`, `0.013 %`. */
export function sayShare(partsPerMillion: number): string {
  if (partsPerMillion === 0) return 'under 0.0001 %';
  const percent = partsPerMillion / 10_000;
  return `${percent >= 100 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

export const VECTOR_COLUMNS = ['vector', 'ending', 'fuel', 'of budget', 'peak memory', 'host calls'] as const;

/** In the order of VECTOR_COLUMNS; what is not known is empty. */
export function vectorRow({
  name,
  ending,
  trap,
  fuel,
  budgetShare,
  peakMemoryBytes,
  hostCalls,
}: VectorResult): string[] {
  return [
    name,
    trap === undefined ? ending : `${ending} (${trap})`,
    fuel === undefined ? '' : grouped(fuel),
    budgetShare === undefined ? '' : sayShare(budgetShare),
    `${grouped(Math.ceil(peakMemoryBytes / 1024))} KiB`,
    grouped(hostCalls),
  ];
}

// Whether a plugin gives the same answer to the same input on every machine, as far as its bytes decide that. What is not seen to
// hold does not hold: `by-construction` is only said when nothing speaks against it.
//
// Left out on purpose, since no module can do anything about it: the depth of the stack, and a stop by fuel or time. Both end a
// call; they never change an answer.

import type { AnalysisReport, EngineCount, HostProfile } from '@plugmark/schemas';
import type { TableFacts } from '@plugmark/wasm';
import type { Evidence, RawFinding } from './check.ts';
import { importText } from './import-text.ts';
import { nanEscape } from './nan-escape.ts';
import type { ReadWasm } from './read-artifact.ts';
import type { RuleName } from './rules.ts';

/** What the bytes say. Without a profile, or when they cannot be read, nothing is said. */
export interface StaticDeterminism {
  readonly holds: boolean;
  /** What speaks against it, as rule ids in the order of the table; empty when it holds. */
  readonly causes: readonly RuleName[];
}

/** What runs showed: inputs, runs of all inputs together, in which engines, and where two runs of one input differed first. */
export interface ObservedRuns {
  readonly inputs: number;
  readonly runs: number;
  readonly engines?: readonly EngineCount[];
  readonly firstDifference?: string;
}

/** The word of the report. A difference that was seen counts more than any reasoning; runs count only when nothing is proven. */
export function determinismVerdict(
  decided: StaticDeterminism | undefined,
  observed?: ObservedRuns,
): AnalysisReport['determinism'] {
  const { inputs = 0, runs = 0, engines, firstDifference } = observed ?? {};
  const facts = {
    inputs,
    runs,
    ...(engines === undefined ? {} : { engines: [...engines] }),
    causes: [...(decided?.causes ?? [])],
  };
  if (firstDifference !== undefined) return { word: 'nondeterministic', ...facts, firstDifference };
  if (decided?.holds === true) return { word: 'by-construction', ...facts };
  // One run of an input has nothing to be compared with.
  return { word: inputs > 0 && runs >= 2 * inputs ? 'observed' : 'untested', ...facts };
}

/** Decides from bytes and profile. */
export function staticDeterminism({ module, profile, map }: Evidence): StaticDeterminism | undefined {
  if (!('facts' in module) || profile === undefined || map === undefined) return undefined;
  const found = [...codeDeterminism(module), ...hostDeterminism(module, profile, map)].map(({ ruleId }) => ruleId);
  const { unknown, forbidden, mistyped, unbounded } = map;
  if (unknown.length > 0) found.push('wasm.import-unknown');
  if (forbidden.length > 0) found.push('wasm.import-forbidden');
  if (mistyped.length > 0) found.push('wasm.import-type');
  if (unbounded.length > 0) found.push('wasm.unbounded');
  const causes = [...new Set(found)];
  return { holds: causes.length === 0, causes };
}

/** What speaks against it in the code, whatever the host. */
export function codeDeterminism({ facts, features, cores }: ReadWasm): RawFinding[] {
  const findings: RawFinding[] = [];
  for (const { feature, offset } of features) {
    const ruleId = FEATURE_RULES[feature];
    if (ruleId !== undefined) findings.push({ ruleId, facts: {}, location: { offset } });
  }
  const { producing, ways } = nanEscape(facts, cores);
  if (ways.length > 0) findings.push({ ruleId: 'determinism.nan-bits', facts: { producing, ways: [...ways] } });
  if (facts.kind === 'component') {
    const detail = facts.world === undefined ? 'types of its world cannot be read' : asyncDetail(facts.world);
    if (detail !== undefined) findings.push({ ruleId: 'determinism.async', facts: { detail } });
  }
  return findings;
}

const FEATURE_RULES: Readonly<Record<string, RuleName>> = {
  threads: 'wasm.threads',
  'relaxed-simd': 'wasm.relaxed-simd',
};

/** Functions that wait, or values that come later, anywhere in the world. */
function asyncDetail(world: object): string | undefined {
  const text = JSON.stringify(world);
  const word = [/"async":true/, /\{"stream":/, /\{"future":/].findIndex((pattern) => pattern.test(text));
  return word < 0 ? undefined : `its world has ${['asynchronous functions', 'streams', 'futures'][word]}`;
}

const LISTED = 8;

/** What speaks against it under this host: imports, and growth beyond what both sides settle. */
export function hostDeterminism(
  { cores }: ReadWasm,
  { title, limits }: HostProfile,
  { nondeterministic }: Pick<NonNullable<Evidence['map']>, 'nondeterministic'>,
): RawFinding[] {
  const findings: RawFinding[] = [];
  if (nondeterministic.length > 0)
    findings.push({
      ruleId: 'determinism.import',
      facts: { found: nondeterministic.slice(0, LISTED).map(importText), count: nondeterministic.length },
    });
  const growing = cores.filter(({ code }) => code.groups.memoryGrow > 0).flatMap(({ facts: { memories } }) => memories);
  const memory = openBound(
    growing.map(({ maxPages, pageSize }) => (maxPages === undefined ? undefined : maxPages * pageSize)),
    { bound: limits.memoryBytes, unit: 'bytes' },
  );
  if (memory !== undefined)
    findings.push({
      ruleId: 'determinism.memory-growth',
      facts: { maximum: memory, host: title, expected: limits.memoryBytes },
    });
  const tables: readonly TableFacts[] = cores
    .filter(({ code }) => Object.hasOwn(code.opcodes, 'table.grow'))
    .flatMap(({ facts }) => facts.tables);
  const table = openBound(
    tables.map(({ max }) => max),
    { bound: limits.tableElements, unit: 'elements' },
  );
  if (table !== undefined)
    findings.push({
      ruleId: 'determinism.table-growth',
      facts: { maximum: table, host: title, expected: limits.tableElements },
    });
  return findings;
}

/** Why these maxima together do not settle it; undefined when they do. */
function openBound(
  maxima: readonly (number | undefined)[],
  { bound, unit }: { readonly bound: number; readonly unit: string },
): string | undefined {
  if (maxima.length === 0) return undefined;
  const sum = maxima.reduce<number>((total, max) => total + (max ?? Number.POSITIVE_INFINITY), 0);
  if (sum <= bound) return undefined;
  return Number.isFinite(sum) ? `its maximum is ${sum} ${unit}` : 'it has no maximum';
}

// A run as text: how it ended, what each call gave and cost, what the plugin asked of its host. Everything from the plugin is shown
// with what could move the cursor made visible.

import { visible, wrap } from '@plugmark/analysis';
import { TRAP_KINDS } from '@plugmark/sandbox';
import type { RunCall, RunResult } from '@plugmark/schemas';
import type { Style } from './io.ts';
import { fileSize, grouped } from './numbers.ts';

interface Look {
  readonly paint: (style: Style, text: string) => string;
  readonly columns: number;
}

/** Calls into the host that are shown; the JSON has more. */
const SHOWN = 8;
const LABEL = 14;

export function renderRun(result: RunResult, { paint, columns }: Look): string {
  const width = Math.max(60, Math.min(160, columns));
  const cut = (text: string): string => {
    const clean = visible(text);
    return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean;
  };
  const lines = [
    `${result.vector} on ${result.host}: ${ENDINGS[result.ending]}${trapWords(result.trap)}`,
    ...result.calls.flatMap((call, i) => callLines(call, i)),
    `  fuel        ${fuelLine(result)}`,
    `  memory      ${fileSize(result.peakMemoryBytes)} at most`,
    `  host calls  ${grouped(result.hostCallCount)}`,
    ...result.hostCalls
      .slice(0, SHOWN)
      .map((call) => `    ${call.function}(${call.arguments.join(', ')})${answer(call.result)}`),
    ...(result.hostCallCount > SHOWN ? [`    and ${grouped(result.hostCallCount - SHOWN)} more`] : []),
    ...(result.printed === ''
      ? []
      : [
          '  printed',
          ...result.printed
            .trimEnd()
            .split('\n')
            .slice(0, SHOWN)
            .map((line) => `    ${line}`),
        ]),
  ].map(cut);
  const labelled = (label: string, value: string): string[] =>
    wrap(visible(value), width - LABEL).map((line, i) => (i === 0 ? `  ${label}` : '').padEnd(LABEL) + line);
  const layers = result.layers.flatMap(({ layer, active }) => (active ? [layer] : [])).join(', ');
  const why = result.detail === undefined ? [] : labelled('why', result.detail);
  return [...lines, ...why, ...labelled('layers', layers), verdictLine(result, paint)].join('\n');
}

const answer = (result: string | undefined): string => (result === undefined ? '' : ` = ${result}`);

/** The kind and what it means; a child may invent a kind. */
function trapWords(trap: string | undefined): string {
  if (trap === undefined) return '';
  const meaning = Object.hasOwn(TRAP_KINDS, trap) ? TRAP_KINDS[trap as keyof typeof TRAP_KINDS] : undefined;
  return `: ${trap}${meaning === undefined ? '' : ` (${meaning})`}`;
}

const ENDINGS: Readonly<Record<RunResult['ending'], string>> = {
  ok: 'ended well',
  trap: 'trapped',
  outOfFuel: 'used up the fuel of a call',
  outOfMemory: 'needed more memory than the host has',
  timeout: 'was stopped by the clock',
  outputLimit: 'gave more than the host takes',
  hostCallLimit: 'called the host more often than it may',
  crash: 'ended its child process',
  linkError: 'does not load',
};

function callLines({ entry, ending, output, fuel, budgetShare }: RunCall, index: number): string[] {
  const cost = fuel === undefined ? '' : `${grouped(fuel)} fuel${shareOf(budgetShare ?? null)}`;
  const given = ending === 'ok' ? JSON.stringify(output) : ENDINGS[ending];
  return [`  ${index + 1} ${entry}  ${cost}`.trimEnd(), `    ${given}`];
}

function fuelLine({ fuel, schedule, budgetShare, calls }: RunResult): string {
  if (fuel === null) return 'not counted';
  const counted = `${grouped(fuel)} (${schedule})`;
  if (calls.length < 2 || budgetShare === null) return `${counted}${shareOf(budgetShare)}`;
  return `${counted}; dearest call ${shareOf(budgetShare).slice(2)}`;
}

/** Parts per million as a share that a person can weigh. */
function shareOf(millionths: number | null): string {
  if (millionths === null) return '';
  const percent = millionths / 10_000;
  const shown = percent >= 10 ? String(Math.round(percent)) : String(Number(percent.toPrecision(2)));
  return `, ${percent < 0.001 ? 'less than 0.001' : shown} % of the host’s budget`;
}

function verdictLine({ asExpected, ending }: RunResult, paint: Look['paint']): string {
  if (asExpected === null) return ending === 'ok' ? 'the vector expects nothing' : paint('bad', 'it did not end well');
  return asExpected ? paint('good', 'as the vector expects') : paint('bad', 'not what the vector expects');
}

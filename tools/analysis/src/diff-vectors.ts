import type { ReportDiff, VectorChange, VectorResult } from '@plugmark/schemas';

/** Vectors by name: how they ended, what they cost, whether the output is the same. */
export function diffVectors(before: readonly VectorResult[], after: readonly VectorResult[]): ReportDiff['vectors'] {
  const [had, has] = [before, after].map((list) => new Map(list.map((vector) => [vector.name, vector] as const)));
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  const changes = names.flatMap((name) => changeOf(name, had?.get(name), has?.get(name)) ?? []);
  return { changes, unchanged: names.length - changes.length };
}

function changeOf(name: string, before?: VectorResult, after?: VectorResult): VectorChange | undefined {
  const fuel =
    before?.fuel === after?.fuel ? {} : { fuel: { ...of('before', before?.fuel), ...of('after', after?.fuel) } };
  if (before === undefined || after === undefined)
    return { name, change: before === undefined ? 'added' : 'removed', ...fuel, output: false };
  const ending = before.ending === after.ending ? {} : { ending: { before: before.ending, after: after.ending } };
  const output = before.outputSha256 !== after.outputSha256;
  if (Object.keys({ ...fuel, ...ending }).length === 0 && !output) return undefined;
  const share =
    before.fuel === undefined || after.fuel === undefined ? undefined : percentChange(before.fuel, after.fuel);
  const percent = share === undefined || before.fuel === after.fuel ? {} : { fuelPercent: share };
  return { name, change: 'changed', ...ending, ...fuel, ...percent, output };
}

const of = (side: 'before' | 'after', value: number | undefined): { before?: number; after?: number } =>
  value === undefined ? {} : { [side]: value };

/** In percent of the earlier value, one decimal; undefined when that was 0. */
export function percentChange(before: number, after: number): number | undefined {
  if (before === 0) return undefined;
  // `+ 0`: a change too small to show is 0, never -0.
  return Math.round(((after - before) / before) * 1000) / 10 + 0;
}

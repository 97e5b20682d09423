// Size and fuel from version to version as a small drawing. The versions table beside it holds the same numbers. Pure.

import type { PackageDocument } from '@plugmark/schemas';
import { sayBytes } from './say-numbers.ts';

export interface VersionChart {
  readonly title: string;
  /** Read out instead of the drawing. */
  readonly says: string;
  readonly first: string;
  readonly last: string;
  /** In a box of 240 by 48. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const [WIDTH, HEIGHT, EDGE] = [240, 48, 6];
/** More versions than this would be a smear. */
const MAX_POINTS = 40;

export function versionCharts({ releases }: PackageDocument): readonly VersionChart[] {
  const oldestFirst = [...releases].reverse().slice(-MAX_POINTS);
  const sizes = oldestFirst.map(({ release }) => ({ version: release.version, value: release.artifact.size }));
  const shares = oldestFirst.flatMap(({ release, analysis }) => {
    const share = analysis[0]?.budgetShare;
    return share === undefined ? [] : [{ version: release.version, value: share }];
  });
  return [chart('Size', sizes, sayBytes), chart('Dearest call, of the host’s budget', shares, sayPermille)].filter(
    (made) => made !== undefined,
  );
}

const sayPermille = (partsPerMillion: number): string =>
  `${(partsPerMillion / 10_000).toFixed(partsPerMillion < 10_000 ? 2 : 1)} %`;

function chart(
  title: string,
  values: readonly { readonly version: string; readonly value: number }[],
  say: (value: number) => string,
): VersionChart | undefined {
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined || values.length < 2) return undefined;
  const top = Math.max(...values.map(({ value }) => value)) || 1;
  const points = values.map(({ value }, i) => ({
    x: Math.round(EDGE + (i * (WIDTH - 2 * EDGE)) / (values.length - 1)),
    // From zero: half as much looks like half.
    y: Math.round(HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE)),
  }));
  const label = ({ version, value }: typeof first): string => `${say(value)} in ${version}`;
  return { title, says: `${title}: ${label(first)}, ${label(last)}`, first: label(first), last: label(last), points };
}

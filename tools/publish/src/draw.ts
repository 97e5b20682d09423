// Which of the plugins that did not change are verified again. Nobody who publishes may know beforehand: the seed is random and comes
// in as an argument; who has it can draw again.

import { sha256 } from './digest.ts';

export interface Draw {
  readonly seed: Uint8Array;
  readonly count: number;
}

export function drawn(names: Iterable<string>, { seed, count }: Draw): string[] {
  if (count === 0) return [];
  const prefix = Buffer.from(seed).toString('hex');
  const ranked = [...names].map((name) => ({ name, rank: sha256(new TextEncoder().encode(`${prefix} ${name}`)) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked.slice(0, count).map(({ name }) => name);
}

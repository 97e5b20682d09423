// One pass over the data segments of a file: words of the table, and how evenly bytes are spread in windows of 16 KiB. Linear in the
// file whatever is in it; what is kept is bounded. Text that is encoded, compressed, put together by code or kept outside of the
// data segments is not seen, and nothing that rests on this may claim otherwise.

import type { DataSegmentFacts } from '@plugmark/wasm';
import type { RuleName } from '../rules.ts';
import { Entropy } from './entropy.ts';
import { AUTOMATON, ROWS } from './sightings.ts';

interface Seen {
  /** Different texts in the order of the file, the first few. */
  readonly found: readonly string[];
  /** How many different texts; at most 1,000 are told apart. */
  readonly count: number;
  readonly offset: number;
  readonly length: number;
  /** Index of the core module, when the file is a component. */
  readonly module?: number;
}

export interface DataScan {
  readonly seen: ReadonlyMap<RuleName, Seen>;
  /** Windows in which the bytes say almost eight bits each. */
  readonly dense?: { readonly windows: number; readonly offset: number; readonly module?: number };
}

/** Data segments of one core module; `module` is its index inside a component. */
export interface ScannedModule {
  readonly segments: readonly DataSegmentFacts[];
  readonly module?: number;
}

const LISTED = 8;
const TOLD_APART = 1000;

interface Place {
  readonly offset: number;
  readonly length: number;
  readonly module?: number;
}

class Collector {
  readonly #seen = new Map<RuleName, { readonly texts: Set<string>; readonly first: Place }>();

  add(ruleId: RuleName, text: string, place: Place): void {
    const known = this.#seen.get(ruleId);
    if (known === undefined) this.#seen.set(ruleId, { texts: new Set([text]), first: place });
    else if (known.texts.size < TOLD_APART) known.texts.add(text);
  }

  result(): ReadonlyMap<RuleName, Seen> {
    return new Map(
      [...this.#seen].map(([ruleId, { texts, first }]) => [
        ruleId,
        { found: [...texts].slice(0, LISTED), count: texts.size, ...first },
      ]),
    );
  }
}

export function scanData(file: Uint8Array, modules: readonly ScannedModule[]): DataScan {
  const collector = new Collector();
  const entropy = new Entropy();
  for (const { segments, module } of modules) {
    const where = module === undefined ? {} : { module };
    entropy.begin(module);
    for (const { offset, size } of segments) {
      const bytes = file.subarray(offset, offset + size);
      const candidate = (word: number, end: number): void => {
        const row = ROWS[word];
        if (row === undefined) return;
        const sighting = row.look({ bytes, start: end - row.word.length, end });
        if (sighting === undefined) return;
        collector.add(row.ruleId, sighting.text, {
          offset: offset + sighting.start,
          length: sighting.length,
          ...where,
        });
      };
      let state = 0;
      for (let from = 0; from < size; ) {
        const to = from + Math.min(size - from, entropy.room(offset + from));
        state = scanStretch(bytes, { from, to, state, counts: entropy.counts, candidate });
        entropy.counted(to - from);
        from = to;
      }
    }
  }
  const { dense } = entropy;
  return { seen: collector.result(), ...(dense === undefined ? {} : { dense }) };
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly state: number;
  readonly counts: Uint32Array;
  /** Called with the index of a word and where it ends. */
  readonly candidate: (word: number, end: number) => void;
}

/** The inner loop: a count and a step of the automaton for each byte; gives the state it ends in. */
function scanStretch(bytes: Uint8Array, { from, to, state: before, counts, candidate }: Stretch): number {
  const { classes, next, accepting, words } = AUTOMATON;
  let state = before;
  for (let index = from; index < to; index++) {
    const byte = bytes[index] as number;
    counts[byte] = (counts[byte] as number) + 1;
    state = next[state + (classes[byte] as number)] as number;
    if (state >= accepting) for (const word of words[state >> 6] ?? []) candidate(word, index + 1);
  }
  return state;
}

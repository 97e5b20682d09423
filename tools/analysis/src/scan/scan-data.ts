// One pass over the data segments of a file: words of the table, and how evenly bytes are spread in windows of 16 KiB. Linear in the
// file whatever is in it; what is kept is bounded. Text that is encoded, compressed, put together by code or kept outside of the
// data segments is not seen, and nothing that rests on this may claim otherwise.

import type { DataSegmentFacts } from '@plugmark/wasm';
import type { RuleName } from '../rules.ts';
import { Entropy } from './entropy.ts';
import { AUTOMATON, ROWS } from './sightings.ts';

export interface Seen {
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
      for (let from = 0; from < size; ) {
        const to = from + Math.min(size - from, entropy.room(offset + from));
        entropy.count(bytes, from, to);
        from = to;
      }
      scanSegment(bytes, (row, start, end) => {
        const { look, ruleId } = row;
        const sighting = look({ bytes, start, end });
        if (sighting !== undefined)
          collector.add(ruleId, sighting.text, { offset: offset + sighting.start, length: sighting.length, ...where });
      });
    }
  }
  const { dense } = entropy;
  return { seen: collector.result(), ...(dense === undefined ? {} : { dense }) };
}

/** The inner loop: nothing in it but a step of the automaton. */
function scanSegment(
  bytes: Uint8Array,
  candidate: (row: (typeof ROWS)[number], start: number, end: number) => void,
): void {
  const { classes, next, accepting, words } = AUTOMATON;
  let state = 0;
  for (let index = 0; index < bytes.length; index++) {
    state = next[state + (classes[bytes[index] as number] as number)] as number;
    if (state < accepting) continue;
    for (const word of words[state >> 6] ?? []) {
      const row = ROWS[word];
      if (row !== undefined) candidate(row, index + 1 - row.word.length, index + 1);
    }
  }
}

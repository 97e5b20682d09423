// The example plugins in Rust and C against what they are said to compute: closed forms, and computations written in another way.
import { readFile, stat } from 'node:fs/promises';
import type { Vector } from '@plugmark/schemas';
import { meterFuel } from '@plugmark/wasm';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { componentFromCore } from './testkit/build-plugins.ts';
import {
  compileNative,
  compilerProblem,
  NATIVE_PLUGINS,
  type NativePlugin,
  nativeFile,
} from './testkit/native-plugins.ts';
import { analyzeChannel } from './testkit/one-channel-host.ts';
import { permutationEntropy } from './testkit/permutation-entropy.ts';
import { outputsOf, runInSandbox } from './testkit/run-in-sandbox.ts';

function plugin(folder: string): NativePlugin {
  const found = NATIVE_PLUGINS.find((candidate) => candidate.folder === folder);
  if (found === undefined) throw new Error(`there is no ${folder}`);
  return found;
}
const bytesOf = async (folder: string): Promise<Uint8Array<ArrayBuffer>> =>
  Uint8Array.from(await readFile(nativeFile(plugin(folder))));
const VECTOR = { schemaVersion: 1, name: 'v', title: 'v' } as const;

describe.each(NATIVE_PLUGINS.filter(({ language }) => language === 'c'))('$folder', (native) => {
  test('the committed file is what the compiler makes of the sources', { timeout: 300_000 }, async ({ skip }) => {
    const problem = await compilerProblem(native);
    if (problem !== undefined) skip(problem);
    expect(Buffer.from(await compileNative(native)).equals(await readFile(nativeFile(native)))).toBe(true);
  });
});

test('the committed files are small, are exactly meterable, and are not marked executable', async () => {
  for (const native of NATIVE_PLUGINS) {
    const { size, mode } = await stat(nativeFile(native));
    expect([native.folder, size < 200_000, mode & 0o111]).toEqual([native.folder, true, 0]);
    expect(meterFuel(await bytesOf(native.folder), { schedule: 'wasmtime/classic' }).comparable.exact).toBe(true);
  }
});

describe('permutation entropy', () => {
  type Row = { entropy: number | null; bits: number | null; vectors: number; skipped: number };
  async function measure(samples: number[], shape: { order: number; delay: number }): Promise<Row> {
    const output = await analyzeChannel(await bytesOf('permutation-entropy'), samples, shape);
    expect(output.status).toBe(0);
    return (output.result as { channels: [Row] }).channels[0];
  }
  const log2 = Math.log2;
  const repeat = (values: number[], times: number): number[] => Array.from({ length: times }, () => values).flat();

  test.each([
    // Bandt and Pompe's own example: 4 of 6 pairs rise; of 5 triples 2, 2 and 1 have one pattern each.
    ['the example of the paper', [4, 7, 9, 10, 6, 11, 3], 3, 1, (2 / 5) * log2(5 / 2) * 2 + (1 / 5) * log2(5)],
    ['a ramp', [...Array(50).keys()], 5, 3, 0],
    ['a constant', Array(50).fill(7), 4, 1, 0],
    ['period two: two patterns as often', [...repeat([0, 1], 20), 0, 1, 0], 4, 1, 1],
    ['period two, seen every second sample', repeat([0, 1], 20), 3, 2, 0],
    ['period four: four patterns as often', [...repeat([1, 2, 3, 4], 10), 1, 2, 3], 4, 1, 2],
    ['period five', [...repeat([5, 1, 4, 2, 3], 8), 5, 1], 3, 1, -(3 / 5) * log2(1 / 5) - (2 / 5) * log2(2 / 5)],
    // All six patterns of order 3 once each, in eight samples.
    ['every pattern once', [1, 2, 6, 5, 4, 8, 3, 7], 3, 1, log2(6)],
    ['two windows of unlike order', [1, 2, 3, 0], 3, 1, 1],
  ])('%s', async (_name, samples, order, delay, bits) => {
    const { bits: measured, entropy } = await measure(samples as number[], { order, delay });
    expect(measured).toBeCloseTo(bits, 12);
    const possible = Array.from({ length: order }, (_, i) => i + 1).reduce((product, factor) => product * factor, 1);
    expect(entropy).toBeCloseTo(bits / log2(possible), 12);
  });

  test('a missing sample takes out the windows that hold it, and no others', async () => {
    const samples = [1, 2, 3, Number.NaN, 1, 2, 3];
    expect(await measure(samples, { order: 3, delay: 1 })).toMatchObject({ vectors: 2, skipped: 3, bits: 0 });
    expect(await measure([Number.NaN, 1, 2], { order: 3, delay: 1 })).toMatchObject({ vectors: 0, bits: null });
  });

  test('any signal gives what sorting every window gives', async () => {
    const few = fc.constantFrom(-2, -1, 0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY, -0);
    const samples = fc.array(fc.oneof(few, fc.double({ noNaN: true })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        samples,
        fc.integer({ min: 3, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (x, order, delay) => {
          const shape = { order, delay };
          const { bits, entropy, ...counts } = permutationEntropy(x, shape);
          const measured = await measure(x, shape);
          expect(measured).toMatchObject(counts);
          if (bits === null) expect([measured.bits, measured.entropy]).toEqual([null, entropy]);
          else expect(measured.bits).toBeCloseTo(bits, 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a recording longer than one part is read without a seam', async () => {
    const samples = Array.from({ length: 2_600 }, (_, i) => Math.sin(i * i * 0.37) * 100);
    const shape = { order: 6, delay: 7 };
    const { bits, entropy, ...counts } = permutationEntropy(samples, shape);
    const measured = await measure(samples, shape);
    expect(measured).toMatchObject(counts);
    expect(measured.bits).toBeCloseTo(bits ?? Number.NaN, 12);
    expect(measured.entropy).toBeCloseTo(entropy ?? Number.NaN, 12);
  });
});

describe('scale harmoniser', () => {
  // The scales by the intervals between their notes, as they are taught; the plugin has them as sets of semitones.
  const INTERVALS: Record<string, number[]> = {
    major: [2, 2, 1, 2, 2, 2, 1],
    minor: [2, 1, 2, 2, 1, 2, 2],
    'harmonic-minor': [2, 1, 2, 2, 1, 3, 1],
    dorian: [2, 1, 2, 2, 2, 1, 2],
    phrygian: [1, 2, 2, 2, 1, 2, 2],
    lydian: [2, 2, 2, 1, 2, 2, 1],
    mixolydian: [2, 2, 1, 2, 2, 1, 2],
    'major-pentatonic': [2, 2, 3, 2, 3],
    'minor-pentatonic': [3, 2, 2, 3, 2],
    blues: [3, 2, 1, 1, 3, 2],
    'whole-tone': [2, 2, 2, 2, 2, 2],
    chromatic: Array(12).fill(1),
  };
  const ROOTS: Record<string, number> = {
    C: 0,
    'C#': 1,
    Db: 1,
    E: 4,
    'F#': 6,
    Gb: 6,
    A: 9,
    Bb: 10,
    B: 11,
    Cb: 11,
    'B#': 0,
  };

  /** All notes of the scale from 0 to 127, by walking its intervals. */
  function notesOf(scale: string, root: string): number[] {
    const intervals = INTERVALS[scale] ?? [];
    const notes: number[] = [];
    for (let note = (ROOTS[root] ?? 0) - 12, i = 0; note <= 127; note += intervals[i++ % intervals.length] ?? 12) {
      if (note >= 0) notes.push(note);
    }
    return notes;
  }

  function chord(
    note: number,
    scale: string,
    { root, voices, tie }: { root: string; voices: number[]; tie: string },
  ): unknown {
    const notes = notesOf(scale, root);
    const nearest = Math.min(...notes.map((candidate) => Math.abs(candidate - note)));
    const near = notes.filter((candidate) => Math.abs(candidate - note) === nearest);
    const moved = (tie === 'up' ? near.at(-1) : near[0]) ?? note;
    const sounding = voices
      .map((degrees) => notes[notes.indexOf(moved) + degrees])
      .filter((voice) => voice !== undefined);
    return { note: moved, notes: [...new Set(sounding)] };
  }

  test('every note in every scale is where counting the intervals puts it', async () => {
    const parts = Object.keys(INTERVALS).flatMap((scale, i) => {
      const root = Object.keys(ROOTS)[i % Object.keys(ROOTS).length] ?? 'C';
      const params = Array.from({ length: 128 }, (_, note) => ({
        note,
        scale,
        root,
        tie: note % 2 === 0 ? 'up' : 'down',
        voices: [0, 2, -3, (note % 43) - 21],
      }));
      return [params.slice(0, 64), params.slice(64)];
    });
    const vectors = parts.map((part, i): Vector => {
      const calls = part.map((json) => ({ entry: 'execute', input: { json } }));
      return { ...VECTOR, name: `v${i}`, host: 'conductor', calls, grants: [] };
    });
    const { runs } = await runInSandbox(await bytesOf('scale-harmoniser'), vectors);
    for (const [i, part] of parts.entries())
      expect(outputsOf(runs[i])).toEqual(
        part.map(({ note, scale, ...rest }) => ({ status: 0, result: chord(note, scale, rest) })),
      );
  });

  test('any text is refused or understood; none traps, and memory does not grow over many calls', async () => {
    const { instance } = await WebAssembly.instantiate(await bytesOf('scale-harmoniser'), {
      conductor: { set_result: () => undefined },
    });
    const { memory, alloc, dealloc, execute } = instance.exports as unknown as {
      memory: WebAssembly.Memory;
      alloc: (size: number) => number;
      dealloc: (address: number, size: number) => void;
      execute: (address: number, length: number) => number;
    };
    const call = (bytes: Uint8Array): number => {
      const address = alloc(bytes.length);
      new Uint8Array(memory.buffer).set(bytes, address);
      const status = execute(address, bytes.length);
      dealloc(address, bytes.length);
      return status;
    };
    const json = fc.json({ maxDepth: 4 }).map((text) => new TextEncoder().encode(`{"note":60,"x":${text}}`));
    fc.assert(
      fc.property(json, (bytes) => call(bytes) === 0),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => [0, 1].includes(call(bytes))),
      { numRuns: 300 },
    );
    const honest = new TextEncoder().encode('{"note":60,"voices":[0,2,4]}');
    for (let at = 0; at < honest.length; at++) expect(call(honest.subarray(0, at))).toBe(1);
    expect(call(new TextEncoder().encode(`{"note":60,"x":${'['.repeat(1000)}`))).toBe(1);
    expect(alloc(0x7fffffff)).toBe(0);
    expect(alloc(0xffffffff)).toBe(0);
    expect(memory.buffer.byteLength).toBeLessThanOrEqual(2 * 65_536);
  });
});

describe('dependency cycles', () => {
  test('any graph gives the groups that reachability gives, in the order of their first node', async () => {
    const core = await bytesOf('dependency-cycles');
    const component = await componentFromCore(core, 'dependency-cycles');
    const graphs = fc.sample(
      fc
        .integer({ min: 1, max: 9 })
        .chain((n) => fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n)), { maxLength: 14 }).map((edges) => ({ n, edges }))),
      { numRuns: 100, seed: 4 },
    );
    const calls = graphs.map(({ n, edges }) => ({
      entry: 'analyze-graph',
      input: {
        json: [
          Array.from({ length: n }, (_, i) => ({
            id: `n${i}`,
            'node-type': 'x',
            metadata: edges.filter(([from]) => from === i).map(([, to]) => ['edge', `n${to}`]),
          })),
        ],
      },
    }));
    const { runs } = await runInSandbox(component, [{ ...VECTOR, host: 'parseltongue', calls, grants: [] }]);
    const outputs = outputsOf(runs[0]) as { findings: string[]; confidence: number }[];
    for (const [i, { n, edges }] of graphs.entries()) {
      expect(outputs[i]?.findings).toEqual(groupsOf(n, edges));
      const known = edges.filter(([, to]) => to < n).length;
      expect(outputs[i]?.confidence).toBe(edges.length === 0 ? 1 : Math.fround(known / edges.length));
    }
  });

  test('a chain of 50,000 nodes that ends in a ring does not use up the stack', async () => {
    const component = await componentFromCore(await bytesOf('dependency-cycles'), 'dependency-cycles');
    const n = 50_000;
    const nodes = Array.from({ length: n }, (_, i) => ({
      id: `n${i}`,
      'node-type': 'x',
      metadata: [['edge', `n${i + 1 < n ? i + 1 : n - 3}`]],
    }));
    const calls = [{ entry: 'analyze-graph', input: { json: [nodes] } }];
    const { runs } = await runInSandbox(component, [{ ...VECTOR, host: 'parseltongue', calls, grants: [] }]);
    expect(outputsOf(runs[0])[0]).toMatchObject({ findings: [`3 nodes in cycles: n${n - 3}, n${n - 2}, n${n - 1}`] });
  });

  /** Two nodes are in one group when each can be reached from the other (Warshall). */
  function groupsOf(n: number, edges: readonly (readonly [number, number])[]): string[] {
    const reach = Array.from({ length: n }, (_, from) =>
      Array.from({ length: n }, (_, to) => edges.some(([a, b]) => a === from && b === to)),
    );
    for (let k = 0; k < n; k++)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) if (reach[i]?.[k] && reach[k]?.[j]) (reach[i] as boolean[])[j] = true;
    const groups = Array.from({ length: n }, (_, i) =>
      [...Array(n).keys()].filter((j) => i === j || (reach[i]?.[j] && reach[j]?.[i])),
    );
    return groups.flatMap((group, i) => {
      if (group[0] !== i || (group.length === 1 && !reach[i]?.[i])) return [];
      const words = group.length === 1 ? '1 node in a cycle with itself' : `${group.length} nodes in cycles`;
      return [`${words}: ${group.map((j) => `n${j}`).join(', ')}`];
    });
  }
});

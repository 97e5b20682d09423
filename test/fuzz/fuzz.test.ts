// A short run of the fuzzer, and that it finds what it is for: a hang, a crash, a fault, each with the input it was at.
import { describe, expect, test } from 'vitest';
import { minimise } from './minimise.ts';
import { Random } from './random.ts';
import { inputOf, kindOf, runOne } from './run-one.ts';
import { joinSections, splitSections } from './sections.ts';
import { seedFiles } from './seeds.ts';

const RUNS = 1_500;
const SEED = 20_260_601;
const seeds = seedFiles(undefined);

test('spoiled files are refused or agree with the engine, in every part', { timeout: 120_000 }, async () => {
  const problems: string[] = [];
  let readable = 0;
  for (let index = 0; index < RUNS; index++) {
    const outcome = await runOne(inputOf(seeds, SEED, index), index);
    if (outcome.problem !== undefined) problems.push(`${index}: ${outcome.problem}`);
    if (outcome.readable) readable += 1;
  }
  expect(problems).toEqual([]);
  // Neither all refused at the door nor all untouched.
  expect(readable).toBeGreaterThan(RUNS / 20);
  expect(readable).toBeLessThan(RUNS / 2);
});

test('an input is a function of seed and index', () => {
  const some = (seed: number): string[] =>
    Array.from({ length: 50 }, (_, index) => inputOf(seeds, seed, index).join()).sort();
  expect(some(7)).toEqual(some(7));
  expect(some(7)).not.toEqual(some(8));
  expect(new Set(some(7)).size).toBeGreaterThan(45);
});

test('every file that is not spoiled is taken', { timeout: 120_000 }, async () => {
  for (const [index, bytes] of seeds.entries()) {
    expect({ index, ...(await runOne(bytes, 0)) }).not.toHaveProperty('problem');
  }
  expect(seeds.length).toBeGreaterThan(200);
});

test('sections are split and joined without loss', () => {
  for (const bytes of seeds) {
    const { preamble, sections } = splitSections(bytes);
    const again = joinSections(preamble, sections);
    expect(splitSections(again)).toEqual({ preamble, sections });
  }
});

describe('a fault', () => {
  const isFault = async (bytes: Uint8Array): Promise<boolean> => bytes.includes(0xaa) && bytes.includes(0xbb);

  test('is made small', async () => {
    const random = new Random(1);
    const bytes = Uint8Array.from({ length: 1_000 }, () => random.below(0xa0));
    bytes[300] = 0xbb;
    bytes[900] = 0xaa;
    expect([...(await minimise(bytes, isFault))]).toEqual([0xbb, 0xaa]);
  });

  test('has a kind', () => {
    expect(kindOf('meter-invalid: wasmtime/46')).toBe('meter-invalid');
  });
});

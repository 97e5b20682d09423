// Every case of the merge decision: the honest neighbours are merged, the others are not, each by the rule that is meant.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { MERGE_RULES, type MergeRuleName } from '@plugmark/analysis';
import { canonicalJson, MERGE_EFFECTS } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { expectationOf, type MergeCase, type MergeExpectation, runCase } from './merge/merge-case.ts';

const VECTORS = new URL('../vectors/merge/', import.meta.url);
const BLESS = process.env['BLESS'] === '1';
const NAMES = readdirSync(VECTORS).sort();
const read = (name: string, file: string): string => readFileSync(new URL(`${name}/${file}`, VECTORS), 'utf8');
const expected = (name: string): MergeExpectation => JSON.parse(read(name, 'expect.json')) as MergeExpectation;

describe('vectors', () => {
  test.each(NAMES)('%s', async (name) => {
    const one = JSON.parse(read(name, 'case.json')) as MergeCase;
    const { decision } = await runCase(one);
    const found = expectationOf(decision);
    if (BLESS) writeFileSync(new URL(`${name}/expect.json`, VECTORS), `${JSON.stringify(found, null, 1)}\n`);
    expect(found).toEqual(expected(name));
    expect(name.endsWith('_fail')).toBe(found.answer !== 'merge');
    expect(found.outcome === 'pass').toBe(found.answer === 'merge');
    expect(read(name, 'README.md')).toMatch(/^[A-Z0-9`][^\n]+[.:]\n$/);
    // Each is about one rule, and that one decides.
    const { rule } = one;
    if (found.answer !== 'merge') {
      expect(found.rules).toContain(rule);
      const stronger = MERGE_EFFECTS.slice(0, MERGE_EFFECTS.indexOf(MERGE_RULES[rule as MergeRuleName].effect) + 1);
      expect(rule === 'wait.new-publisher' ? stronger : stronger.slice(-1)).toContain(found.answer);
    }
    // Only what a person must decide has no end.
    if (found.answer === 'wait') expect(found.until).toBeDefined();
    expect(canonicalJson((await runCase(one)).decision)).toBe(canonicalJson(decision));
  });

  test('every rule has a case that it keeps from being merged', () => {
    const failing = NAMES.filter((name) => name.endsWith('_fail')).flatMap((name) => expected(name).rules);
    expect(Object.keys(MERGE_RULES).filter((id) => !failing.includes(id))).toEqual([]);
  });

  test('what is nearly the same and honest is merged', () => {
    const neighbours = NAMES.filter((name) => name.endsWith('-neighbour'));
    for (const name of neighbours) expect(NAMES, name).toContain(name.replace(/-neighbour$/, '_fail'));
    expect(neighbours.length).toBeGreaterThan(20);
  });
});

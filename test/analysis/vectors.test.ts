// Every vector of the analysis: assembled, reviewed, and compared with what is checked in, report bytes included.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { RULES, renderTerminal, summarizeReport } from '@plugmark/analysis';
import { AnalysisSummary, canonicalJson, parse } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { assemble } from './assemble.ts';
import { type AnalysisExpectation, type AnalysisVector, expectationOf, runVector } from './vector.ts';

const VECTORS = new URL('../vectors/analysis/', import.meta.url);
const BLESS = process.env['BLESS'] === '1';
const NAMES = readdirSync(VECTORS).sort();

const path = (name: string, file: string): URL => new URL(`${name}/${file}`, VECTORS);
const json = (name: string, file: string): unknown => JSON.parse(readFileSync(path(name, file), 'utf8'));
const bytesOf = (name: string, file: string): Uint8Array => new Uint8Array(readFileSync(path(name, file)));
const expectation = (name: string): AnalysisExpectation => json(name, 'expect.json') as AnalysisExpectation;

/** Bytes of `input` or `previous`; text is assembled and compared with the bytes beside it, which other languages read. */
function bytes(name: string, stem: string): Uint8Array | undefined {
  if (existsSync(path(name, `${stem}.wat`))) {
    const assembled = assemble(readFileSync(path(name, `${stem}.wat`), 'utf8'));
    if (BLESS) writeFileSync(path(name, `${stem}.wasm`), assembled);
    expect(bytesOf(name, `${stem}.wasm`)).toEqual(assembled);
  }
  const file = ['wasm', 'zip'].map((end) => `${stem}.${end}`).find((candidate) => existsSync(path(name, candidate)));
  return file === undefined ? undefined : bytesOf(name, file);
}

const run = (name: string): ReturnType<typeof runVector> =>
  runVector(
    json(name, 'submission.json') as AnalysisVector,
    bytes(name, 'input') ?? new Uint8Array(),
    bytes(name, 'previous'),
  );

describe('vectors', () => {
  test.each(NAMES)('%s', async (name) => {
    const report = await run(name);
    const found = await expectationOf(report);
    if (BLESS) writeFileSync(path(name, 'expect.json'), `${JSON.stringify(found, null, 1)}\n`);
    expect(found).toEqual(expectation(name));
    // Of a process the best that can be said is that a person has to look.
    expect(name.endsWith('_fail')).toBe(found.verdict !== (name.startsWith('process-') ? 'review' : 'pass'));
    expect(readFileSync(path(name, 'README.md'), 'utf8')).toMatch(/^[A-Z0-9][^\n]+[.:]\n$/);

    expect(canonicalJson(await run(name))).toBe(canonicalJson(report));
    expect(renderTerminal(report)).not.toMatch(/undefined|\[object/);
    const summary = summarizeReport(report);
    if (summary !== undefined) parse(AnalysisSummary, summary, name);
  });

  test('every rule has a case that fails by it', () => {
    const rules = new Set(NAMES.flatMap((name) => expectation(name).ruleIds));
    expect([...rules].sort()).toEqual(Object.keys(RULES).sort());
    const refused = NAMES.filter((name) => name.endsWith('_fail')).flatMap((name) => expectation(name).ruleIds);
    expect(Object.keys(RULES).filter((id) => !refused.includes(id))).toEqual([]);
  });

  test('what is nearly the same and honest passes, without the rule', () => {
    const neighbours = NAMES.filter((name) => name.endsWith('-neighbour'));
    expect(neighbours.length).toBeGreaterThan(50);
    for (const name of neighbours) {
      const failing = name.replace(/-neighbour$/, '_fail');
      const { ruleIds } = expectation(name);
      expect(
        expectation(failing).ruleIds.some((id) => !ruleIds.includes(id)),
        failing,
      ).toBe(true);
    }
  });

  test('a file that cannot be read passes no check that has to read it', () => {
    const unreadable = NAMES.filter((name) => expectation(name).ruleIds.includes('wasm.malformed'));
    expect(unreadable.length).toBeGreaterThan(2);
    for (const name of unreadable) {
      const { open, verdict } = expectation(name);
      expect(verdict).toBe('fail');
      const reading = ['artifact-kind', 'exports', 'imports-known', 'capabilities-bounded', 'memory', 'tables'];
      expect(reading.map((check) => open[check])).toEqual(reading.map(() => 'inconclusive'));
    }
  });
});

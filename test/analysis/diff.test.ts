// Comparisons of reports: the vectors, and what holds for any two of the analysis vectors' reports.
import { readdirSync, readFileSync } from 'node:fs';
import { diffReports, renderDiffText, textWidth } from '@plugmark/analysis';
import { type AnalysisReport, parse, type Release, ReportDiff } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { runDiff } from './diff-vector.ts';
import { golden, readable } from './golden.ts';
import { allVectors, renderedInput } from './rendered-inputs.ts';
import { reportsOf } from './renderings.ts';
import { releaseFor } from './vector.ts';

const VECTORS = new URL('../vectors/diff/', import.meta.url);
const NAMES = readdirSync(VECTORS).sort();
const file = (name: string, path: string): URL => new URL(`${name}/${path}`, VECTORS);
const json = (name: string, path: string): unknown => JSON.parse(readFileSync(file(name, path), 'utf8'));

describe('vectors', () => {
  test.each(NAMES)('%s', (name) => {
    const { diff, text, markdown } = runDiff(json(name, 'before.json'), json(name, 'after.json'));
    expect(readable(diff)).toBe(golden(file(name, 'expect.json'), readable(diff)));
    expect(text).toBe(golden(file(name, 'expect.txt'), text));
    expect(markdown).toBe(golden(file(name, 'expect.md'), markdown));
    expect(name.endsWith('_fail')).toBe(diff.widened !== 'no');
    expect(readFileSync(file(name, 'README.md'), 'utf8')).toMatch(/^[A-Z0-9][^\n]+\.\n$/);
    const lines = text.split('\n').filter((line) => !line.includes('sha256:'));
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
  });

  test('together they show every kind of change', () => {
    const diffs = NAMES.map((name) => json(name, 'expect.json') as ReportDiff);
    const seen = new Set(diffs.flatMap(({ capabilities }) => capabilities?.changes.map(({ change }) => change) ?? []));
    expect([...seen].sort()).toEqual(['added', 'changed', 'narrowed', 'removed', 'widened']);
    const lists = diffs.flatMap((diff) => [...diff.imports, ...diff.exports, ...diff.files, ...diff.vectors.changes]);
    expect([...new Set(lists.map(({ change }) => change))].sort()).toEqual(['added', 'changed', 'removed']);
  });
});

const REPORTS: AnalysisReport[] = [];
for (const name of allVectors()) REPORTS.push((await reportsOf(renderedInput(name)))[0]);

test('a report compared with itself shows nothing', () => {
  for (const report of REPORTS) {
    const diff = diffReports(report, report);
    const { capabilities, findings, imports, exports, files, vectors, toolchain, features, manifest, conditions } =
      diff;
    expect(capabilities?.changes ?? []).toEqual([]);
    expect([...findings.new, ...findings.fixed, ...findings.changed, ...imports, ...exports, ...files]).toEqual([]);
    expect([
      ...vectors.changes,
      ...toolchain.gained,
      ...toolchain.lost,
      ...features.gained,
      ...manifest,
      ...conditions,
    ]).toEqual([]);
    expect(diff.widened).toBe(report.capabilities === undefined ? 'unknown' : 'no');
    expect(renderDiffText(diff)).toContain('The files are the same.');
  }
});

test('any two reports compare, and the other way round gained is lost', () => {
  // Every third: pairs grow with the square, and vectors come in families.
  const some = REPORTS.filter((_, index) => index % 3 === 0);
  for (const [at, before] of some.entries()) {
    for (const after of some.slice(at + 1)) {
      const [there, back] = [diffReports(before, after), diffReports(after, before)];
      expect(back.findings.fixed.length).toBe(there.findings.new.length);
      expect(back.capabilities?.unknown.gained).toEqual(there.capabilities?.unknown.lost);
      expect(back.imports.map(({ name }) => name)).toEqual(there.imports.map(({ name }) => name));
      expect(back.toolchain.gained).toEqual(there.toolchain.lost);
      const same = before.capabilities?.hash === after.capabilities?.hash;
      // What consent is bound to differs exactly when a capability, a parameter or the bound does.
      if (there.capabilities !== undefined && same)
        expect(there.capabilities.changes.every(({ change }) => change === 'changed')).toBe(true);
    }
  }
  parse(ReportDiff, diffReports(REPORTS[0] as AnalysisReport, REPORTS[1] as AnalysisReport), 'diff');
});

test('it agrees with the check of the analysis on what is wider', async () => {
  let compared = 0;
  for (const name of allVectors()) {
    const [after, before] = await reportsOf(renderedInput(name));
    const check = after.outcomes.find((outcome) => outcome.check === 'capabilities-widened');
    if (before === undefined || check === undefined || check.findings.length + Number(check.outcome === 'pass') === 0)
      continue;
    compared++;
    expect({ name, widened: diffReports(before, after).widened }).toEqual({
      name,
      widened: check.findings.length > 0 ? 'yes' : 'no',
    });
  }
  expect(compared).toBeGreaterThan(5);
});

test('manifests are compared where both are given', async () => {
  const release = (members: Partial<Release>): Promise<Release> => releaseFor(new Uint8Array([0, 97]), members);
  const [report] = REPORTS as [AnalysisReport];
  const releases = {
    before: await release({ license: 'MIT', source: { repository: 'https://a.example/x' } }),
    after: await release({
      license: 'GPL-3.0-only',
      version: '2.0.0',
      dependencies: { 'acme/fft': '^1' },
      limits: { fuel: 5 },
    }),
  };
  expect(diffReports(report, report, { releases }).manifest).toEqual([
    { field: 'version', before: '1.1.0', after: '2.0.0' },
    { field: 'license', before: 'MIT', after: 'GPL-3.0-only' },
    { field: 'repository', before: 'https://a.example/x', after: 'https://example.org/acme/thing' },
    { field: 'dependencies', after: 'acme/fft ^1' },
    { field: 'limits', after: 'fuel 5' },
  ]);
});

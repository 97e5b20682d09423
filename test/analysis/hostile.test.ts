// Files made to exhaust or confuse the analysis. The bound on time is the test's own time limit.
import { type ReviewPorts, renderTerminal, reviewRelease, summarizeReport } from '@plugmark/analysis';
import { AnalysisReport, AnalysisSummary, canonicalBytes, type HostProfile, parse } from '@plugmark/schemas';
import { satisfies } from 'semver';
import { expect, test } from 'vitest';
import { CORE_HOST } from '../testkit/host-profile.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { coreModule, name, section, u32, WasmBuilder } from '../testkit/wasm-builder.ts';

const HUGE = 1 << 30;
const PATIENT: HostProfile = { ...CORE_HOST, limits: { ...CORE_HOST.limits, artifactBytes: HUGE } };

async function review(bytes: Uint8Array, profile = PATIENT): Promise<AnalysisReport> {
  const ports: ReviewPorts = { artifact: async () => bytes, satisfies, now: new Date('2026-06-01T00:00:00Z') };
  const report = await reviewRelease(
    { host: 'bench', profile, policy: { ...TEST_POLICY, limits: { ...TEST_POLICY.limits, artifactBytes: HUGE } } },
    ports,
  );
  expect(canonicalBytes(report).length).toBeGreaterThan(0);
  const summary = summarizeReport(report);
  if (summary !== undefined) parse(AnalysisSummary, summary, 'summary');
  expect(renderTerminal(report).split('\n').length).toBeLessThan(80);
  return parse(AnalysisReport, report, 'report');
}

/** A module that imports functions of type `() -> ()`. */
function importing(
  imports: readonly (readonly [string, string])[],
  type: readonly number[] = [0x60, 0, 0],
): Uint8Array {
  const entries = imports.flatMap(([module, field]) => [...name(module), ...name(field), 0, 0]);
  return coreModule(section(1, [1, ...type]), section(2, [...u32(imports.length), ...entries]));
}

const COUNT = 100_000;

test('100,000 unknown imports', async () => {
  const report = await review(importing(Array.from({ length: COUNT }, (_, index) => ['env', `f${index}`])));
  expect(report.verdict).toBe('fail');
  expect(report.capabilities?.unknown.length).toBe(COUNT);
  expect(renderTerminal(report)).toContain('and 99,990 more');
});

/** Type and import sections; the import is repeated. Not by lists of numbers, which would take longer than the review. */
function repeated(count: number, entry: Uint8Array): Uint8Array {
  const content = count * entry.length;
  const lengthOf = u32(count);
  const head = coreModule(section(1, [1, 0x60, 0, 0]), [2, ...u32(lengthOf.length + content), ...lengthOf]);
  const bytes = new Uint8Array(head.length + content);
  bytes.set(head);
  for (let at = head.length; at < bytes.length; at += entry.length) bytes.set(entry, at);
  return bytes;
}

test.each([
  ['imports', repeated(2 * COUNT + 1, Uint8Array.from([...name('e'), ...name('f'), 0, 0]))],
  ['characters', repeated(200, Uint8Array.from([...name('x'.repeat(90_000)), ...name('f'), 0, 0]))],
])('more %s than a report can hold are refused with the limit', async (limit, bytes) => {
  const report = await review(bytes);
  const [finding] = report.outcomes.flatMap(({ findings }) => findings);
  expect(finding).toMatchObject({ ruleId: 'wasm.malformed', facts: { code: 'WASM_LIMIT' } });
  expect(String(finding?.facts['problem'])).toContain(limit);
  expect([report.verdict, report.facts]).toEqual(['fail', undefined]);
});

test('a file far above the registry’s limit is not read, and says nothing but its size', async () => {
  const policy = { ...TEST_POLICY, limits: { ...TEST_POLICY.limits, artifactBytes: 1_000 } };
  const bytes = new Uint8Array(17 * 1024 * 1024);
  bytes.set(coreModule());
  const report = await reviewRelease(
    { host: 'bench', profile: PATIENT, policy },
    { artifact: async () => bytes, satisfies, now: new Date('2026-06-01T00:00:00Z') },
  );
  const rules = report.outcomes.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId));
  expect(rules).toEqual(['artifact.too-large']);
  expect(report.outcomes.find(({ check }) => check === 'wasm-valid')).toMatchObject({ outcome: 'inconclusive' });
  expect([report.verdict, report.facts]).toEqual(['fail', undefined]);
});

test('the same import 100,000 times counts once', async () => {
  const report = await review(importing(Array.from({ length: COUNT }, () => ['bench', 'read'])));
  expect(report.capabilities?.derived).toEqual([
    expect.objectContaining({ id: 'read:samples', imports: [{ module: 'bench', name: 'read' }] }),
  ]);
  expect(
    report.outcomes.flatMap(({ findings }) => findings).filter(({ ruleId }) => ruleId === 'wasm.import-type').length,
  ).toBe(1);
});

test('100,000 imports that a profile maps to one capability, and as many ways out', async () => {
  const names = Array.from({ length: COUNT }, (_, index) => `f${index}`);
  const imports = names.map((field): HostProfile['imports'][number] => ({
    module: 'm',
    name: field,
    kind: 'function',
    meaning: { as: 'capability', capability: 'network' },
    dispatches: true,
  }));
  const report = await review(
    importing(
      names.map((field) => ['m', field]),
      [0x60, 1, 0x70, 0],
    ),
    { ...PATIENT, imports },
  );
  expect(report.capabilities?.derived.map(({ id, imports: giving }) => [id, giving.length])).toEqual([
    ['network', COUNT],
  ]);
  expect(report.capabilities?.unbounded.length).toBe(2 * COUNT);
});

test('names that mean something to JavaScript objects are unknown, like any other', async () => {
  const words = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
  const report = await review(importing(words.flatMap((module) => words.map((field) => [module, field] as const))));
  expect(report.capabilities?.unknown.map(({ module, name: field }) => [module, field])).toEqual(
    words.flatMap((module) => words.map((field) => [module, field])),
  );
  expect(report.capabilities?.runtime).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each([
  ['a', 'a\0b', 'c'],
  ['a longer module', 'env\0abort\0function', ''],
])('a U+0000 in a name is never the separator: %s', async (_case, module, field) => {
  const report = await review(importing([[module, field]]));
  expect(report.capabilities?.unknown.length).toBe(1);
});

test('details carry names of 100,000 characters and control characters as a line', async () => {
  const long = `\u001b[2J\n\u202e${'字'.repeat(30_000)}`;
  const keeps: HostProfile = { ...PATIENT, componentImports: [] };
  const bytes = importing([[long, long]], [0x60, 1, 0x6f, 0]);
  const report = await review(bytes, keeps);
  expect(report.capabilities?.unbounded).toEqual([
    {
      cause: 'reference-argument',
      detail: expect.stringMatching(/^function \?\[2J\?\?字+… passes references: \(externref\) -> \(\)$/),
    },
  ]);
});

test('10 MB of custom sections', async () => {
  const half = new Uint8Array(5 * 1024 * 1024);
  const head = [...name('junk')];
  const sections = [half, half].flatMap((content) => [
    Uint8Array.from([0, ...u32(head.length + content.length), ...head]),
    content,
  ]);
  const core = new WasmBuilder()
    .memory({ min: 1, max: 1 }, { export: 'memory' })
    .function({ parameters: ['i32'], results: ['i32'], body: [0x20, 0], export: 'run' })
    .build();
  const bytes = new Uint8Array(await new Blob([core, ...sections]).arrayBuffer());
  const report = await review(bytes);
  expect(report.verdict).toBe('pass');
  expect(report.facts?.kind === 'core' && report.facts.customSections.map(({ size }) => size)).toEqual([
    half.length,
    half.length,
  ]);
});

test('a memory of 2^64 bytes fits no host and every document', async () => {
  // memory64 flag, 2^48 pages at least
  const bytes = coreModule(section(5, [1, 0x04, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]));
  const report = await review(bytes);
  const rules = report.outcomes.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId));
  expect(rules).toContain('wasm.memory-too-large');
  expect(summarizeReport(report)?.memory.minBytes).toBe(Number.MAX_SAFE_INTEGER);
});

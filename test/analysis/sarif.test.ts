// SARIF: whole logs compared, every vector's log valid for the official schema, and nothing of a file's own becomes a link or a
// placeholder of a message.
import { RULES, renderSarif } from '@plugmark/analysis';
import type { AnalysisReport, Finding } from '@plugmark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sarifValidator } from '../testkit/official-schemas.ts';
import { golden, readable } from './golden.ts';
import { allVectors, renderedInput } from './rendered-inputs.ts';
import { RENDERED, renderingsOf, reportsOf } from './renderings.ts';

const GOLDEN = new URL('./sarif/', import.meta.url);
const problems = sarifValidator();

interface Log {
  readonly runs: readonly [
    {
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly suppressions?: readonly unknown[];
        readonly locations: readonly [{ readonly physicalLocation: { readonly region?: unknown } }];
      }[];
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly [{ readonly toolExecutionNotifications: readonly unknown[] }];
    },
  ];
}
const log = async (report: AnalysisReport): Promise<Log> => JSON.parse(await renderSarif(report)) as Log;

test.each(RENDERED)('%s', async (name) => {
  const { sarif } = await renderingsOf(renderedInput(name));
  const text = readable(sarif);
  expect(text).toBe(golden(new URL(`${name}.sarif.json`, GOLDEN), text));
});

test('every vector gives a valid log with every finding and every undecided check in it', async () => {
  for (const name of allVectors()) {
    const [report] = await reportsOf(renderedInput(name));
    const value = await log(report);
    expect({ name, problems: problems(value) }).toEqual({ name, problems: [] });
    const [run] = value.runs;
    const findings = report.outcomes.flatMap((outcome) => outcome.findings);
    expect(run.results.map(({ ruleId }) => ruleId)).toEqual(findings.map(({ ruleId }) => ruleId));
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const undecided = report.outcomes.filter(({ outcome }) => outcome === 'inconclusive');
    expect(run.invocations[0].toolExecutionNotifications.length).toBe(undecided.length);
  }
});

test('the schema is really asked', () => {
  expect(problems({ version: '2.1.0', runs: [{ tool: {} }] })).not.toEqual([]);
});

const finding = (members: Partial<Finding> = {}): Finding => ({
  ruleId: 'wasm.memory-too-large',
  severity: 'error',
  effect: 'fail',
  facts: { host: 'Bench', expected: 10, actual: 20 },
  ...members,
});

async function reportWith(...findings: Finding[]): Promise<AnalysisReport> {
  const [report] = await reportsOf(renderedInput('honest'));
  return { ...report, outcomes: [{ check: 'memory', outcome: 'fail', required: true, findings }] };
}

test.each([
  ['fail', 'error', 'error'],
  ['fail', 'info', 'error'],
  ['review', 'error', 'warning'],
  ['review', 'info', 'warning'],
  ['note', 'error', 'warning'],
  ['note', 'warning', 'warning'],
  ['note', 'info', 'note'],
] as const)('effect %s with severity %s is level %s', async (effect, severity, level) => {
  expect((await log(await reportWith(finding({ effect, severity })))).runs[0].results[0]?.level).toBe(level);
});

test('a fingerprint outlives a rebuild, and two findings never share one', async () => {
  const prints = async (...findings: Finding[]): Promise<(string | undefined)[]> =>
    (await log(await reportWith(...findings))).runs[0].results.map(
      (one) => one.partialFingerprints['plugmarkFinding/v1'],
    );
  const [first] = await prints(finding({ location: { offset: 10 } }));
  const rebuilt = finding({ facts: { host: 'Bench', expected: 10, actual: 21 }, location: { offset: 99 } });
  expect(await prints(rebuilt)).toEqual([first]);
  expect(new Set(await prints(rebuilt, rebuilt, finding({ ruleId: 'wasm.invalid' }))).size).toBe(3);
  expect(await prints(finding({ facts: { host: 'Studio' } }))).not.toEqual([first]);
});

test.each([
  [{ offset: 10 }, { byteOffset: 10, byteLength: 1 }],
  [
    { offset: 10, length: 4 },
    { byteOffset: 10, byteLength: 4 },
  ],
  [{ offset: 1_000_000 }, { byteOffset: 1_000_000, byteLength: 0 }],
])('%o is the region %o', async (location, region) => {
  expect(
    (await log(await reportWith(finding({ location })))).runs[0].results[0]?.locations[0].physicalLocation.region,
  ).toEqual(region);
});

test('a file inside the artifact, a section, a function and a rule of a later version have their place', async () => {
  const location = { offset: 3, file: 'src/a:b.py', section: 'code', function: 7, module: 1 };
  const value = await log(await reportWith(finding({ ruleId: 'later.rule', location }), finding({ location })));
  expect(problems(value)).toEqual([]);
  expect(JSON.stringify(value)).toContain('src/a%3Ab.py');
});

test('whatever the names, a message holds no link and no placeholder, and the log stays valid', async () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom('[a](https://evil.example)', '{0}', '\u202e', '\u001b[2J', 'x'.repeat(5000), '](', ''),
  );
  await fc.assert(
    fc.asyncProperty(name, name, fc.constantFrom(...Object.keys(RULES)), async (module, field, ruleId) => {
      const facts = { module, name: field, kind: 'function', host: module, detail: field, imports: [module, field] };
      const value = await log(await reportWith(finding({ ruleId, facts })));
      expect(problems(value)).toEqual([]);
      for (const { message } of value.runs[0].results) {
        expect(message.text).not.toMatch(/[{}]|\]\(|\p{Cc}|\p{Cf}/u);
        expect(message.text.length).toBeLessThan(30_000);
      }
    }),
    { numRuns: 60 },
  );
});

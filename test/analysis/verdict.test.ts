// The verdict over every combination that matters, and that bad news never improves it.
import { verdictOf } from '@plugmark/analysis';
import type { CheckOutcome } from '@plugmark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';

type Finding = CheckOutcome['findings'][number];

const exception = { reason: 'known', expires: '2026-01-01T00:00:00Z' };
const finding: fc.Arbitrary<Finding> = fc
  .record({ effect: fc.constantFrom('fail' as const, 'review' as const, 'note' as const), excepted: fc.boolean() })
  .map(({ effect, excepted }) => ({
    ruleId: 'a.rule',
    severity: 'error',
    effect,
    facts: {},
    ...(excepted ? { exception } : {}),
  }));
const outcome: fc.Arbitrary<CheckOutcome> = fc.oneof(
  fc.record({
    check: fc.constant('a'),
    required: fc.boolean(),
    outcome: fc.constantFrom('inconclusive' as const, 'notApplicable' as const, 'pass' as const),
    findings: fc.constant<Finding[]>([]),
  }),
  fc.record({
    check: fc.constant('b'),
    required: fc.boolean(),
    outcome: fc.constant('fail' as const),
    findings: fc.array(finding, { minLength: 1, maxLength: 4 }),
  }),
);

const ORDER = ['pass', 'review', 'fail'];
const rank = (outcomes: readonly CheckOutcome[]): number => ORDER.indexOf(verdictOf(outcomes));

test('more findings, more checks, or one decided less never improve it; order does not matter', () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 6 }), outcome, finding, (outcomes, more, worse) => {
      const before = rank(outcomes);
      expect(rank([...outcomes, more])).toBeGreaterThanOrEqual(before);
      expect(rank([...outcomes].reverse())).toBe(before);
      const [first, ...rest] = outcomes;
      if (first === undefined) return;
      expect(rank([{ ...first, findings: [...first.findings, worse] }, ...rest])).toBeGreaterThanOrEqual(before);
      if (first.findings.length === 0) {
        expect(rank([{ ...first, outcome: 'inconclusive' }, ...rest])).toBeGreaterThanOrEqual(
          rank([{ ...first, outcome: 'pass' }, ...rest]),
        );
      }
    }),
  );
});

test.each([
  ['inconclusive', true, 'review'],
  ['inconclusive', false, 'pass'],
  ['notApplicable', true, 'pass'],
  ['notApplicable', false, 'pass'],
  ['pass', true, 'pass'],
] as const)('%s, required %s: %s', (word, required, verdict) => {
  expect(verdictOf([{ check: 'a', outcome: word, required, findings: [] }])).toBe(verdict);
});

test('a refusal outweighs a question', () => {
  const fail: Finding = { ruleId: 'a.rule', severity: 'error', effect: 'fail', facts: {} };
  const open: CheckOutcome = { check: 'a', outcome: 'inconclusive', required: true, findings: [] };
  expect(verdictOf([open, { check: 'b', outcome: 'fail', required: false, findings: [fail] }])).toBe('fail');
});

// The rule pages as data: every rule has one, with what was measured, and the measurements fit the rule table.
import { readFileSync } from 'node:fs';
import { RULES } from '@plugmark/analysis';
import { expect, test } from 'vitest';
import { RULE_MEASUREMENTS } from '../../site/src/data/rule-measurements.ts';
import { ruleGroups, rulePage } from '../../site/src/data/rule-pages.ts';
import { rulePage as rulePageUrl } from '../../tools/analysis/src/render/rule-page.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { renderMeasurements } from '../wasm/render-measurements.ts';

const IDS = Object.keys(RULES);
const page = (id: string, rules = {}) =>
  rulePage(id, { policy: { ...TEST_POLICY, rules }, measurements: RULE_MEASUREMENTS, registry: 'Test' });
const fact = (id: string, name: string, rules = {}) => page(id, rules)?.facts.find((found) => found.name === name);

test('the measurements list the rules of the table and no others; the page beside them says the same', () => {
  expect(Object.keys(RULE_MEASUREMENTS.rules)).toEqual(IDS);
  const text = readFileSync(new URL('../../site/src/content/rules/false-positives.md', import.meta.url), 'utf8');
  expect(text).toBe(renderMeasurements(RULE_MEASUREMENTS));
});

test('what needs a file alone was measured, and what fires on an honest plugin never refuses', () => {
  expect(RULE_MEASUREMENTS.plugins).toBeGreaterThan(30);
  expect(RULE_MEASUREMENTS.files).toBeGreaterThan(100);
  for (const [id, { needs, effect }] of Object.entries(RULES)) {
    const found = RULE_MEASUREMENTS.rules[id];
    expect([id, found?.measured]).toEqual([id, needs === 'bytes']);
    if (found?.measured === true && found.plugins > 0) expect([id, effect]).toEqual([id, 'note']);
    if (found?.measured === true && found.all > 0) expect([id, effect]).not.toEqual([id, 'fail']);
  }
});

test('every rule is in one group and has a page, at the address that reports name', () => {
  const grouped = ruleGroups(TEST_POLICY).flatMap(({ rules }) => rules.map(({ id }) => id));
  expect([...grouped].sort()).toEqual([...IDS].sort());
  for (const id of IDS) {
    const found = page(id);
    expect(found?.facts.map(({ value }) => value).join()).not.toMatch(/undefined/);
    expect([found?.title.length, found?.why.length, found?.fix.length].every((length) => (length ?? 0) > 5)).toBe(true);
    expect(rulePageUrl(id)).toBe(`https://plugmark.github.io/rules/${id}/`);
  }
  expect(page('no.such')).toBeUndefined();
});

test('a policy that says otherwise is shown beside the default', () => {
  expect(fact('strings.url', 'Effect by default')?.value).toBe('Remarks');
  expect(fact('strings.url', 'Effect in Test')?.note).toContain('leaves it');
  expect(fact('strings.url', 'Effect in Test', { 'strings.url': 'fail' })?.value).toBe('Refuses');
  expect(ruleGroups({ ...TEST_POLICY, rules: { 'strings.url': 'fail' } })[4]?.rules).toContainEqual({
    id: 'strings.url',
    title: RULES['strings.url'].title,
    effect: 'Refuses',
  });
});

test('what could not be measured says so', () => {
  expect(fact('wasm.import-unknown', 'On honest files')?.value).toBe('not measured');
  expect(fact('strings.url', 'On honest files')?.value).toMatch(/^fires on \d+ of \d+ files, \d+ of \d+ plugins$/);
});

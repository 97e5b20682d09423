// What a row of the rule table is, and what rows are written with.

import type { Finding, Severity } from '@plugmark/schemas';

type RuleEffect = Finding['effect'];
export type RuleClass = 'integrity' | 'security' | 'abi-compatibility' | 'resource-limit' | 'quality';

export interface Rule {
  readonly severity: Severity;
  readonly effect: RuleEffect;
  readonly class: RuleClass;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** One sentence about this finding, from its facts. */
  readonly say: (facts: Finding['facts']) => string;
}

export const rule = (
  severity: Severity,
  effect: RuleEffect,
  ruleClass: RuleClass,
  words: Omit<Rule, 'severity' | 'effect' | 'class'>,
): Rule => ({
  severity,
  effect,
  class: ruleClass,
  ...words,
});
export const error = (ruleClass: RuleClass, words: Omit<Rule, 'severity' | 'effect' | 'class'>): Rule =>
  rule('error', 'fail', ruleClass, words);

/** `1234567` as `1,234,567`. */
export function grouped(value: unknown): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

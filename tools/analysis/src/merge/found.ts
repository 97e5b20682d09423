import type { MergeFinding } from '@plugmark/schemas';
import type { MergeFacts, MergeRule } from './merge-rule.ts';
import { instantOf } from './merge-rule.ts';
import { MERGE_RULES, type MergeRuleName } from './merge-rules.ts';

/** A finding of a rule, with the effect the table gives it. */
export function found(ruleId: MergeRuleName, facts: MergeFacts = {}, until?: number): MergeFinding {
  const { effect }: MergeRule = MERGE_RULES[ruleId];
  return { ruleId, effect, facts, ...(until === undefined ? {} : { until: instantOf(until) }) };
}

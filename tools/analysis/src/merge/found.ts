import type { MergeFinding } from '@plugmark/schemas';
import type { MergeFacts, MergeRule } from './merge-rule.ts';
import { instantOf } from './merge-rule.ts';
import { MERGE_RULES, type MergeRuleName } from './merge-rules.ts';

/** A finding of a rule, with the effect the table gives it. */
export function found(ruleId: MergeRuleName, facts: MergeFacts = {}, until?: number): MergeFinding {
  const { effect }: MergeRule = MERGE_RULES[ruleId];
  return { ruleId, effect, facts, ...(until === undefined ? {} : { until: instantOf(until) }) };
}

/** The sentence for a finding. A rule that this version does not know is shown with its bare facts. */
export function sayMergeFinding({ ruleId, facts }: MergeFinding): string {
  const rule: MergeRule | undefined = Object.hasOwn(MERGE_RULES, ruleId)
    ? MERGE_RULES[ruleId as MergeRuleName]
    : undefined;
  return rule === undefined ? JSON.stringify(facts) : rule.say(facts);
}

import type { Rule } from '../rules/rule.ts';
import { RULES } from '../rules.ts';

/** Where the registry's site has a page per rule. */
const RULE_PAGES = 'https://plugmark.github.io/rules/';

export const rulePage = (ruleId: string): string => `${RULE_PAGES}${encodeURIComponent(ruleId)}/`;

/** The words for a rule; undefined for one that only a later version knows. */
export function knownRule(ruleId: string): Rule | undefined {
  return Object.hasOwn(RULES, ruleId) ? RULES[ruleId as keyof typeof RULES] : undefined;
}

// The rule table: everything a check may report, with its default severity and effect and the words for people, in files by
// subject. Reports carry ids and facts; the wording is added from here when they are shown. Policy may change effects, never words.

import type { Finding } from '@plugmark/schemas';
import { ARTIFACT_RULES } from './rules/artifact-rules.ts';
import { CODE_RULES } from './rules/code-rules.ts';
import { EMBEDDED_RULES } from './rules/embedded-rules.ts';
import { EXPORT_RULES } from './rules/export-rules.ts';
import { FEATURE_RULES } from './rules/feature-rules.ts';
import { IMPORT_RULES } from './rules/import-rules.ts';
import { MANIFEST_RULES } from './rules/manifest-rules.ts';
import { NAME_RULES } from './rules/name-rules.ts';
import { PROCESS_RULES } from './rules/process-rules.ts';
import { RELEASE_RULES } from './rules/release-rules.ts';
import { RESOURCE_RULES } from './rules/resource-rules.ts';
import type { Rule } from './rules/rule.ts';
import { RUN_RULES } from './rules/run-rules.ts';
import { STRING_RULES } from './rules/string-rules.ts';

export const RULES = {
  ...ARTIFACT_RULES,
  ...IMPORT_RULES,
  ...EXPORT_RULES,
  ...RESOURCE_RULES,
  ...FEATURE_RULES,
  ...NAME_RULES,
  ...STRING_RULES,
  ...EMBEDDED_RULES,
  ...CODE_RULES,
  ...MANIFEST_RULES,
  ...RELEASE_RULES,
  ...RUN_RULES,
  ...PROCESS_RULES,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

/** The sentence for a finding. A rule id this version does not know (a newer report) is shown with its bare facts. */
export function sayFinding(finding: Pick<Finding, 'ruleId' | 'facts'>): string {
  const known: Rule | undefined = Object.hasOwn(RULES, finding.ruleId) ? RULES[finding.ruleId as RuleName] : undefined;
  return known ? known.say(finding.facts) : JSON.stringify(finding.facts);
}

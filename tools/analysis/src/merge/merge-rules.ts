// The merge rules: everything that may keep a pull request from being merged by itself, with the words for people. Decisions carry
// ids and facts; the wording is added from here. Policy may ask for more people, never for fewer.

import type { MergeRule } from './merge-rule.ts';
import { PEOPLE_RULES } from './people-rules.ts';
import { REVIEW_RULES } from './review-rules.ts';
import { SUBMISSION_RULES } from './submission-rules.ts';
import { TREE_RULES } from './tree-rules.ts';

export const MERGE_RULES = {
  ...TREE_RULES,
  ...PEOPLE_RULES,
  ...SUBMISSION_RULES,
  ...REVIEW_RULES,
} as const satisfies Record<string, MergeRule>;

export type MergeRuleName = keyof typeof MERGE_RULES;

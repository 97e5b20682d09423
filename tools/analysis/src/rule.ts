import type { Finding, Severity } from '@plugmark/schemas';

export type RuleClass = 'integrity' | 'security' | 'abi-compatibility' | 'resource-limit' | 'quality';

export interface Rule {
  readonly severity: Severity;
  readonly effect: Finding['effect'];
  readonly class: RuleClass;
  /** No policy makes it less and no exception covers it: what it says stays true whoever accepts it. */
  readonly atLeast?: 'review';
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** One sentence about this finding, from its facts. */
  readonly say: (facts: Finding['facts']) => string;
}

// The pull request as such: where it goes, where it comes from, whether it can be merged.

import type { MergeFinding } from '@plugmark/schemas';
import { found } from './found.ts';
import { fact } from './merge-rule.ts';
import { isAmong, isWatcher, maintainersOf } from './people.ts';
import type { MergeInput } from './pull-request.ts';

export function pullFindings({ pull, repositoryId, main, now }: MergeInput): MergeFinding[] {
  const { merge, limits } = main.policy;
  const again = retryAt(main, now);
  const before = pull.othersByAuthor.filter((other) => other < pull.number).length;
  const isOffice = isAmong(pull.author, maintainersOf(main)) || isWatcher(pull.author, main);
  const crowded = before >= limits.openPullRequests && !isOffice;
  return [
    ...(merge === undefined ? [found('policy.no-merge')] : []),
    ...(pull.base.repositoryId === repositoryId ? [] : [found('pull.other-repository')]),
    ...(merge === undefined || pull.base.branch === merge.branch
      ? []
      : [found('pull.other-branch', { branch: fact(pull.base.branch), expected: merge.branch })]),
    ...(pull.head.repositoryId === undefined ? [found('pull.head-gone')] : []),
    ...(pull.draft ? [found('pull.draft')] : []),
    ...(pull.trial === 'conflict' ? [found('pull.conflict')] : []),
    ...(pull.trial === 'unknown' ? [found('pull.not-tried', {}, again)] : []),
    ...(crowded ? [found('pull.too-many', { open: before, limit: limits.openPullRequests }, again)] : []),
  ];
}

const MINUTE = 60_000;

/** When the reviewer looks again. */
export function retryAt({ policy }: MergeInput['main'], now: Date): number {
  return now.getTime() + (policy.merge?.intervalMinutes ?? 10) * MINUTE;
}

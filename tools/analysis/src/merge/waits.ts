// How long others can look before something is merged. The time counts from when the registry first saw this very head: a push
// starts it again, so that nothing can be exchanged while it waits.

import type { MergeFinding, PullSubject } from '@plugmark/schemas';
import { found } from './found.ts';
import type { MergeRuleName } from './merge-rules.ts';
import type { ListedState, PullRequest } from './pull-request.ts';

const MINUTE = 60_000;

export function waitFindings(pull: PullRequest, subject: PullSubject, main: ListedState, now: Date): MergeFinding[] {
  const { ruleId, minutes } = waitOf(subject, main);
  // Seen before it was opened can only be a clock that is wrong.
  const from = Math.max(Date.parse(pull.head.seenAt), Date.parse(pull.createdAt));
  const until = from + minutes * MINUTE;
  return now.getTime() >= until ? [] : [found(ruleId, { minutes }, until)];
}

function waitOf(
  { kind, publisher, plugin = '' }: PullSubject,
  { policy: { waits }, publishers, plugins }: ListedState,
): { readonly ruleId: MergeRuleName; readonly minutes: number } {
  if (kind === 'publisher' && !publishers.has(publisher))
    return { ruleId: 'wait.new-publisher', minutes: waits.newPublisherMinutes };
  if (kind === 'release' && !plugins.has(plugin)) return { ruleId: 'wait.new-plugin', minutes: waits.newPluginMinutes };
  return { ruleId: 'wait.update', minutes: waits.updateMinutes };
}

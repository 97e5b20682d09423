// Who may ask for this, and what people with a say have said. Numbers decide, and they come from main: a pull request cannot make
// its author an owner, a renamed account stays the same, and a name that somebody else registered anew is nobody.

import type { GitHubAccount, MergeFinding, PullSubject } from '@plugmark/schemas';
import { found } from './found.ts';
import { fact } from './merge-rule.ts';
import type { Account, ListedState, PullRequest } from './pull-request.ts';

/** Whether the author may submit this. A new publisher is judged by its own rules. */
export function authorFindings(pull: PullRequest, subject: PullSubject, main: ListedState): MergeFinding[] {
  const publisher = main.publishers.get(subject.publisher);
  if (publisher === undefined)
    return subject.kind === 'publisher' ? [] : [found('owner.no-publisher', { publisher: subject.publisher })];
  const { owners } = publisher;
  if (isPulled(pull, subject, main)) return [];
  const facts = { author: fact(pull.author.login), publisher: subject.publisher };
  if (isAmong(pull.author, owners) || owners.some((owner) => approves(pull, owner))) return [];
  if (isAmong(pull.author, maintainersOf(main))) return [found('owner.by-maintainer', facts)];
  const reused = owners.some(({ github }) => github.toLowerCase() === pull.author.login.toLowerCase());
  return [found(reused ? 'owner.name-reused' : 'owner.not-owner', facts)];
}

/** The registry's own account. */
export const isWatcher = ({ id }: Account, { policy }: ListedState): boolean => policy.merge?.watcher?.githubId === id;

/** Pulled by the registry itself: a release of a listed plugin whose publisher asked for it on main. */
function isPulled({ author }: PullRequest, { kind, plugin, publisher }: PullSubject, main: ListedState): boolean {
  const watched = main.publishers.get(publisher)?.watched ?? [];
  const isListed = plugin !== undefined && main.plugins.has(plugin);
  return isWatcher(author, main) && kind === 'release' && isListed && watched.some((one) => one.plugin === plugin);
}

export const maintainersOf = ({ policy }: ListedState): readonly GitHubAccount[] => policy.merge?.maintainers ?? [];

export const isAmong = ({ id }: Account, accounts: readonly GitHubAccount[]): boolean =>
  accounts.some(({ githubId }) => githubId === id);

/** The maintainer whose approval of exactly this head stands; never the author's own. */
export function approvalOf(pull: PullRequest, main: ListedState): GitHubAccount | undefined {
  return maintainersOf(main).find((account) => approves(pull, account));
}

function approves({ author, head, reviews }: PullRequest, { githubId }: GitHubAccount): boolean {
  if (author.id === githubId) return false;
  const last = lastSaid(reviews, githubId);
  return last?.state === 'approved' && last.commit === head.sha;
}

/** The latest review of an account that says yes or no; a remark changes neither. */
function lastSaid(reviews: PullRequest['reviews'], githubId: number): PullRequest['reviews'][number] | undefined {
  return reviews
    .filter(({ by, state }) => by.id === githubId && state !== 'commented')
    .reduce<PullRequest['reviews'][number] | undefined>(
      (last, one) => (last === undefined || one.at >= last.at ? one : last),
      undefined,
    );
}

const COMMAND = /^\/(hold|release)(?:\s|$)/;

/** The label by which people see what is held, and may hold. It can only ever stop a merge. */
const HOLD_LABEL = 'hold';

/** What maintainers have said against merging. Only theirs counts: a stray comment stops nothing. */
export function objections(pull: PullRequest, main: ListedState): MergeFinding[] {
  const maintainers = maintainersOf(main);
  const against = maintainers.find(({ githubId }) => lastSaid(pull.reviews, githubId)?.state === 'changesRequested');
  const commands = pull.comments
    .filter(({ by }) => isAmong(by, maintainers))
    .flatMap(({ by, at, body }) => {
      const word = COMMAND.exec(body)?.[1];
      return word === undefined ? [] : [{ by, at, word }];
    })
    .reduce<{ by: Account; at: string; word: string } | undefined>(
      (last, one) => (last === undefined || one.at >= last.at ? one : last),
      undefined,
    );
  return [
    ...(commands?.word === 'hold' ? [found('pull.held', { by: fact(commands.by.login) })] : []),
    ...(commands?.word !== 'hold' && pull.labels.includes(HOLD_LABEL)
      ? [found('pull.hold-label', { label: HOLD_LABEL })]
      : []),
    ...(against === undefined ? [] : [found('pull.changes-requested', { by: against.github })]),
  ];
}

// Who publishes under a name, and with which keys. Nothing here is merged without a person; these say what the person has to look at.

import { canonicalJson, type MergeFinding, type Publisher, type PullSubject, type Watched } from '@plugmark/schemas';
import { isWindowsDevice } from '../checks/plugin-name.ts';
import { looksAlike } from '../name-distance.ts';
import { found } from './found.ts';
import { fact, facts } from './merge-rule.ts';
import { isAmong, maintainersOf } from './people.ts';
import type { ListedState, PullRequest } from './pull-request.ts';
import { type SubmittedFile, submittedValue } from './submitted-files.ts';

export function publisherFindings(
  files: readonly SubmittedFile[],
  { publisher: id }: PullSubject,
  pull: PullRequest,
  main: ListedState,
): MergeFinding[] {
  const before = main.publishers.get(id);
  const after = submittedValue(files, 'publisher');
  const resigned = files.filter(({ name }) => name === 'bundle').map(({ version = '' }) => version);
  return [
    ...(resigned.length === 0 ? [] : [found('signature.replaced', { versions: facts(resigned) })]),
    ...(after === undefined
      ? unknownPublisher(before, id)
      : before === undefined
        ? newPublisher(after, pull, main)
        : changes(before, after, pull, main)),
  ];
}

const unknownPublisher = (before: Publisher | undefined, publisher: string): MergeFinding[] =>
  before === undefined ? [found('owner.no-publisher', { publisher })] : [];

function newPublisher(after: Publisher, { author }: PullRequest, main: ListedState): MergeFinding[] {
  const { publisher, owners, verified } = after;
  const { publishers } = main.reservedNames;
  const reason = Object.hasOwn(publishers, publisher) ? publishers[publisher] : undefined;
  const alike = [...main.publishers.keys()].filter((other) =>
    looksAlike(publisher, other, main.policy.thresholds.nameDistance),
  );
  const byMaintainer = isAmong(author, maintainersOf(main));
  return [
    found('publisher.new', { publisher }),
    ...(reason === undefined ? [] : [found('publisher.reserved', { name: publisher, reason: fact(reason) })]),
    ...(isWindowsDevice(publisher)
      ? [found('publisher.reserved', { name: publisher, reason: 'a device of Windows' })]
      : []),
    ...(alike.length === 0 ? [] : [found('publisher.similar', { name: publisher, names: facts(alike) })]),
    ...(isAmong(author, owners) || byMaintainer
      ? []
      : [found('publisher.author-not-listed', { author: fact(author.login) })]),
    ...(verified === undefined || byMaintainer ? [] : [found('publisher.self-verified', { publisher })]),
  ];
}

function changes(before: Publisher, after: Publisher, { author }: PullRequest, main: ListedState): MergeFinding[] {
  const { publisher } = after;
  const differ = (part: 'owners' | 'identities' | 'verified' | 'watched'): boolean =>
    canonicalJson(before[part] ?? null) !== canonicalJson(after[part] ?? null);
  const gained = after.owners.filter((owner) => !isAmong({ login: '', id: owner.githubId }, before.owners));
  return [
    ...(differ('owners')
      ? [found('publisher.owners', { publisher, gained: facts(gained.map(({ github }) => github)) })]
      : []),
    ...(differ('identities') ? [found('publisher.identities', { publisher })] : []),
    ...(differ('watched')
      ? [found('publisher.watched', { publisher, watched: facts(after.watched?.map(watchedWords) ?? ['nothing']) })]
      : []),
    ...(differ('verified') && !isAmong(author, maintainersOf(main))
      ? [found('publisher.self-verified', { publisher })]
      : []),
  ];
}

/** With its numbers, which a person compares. */
const watchedWords = ({ plugin, repository, repositoryId, ownerId }: Watched): string =>
  `${plugin} in ${repository} (${repositoryId}, of ${ownerId})`;

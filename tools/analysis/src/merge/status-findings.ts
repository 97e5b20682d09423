// A status file can only take trust away. Owners do that by themselves; giving it back, and what blocks others, is for people.

import { canonicalJson, type MergeFinding, type PullSubject, type VersionStatus } from '@plugmark/schemas';
import { found } from './found.ts';
import type { ListedState } from './pull-request.ts';
import { type SubmittedFile, submittedValue } from './submitted-files.ts';

type State = VersionStatus['state'];

/** How much trust each state leaves, from all to none. */
const LESS: Readonly<Record<State, number>> = { active: 0, deprecated: 1, yanked: 2, quarantined: 3, revoked: 4 };
/** As far as owners go alone. */
const OWN = LESS.yanked;

export function statusFindings(
  files: readonly SubmittedFile[],
  { plugin = '' }: PullSubject,
  { plugins }: ListedState,
): MergeFinding[] {
  const listed = plugins.get(plugin);
  const status = submittedValue(files, 'status');
  if (listed === undefined) return [found('plugin.unknown', { plugin })];
  if (status === undefined) return [];
  const before = listed.status;
  const versions = new Set([...Object.keys(before?.versions ?? {}), ...Object.keys(status.versions)]);
  return [
    ...[...versions].flatMap((version) => {
      if (!listed.releases.has(version)) return [found('status.unknown-version', { version })];
      return changeFindings(version, before?.versions[version], status.versions[version]);
    }),
    ...(same(before?.whole, status.whole) ? [] : [found('status.whole', { state: status.whole?.state ?? 'active' })]),
  ];
}

const ACTIVE: VersionStatus = { state: 'active' };

function changeFindings(
  version: string,
  before: VersionStatus = ACTIVE,
  after: VersionStatus = ACTIVE,
): MergeFinding[] {
  if (same(before, after)) return [];
  const facts = { version, before: before.state, after: after.state };
  // Also when only its words change: whose evidence it is and until when is not the publisher's to say.
  if (LESS[after.state] < LESS[before.state] || LESS[before.state] > OWN) return [found('status.lifted', facts)];
  return LESS[after.state] > OWN ? [found('status.by-people', facts)] : [];
}

const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

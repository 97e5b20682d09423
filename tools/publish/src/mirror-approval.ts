// Whether a mirrored release may be offered here now. Asked when it is taken over and at every build: an approval that has ended or was
// taken back must not go on counting because nobody synced. Pure.

import { satisfies } from '@plugmark/client';
import type { Approval, Status, VersionStatus } from '@plugmark/schemas';
import type { PluginSource, RegistrySource, ReleaseSource } from './registry-source.ts';

export type OneApproval = Approval['approvals'][number];

export interface ApprovalSubject {
  readonly version: string;
  readonly sha256: string;
  /** When upstream published it, and when it was first seen here: the later one counts. */
  readonly publishedAt: string;
  readonly firstSeen: string;
}

export type ApprovalAnswer =
  | { readonly state: 'inForce'; readonly approval: OneApproval }
  | { readonly state: 'ended'; readonly at: string }
  | { readonly state: 'tooYoung'; readonly until: string }
  | { readonly state: 'none' };

/** An exact approval before a range: a person has looked at those bytes. */
export function approvalOf(subject: ApprovalSubject, file: Approval | undefined, now: Date): ApprovalAnswer {
  const about = (file?.approvals ?? []).filter((approval) => isAbout(approval, subject));
  const standing = about.filter(({ expires }) => expires === undefined || now < new Date(expires));
  const exact = standing.find(({ kind }) => kind === 'exact');
  if (exact !== undefined) return { state: 'inForce', approval: exact };
  let earliest = Number.POSITIVE_INFINITY;
  for (const approval of standing) {
    const from = oldEnough(approval, subject);
    if (from <= now.getTime()) return { state: 'inForce', approval };
    earliest = Math.min(earliest, from);
  }
  if (standing.length > 0) return { state: 'tooYoung', until: `${new Date(earliest).toISOString().slice(0, 19)}Z` };
  const ends = about.flatMap(({ expires }) => expires ?? []).sort();
  const last = ends.at(-1);
  return last === undefined ? { state: 'none' } : { state: 'ended', at: last };
}

function isAbout(approval: OneApproval, { version, sha256 }: ApprovalSubject): boolean {
  return approval.kind === 'exact'
    ? approval.version === version && approval.sha256 === sha256
    : satisfies(version, approval.range);
}

function oldEnough(approval: OneApproval, { publishedAt, firstSeen }: ApprovalSubject): number {
  if (approval.kind === 'exact') return 0;
  const since = Math.max(Date.parse(publishedAt), Date.parse(firstSeen));
  return since + approval.minimumAgeMinutes * 60_000;
}

/** The source with every mirrored release yanked that no approval covers any more. Whoever has it locked keeps it, and is warned. */
export function withoutEndedApprovals(source: RegistrySource, now: Date): RegistrySource {
  const plugins = [...source.plugins].map(([name, plugin]): [string, PluginSource] => {
    if (plugin.origin === undefined) return [name, plugin];
    const approval = source.approvals.get(`${plugin.origin.registryId}/${name}`);
    const ended = [...plugin.releases.values()].flatMap((release): [string, VersionStatus][] => {
      const status = endedStatus(release, approval, now);
      return status === undefined || isWorse(plugin.status, release.release.version)
        ? []
        : [[release.release.version, status]];
    });
    if (ended.length === 0) return [name, plugin];
    const versions = { ...plugin.status?.versions, ...Object.fromEntries(ended) };
    return [name, { ...plugin, status: { schemaVersion: 1, plugin: name, ...plugin.status, versions } }];
  });
  return { ...source, plugins: new Map(plugins) };
}

function endedStatus(
  { release, mirror }: ReleaseSource,
  approval: Approval | undefined,
  now: Date,
): VersionStatus | undefined {
  if (mirror === undefined) return undefined;
  const { publishedAt, firstSeen } = mirror.record;
  const { version, artifact } = release;
  const answer = approvalOf({ version, sha256: artifact.sha256, publishedAt, firstSeen }, approval, now);
  if (answer.state === 'inForce') return undefined;
  const [since, reason] =
    answer.state === 'ended'
      ? [answer.at, `Its approval for this registry ended ${answer.at}.`]
      : // Nothing says when it was taken back, and a build must give the same bytes tomorrow.
        [firstSeen, 'No approval for this registry covers it.'];
  return { state: 'yanked', since, reasonCode: 'withdrawn', reason };
}

/** What upstream or a maintainer took away already stays as it was said. */
function isWorse(status: Status | undefined, version: string): boolean {
  const state = status?.versions[version]?.state;
  return state === 'revoked' || state === 'yanked';
}

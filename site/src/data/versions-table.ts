import type { AnalysisSummary, DocumentRelease, PackageDocument } from '@plugmark/schemas';
import { capabilityIds } from './permission-rows.ts';
import { sayBytes, sayDay } from './say-numbers.ts';

export interface VersionRow {
  readonly version: string;
  readonly published: string;
  readonly size: string;
  readonly state: string;
  readonly sha256: string;
  /** Each with its sign, e.g. `+ Show a side panel`. */
  readonly changes: readonly string[];
  readonly notes?: string;
  /** The one before it, to compare with. */
  readonly before?: string;
}

/** Every version with what changed in capabilities since the one before it. Highest first, as the document has them. */
export function versionsTable(
  { releases }: PackageDocument,
  titleOf: (host: string, capability: string) => string,
): readonly VersionRow[] {
  return releases.map((release, i) => ({
    version: release.release.version,
    published: sayDay(release.publishedAt),
    size: sayBytes(release.release.artifact.size),
    state: release.status.state,
    sha256: release.release.artifact.sha256,
    changes: release.analysis.flatMap((summary) =>
      changesSince(summary, previousSummary(releases, i, summary.host)?.summary, (id) => titleOf(summary.host, id)),
    ),
    ...(releases[i + 1] === undefined ? {} : { before: releases[i + 1]?.release.version ?? '' }),
    ...(release.release.notes === undefined ? {} : { notes: release.release.notes }),
  }));
}

/** The nearest lower release that was analysed for the host. */
export function previousSummary(
  releases: readonly DocumentRelease[],
  index: number,
  host: string,
): { readonly version: string; readonly summary: AnalysisSummary } | undefined {
  for (const { release, analysis } of releases.slice(index + 1)) {
    const summary = analysis.find((candidate) => candidate.host === host);
    if (summary !== undefined) return { version: release.version, summary };
  }
  return undefined;
}

function changesSince(
  now: AnalysisSummary,
  before: AnalysisSummary | undefined,
  titleOf: (id: string) => string,
): readonly string[] {
  if (before === undefined) return ['first version'];
  const [ids, earlier] = [capabilityIds(now.capabilities), capabilityIds(before.capabilities)];
  const added = ids.filter((id) => !earlier.includes(id)).map((id) => `+ ${titleOf(id)}`);
  const dropped = earlier.filter((id) => !ids.includes(id)).map((id) => `− ${titleOf(id)}`);
  if (added.length + dropped.length > 0) return [...added, ...dropped];
  return [now.capabilities.hash === before.capabilities.hash ? 'no change' : 'limits changed'];
}

// The proposed release of a pull request: its bytes and those of the release before it, from where they can be had, analysed.

import { type PullAssessment, type PullRequest, previousVersion, type ReleaseReview } from '@plugmark/analysis';
import type { RegistrySource, ReleaseSource } from '@plugmark/publish';
import type { PullSubject } from '@plugmark/schemas';
import { fetchArtifact, ownBlob } from '../artifact-sources.ts';
import type { MainRegistry } from '../github/main-registry.ts';
import type { Io } from '../io.ts';
import { reviewSubmitted } from './review-release.ts';
import { submittedSource } from './submitted-source.ts';

export interface AnalysisDesk {
  readonly main: MainRegistry;
  readonly artifacts: readonly string[];
  readonly now: Date;
  readonly io: Pick<Io, 'fetchPublic'>;
}

/** Only what nothing refuses yet is fetched and analysed. */
export async function analyseSubmission(
  { main, artifacts, now, io }: AnalysisDesk,
  pull: PullRequest,
  { subject, findings }: PullAssessment,
): Promise<ReleaseReview | undefined> {
  if (subject?.kind !== 'release' || findings.some(({ effect }) => effect === 'refuse')) return undefined;
  const release = submittedSource(main.files, new Map(pull.files), subject);
  if (release === undefined) return undefined;
  const { limits } = main.source.policy;
  const fetching = {
    folders: artifacts,
    limits: { maxBytes: limits.artifactBytes, timeoutMs: limits.analysisSeconds * 100 },
    get: io.fetchPublic,
  };
  const artifact = await fetchArtifact(release, fetching);
  const before = earlier(main.source, subject);
  const bytes = before && (await fetchArtifact(withOwnBlob(before, main.source), fetching));
  const previous =
    before !== undefined && bytes !== undefined && 'bytes' in bytes
      ? { release: before, bytes: bytes.bytes }
      : undefined;
  return reviewSubmitted({
    main: main.source,
    head: pull.head.sha,
    release,
    artifact,
    ...(previous === undefined ? {} : { previous }),
    now,
  });
}

function earlier({ plugins }: RegistrySource, { plugin = '', version = '' }: PullSubject): ReleaseSource | undefined {
  const listed = plugins.get(plugin);
  const last = listed && previousVersion(listed, version);
  return last === undefined ? undefined : listed?.releases.get(last);
}

/** What is published is served by the registry itself, whatever became of its publisher's own place. */
function withOwnBlob(
  { release, sources }: ReleaseSource,
  { registry }: RegistrySource,
): Pick<ReleaseSource, 'release' | 'sources'> {
  return { release, sources: { ...sources, sources: [ownBlob(registry.url, release), ...sources.sources] } };
}

// A release: complete, new, of a publisher that may, and reviewed in exactly this head.

import type { MergeFinding, PullSubject, Release } from '@plugmark/schemas';
import { compareVersions } from '../compare-versions.ts';
import { diffReports } from '../diff-reports.ts';
import { sha256 } from '../digest.ts';
import { found } from './found.ts';
import { listingFindings } from './listing-findings.ts';
import { fact, facts } from './merge-rule.ts';
import { isWatcher } from './people.ts';
import { retryAt } from './pull-findings.ts';
import type { ListedPlugin, ListedState, MergeInput, ReleaseReview } from './pull-request.ts';
import type { Scope } from './scope.ts';
import { sourceFindings } from './source-findings.ts';
import { type SubmittedFile, submittedValue } from './submitted-files.ts';

type Files = readonly SubmittedFile[];

/** What the files alone show; a release with any of these is not analysed. */
export function releaseFileFindings(files: Files, { subject, placed }: Scope, main: ListedState): MergeFinding[] {
  const { plugin = '', version = '' } = subject;
  const listed = main.plugins.get(plugin);
  const release = submittedValue(files, 'release');
  if (listed?.releases.has(version)) return [found('release.exists', { plugin, version })];
  const needed = ['release', 'bundle', 'sources', ...(listed === undefined ? ['listing' as const] : [])] as const;
  const missing = needed.filter((name) => !placed.some((one) => one.name === name)).map((name) => FILE_NAMES[name]);
  return [
    ...(missing.length === 0 ? [] : [found('release.incomplete', { missing })]),
    ...(release === undefined ? [] : unnamed(files, release)),
    ...listingFindings(files, plugin, main),
    ...sourceFindings(submittedValue(files, 'sources')?.sources ?? []),
    ...(hasReleased(subject.publisher, main)
      ? []
      : [found('publisher.first-release', { publisher: subject.publisher })]),
  ];
}

const FILE_NAMES = {
  release: 'release.json',
  bundle: 'publisher.sigstore.json',
  sources: 'sources.json',
  listing: 'listing.json',
} as const;

/** Whatever the signed release does not name could be exchanged without anybody's signature. */
function unnamed(files: Files, { vectors, readme }: Release): MergeFinding[] {
  const names = new Set(vectors.map(({ name }) => `vectors/${name}.json`));
  const extra = files.filter(({ name, entry }) =>
    name === 'readme'
      ? readme === undefined
      : name === 'vector' && ![...names].some((end) => entry.path.endsWith(`/${end}`)),
  );
  return extra.length === 0
    ? []
    : [found('release.unnamed-file', { paths: facts(extra.map(({ entry }) => entry.path)) })];
}

const hasReleased = (publisher: string, { plugins }: ListedState): boolean =>
  [...plugins].some(([plugin, { releases }]) => plugin.startsWith(`${publisher}/`) && releases.size > 0);

/** What the review shows. Without one of this very head nothing is merged. */
export async function releaseReviewFindings(
  { review, main, now, pull }: MergeInput,
  files: Files,
  subject: PullSubject,
): Promise<MergeFinding[]> {
  const again = retryAt(main, now);
  if (review === undefined) return [found('review.missing', {}, again)];
  if (review.head !== pull.head.sha)
    return [found('review.head-moved', { reviewed: fact(review.head), head: pull.head.sha }, again)];
  const artifact = artifactFindings(review, again);
  if (artifact.length > 0) return artifact;
  if (!(await coversRelease(review, files))) return [found('review.missing', {}, again)];
  const listed = main.plugins.get(subject.plugin ?? '');
  // Policy may ask owners for less; who asks for nothing himself is taken by his signature or not at all.
  const unsigned = isWatcher(pull.author, main) && review.signer === undefined ? [found('watch.unsigned')] : [];
  return [...unsigned, ...verdicts(review), ...widening(review, listed), ...signers(review, listed)];
}

const ARTIFACT = {
  unreachable: 'artifact.unreachable',
  forbidden: 'artifact.forbidden',
  different: 'artifact.different',
} as const;

function artifactFindings({ artifact }: ReleaseReview, again: number): MergeFinding[] {
  if (artifact.state === 'found') return [];
  const about = { source: fact(artifact.source), reason: fact(artifact.reason) };
  return [found(ARTIFACT[artifact.state], about, artifact.state === 'unreachable' ? again : undefined)];
}

/** One report for every target host, about this manifest and these bytes: a report of something else says nothing. */
async function coversRelease({ reports }: ReleaseReview, files: Files): Promise<boolean> {
  const file = files.find(({ name }) => name === 'release');
  if (file === undefined) return false;
  const release = file.value as Release;
  const manifest = await sha256(file.bytes);
  return release.targets.every(({ host }) =>
    reports.some(
      ({ report: { subject, host: of } }) =>
        subject.manifest?.sha256 === manifest &&
        subject.artifact.sha256 === release.artifact.sha256 &&
        // A host without a profile has no place in the report; its verdict is fail.
        (of?.id === host || of === undefined),
    ),
  );
}

function verdicts({ reports }: ReleaseReview): MergeFinding[] {
  return reports.flatMap(({ report: { verdict, host, outcomes } }) => {
    if (verdict === 'pass') return [];
    const open = outcomes.filter(
      ({ outcome, required }) => outcome === 'fail' || (required && outcome === 'inconclusive'),
    );
    const about = { host: host?.id ?? 'unknown', checks: facts(open.map(({ check }) => check)) };
    return [found(verdict === 'fail' ? 'review.verdict-fail' : 'review.verdict-review', about)];
  });
}

/** Against the release before it: what users agreed to must not grow while nobody looks. */
function widening({ reports }: ReleaseReview, listed: ListedPlugin | undefined): MergeFinding[] {
  if (listed === undefined || listed.releases.size === 0) return [];
  return reports.flatMap(({ report, previous }) => {
    const host = report.host?.id ?? 'unknown';
    if (previous === undefined) return [found('change.not-compared', { host })];
    const { widened, capabilities } = diffReports(previous, report);
    if (widened === 'no') return [];
    if (widened === 'unknown') return [found('change.not-compared', { host })];
    const wider = capabilities?.changes.filter(({ change }) => change === 'added' || change === 'widened') ?? [];
    return [found('change.widened', { host, capabilities: facts(wider.map(({ id }) => id)) })];
  });
}

function signers({ signer, previousSigner }: ReleaseReview, listed: ListedPlugin | undefined): MergeFinding[] {
  if (listed === undefined || signer === undefined || previousSigner === undefined) return [];
  const [after, before] = [signerIdentity(signer), signerIdentity(previousSigner)];
  return after === before ? [] : [found('identity.changed', { before: fact(before), after: fact(after) })];
}

/** A key, or a workflow without the ref it ran for: that is another with every tag. */
export function signerIdentity(signer: string): string {
  return signer.replace(/@refs\/.*$/, '');
}

/** The release that a new one is compared with: the next lower version that nobody has taken back. */
export function previousVersion({ releases, status }: ListedPlugin, version: string): string | undefined {
  const standing = [...releases.keys()].filter((one) => {
    const state = status?.versions[one]?.state ?? 'active';
    return compareVersions(one, version) < 0 && (state === 'active' || state === 'deprecated');
  });
  return standing.sort((a, b) => compareVersions(b, a))[0];
}

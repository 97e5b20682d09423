// Which release of a plugin to take. Pure: a document, what the host is and wants, what is revoked, the time. Every version that
// is not taken has its reason.
import type { DocumentRelease, PackageDocument } from './documents/package-document.ts';
import type { Revocations } from './documents/publishers.ts';
import { PLUGIN_ID } from './documents/words.ts';
import { compareVersions, isRange, satisfies } from './semver.ts';
import { type Standing, standingOf } from './standing.ts';

/** The application that will load the plugin, with the version of its plugin API. */
export interface Host {
  readonly id: string;
  readonly api?: string;
}

/** `publisher/name@range`, taken apart. */
export interface ReleaseRequest {
  readonly plugin: string;
  /** npm's range notation; `*` admits every version that is not a prerelease. */
  readonly range: string;
}

export interface ResolveContext {
  readonly host?: Host | undefined;
  readonly revocations: Revocations;
  readonly minimumReleaseAgeMinutes: number;
  readonly now: Date;
  /** Digests the host has locked: yanked, quarantined or young, they go on working. */
  readonly locked?: ReadonlySet<string> | undefined;
}

/**
 * Why a version was not taken. `range`: not asked for; `host`, `hostApi`: not for this application or this version of it; `age`: not
 * public for long enough.
 */
export type ExclusionCode =
  | 'range'
  | 'host'
  | 'hostApi'
  | 'yanked'
  | 'quarantined'
  | 'revoked'
  | 'age'
  | 'lower'
  | 'policy'
  | 'dependency'
  | 'failed';

/** Why a version was not taken. */
export interface Exclusion {
  readonly version: string;
  readonly code: ExclusionCode;
  readonly reason: string;
}

export interface Selection {
  readonly chosen: DocumentRelease | undefined;
  readonly excluded: readonly Exclusion[];
}

export type Why = Omit<Exclusion, 'version'> | undefined;

/** The highest version that fits, and why each of the others was left. */
export function selectRelease(
  document: PackageDocument,
  { range }: ReleaseRequest,
  context: ResolveContext,
): Selection {
  const releases = [...document.releases].sort((a, b) =>
    compareVersions(b.release.value.version, a.release.value.version),
  );
  const excluded: Exclusion[] = [];
  let chosen: DocumentRelease | undefined;
  for (const release of releases) {
    const { version } = release.release.value;
    const why = whyNot(release, range, context);
    if (why !== undefined) excluded.push({ version, ...why });
    else if (chosen === undefined) chosen = release;
    else excluded.push({ version, code: 'lower', reason: `lower than ${chosen.release.value.version}` });
  }
  return { chosen, excluded };
}

function whyNot(release: DocumentRelease, range: string, context: ResolveContext): Why {
  const isWanted = satisfies(release.release.value.version, range);
  return isWanted ? unfit(release, context) : { code: 'range', reason: `outside ${range}` };
}

/** Why this one cannot be taken, whatever was asked for and whatever others there are; undefined when it can. */
export function unfit(release: DocumentRelease, context: ResolveContext): Why {
  const isLocked = context.locked?.has(release.release.value.artifact.sha256) === true;
  return (
    hostReason(release, context.host) ??
    standingReason(standingOf(release, context.revocations, context.now), isLocked) ??
    (isLocked ? undefined : ageReason(release, context))
  );
}

function hostReason({ release }: DocumentRelease, host: Host | undefined): Why {
  if (host === undefined) return undefined;
  const target = release.value.targets.find((candidate) => candidate.host === host.id);
  if (target === undefined)
    return { code: 'host', reason: `made for ${release.value.targets.map((other) => other.host).join(', ')}` };
  if (host.api === undefined || satisfies(host.api, target.api)) return undefined;
  return { code: 'hostApi', reason: `needs ${host.id} api ${target.api}, this is ${host.api}` };
}

function standingReason(standing: Standing, isLocked: boolean): Why {
  const { state, mayInstall, mayLoad, reason = state } = standing;
  if (mayInstall || (isLocked && mayLoad)) return undefined;
  // Active and deprecated may be installed, so these three are left.
  return { code: state as 'yanked' | 'quarantined' | 'revoked', reason };
}

/** The release has not been public for long enough. */
export function ageReason(
  { publishedAt }: Pick<DocumentRelease, 'publishedAt'>,
  { now, minimumReleaseAgeMinutes }: Pick<ResolveContext, 'now' | 'minimumReleaseAgeMinutes'>,
): Why {
  const until = new Date(publishedAt).getTime() + minimumReleaseAgeMinutes * 60_000;
  if (now.getTime() >= until) return undefined;
  return {
    code: 'age',
    reason: `published ${publishedAt}; waits until ${new Date(until).toISOString()} (minimum release age ${minimumReleaseAgeMinutes} min)`,
  };
}

/** `publisher/name` or `publisher/name@range`. Undefined when it is neither. */
export function parseRequest(text: string): ReleaseRequest | undefined {
  const [plugin = '', range = '*', ...more] = text.split('@');
  if (more.length > 0 || range.trim() === '' || !PLUGIN_ID.test(plugin) || !isRange(range)) return undefined;
  return { plugin, range };
}

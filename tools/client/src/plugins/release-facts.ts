// A listed release as the policy sees it: before its signatures were checked (what the document claims, to choose among versions) and
// after (what is true, to decide).
import type { LockedPlugin, SignerRecord } from '../documents/lockfile.ts';
import type { AnalysisSummary, DocumentRelease, PackageDocument } from '../documents/package-document.ts';
import type { Identity } from '../documents/publishers.ts';
import { ClientError } from '../error.ts';
import type { InstalledPlugin } from '../install-release.ts';
import type { PermissionScreen } from './permissions.ts';
import type { PolicySubject } from './policy.ts';

/** What the analysis found for this host. Throws DOCUMENT_MISMATCH when it says nothing about it. */
export function summaryFor({ analysis, release }: DocumentRelease, host: string): AnalysisSummary {
  const found = analysis.find((summary) => summary.host === host);
  if (found !== undefined) return found;
  const { plugin, version } = release.value;
  throw new ClientError('DOCUMENT_MISMATCH', { path: plugin, what: 'analysis', actual: version, expected: host });
}

export interface SubjectInput {
  readonly release: DocumentRelease;
  readonly summary: AnalysisSummary;
  readonly screen: PermissionScreen;
  readonly tier: PolicySubject['tier'];
  readonly ageMinutes: number;
  readonly installed: LockedPlugin | undefined;
}

/** As the document claims: good for choosing, never for installing. */
export function claimedSubject(input: SubjectInput): PolicySubject {
  const { release, installed } = input;
  return {
    ...commonSubject(input),
    publisherState: 'verified',
    signer: installed?.signer ?? { kind: 'none' },
    levels: release.levels,
    ...(installed === undefined ? {} : { installed: { ...installed, signer: installed.signer } }),
  };
}

export function verifiedSubject(input: SubjectInput, plugin: InstalledPlugin, signer: SignerRecord): PolicySubject {
  return {
    ...commonSubject(input),
    publisherState: plugin.publisher.state,
    signer,
    levels: plugin.registry.levels,
    ...(input.installed === undefined ? {} : { installed: input.installed }),
  };
}

function commonSubject({ release, summary, screen, tier, ageMinutes }: SubjectInput) {
  const { plugin, version, artifact } = release.release.value;
  return {
    plugin,
    version,
    kind: artifact.kind,
    size: artifact.size,
    tier,
    determinism: summary.determinism.word,
    verdict: summary.verdict,
    unknownImports: summary.capabilities.unknown.map(({ module, name }) => `${module}.${name}`),
    ageMinutes,
    permissions: screen.rows,
  };
}

/** A signer as records name it: the key, or the numbers of the repository, which outlive renaming. */
export function signerRecord({ publisher }: InstalledPlugin, identities: readonly Identity[]): SignerRecord {
  const { signer, workflow } = publisher;
  if (workflow === undefined) return { kind: 'key', keyId: signer };
  const { issuer = '', repositoryId = '', ownerId = '' } = workflow;
  const listed = identities.some((identity) => identity.kind === 'keyless' && identity.repositoryId === repositoryId);
  if (listed) return { kind: 'keyless', issuer, repositoryId, ownerId };
  throw new ClientError('IDENTITY_REPOSITORY', { actual: repositoryId });
}

/**
 * Since when a release counts as public: the latest of what the registry says and when it was first seen here, so that a stolen online
 * key cannot date a release back past the waiting time. What was there at the first look is believed.
 */
export function firstSeen(
  { releases }: PackageDocument,
  known: ReadonlyMap<string, string> | undefined,
  now: string,
): ReadonlyMap<string, string> {
  return new Map(
    releases.map(({ release, publishedAt }) => {
      const { version } = release.value;
      const seen = known === undefined ? publishedAt : (known.get(version) ?? now);
      return [version, seen > publishedAt ? seen : publishedAt];
    }),
  );
}

import type { PackageDocument, Revocations, VersionStatus } from '@plugmark/schemas';
import type { ReleaseCheck } from './release-check.ts';
import { sayDay } from './say-numbers.ts';

/** What is wrong with a release, before anything else on its page. */
export interface StatusBanner {
  readonly state: VersionStatus['state'] | 'withdrawn' | 'transferred' | 'verificationFailed' | 'advisory';
  readonly title: string;
  readonly says: string;
  /** Words of whoever took the trust away. */
  readonly reason?: string;
  readonly evidence?: string;
  readonly replacement?: string;
}

/** Revocation is decided by the offline-signed list alone; a status file can only ask for it. */
export function statusBanners(
  document: PackageDocument,
  version: string,
  { revocations }: Revocations,
): readonly StatusBanner[] {
  const status = document.releases.find(({ release }) => release.version === version)?.status;
  const revoked = revocations.find(
    (entry) => entry.plugin === document.plugin && entry.version === version && entry.lifted === undefined,
  );
  const banners = [
    wholeBanner(document),
    revoked === undefined ? undefined : revokedBanner(revoked),
    status === undefined ? undefined : versionBanner(status),
    ...advisoryBanners(document, version),
  ];
  return banners.filter((banner) => banner !== undefined);
}

/** Above everything else on the page: what is below was not what was signed. */
export function failedBanner({ publisher, registry, code }: ReleaseCheck): readonly StatusBanner[] {
  if (publisher !== 'verificationFailed' && registry !== 'verificationFailed') return [];
  const says = `The client refused this release when the page was made (${code}). Do not install it, and do not rely on what this page says.`;
  return [{ state: 'verificationFailed', title: 'Verification failed', says }];
}

/** Known problems of this very version. */
function advisoryBanners({ advisories = [] }: PackageDocument, version: string): StatusBanner[] {
  return advisories
    .filter(({ versions }) => versions.includes(version))
    .map(({ id, summary, url }) => ({
      state: 'advisory',
      title: 'Advisory',
      says: `${summary} (${id})`,
      ...(url === undefined ? {} : { evidence: url }),
    }));
}

function revokedBanner({ since, reason, evidence }: Revocations['revocations'][number]): StatusBanner {
  return {
    state: 'revoked',
    title: 'Revoked',
    says: `Hosts refuse to load these bytes since ${sayDay(since)}.`,
    reason,
    evidence,
  };
}

function versionBanner(status: VersionStatus): StatusBanner | undefined {
  if (status.state === 'active') return undefined;
  const { state, reason } = status;
  const { title, says } = VERSION_WORDS[state];
  return { state, title, says: `${says} Since ${sayDay(status.since)}.`, reason, ...extras(status) };
}

const VERSION_WORDS = {
  deprecated: { title: 'Deprecated', says: 'It still works and is still chosen; its publisher advises against it.' },
  yanked: { title: 'Yanked', says: 'It is not chosen any more; where it is locked it keeps working.' },
  quarantined: { title: 'Quarantined', says: 'New installs are blocked while a maintainer looks at it.' },
  revoked: {
    title: 'Revocation asked for',
    says: 'It is not chosen any more; the signed revocation decides whether hosts refuse to load it.',
  },
} as const satisfies Readonly<Record<Exclude<VersionStatus['state'], 'active'>, { title: string; says: string }>>;

function extras(status: VersionStatus): Pick<StatusBanner, 'evidence' | 'replacement'> {
  const evidence = 'evidence' in status ? status.evidence : undefined;
  const replacement = 'replacement' in status ? status.replacement?.plugin : undefined;
  return { ...(evidence === undefined ? {} : { evidence }), ...(replacement === undefined ? {} : { replacement }) };
}

function wholeBanner({ whole }: PackageDocument): StatusBanner | undefined {
  if (whole === undefined) return undefined;
  if (whole.state === 'withdrawn') {
    const { reason, replacement } = whole;
    return {
      state: 'withdrawn',
      title: 'Withdrawn',
      says: `Its publisher took the plugin back on ${sayDay(whole.since)}.`,
      reason,
      ...(replacement === undefined ? {} : { replacement: replacement.plugin }),
    };
  }
  return {
    state: 'transferred',
    title: 'Transferred',
    says: `It is published under another name since ${sayDay(whole.since)}.`,
    reason: whole.reason,
    replacement: whole.to,
  };
}

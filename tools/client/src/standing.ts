// What may be done with a release now: chosen anew, loaded, and with which warning. The document's status is the online key's word and
// can only keep a release from being chosen; loading is refused by the revocations role alone.
import type { DocumentRelease, VersionState, VersionStatus } from './documents/package-document.ts';
import type { Revocations } from './documents/publishers.ts';

/** Whether a release may be chosen and loaded at this moment (client specification, section on standing). */
export interface Standing {
  readonly state: VersionState;
  /** Whether it may be chosen for a host that does not have it locked. */
  readonly mayInstall: boolean;
  readonly mayLoad: boolean;
  /** For people; absent while active. */
  readonly reason?: string;
  readonly replacement?: VersionStatus['replacement'];
}

/** A quarantine is one person's word and lapses by itself, whatever end it names. */
const QUARANTINE_DAYS = 7;
const DAY_MS = 86_400_000;

/** The entry that revokes these bytes and is not lifted. */
export function findRevocation(
  { revocations }: Revocations,
  sha256: string,
): Revocations['revocations'][number] | undefined {
  return revocations.find((entry) => entry.sha256 === sha256 && entry.lifted === undefined);
}

/**
 * Of a release by its document, the signed revocations and the time: a revocation counts above everything, and a quarantine lapses after
 * seven days. Pure.
 */
export function standingOf({ release, status }: DocumentRelease, revocations: Revocations, now: Date): Standing {
  const entry = findRevocation(revocations, release.value.artifact.sha256);
  if (entry !== undefined)
    return {
      state: 'revoked',
      mayInstall: false,
      mayLoad: false,
      reason: `revoked since ${entry.since}: ${entry.reason}`,
    };
  const { state, since, until, reason, replacement } = status;
  const instead = replacement === undefined ? {} : { replacement };
  if (state === 'active' || (state === 'quarantined' && !isQuarantined(status, now)))
    return { state: 'active', mayInstall: true, mayLoad: true };
  return {
    state,
    mayInstall: state === 'deprecated',
    mayLoad: true,
    reason: `${state} ${state === 'quarantined' ? `until ${until}` : `since ${since}`}: ${reason}`,
    ...instead,
  };
}

/** Begun and not over: one that begins in the future would hold, by the same seven days, as long as a stolen key likes. */
function isQuarantined({ since = '', until = '' }: VersionStatus, now: Date): boolean {
  const begin = Date.parse(since);
  const end = Math.min(Date.parse(until), begin + QUARANTINE_DAYS * DAY_MS);
  return now.getTime() >= begin && now.getTime() < end;
}

import type { Advisory, Changes, Revocations } from '@plugmark/schemas';
import { sayDay } from './say-numbers.ts';

interface AdvisoryRow {
  readonly id: string;
  readonly summary: string;
  readonly details: string;
  readonly published: string;
  readonly withdrawn?: string;
  readonly affected: readonly { readonly plugin: string; readonly versions: string }[];
  readonly links: readonly { readonly type: string; readonly url: string }[];
}

interface TakenBack {
  readonly plugin: string;
  readonly version: string;
  readonly word: string;
  readonly since: string;
  readonly says: string;
  readonly evidence?: string;
}

/** Newest first. */
export function advisoryRows(advisories: readonly Advisory[]): readonly AdvisoryRow[] {
  return [...advisories]
    .sort((a, b) => (a.published < b.published ? 1 : a.published > b.published ? -1 : a.id < b.id ? -1 : 1))
    .map(({ id, summary, details, published, withdrawn, affected, references }) => ({
      id,
      summary,
      details,
      published: sayDay(published),
      ...(withdrawn === undefined ? {} : { withdrawn: sayDay(withdrawn) }),
      affected: affected.map(({ versions, database_specific: { plugin } }) => ({
        plugin,
        versions: versions.join(', '),
      })),
      links: references,
    }));
}

const WORDS = {
  deprecated: 'Deprecated',
  yanked: 'Yanked',
  quarantined: 'Quarantined',
  revoked: 'Revocation asked for',
} as const;

/** What lost trust: revocations by the signed list, then the rest by what the registry's changes say. */
export function takenBack({ revocations }: Revocations, { changes }: Changes): readonly TakenBack[] {
  const revoked = revocations.map(({ plugin, version, since, reason, evidence, lifted }) => ({
    plugin,
    version,
    word: lifted === undefined ? 'Revoked' : 'Revoked, and lifted since',
    since: sayDay(since),
    says: lifted === undefined ? reason : `${reason} Lifted: ${lifted.reason}`,
    evidence,
  }));
  const isRevoked = new Set(revocations.map(({ plugin, version }) => `${plugin}@${version}`));
  const others = changes.flatMap(({ kind, plugin, version = '', at, detail }) =>
    kind in WORDS && !isRevoked.has(`${plugin}@${version}`)
      ? [{ plugin, version, word: WORDS[kind as keyof typeof WORDS], since: sayDay(at), says: detail ?? '' }]
      : [],
  );
  return [...revoked, ...others];
}

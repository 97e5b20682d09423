import type { Identity, Publisher, PublisherList } from '@plugmark/schemas';
import { sayDay } from './say-numbers.ts';
import { TIER_WORDS } from './tier-words.ts';

export interface PublisherPage {
  readonly id: string;
  readonly title: string;
  readonly summary?: string;
  readonly url?: string;
  readonly tier: (typeof TIER_WORDS)[keyof typeof TIER_WORDS];
  readonly since?: string;
  readonly identities: readonly IdentityRow[];
  readonly plugins: readonly string[];
}

interface IdentityRow {
  readonly kind: string;
  readonly value: string;
  readonly window: string;
}

export function publisherPage(
  publisher: Publisher,
  { tier, plugins }: PublisherList['publishers'][number],
): PublisherPage {
  const { title, summary, url, verified } = publisher;
  return {
    id: publisher.publisher,
    title,
    ...(summary === undefined ? {} : { summary }),
    ...(url === undefined ? {} : { url }),
    tier: TIER_WORDS[tier],
    ...(verified === undefined ? {} : { since: `${sayDay(verified.since)}, by ${verified.by}` }),
    identities: publisher.identities.map(identityRow),
    plugins,
  };
}

function identityRow(identity: Identity): IdentityRow {
  const window = `from ${sayDay(identity.from)}${identity.to === undefined ? '' : ` to ${sayDay(identity.to)}`}`;
  if (identity.kind === 'key')
    return { kind: identity.algorithm === 'ed25519' ? 'Ed25519 key' : 'P-256 key', value: identity.keyId, window };
  return { kind: 'Workflow', value: `${identity.buildConfig} of ${identity.repository}`, window };
}

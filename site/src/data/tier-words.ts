import type { Tier } from '@plugmark/schemas';

/** What a tier says, and what it does not. One table for every page. */
export const TIER_WORDS: Readonly<
  Record<Tier, { readonly title: string; readonly says: string; readonly limits: string }>
> = {
  'built-in': {
    title: 'Built-in',
    says: 'The makers of the host publish this themselves.',
    limits: 'Their mark is checked like everybody’s.',
  },
  verified: {
    title: 'Verified',
    says: 'Verified: we know who publishes this. Nobody has read its code.',
    limits:
      'The publisher’s key is on a list that is signed offline, so a break-in at the registry cannot release under this name.',
  },
  community: {
    title: 'Community',
    says: 'Community: nobody here has checked who publishes this. Nobody has read its code.',
    limits: 'The mark shows that each release comes from the same key, not whose key it is.',
  },
  local: {
    title: 'Local',
    says: 'Local: a file somebody gave you; no registry has seen it.',
    limits: 'Nothing is known but what its bytes show.',
  },
};

/** Of a plugin that runs as a process, also of a publisher who is known: the tier is that of the plugin. */
export const PROCESS_TIER_WORDS: (typeof TIER_WORDS)[Tier] = {
  title: TIER_WORDS.community.title,
  says: 'Community: a plugin that runs as a process is never more, whoever publishes it. No check here has read its code.',
  limits: 'The mark shows that each release comes from the same key.',
};

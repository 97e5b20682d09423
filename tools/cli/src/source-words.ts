// What is said of who signed a plugin that no registry lists.

import type { DirectSource, ListedPlugin } from '@plugmark/client';

/** `mark`: beside its source; `sentence`: where there is room. */
export const VOUCH_WORDS: Readonly<Record<DirectSource['kind'], { readonly mark: string; readonly sentence: string }>> =
  {
    github: { mark: 'not signed', sentence: 'not signed: nobody vouches for who made it' },
    oci: { mark: 'signatures not checked', sentence: 'signatures not checked: no list says whose would count' },
    file: { mark: 'not signed', sentence: 'not signed: nobody vouches for who made it' },
  };

export const FIXED_WORDS = 'is fixed by its digest: a newer one is installed by its own';

/** Plugins that nothing newer is looked for: a digest names one artifact for ever. */
export const fixedAmong = (listed: readonly Pick<ListedPlugin, 'plugin' | 'source'>[]): readonly string[] =>
  listed.flatMap(({ plugin, source }) => (source.kind === 'oci' ? [plugin] : []));

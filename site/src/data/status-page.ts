import type { Index, Registry } from '@plugmark/schemas';
import { sayBytes, sayCount, sayMany } from './say-numbers.ts';
import { TIER_WORDS } from './tier-words.ts';

export interface StatusFacts {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

/** What the registry holds and how good it is, counted from its index. */
export function statusFacts({ plugins }: Index, { blobBudgetBytes }: Registry): readonly StatusFacts[] {
  const count = (holds: (plugin: Index['plugins'][number]) => boolean): string =>
    sayCount(plugins.filter(holds).length);
  const bytes = plugins.reduce((sum, { size }) => sum + size, 0);
  return [
    { name: 'Plugins', value: sayCount(plugins.length) },
    ...(['built-in', 'verified', 'community'] as const).map((tier) => ({
      name: TIER_WORDS[tier].title,
      value: count((plugin) => plugin.tier === tier),
    })),
    {
      name: 'Run in a sandbox, same answers',
      value: count(({ determinism }) => determinism === 'observed' || determinism === 'by-construction'),
    },
    { name: 'Never run', value: count(({ determinism }) => determinism === 'untested') },
    { name: 'Answers that differ', value: count(({ determinism }) => determinism === 'nondeterministic') },
    { name: 'Taken back', value: count(({ state }) => state !== 'active' && state !== 'deprecated') },
    {
      name: 'Newest artifacts',
      value: sayBytes(bytes),
      note: `${sayMany(plugins.length, 'file')}; the tree itself holds up to ${sayBytes(blobBudgetBytes)}, the rest lies on mirrors.`,
    },
  ];
}

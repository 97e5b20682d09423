import type { Index } from '@plugmark/schemas';
import type { ArtifactPlaces } from './artifact-places.ts';
import { sayBytes, sayCount, sayMany } from './say-numbers.ts';
import { TIER_WORDS } from './tier-words.ts';

export interface StatusFacts {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

/** What the registry holds and how good it is, counted from its index. */
export function statusFacts({ plugins }: Index, places: ArtifactPlaces): readonly StatusFacts[] {
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
      note: `${sayMany(plugins.length, 'file')}, one of each plugin.`,
    },
    ...placesOf(places),
  ];
}

/** The pages of a deployment are those of the whole tree: they say what is beyond the budget, which is not served here where it is kept. */
function placesOf({ budgetBytes, mirrors, beyond, beyondBytes }: ArtifactPlaces): readonly StatusFacts[] {
  if (beyond.size === 0) return [{ name: 'Served here', value: 'all artifacts', note: sayMirrors(mirrors) }];
  return [
    {
      name: 'Served here',
      value: `up to ${sayBytes(budgetBytes)} of artifacts`,
      note: 'The newest of each plugin first.',
    },
    {
      name: 'On mirrors alone',
      value: sayBytes(beyondBytes),
      note: `${sayMany(beyond.size, 'file')}. ${sayMirrors(mirrors)}`,
    },
  ];
}

function sayMirrors(mirrors: readonly string[]): string {
  if (mirrors.length === 0) return 'There is no mirror.';
  return `Clients take what is missing from ${mirrors.map((url) => new URL(url).host).join(', ')}.`;
}

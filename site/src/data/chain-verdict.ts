import type { InstalledPlugin } from '@plugmark/client';
import { CHAIN_STEPS, type StepView } from './chain-steps.ts';
import { PROCESS_TIER_WORDS, TIER_WORDS } from './tier-words.ts';

/** What was done here, and what it cannot show. The same words on the page and in the saved file, but for who served them. */
export const HONEST_CLAIM =
  'This page recomputed these checks in your browser. That catches wrong or damaged files; it cannot catch a registry that serves you a false page.';
export const SAVED_CLAIM =
  'This file recomputed these checks in your browser, with the code it was saved with. That catches wrong or damaged files, and a registry that changed its page after you saved this one; whether this file is the published one, its digest says.';

export interface ChainOutcome {
  readonly state: 'pass' | 'fail' | 'inconclusive';
  readonly steps: readonly StepView[];
  readonly installed?: InstalledPlugin;
}

/** One sentence for people, over the steps. */
export function chainVerdict({ state, steps, installed }: ChainOutcome): {
  readonly state: ChainOutcome['state'];
  readonly title: string;
  readonly says: string;
} {
  if (state === 'pass' && installed !== undefined) {
    const { plugin, version, tier, kind } = installed;
    const words = kind === 'process' ? PROCESS_TIER_WORDS : TIER_WORDS[tier];
    return { state, title: `Verified: ${plugin} ${version}`, says: `${words.says} ${sayStanding(installed)}`.trim() };
  }
  const stopped = steps.find((step) => step.state === 'fail' || step.state === 'inconclusive');
  const where = stopped === undefined ? 'before the first step' : CHAIN_STEPS[stopped.step].title.toLowerCase();
  return state === 'fail'
    ? {
        state,
        title: `Not verified: refused at ${where}`,
        says: 'Something served is not what was signed. Do not use it.',
      }
    : {
        state,
        title: `Not decided: stopped at ${where}`,
        says: 'Nothing was shown to be wrong, and nothing to be right. It does not count as verified.',
      };
}

const STANDINGS: { readonly [S in InstalledPlugin['standing']['state']]?: string } = {
  deprecated: 'Its publisher advises against this version.',
  yanked: 'It was yanked: no host chooses it anew.',
  quarantined: 'It is quarantined while a maintainer looks at it: do not install it.',
};

const sayStanding = ({ standing }: InstalledPlugin): string => STANDINGS[standing.state] ?? '';

import { el, type Markup } from './element.ts';

type SealState = 'pass' | 'review' | 'fail' | 'working';

/** The office's octagon with what it found: tick, question or cross. The words stand beside it, so it is not read out. */
const SIGNS: Readonly<Record<SealState, string>> = {
  pass: 'M15 25l6 6 12-14',
  review: 'M18 19a6 6 0 1 1 8 5.700c-1.500.600-2 1.500-2 3.300M24 33v1',
  fail: 'M16 16l16 16M32 16L16 32',
  working: 'M15 24h1M24 24h1M33 24h1',
};

export function verdictSeal(state: SealState): Markup {
  return el(
    'svg',
    { class: `seal seal-${state}`, viewBox: '0 0 48 48', 'aria-hidden': 'true' },
    el('path', { d: 'M15 3h18l12 12v18L33 45H15L3 33V15z' }),
    el('path', { class: 'sign', d: SIGNS[state] }),
  );
}

import { el, type MarkupElement } from './element.ts';

export type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'outside' | 'unbounded';

/** A shape for each level, so that nothing rests on colour: ring, disc, triangle, octagon, arrow out of a box, crossed square. */
const SHAPES: Readonly<Record<RiskLevel, string>> = {
  none: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1m0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3',
  low: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1',
  medium: 'M8 1l7.500 14H.5z',
  high: 'M5 0h6l5 5v6l-5 5H5l-5-5V5zm2 3v6h2V3zm0 8v2h2v-2z',
  outside: 'M1 3h7v2H3v8h8V8h2v7H1zm8-2h6v6l-2-2-5 5-2-2 5-5z',
  unbounded:
    'M0 0h16v16H0zm4.500 3L3 4.500 6.500 8 3 11.500 4.500 13 8 9.500l3.500 3.500 1.500-1.500L9.500 8 13 4.500 11.500 3 8 6.500z',
};

export const riskIcon = (level: RiskLevel): MarkupElement => icon(SHAPES[level]);

export function icon(d: string): MarkupElement {
  return el('svg', { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, el('path', { d }));
}

import { el, type MarkupElement } from './element.ts';

export type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'outside' | 'unbounded';

/** Ring, disc, triangle, octagon, arrow out of a box, crossed square; then tick, cross, dash, dots and mark for states. */
export type Shape = RiskLevel | 'tick' | 'cross' | 'dash' | 'dots' | 'mark';

/** Its shape is in icons.css. A word always stands beside it. */
export const icon = (shape: Shape): MarkupElement => el('i', { class: `icon icon-${shape}` });

export const riskIcon = (level: RiskLevel): MarkupElement => icon(level);

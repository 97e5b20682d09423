import type { IndexEntry } from '@plugmark/schemas';
import { escapeAttribute, escapeHtml } from '../markdown/escape-html.ts';

const CHAR = 6.6;
const COLOURS = { 'built-in': '#1c5a3c', verified: '#1c5a3c', community: '#5f4a16', local: '#5f4a16' } as const;

/** A line for somebody's own README: the registry's name, the version, the tier. It says nothing that the page does not. */
export function badge(
  { latest, tier, state }: Pick<IndexEntry, 'latest' | 'tier' | 'state'>,
  registry: string,
): string {
  const isGone = state !== 'active' && state !== 'deprecated';
  const [left, right] = [registry, isGone ? `${latest} ${state}` : `${latest} ${tier}`];
  const [a, b] = [width(left), width(right)];
  const colour = isGone ? '#a11919' : COLOURS[tier];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${a + b}" height="20" role="img" aria-label="${escapeAttribute(`${left}: ${right}`)}"><title>${escapeHtml(`${left}: ${right}`)}</title><path fill="#2b2618" d="M0 0h${a}v20H0z"/><path fill="${colour}" d="M${a} 0h${b}v20H${a}z"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"><text x="${a / 2}" y="14">${escapeHtml(left)}</text><text x="${a + b / 2}" y="14">${escapeHtml(right)}</text></g></svg>\n`;
}

const width = (text: string): number => Math.round(text.length * CHAR + 14);

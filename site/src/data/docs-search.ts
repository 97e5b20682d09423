import type { DocsPage } from './docs-pages.ts';

/** One section of the documentation, as text. */
export interface DocsSection {
  readonly page: string;
  readonly title: string;
  readonly heading: string;
  /** Below `docs/`. */
  readonly path: string;
  readonly text: string;
}

export function docsSearch(pages: readonly DocsPage[]): readonly DocsSection[] {
  return pages.flatMap(({ slug, title, html }) =>
    html.split(/(?=<h2[ >])/).map((part) => {
      const [, id, heading = title] = /^<h2(?: id="([^"]*)")?>(.*?)<\/h2>/.exec(part) ?? [];
      const path = `docs/${slug}/${id === undefined ? '' : `#${id}`}`;
      return { page: slug, title, heading: textOf(heading), path, text: textOf(part) };
    }),
  );
}

export interface DocsHit {
  readonly section: DocsSection;
  readonly excerpt: string;
}

const MAX_HITS = 20;
const AROUND = 90;

/** Sections that hold every word, those whose heading does first. */
export function searchDocs(sections: readonly DocsSection[], query: string): readonly DocsHit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const holds = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const hits = sections.filter(({ heading, title, text }) => holds(`${title} ${heading} ${text}`));
  const score = ({ heading, title }: DocsSection): number =>
    holds(heading) ? 0 : holds(`${title} ${heading}`) ? 1 : 2;
  return hits
    .sort((a, b) => score(a) - score(b))
    .slice(0, MAX_HITS)
    .map((section) => ({ section, excerpt: excerptOf(section.text, words[0] ?? '') }));
}

function excerptOf(text: string, word: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - AROUND);
  const part = text.slice(at, at + 2 * AROUND + word.length).trim();
  return `${at > 0 ? '… ' : ''}${part}${at + part.length < text.length ? ' …' : ''}`;
}

/** Of HTML that our own renderer wrote. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

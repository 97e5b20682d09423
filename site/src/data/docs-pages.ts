// The documentation: which pages there are and in which order, and what a file of site/src/content/docs says. Pure. A file that the
// table does not name is listed last under its own first heading, so that nobody has to ask this file for a page.

import { renderMarkdown } from '../markdown/render-markdown.ts';
import { headingId } from '../markdown/safe-link.ts';

export interface DocsPage {
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly html: string;
  readonly sections: readonly { readonly id: string; readonly title: string }[];
}

/** Reading order. */
const ORDER = [
  'publish',
  'embed',
  'client-api',
  'embed-rust',
  'embed-python',
  'other-languages',
  'client-spec',
  'interoperability',
  'run-a-registry',
  'institutions',
  'drills',
  'security-model',
  'policies',
  'it-review',
  'cli',
  'api',
  'schemas',
] as const;

const rank = (slug: string): number => {
  const at = (ORDER as readonly string[]).indexOf(slug);
  return at < 0 ? ORDER.length : at;
};

/** By file name without `.md`. */
export function docsPages(
  files: ReadonlyMap<string, string>,
  link: (path: string) => string,
  repository: string | undefined,
): readonly DocsPage[] {
  const slugs = [...files.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return slugs.map((slug) => docsPage(slug, files.get(slug) ?? '', ownLinks(slugs, link, repository)));
}

function docsPage(slug: string, text: string, ownLink: (url: string) => string | undefined): DocsPage {
  const title = /^# (.+)$/m.exec(text)?.[1]?.trim() ?? slug;
  const body = text.replace(/^# .+\n+/m, '');
  const summary = /^(?![#|>`\-*\d])(.+(?:\n(?!\n).+)*)/m.exec(body)?.[1]?.replace(/\n/g, ' ') ?? title;
  const outsideCode = body.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const headings = [...outsideCode.matchAll(/^## (.+)$/gm)].map(([, words = '']) => words.trim());
  return {
    slug,
    title: plain(title),
    summary: plain(summary).slice(0, 200),
    html: scrollable(renderMarkdown(body, { headingShift: 0, ownLink })),
    sections: headings.map((words) => ({ id: headingId(words), title: plain(words) })),
  };
}

/** A wide table scrolls by itself, also by keyboard. The renderer's text is escaped, so a tag here is one it wrote. */
function scrollable(html: string): string {
  return html
    .replace(/<table>/g, '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>')
    .replace(/<\/table>/g, '</table></div>');
}

/** `cli.md#x` is a page here, `/verify/` a page of the site, and any other path a file of the repository. */
function ownLinks(
  slugs: readonly string[],
  link: (path: string) => string,
  repository: string | undefined,
): (url: string) => string | undefined {
  return (url) => {
    const [, slug, anchor] = /^(?:\.\/)?([a-z0-9-]+)\.md(?:#(.+))?$/.exec(url) ?? [];
    if (slug !== undefined && slugs.includes(slug))
      return link(`docs/${slug}/${anchor === undefined ? '' : `#${headingId(anchor.replace(/-/g, ' '))}`}`);
    if (/^\/(?!\/)[\w./?=#&-]*$/.test(url)) return link(url.slice(1));
    const path = /^(?:\.\.\/)+([\w./-]+)$/.exec(url)?.[1];
    return path === undefined || repository === undefined || path.includes('..')
      ? undefined
      : `${repository}/blob/main/${path}`;
  };
}

/** Words of a line of Markdown, for titles and lists. */
const plain = (text: string): string => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');

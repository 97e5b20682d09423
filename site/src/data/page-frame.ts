// The layout of a page with holes in it. Astro makes it once with the marks below in place of words; what is put in afterwards comes
// from publishers and is escaped here, where it is seen whether a hole is text or attribute. A policy that allowed a script would be
// wider than a page without one needs.

import { escapeAttribute, escapeHtml } from '../markdown/escape-html.ts';
import { SiteError } from './site-error.ts';

/** What the layout is given in place of words. No escaping changes them, and they hold nothing to escape. */
export const FRAME_MARKS = {
  title: 'plugmark-frame-title',
  description: 'plugmark-frame-description',
  feed: 'plugmark-frame-feed',
  body: 'plugmark-frame-body',
} as const;

/** Areas of the navigation that have such pages. */
export const FRAME_AREAS = ['plugins', 'about'] as const;
export type FrameArea = (typeof FRAME_AREAS)[number];

/** Where Astro puts a frame, below the pages; it is taken away again. */
export const FRAME_FOLDER = 'plugmark-frames';

interface FramedPage {
  readonly title: string;
  readonly description: string;
  /** Of this site, below the base path. */
  readonly feed?: string;
  /** Search engines are asked to leave it out. */
  readonly isHidden?: boolean;
  /** HTML. */
  readonly body: string;
}

export type FillFrame = (page: FramedPage) => string;

const NOINDEX = '<meta name="robots" content="noindex">';
const SCRIPTS = /script-src [^;"]*/;

/** Throws FRAME_BROKEN unless each mark is there exactly once. */
export function openFrame(html: string): FillFrame {
  const { title, description, feed, body } = FRAME_MARKS;
  const strict = html.replace(SCRIPTS, "script-src 'none'");
  const feedLink = between(strict, '<link rel="alternate"', '>', feed);
  const order = [NOINDEX, description, title, feedLink, body];
  const [start = '', ...parts] = cut(strict, order);
  if (!SCRIPTS.test(html) || parts.length !== order.length)
    throw broken('a part of it is missing, twice there or astray');
  const [afterRobots = '', afterDescription = '', afterTitle = '', afterFeed = '', end = ''] = parts;
  return (page) =>
    `${start}${page.isHidden === true ? NOINDEX : ''}${afterRobots}${escapeAttribute(page.description)}${afterDescription}${escapeHtml(page.title)}${afterTitle}${
      page.feed === undefined ? '' : feedLink.replace(feed, () => escapeAttribute(page.feed ?? ''))
    }${afterFeed}${page.body}${end}`;
}

/** The tag that holds a mark. */
function between(html: string, from: string, to: string, mark: string): string {
  const at = html.indexOf(mark);
  const start = html.lastIndexOf(from, at);
  if (at < 0 || start < 0) throw broken(`it lacks ${mark}`);
  return html.slice(start, html.indexOf(to, at) + to.length);
}

function cut(html: string, marks: readonly string[]): readonly string[] {
  let rest = html;
  return [...marks, ''].map((mark) => {
    const [part = '', ...after] = mark === '' ? [rest] : rest.split(mark);
    if (mark !== '' && after.length !== 1) throw broken(`${mark} is there ${after.length} times`);
    rest = after[0] ?? '';
    return part;
  });
}

const broken = (what: string): SiteError => new SiteError('FRAME_BROKEN', `the layout cannot be filled in: ${what}`);

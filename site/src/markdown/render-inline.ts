// Markdown inside a line: code, emphasis, links, images as their words. Publishers are hostile: every character is escaped unless
// this file wrote it, tags are dropped, and each pattern looks ahead a bounded distance, so no text makes it slow.

import { escapeAttribute, escapeHtml } from './escape-html.ts';
import { headingId, safeLink } from './safe-link.ts';

export interface InlineContext {
  /** Ids of the README's own headings: the only anchors its links may name. */
  readonly anchors: ReadonlySet<string>;
  /** For texts of our own: where a link that names no other site leads; undefined leaves its words. */
  readonly ownLink?: ((url: string) => string | undefined) | undefined;
}

interface Inside extends InlineContext {
  readonly depth: number;
  readonly inLink: boolean;
}

interface Span {
  readonly html: string;
  readonly length: number;
}

const MAX_DEPTH = 4;
/** Longer lines are shown as they are. */
const MAX_TEXT = 20_000;
const MAX_CODE = 1000;

/** One paragraph, heading or cell as HTML. */
export function renderInline(text: string, context: InlineContext): string {
  return text.length > MAX_TEXT ? escapeHtml(text) : render(text, { ...context, depth: 0, inLink: false });
}

function render(text: string, context: Inside): string {
  if (context.depth > MAX_DEPTH) return escapeHtml(text);
  let html = '';
  let plainFrom = 0;
  for (let at = 0; at < text.length; ) {
    const span = SPANS[text.charAt(at)]?.(text, at, context);
    if (span === undefined) {
      at += 1;
      continue;
    }
    html += escapeHtml(text.slice(plainFrom, at)) + span.html;
    at += span.length;
    plainFrom = at;
  }
  return html + escapeHtml(text.slice(plainFrom));
}

/** What may begin at a character; undefined when it does not. */
const SPANS: Readonly<Record<string, (text: string, at: number, context: Inside) => Span | undefined>> = {
  '\\': escaped,
  '`': code,
  '<': angle,
  '!': image,
  '[': link,
  '*': emphasis,
  _: emphasis,
};

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function escaped(text: string, at: number): Span | undefined {
  const next = text.charAt(at + 1);
  return /[!-/:-@[-`{-~]/.test(next) ? { html: escapeHtml(next), length: 2 } : undefined;
}

function code(text: string, at: number): Span | undefined {
  const ticks = match(/`+/y, text, at)?.[0] ?? '';
  const rest = text.slice(at + ticks.length, at + ticks.length + MAX_CODE);
  const end = rest.indexOf(ticks);
  if (ticks.length > 10 || end < 0) return { html: escapeHtml(ticks), length: ticks.length };
  return {
    html: `<code>${escapeHtml(rest.slice(0, end).replace(/\n/g, ' ').trim())}</code>`,
    length: end + 2 * ticks.length,
  };
}

/** An address in angle brackets is a link; a tag or a comment is dropped; anything else is a less-than sign. */
function angle(text: string, at: number, context: Inside): Span | undefined {
  const address = match(/<(https?:\/\/[^\s<>]{1,1000})>/iy, text, at);
  if (address?.[1] !== undefined)
    return { html: anchor(address[1], escapeHtml(address[1]), context), length: address[0].length };
  const dropped = match(/<!--[\s\S]{0,1000}?-->|<[/!?]?[a-z][^<>]{0,1000}>/iy, text, at);
  return dropped && { html: '', length: dropped[0].length };
}

const DESTINATION = String.raw`\(\s{0,9}<?([^\s()<>]{0,2000})>?(?:\s{1,9}["'][^"'\n]{0,200}["'])?\s{0,9}\)`;
const LINK = new RegExp(String.raw`\[([^\[\]]{0,500})\]${DESTINATION}`, 'y');
const IMAGE = new RegExp(String.raw`!\[([^\[\]]{0,500})\]${DESTINATION}`, 'y');

/** A picture from elsewhere would tell that place who reads this page. */
function image(text: string, at: number): Span | undefined {
  const found = match(IMAGE, text, at);
  return found && { html: found[1] ? `<em>${escapeHtml(found[1])}</em>` : '', length: found[0].length };
}

function link(text: string, at: number, context: Inside): Span | undefined {
  // A badge: a picture inside a link. What remains is the link with the picture's words.
  const badge = match(/\[!\[([^[\]]{0,500})\]\([^\s()<>]{0,2000}\)\]/y, text, at);
  const found = badge ? match(new RegExp(DESTINATION, 'y'), text, at + badge[0].length) : match(LINK, text, at);
  if (found === undefined) return undefined;
  const [words = '', url = ''] = badge ? [badge[1], found[1]] : [found[1], found[2]];
  const inner = render(words, { ...context, depth: context.depth + 1, inLink: true });
  return { html: anchor(url, inner, context), length: found[0].length + (badge?.[0].length ?? 0) };
}

function anchor(url: string, inner: string, { inLink, anchors, ownLink }: Inside): string {
  if (inLink) return inner;
  const own = url.startsWith('#') ? headingId(url.slice(1).replace(/-/g, ' ')) : undefined;
  if (own !== undefined) return anchors.has(own) ? `<a href="#${escapeAttribute(own)}">${inner}</a>` : inner;
  const here = ownLink?.(url);
  if (here !== undefined) return `<a href="${escapeAttribute(here)}">${inner}</a>`;
  const href = safeLink(url);
  return href === undefined ? inner : `<a href="${escapeAttribute(href)}" rel="nofollow noopener">${inner}</a>`;
}

const STRONG = /(\*\*|__)(?=\S)((?:(?!\1)[\s\S]){1,500}?\S|\S)\1/y;
const EMPHASIS = /([*_])(?=\S)((?:(?!\1)[\s\S]){1,500}?(?<=\S)|\S)\1/y;

function emphasis(text: string, at: number, context: Inside): Span | undefined {
  const isUnderscore = text.charAt(at) === '_';
  if (isUnderscore && /\w/.test(text.charAt(at - 1))) return undefined; // snake_case
  const strong = match(STRONG, text, at);
  const found = strong ?? match(EMPHASIS, text, at);
  if (found?.[2] === undefined || (isUnderscore && /\w/.test(text.charAt(at + found[0].length)))) return undefined;
  const inner = render(found[2], { ...context, depth: context.depth + 1 });
  return { html: strong ? `<strong>${inner}</strong>` : `<em>${inner}</em>`, length: found[0].length };
}

// A README as HTML that cannot do anything: a subset of Markdown written out from scratch. Publishers are hostile. Only elements
// named in this folder can appear, every other character is escaped, nothing is loaded, and links leave with nofollow.

import { escapeAttribute, escapeHtml, plainText } from './escape-html.ts';
import { type InlineContext, renderInline } from './render-inline.ts';
import { isListItem, readList } from './render-list.ts';
import { readTable } from './render-table.ts';
import { headingId } from './safe-link.ts';

/** README headings come below the page's own: its `#` is an `h3`. */
const HEADING_SHIFT = 2;
const MAX_DEPTH = 6;

interface Block {
  readonly html: string;
  /** Lines it took, at least 1. */
  readonly lines: number;
}

interface Context extends InlineContext {
  readonly depth: number;
  readonly headingShift: number;
}

export interface MarkdownOptions extends Pick<InlineContext, 'ownLink'> {
  /** Of a text of our own, whose page has no headings beside it. */
  readonly headingShift?: number;
}

type Reader = (lines: readonly string[], at: number, context: Context) => Block | undefined;

/** HTML without scripts, styles, images, forms or ids of the page, for any input. */
export function renderMarkdown(markdown: string, options: MarkdownOptions = {}): string {
  const lines = plainText(markdown).replace(/\t/g, '    ').split('\n');
  const anchors = new Set(lines.flatMap((line) => (HEADING.test(line) ? [headingId(headingText(line))] : [])));
  return blocks(lines, { anchors, depth: 0, headingShift: HEADING_SHIFT, ...options });
}

function blocks(lines: readonly string[], context: Context): string {
  if (context.depth > MAX_DEPTH) return `<p>${escapeHtml(lines.join('\n'))}</p>`;
  const used = new Set<string>();
  let html = '';
  for (let at = 0; at < lines.length; ) {
    const block = readBlock(lines, at, context);
    html += uniqueId(block.html, used);
    at += block.lines;
  }
  return html;
}

/** Two headings of one name keep one id, so that the page stays valid. */
function uniqueId(html: string, used: Set<string>): string {
  const id = /^<h\d id="([^"]*)"/.exec(html)?.[1];
  if (id === undefined) return html;
  if (used.has(id)) return html.replace(/ id="[^"]*"/, '');
  used.add(id);
  return html;
}

function readBlock(lines: readonly string[], at: number, context: Context): Block {
  if (isBlank(lines[at])) return { html: '', lines: 1 };
  for (const read of READERS) {
    const block = read(lines, at, context);
    if (block !== undefined) return block;
  }
  return paragraph(lines, at, context);
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';

const FENCE = /^ {0,3}(`{3,20}|~{3,20})[^`]*$/;
const HEADING = /^ {0,3}#{1,6}(?: |$)/;
const RULE = /^ {0,3}(?:-[ -]*-[ -]*-|\*[ *]*\*[ *]*\*|_[ _]*_[ _]*_)[-*_ ]*$/;
const QUOTE = /^ {0,3}> ?/;

const READERS: readonly Reader[] = [fence, heading, rule, quote, list, table];

function fence(lines: readonly string[], at: number): Block | undefined {
  const mark = FENCE.exec(lines[at] ?? '')?.[1];
  if (mark === undefined) return undefined;
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(mark)) end += 1;
  const html = `<pre><code>${escapeHtml(lines.slice(at + 1, end).join('\n'))}</code></pre>`;
  return { html, lines: Math.min(end + 1, lines.length) - at };
}

function headingText(line: string): string {
  const text = line
    .trim()
    .replace(/^#{1,6}/, '')
    .trim();
  const closing = text.lastIndexOf(' ');
  return closing > 0 && /^#{1,100}$/.test(text.slice(closing + 1)) ? text.slice(0, closing).trim() : text;
}

function heading(lines: readonly string[], at: number, context: Context): Block | undefined {
  const line = lines[at] ?? '';
  if (!HEADING.test(line)) return undefined;
  const level = Math.min(/^#+/.exec(line.trim())?.[0].length ?? 1, 6) + context.headingShift;
  const text = headingText(line);
  return { html: headingHtml(Math.min(level, 6), text, context), lines: 1 };
}

function headingHtml(level: number, text: string, context: Context): string {
  const inner = renderInline(text, context);
  if (inner.trim() === '') return '';
  // Inside a quotation or a list an id would not be the one its anchor means.
  const id = context.depth === 0 ? ` id="${escapeAttribute(headingId(text))}"` : '';
  return `<h${level}${id}>${inner}</h${level}>`;
}

function rule(lines: readonly string[], at: number): Block | undefined {
  return isRule(lines[at] ?? '') ? { html: '<hr>', lines: 1 } : undefined;
}

function isRule(line: string): boolean {
  return line.length < 200 && RULE.test(line);
}

function quote(lines: readonly string[], at: number, context: Context): Block | undefined {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end] ?? '')) end += 1;
  if (end === at) return undefined;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
  return {
    html: `<blockquote>${blocks(inner, { ...context, depth: context.depth + 1 })}</blockquote>`,
    lines: end - at,
  };
}

function list(lines: readonly string[], at: number, context: Context): Block | undefined {
  const inside = (inner: readonly string[]): string => blocks(inner, { ...context, depth: context.depth + 1 });
  return readList(lines, at, { inside, endsItem: startsBlock, isRule });
}

function table(lines: readonly string[], at: number, context: Context): Block | undefined {
  return readTable(lines, at, (text) => renderInline(text, context));
}

function startsBlock(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || QUOTE.test(line) || isListItem(line) || isRule(line);
}

function paragraph(lines: readonly string[], at: number, context: Context): Block {
  let end = at + 1;
  while (
    end < lines.length &&
    !isBlank(lines[end]) &&
    !startsBlock(lines[end] ?? '') &&
    !/^ {0,3}=+ *$/.test(lines[end] ?? '')
  )
    end += 1;
  const text = lines
    .slice(at, end)
    .map((line) => line.trim())
    .join('\n');
  const underline = /^ {0,3}(=+|-+) *$/.exec(lines[end] ?? '')?.[1];
  if (underline !== undefined)
    return {
      html: headingHtml(context.headingShift + (underline.startsWith('=') ? 1 : 2), text, context),
      lines: end + 1 - at,
    };
  const html = renderInline(text, context);
  return { html: html.trim() === '' ? '' : `<p>${html}</p>`, lines: end - at };
}

import { escapeAttribute, escapeHtml } from '../markdown/escape-html.ts';
import { RenderedHtml } from '../markdown/rendered-html.ts';
import { type MarkupElement, type PageMarkup, SVG_TAGS } from './element.ts';

const VOID_TAGS: ReadonlySet<string> = new Set(['br', 'input']);

/** Markup as HTML. Everything that is neither a tag of ours nor made by the Markdown renderer is escaped. */
export function toHtml(markup: PageMarkup): string {
  if (typeof markup === 'string') return escapeHtml(markup);
  if (markup === undefined || markup === false) return '';
  if (isList(markup)) return listHtml(markup);
  return markup instanceof RenderedHtml ? markup.html : elementHtml(markup);
}

// Loops, since a registry of ten thousand plugins passes a million elements through here.
function listHtml(list: readonly PageMarkup[]): string {
  let html = '';
  for (const markup of list) html += toHtml(markup);
  return html;
}

function elementHtml({ tag, attributes, children }: MarkupElement<RenderedHtml>): string {
  let html = `<${tag}`;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name as keyof typeof attributes];
    if (value !== undefined) html += ` ${name}="${escapeAttribute(value)}"`;
  }
  // Shapes of a drawing have nothing inside; in HTML proper such an end would be passed over.
  if (children.length === 0 && SVG_TAGS.has(tag)) return `${html}/>`;
  html += '>';
  return VOID_TAGS.has(tag) ? html : `${html}${listHtml(children)}</${tag}>`;
}

const isList = (markup: PageMarkup): markup is readonly PageMarkup[] => Array.isArray(markup);

import { escapeAttribute, escapeHtml } from '../markdown/escape-html.ts';
import type { Markup } from './element.ts';

const VOID_TAGS: ReadonlySet<string> = new Set(['br', 'input']);

/** Markup as HTML. Everything that is not a tag of ours is escaped. */
export function toHtml(markup: Markup): string {
  if (markup === undefined || markup === false) return '';
  if (typeof markup === 'string') return escapeHtml(markup);
  if (isList(markup)) return markup.map(toHtml).join('');
  const { tag, attributes, children } = markup;
  const written = Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeAttribute(value)}"`]))
    .join('');
  return VOID_TAGS.has(tag) ? `<${tag}${written}>` : `<${tag}${written}>${children.map(toHtml).join('')}</${tag}>`;
}

const isList = (markup: Markup): markup is readonly Markup[] => Array.isArray(markup);

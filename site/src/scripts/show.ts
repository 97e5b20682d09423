import { type Markup, SVG_TAGS } from '../markup/element.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Markup as nodes of the page. Text becomes text nodes; no string is ever parsed as HTML. */
function toNodes(markup: Markup): Node[] {
  if (markup === undefined || markup === false) return [];
  if (typeof markup === 'string') return [document.createTextNode(markup)];
  if (isList(markup)) return markup.flatMap(toNodes);
  const { tag, attributes, children } = markup;
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.flatMap(toNodes));
  return [element];
}

/** Fills an element of the page anew. */
export function show(into: Element, markup: Markup): void {
  into.replaceChildren(...toNodes(markup));
}

const isList = (markup: Markup): markup is readonly Markup[] => Array.isArray(markup);

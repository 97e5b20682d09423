// Markup as plain values, so that one description serves the pages that are built and the pages that a script fills in. Text can
// only be text, and there is no attribute that a browser would run. HTML passes through only into pages that are built, and only as
// the Markdown renderer made it.

import type { RenderedHtml } from '../markdown/rendered-html.ts';

export type Markup<Html extends RenderedHtml = never> =
  | string
  | undefined
  | false
  | Html
  | MarkupElement<Html>
  | readonly Markup<Html>[];

/** Of a page that is built: it may hold a README. No script can show it. */
export type PageMarkup = Markup<RenderedHtml>;
type PageElement = MarkupElement<RenderedHtml>;

export interface MarkupElement<Html extends RenderedHtml = never> {
  readonly tag: Tag;
  readonly attributes: Attributes;
  readonly children: readonly Markup<Html>[];
}

/** Closed on purpose: no script, style, frame or image. */
export type Tag =
  | ('aside' | 'figcaption' | 'figure' | 'h1' | 'nav')
  | ('a' | 'b' | 'br' | 'caption' | 'code' | 'dd' | 'details' | 'div' | 'dl' | 'dt' | 'h2' | 'h3' | 'h4' | 'li' | 'ol')
  | (
      | 'p'
      | 'pre'
      | 'section'
      | 'span'
      | 'strong'
      | 'summary'
      | 'table'
      | 'tbody'
      | 'td'
      | 'th'
      | 'thead'
      | 'time'
      | 'tr'
    )
  | ('i' | 'ul' | 'form' | 'label' | 'input' | 'button' | 'fieldset' | 'legend')
  | ('svg' | 'path' | 'rect' | 'line' | 'polyline' | 'circle' | 'text' | 'g' | 'title');

type AttributeName =
  | ('class' | 'id' | 'href' | 'rel' | 'scope' | 'role' | 'datetime' | 'open' | 'tabindex' | 'colspan' | 'hidden')
  | ('for' | 'type' | 'name' | 'value' | 'placeholder' | 'accept' | 'autocomplete' | 'spellcheck' | 'checked')
  | ('viewBox' | 'd' | 'x' | 'y' | 'x1' | 'x2' | 'y1' | 'y2' | 'cx' | 'cy' | 'r' | 'width' | 'height' | 'points')
  | (
      | 'aria-hidden'
      | 'aria-label'
      | 'aria-labelledby'
      | 'data-state'
      | 'data-step'
      | 'data-base'
      | 'download'
      | 'aria-current'
    );

export type Attributes = { readonly [A in AttributeName]?: string | undefined };

/** Addresses of this site under its base path; `path` has no leading slash. */
export type Link = (path: string) => string;

/** One element. Strings among the children are text, never markup. */
export function el(tag: Tag, attributes?: Attributes, ...children: readonly Markup[]): MarkupElement;
export function el(tag: Tag, attributes?: Attributes, ...children: readonly PageMarkup[]): PageElement;
export function el(tag: Tag, attributes: Attributes = {}, ...children: readonly PageMarkup[]): PageElement {
  return { tag, attributes, children };
}

export const SVG_TAGS: ReadonlySet<Tag> = new Set([
  'svg',
  'path',
  'rect',
  'line',
  'polyline',
  'circle',
  'text',
  'g',
  'title',
]);

/** Items with a comma between them. */
export function commaList(items: readonly Markup[]): readonly Markup[] {
  return items.flatMap((item, i) => (i === 0 ? [item] : [', ', item]));
}

export const codes = (names: readonly string[]): readonly Markup[] =>
  commaList(names.map((name) => el('code', {}, name)));

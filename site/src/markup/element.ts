// Markup as plain values, so that one description serves the pages that are built and the pages that a script fills in. Text can
// only be text: there is no way to pass HTML through, and no attribute that a browser would run.

export type Markup = string | undefined | false | MarkupElement | readonly Markup[];

export interface MarkupElement {
  readonly tag: Tag;
  readonly attributes: Attributes;
  readonly children: readonly Markup[];
}

/** Closed on purpose: no script, style, frame or image. */
export type Tag =
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
  | ('aria-hidden' | 'aria-label' | 'aria-labelledby' | 'data-state' | 'data-step' | 'data-base' | 'download');

export type Attributes = { readonly [A in AttributeName]?: string | undefined };

/** Addresses of this site under its base path; `path` has no leading slash. */
export type Link = (path: string) => string;

/** One element. Strings among the children are text, never markup. */
export function el(tag: Tag, attributes: Attributes = {}, ...children: readonly Markup[]): MarkupElement {
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

import { el, type Link, type Markup } from './element.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
  /** Below this site, or a place on the page. */
  readonly path?: string;
}

/** Names and values in a row. */
export function factsRow(facts: readonly Fact[], link: Link): Markup {
  return el(
    'dl',
    { class: 'facts-row' },
    facts.map(({ name, value, path }) =>
      el(
        'div',
        {},
        el('dt', {}, name),
        el('dd', {}, path === undefined ? value : el('a', { href: path.startsWith('#') ? path : link(path) }, value)),
      ),
    ),
  );
}

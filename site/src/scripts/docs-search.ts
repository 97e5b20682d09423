import { type DocsSection, searchDocs } from '../data/docs-search.ts';
import { sayMany } from '../data/say-numbers.ts';
import { el } from '../markup/element.ts';
import { linkFrom, part } from './page-parts.ts';
import { show } from './show.ts';

const desk = part('docs-search');
const link = linkFrom(desk.dataset['base'] ?? '/');
const input = part<HTMLInputElement>('q');
let sections: Promise<readonly DocsSection[]> | undefined;

const load = async (): Promise<readonly DocsSection[]> => (await fetch(link('docs/search.json'))).json();

async function search(): Promise<void> {
  sections ??= load();
  const query = input.value.trim();
  const hits = searchDocs(await sections, query);
  history.replaceState(null, '', query === '' ? location.pathname : `?q=${encodeURIComponent(query)}`);
  part('status').textContent = query === '' ? '' : sayMany(hits.length, 'section');
  show(
    part('found'),
    hits.map(({ section, excerpt }) =>
      el(
        'li',
        {},
        el(
          'div',
          {},
          el('p', { class: 'title' }, el('a', { href: link(section.path) }, section.heading)),
          el('p', { class: 'small' }, excerpt),
          el('p', { class: 'small soft' }, section.title),
        ),
      ),
    ),
  );
}

input.value = new URLSearchParams(location.search).get('q') ?? '';
input.addEventListener('input', () => void search());
if (input.value !== '') void search();

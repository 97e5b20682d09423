// The search of /plugins/. The list below it is there without this script; while something is asked, the answer takes its place.

import { listedPlugin } from '../data/plugin-list.ts';
import { sayMany } from '../data/say-numbers.ts';
import { entryOf, type PluginQuery, readQuery, writeQuery } from '../data/search-plugins.ts';
import { ledgerMarkup } from '../markup/ledger-markup.ts';
import { fetchOwn, linkFrom, part } from './page-parts.ts';
import { openSearch, type PluginSearch } from './plugin-search.ts';
import { show } from './show.ts';

const SHOWN = 50;
const WAIT_MS = 80;

const form = part<HTMLFormElement>('search');
const link = linkFrom(form.dataset['base'] ?? '/');
const titles = new Map(Object.entries(JSON.parse(form.dataset['hosts'] ?? '{}') as Record<string, string>));
const [status, found, all, more] = [part('status'), part('found'), part('all'), part<HTMLButtonElement>('more')];

let search: Promise<PluginSearch> | undefined;
let shown = SHOWN;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Whoever does not search does not download it. */
function load(): Promise<PluginSearch> {
  search ??= open();
  search.catch(() => {
    search = undefined;
  });
  return search;
}

async function open(): Promise<PluginSearch> {
  const response = await fetchOwn(link('search.json'), 'search.json', { credentials: 'same-origin' });
  const opened = await openSearch(await response.arrayBuffer());
  fill('licence', opened.choices.licences);
  fill('tool', opened.choices.tools);
  return opened;
}

function fill(name: string, values: readonly string[]): void {
  const select = form.elements.namedItem(name) as HTMLSelectElement;
  const wanted = new URLSearchParams(location.search).get(name) ?? '';
  for (const value of values) select.add(new Option(value, value));
  select.value = wanted;
}

function queryOfForm(): PluginQuery {
  const data = new FormData(form);
  const address = new URLSearchParams();
  for (const name of new Set(data.keys())) address.set(name, data.getAll(name).map(String).join(','));
  return readQuery(address);
}

function fillForm(query: PluginQuery): void {
  for (const [name, value] of Object.entries(query) as [string, string | readonly string[]][])
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`))
      if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value.includes(field.value);
      else field.value = String(value);
  const inner = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('details [name]')];
  const isUsed = ({ name }: { readonly name: string }): boolean => query[name as keyof PluginQuery].length > 0;
  if (inner.some(isUsed)) form.querySelector('details')?.setAttribute('open', '');
}

async function find(query: PluginQuery): Promise<void> {
  const asked = writeQuery(query);
  history.replaceState(null, '', asked === '' ? location.pathname : `?${asked}`);
  all.hidden = asked !== '';
  found.hidden = asked === '';
  more.hidden = true;
  if (asked === '') {
    status.textContent = '';
    return;
  }
  try {
    const opened = await load();
    const { total, entries } = await opened.ask(query, shown);
    if (asked !== writeQuery(queryOfForm())) return;
    status.textContent = total === 0 ? 'No plugin fits.' : sayMany(total, 'plugin');
    const lines = entries.map((entry) => listedPlugin(entryOf(entry), titles));
    show(found, ledgerMarkup(lines, link));
    more.hidden = total <= entries.length;
  } catch (error) {
    status.textContent = `The list could not be searched: ${String(error)}`;
    all.hidden = false;
  }
}

function later(): void {
  shown = SHOWN;
  clearTimeout(waiting);
  waiting = setTimeout(() => void find(queryOfForm()), WAIT_MS);
}

function start(): void {
  const query = readQuery(new URLSearchParams(location.search));
  fillForm(query);
  form.addEventListener('focusin', () => void load(), { once: true });
  form.addEventListener('input', later);
  form.addEventListener('reset', () => setTimeout(later));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void find(queryOfForm());
  });
  more.addEventListener('click', () => {
    shown += SHOWN;
    void find(queryOfForm());
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches('input, select, textarea')) return;
    event.preventDefault();
    part('q').focus();
  });
  if (writeQuery(query) !== '')
    void load().then(
      () => find(query),
      () => find(query),
    );
}

start();

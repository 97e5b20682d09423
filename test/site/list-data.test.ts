import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageNavs } from '../../site/src/data/page-nav.ts';
import { groupPlugins, LIST_LENGTH, listPages } from '../../site/src/data/plugin-list.ts';
import { choices, readQuery, type SearchEntry, searchPlugins, writeQuery } from '../../site/src/data/search-plugins.ts';
import { listMarkup } from '../../site/src/markup/list-markup.ts';
import { pageNavMarkup } from '../../site/src/markup/page-nav-markup.ts';
import { toHtml } from '../../site/src/markup/to-html.ts';

const entry = (i: string, changes: Partial<SearchEntry> = {}): SearchEntry => ({
  i,
  t: i,
  s: '',
  k: [],
  h: ['ddalab'],
  c: [],
  r: 'none',
  m: [],
  v: '1.0.0',
  tier: 'community',
  d: 'untested',
  l: 'MIT',
  z: 1000,
  p: '2026-01-31',
  g: [],
  ...changes,
});

const ALL: readonly SearchEntry[] = [
  entry('a/entropy', { t: 'Spectral entropy', k: ['spectrum'], z: 3000, p: '2026-02-01', g: ['rustc'] }),
  entry('a/trigger', {
    t: 'Trigger',
    s: 'sends the entropy away',
    c: ['network'],
    r: 'low',
    h: ['conductor'],
    m: ['conductor.http_request'],
    z: 2000,
  }),
  entry('b/process', { t: 'Process', a: 'process', r: 'high', l: 'GPL-3.0-only', tier: 'verified', g: ['python'] }),
];

const ids = (query: string): string[] => searchPlugins(ALL, readQuery(new URLSearchParams(query))).map(({ i }) => i);

describe('searching', () => {
  test.each<[string, string[]]>([
    ['', ['b/process', 'a/entropy', 'a/trigger']],
    ['q=entropy', ['a/entropy', 'a/trigger']],
    ['q=ENTROPY+away', ['a/trigger']],
    ['q=entropy+nowhere', []],
    ['q=http_request', ['a/trigger']],
    ['host=conductor', ['a/trigger']],
    // Whatever its classes say, a process can do it; so it is never among those that cannot.
    ['class=network', ['b/process', 'a/trigger']],
    ['lacks=network', ['a/entropy']],
    ['lacks=network,ui', ['a/entropy']],
    ['risk=low', ['a/entropy', 'a/trigger']],
    ['risk=none', ['a/entropy']],
    ['risk=medium', ['a/entropy', 'a/trigger']],
    ['tier=verified', ['b/process']],
    ['same=untested&licence=MIT', ['a/entropy', 'a/trigger']],
    ['tool=rustc', ['a/entropy']],
    ['size=2000', ['b/process', 'a/trigger']],
    ['import=http', ['a/trigger']],
    ['sort=updated', ['a/entropy', 'a/trigger', 'b/process']],
    ['sort=size', ['b/process', 'a/trigger', 'a/entropy']],
    ['sort=nonsense', ['b/process', 'a/entropy', 'a/trigger']],
    ['sort=constructor', ['b/process', 'a/entropy', 'a/trigger']],
  ])('%s', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  test('an address is a query and back, whatever it holds', () => {
    const text = fc.string({ maxLength: 20 }).map((value) => value.trim());
    const words = fc.array(
      fc.string({ minLength: 1, maxLength: 8 }).filter((word) => !word.includes(',') && word.trim() === word),
    );
    fc.assert(
      fc.property(text, text, words, (q, host, lacks) => {
        const query = { ...readQuery(new URLSearchParams()), q, host, lacks };
        expect(readQuery(new URLSearchParams(writeQuery(query)))).toEqual(query);
        expect(() => searchPlugins(ALL, query)).not.toThrow();
      }),
    );
    expect(writeQuery(readQuery(new URLSearchParams()))).toBe('');
  });

  test('what there is to choose from, commonest first', () => {
    expect(choices(ALL, ({ l }) => [l])).toEqual(['MIT', 'GPL-3.0-only']);
  });
});

test('long groups go over several pages, and nothing is lost', () => {
  const entries = Array.from({ length: 2 * LIST_LENGTH + 3 }, (_, i) => ({
    plugin: `a/p${String(i).padStart(3, '0')}`,
    title: `P ${String(i).padStart(3, '0')}`,
    summary: 's',
    hosts: ['ddalab'],
    host: 'ddalab',
    latest: '1.0.0',
    sha256: 'a'.repeat(64),
    size: 1,
    kind: 'core' as const,
    tier: 'community' as const,
    risk: 'none' as const,
    capabilities: [],
    classes: [],
    determinism: 'untested' as const,
    license: 'MIT',
    categories: [],
    keywords: [],
    toolchain: [],
    publishedAt: '2026-01-31T12:00:00Z',
    state: 'active' as const,
  }));
  const pages = groupPlugins(entries, new Map()).flatMap(listPages);
  expect(pages.map(({ id, nav }) => [id, nav.number, nav.pages])).toEqual([
    ['nothing-1', 1, 3],
    ['nothing-2', 2, 3],
    ['nothing-3', 3, 3],
  ]);
  const listed = pages.flatMap(({ plugins }) => plugins);
  expect(listed.map(({ plugin }) => plugin)).toEqual(entries.map(({ plugin }) => plugin));
  expect(toHtml(pages.map((page) => listMarkup(page, (path) => `/${path}`)))).toContain(
    '<a href="/plugins/page/nothing-3/">Next</a>',
  );
});

describe('a list over many pages', () => {
  const list = (count: number) => ({
    titles: Array.from({ length: count }, (_, i) => `${String.fromCharCode(64 + Math.floor((i * 27) / count))}${i}`),
    length: 10,
    path: (number: number): string => `page/${number}/`,
  });

  test('any page is reached from any other in few steps, and every link leads to one of them', () => {
    const navs = pageNavs(list(1990));
    const links = navs.map(({ numbers, before, next, letters }) =>
      [before, next, ...[...numbers, ...letters].map(({ path }) => path)].filter((path) => path !== undefined),
    );
    const paths = navs.map(({ number }) => `page/${number}/`);
    for (const own of links) expect(paths).toEqual(expect.arrayContaining(own));
    for (const from of [0, 99, 198]) {
      let seen = new Set([paths[from]]);
      for (let step = 0; step < 4; step += 1)
        seen = new Set([...seen].flatMap((path) => [path, ...(links[paths.indexOf(path ?? '')] ?? [])]));
      expect(seen.size).toBe(paths.length);
    }
  });

  test('letters lead to where they begin; signs that are none stand together', () => {
    expect(pageNavs(list(270))[0]?.letters.slice(0, 3)).toEqual([
      { words: '#', path: 'page/1/' },
      { words: 'A', path: 'page/2/' },
      { words: 'B', path: 'page/3/' },
    ]);
  });

  test('an empty list is one page that leads nowhere', () => {
    expect(pageNavs(list(0))).toEqual([{ number: 1, pages: 1, numbers: [{ words: '1' }], letters: [] }]);
    expect(pageNavs(list(10)).map((nav) => toHtml(pageNavMarkup(nav, String)))).toEqual(['']);
  });
});

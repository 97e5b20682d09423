import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupPlugins, LIST_LENGTH, listPages } from '../../site/src/data/plugin-list.ts';
import { choices, readQuery, type SearchEntry, searchPlugins, writeQuery } from '../../site/src/data/search-plugins.ts';

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
  const groups = groupPlugins(entries, new Map());
  const pages = listPages(groups);
  expect(pages.map(({ id, number, pages: of }) => [id, number, of])).toEqual([
    ['nothing-2', 2, 3],
    ['nothing-3', 3, 3],
  ]);
  const listed = [...(groups[0]?.plugins.slice(0, LIST_LENGTH) ?? []), ...pages.flatMap(({ plugins }) => plugins)];
  expect(listed.map(({ plugin }) => plugin)).toEqual(entries.map(({ plugin }) => plugin));
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { docsPages } from '../../site/src/data/docs-pages.ts';
import { docsSearch, searchDocs } from '../../site/src/data/docs-search.ts';
import { apiDoc, schemaDoc } from '../../site/src/data/generated-docs.ts';
import { openApi } from '../../site/src/data/open-api.ts';
import { createProgram } from '../../tools/cli/src/main.ts';

const FOLDER = new URL('../../site/src/content/docs/', import.meta.url);
const FILES = readdirSync(FOLDER).map(
  (file) => [file.replace(/\.md$/, ''), readFileSync(new URL(file, FOLDER), 'utf8')] as const,
);
const PAGES = docsPages(
  new Map([...FILES, ['schemas', schemaDoc()], ['api', apiDoc()]]),
  (path) => `/base/${path}`,
  'https://a.example/r',
);

describe('the documentation', () => {
  test('every page has a title, a summary and sections', () => {
    expect(PAGES.length).toBeGreaterThan(8);
    for (const { slug, title, summary, sections } of PAGES) {
      expect([title.length > 3, summary.length > 20, sections.length > 0], slug).toEqual([true, true, true]);
      expect(title, slug).not.toMatch(/[`*[\]]/);
      // Without a heading of its own a page is called after its file.
      expect(title, slug).not.toBe(slug);
    }
  });

  test.each(PAGES)(
    '$slug: links to other pages and to the site are rewritten, and none is left as words',
    ({ html }) => {
      expect(html).not.toMatch(/href="(?!\/base\/|https?:\/\/|#)/);
      expect(html).not.toMatch(/\]\(/);
    },
  );

  test('a link leads into the site, into the repository, or nowhere', () => {
    const text =
      '# T\n\n[a](b.md#some-part) [c](/verify/) [d](../../../../test/x) [e](javascript:alert) [f](//evil.example/) [g](../../..)';
    const [page] = docsPages(
      new Map([
        ['t', text],
        ['b', '# B'],
      ]),
      (path) => `/base/${path}`,
      'https://a.example/r',
    ).slice(1);
    const links = [...(page?.html ?? '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(links).toEqual(['/base/docs/b/#readme-some-part', '/base/verify/', 'https://a.example/r/blob/main/test/x']);
  });

  test('is found by its words, headings first', () => {
    const hits = searchDocs(docsSearch(PAGES), 'stolen key');
    expect(searchDocs(docsSearch(PAGES), 'revocation').length).toBeGreaterThan(2);
    expect(hits.every(({ section }) => /key/i.test(section.text))).toBe(true);
    expect(searchDocs(docsSearch(PAGES), 'plugmark verify')[0]?.section.heading).toBe('plugmark verify');
    expect(searchDocs(docsSearch(PAGES), '')).toEqual([]);
  });
});

/** What the documentation tells people to type has to exist. */
describe('commands in the documentation', () => {
  const nowhere = { write: () => undefined };
  const io = { stdout: nowhere, stderr: nowhere, cwd: '/', env: {}, now: () => new Date(0), fetch };
  const program = createProgram(io, () => undefined);
  const lines = PAGES.filter(({ slug }) => slug !== 'cli' && slug !== 'schemas').flatMap(({ slug, html }) =>
    [...html.matchAll(/(?:npx (?:--yes )?)?plugmark(?:@[\d.]+)? ((?:[a-z]+[^<\n`]*))/g)].map(
      ([, words = '']) => [slug, words.trim()] as const,
    ),
  );

  test('there are some', () => {
    expect(lines.length).toBeGreaterThan(10);
  });

  test.each(lines)('%s: plugmark %s', (_, line) => {
    const words = line.split(/\s+/);
    let command: ReturnType<typeof createProgram> = program;
    while (true) {
      const inner = command.commands.find((candidate) => candidate.name() === words[0]);
      if (inner === undefined) break;
      command = inner;
      words.shift();
    }
    expect([command === program, command.commands.length], line).toEqual([false, 0]);
    const known = command.options.flatMap(({ long, short }) => [long, short]);
    for (const option of words.filter((word) => /^--?[a-z]/.test(word))) expect(known, line).toContain(option);
  });
});

test('OpenAPI names every path with its parameters', () => {
  const { paths } = openApi({ title: 'T', url: 'https://a.example/' }) as {
    paths: Record<string, { get: { operationId: string; parameters?: { name: string }[] } }>;
  };
  expect(paths['/v1/plugins/{publisher}/{name}.json']?.get.parameters?.map(({ name }) => name)).toEqual([
    'publisher',
    'name',
  ]);
  const ids = Object.values(paths).map(({ get }) => get.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

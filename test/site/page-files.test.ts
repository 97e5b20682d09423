// Citation, badge, feeds and the files machines look for: formats of other people, with hostile text in every field.

import type { Changes } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { badge } from '../../site/src/data/badge.ts';
import { citation, citationFile } from '../../site/src/data/citation.ts';
import { atomFeed, feedEntries, jsonFeed } from '../../site/src/data/feeds.ts';
import { isFindable, securityText, sitemap } from '../../site/src/data/site-files.ts';
import { versionCharts } from '../../site/src/data/version-chart.ts';
import { el } from '../../site/src/markup/element.ts';
import { toHtml } from '../../site/src/markup/to-html.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { sampleDocument, sampleRelease } from './sample-release.ts';

const HOME = 'https://registry.example/';
const ATTACK = '"><script>alert(1)</script>&\\{}% #"';

const cited = () => {
  const release = sampleRelease();
  const authors = [{ name: `${ATTACK} Author`, orcid: '0000-0002-1825-0097', affiliation: ATTACK }, { name: 'B' }];
  release.release.citation = { title: ATTACK, authors, doi: '10.5281/zenodo.1', year: 2025 };
  return { release, document: sampleDocument([release]) };
};

describe('a citation', () => {
  test('for people says who, what, which version and which bytes', () => {
    const release = sampleRelease();
    expect(citation(sampleDocument([release]), release, HOME).text).toBe(
      `Acme (2026). Probe, version 1.0.0 (acme/probe) [software]. sha256:${'a'.repeat(64)}. ${HOME}plugins/acme/probe/`,
    );
  });

  test('in BibTeX keeps its braces, whatever a publisher wrote', () => {
    const { release, document } = cited();
    const { bibtex } = citation(document, release, HOME);
    let depth = 0;
    for (const char of bibtex.replace(/\\textbackslash\{\}/g, '')) {
      depth += char === '{' ? 1 : char === '}' ? -1 : 0;
      expect(depth).toBeGreaterThanOrEqual(0);
    }
    expect(depth).toBe(0);
    expect(bibtex).toContain('doi = {10.5281/zenodo.1}');
    expect(bibtex).toContain('\\% \\#');
    expect(bibtex.match(/^ {2}\w+ = /gm)).toHaveLength(7);
  });

  test('as CITATION.cff is YAML with the members the format asks for, and no others', () => {
    const { release, document } = cited();
    expect(parseYaml(citationFile(document, release, HOME))).toEqual({
      'cff-version': '1.2.0',
      message: 'If you use this plugin, cite this version of it.',
      type: 'software',
      title: ATTACK,
      version: '1.0.0',
      'date-released': '2026-01-31',
      license: 'MIT',
      url: `${HOME}plugins/acme/probe/`,
      doi: '10.5281/zenodo.1',
      authors: [
        { name: `${ATTACK} Author`, orcid: 'https://orcid.org/0000-0002-1825-0097', affiliation: ATTACK },
        { name: 'B' },
      ],
      identifiers: [{ type: 'other', value: `sha256:${'a'.repeat(64)}`, description: 'SHA-256 of the plugin' }],
    });
  });
});

describe('feeds', () => {
  const changes: Changes = {
    schemaVersion: 1,
    registry: 'test',
    generatedAt: '2026-02-01T00:00:00Z',
    verification: 'none: plain JSON over TLS; use the client or the specification',
    changes: [
      { at: '2026-02-01T00:00:00Z', kind: 'yanked', plugin: 'acme/probe', version: '1.0.0', detail: ATTACK },
      { at: '2026-01-31T00:00:00Z', kind: 'released', plugin: 'acme/probe', version: '1.0.0' },
    ],
  };
  const feed = {
    title: ATTACK,
    home: HOME,
    self: `${HOME}feeds/x`,
    updated: '2026-02-01T00:00:00Z',
    entries: feedEntries(changes, HOME, new Map([['acme/probe', ATTACK]])),
  };

  test('each entry has an id of its own, and text stays text', () => {
    expect(new Set(feed.entries.map(({ id }) => id)).size).toBe(2);
    const atom = atomFeed(feed);
    expect(atom).not.toContain('<script');
    expect(atom.match(/<entry>/g)).toHaveLength(2);
    expect(atom.match(/<(\w+)[ >]/g)?.length).toBeGreaterThan(10);
  });

  test('JSON Feed', () => {
    expect(JSON.parse(jsonFeed(feed))).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      items: [
        { content_text: ATTACK, date_published: '2026-02-01T00:00:00Z' },
        { title: `${ATTACK} 1.0.0 was released` },
      ],
    });
  });
});

test('a badge says version and tier, and that it was taken back', () => {
  const entry = { latest: '1.0.0', tier: 'verified', state: 'active' } as const;
  expect(badge(entry, 'Office')).toContain('aria-label="Office: 1.0.0 verified"');
  expect(badge({ ...entry, state: 'yanked' }, ATTACK)).toContain('1.0.0 yanked');
  expect(badge(entry, ATTACK)).not.toContain('<script');
});

test('charts are drawn from two versions on, from zero', () => {
  const releases = [sampleRelease({ version: '2.0.0' }), sampleRelease()];
  Object.assign(releases[0]?.release.artifact ?? {}, { size: 1024 });
  const [chart, ...others] = versionCharts(sampleDocument(releases));
  expect(others).toEqual([]);
  expect(chart).toMatchObject({
    says: 'Size: 2 KiB in 1.0.0, 1 KiB in 2.0.0',
    points: [
      { x: 6, y: 6 },
      { x: 234, y: 24 },
    ],
  });
  expect(versionCharts(sampleDocument([sampleRelease()]))).toEqual([]);
});

test('new plugins wait before a search engine may list them', () => {
  const context = { generatedAt: '2026-02-04T00:00:00Z', waits: { ...TEST_POLICY.waits, noIndexDays: 3 } };
  expect(isFindable('2026-02-01T00:00:00Z', context)).toBe(true);
  expect(isFindable('2026-02-01T00:00:01Z', context)).toBe(false);
});

test('sitemap and security.txt', () => {
  expect(sitemap(['a&b/'], HOME)).toContain('<loc>https://registry.example/a&amp;b/</loc>');
  expect(securityText('mailto:x@a.example', '2028-01-01T00:00:00Z', HOME)).toMatch(
    /^Contact: mailto:x@a\.example\nExpires: 2028/,
  );
});

test('markup is text wherever a stranger wrote it', () => {
  const html = toHtml(el('p', { class: ATTACK, href: ATTACK }, ATTACK, undefined, false, [el('br'), ATTACK]));
  expect(html).not.toMatch(/<script/);
  expect(html.match(/</g)).toHaveLength(3);
});

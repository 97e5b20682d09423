// The page of one plugin below its layout. Written as markup and not as a component of Astro: of a large registry there are ten
// thousand of them, and they are written by several threads at once.

import type { PluginPage } from '../data/plugin-page.ts';
import type { RenderedHtml } from '../markdown/rendered-html.ts';
import { analysisMarkup } from './analysis-markup.ts';
import { el, type Link, type Markup, type PageMarkup } from './element.ts';
import { factsRow } from './facts-markup.ts';
import { hallmarksMarkup } from './hallmarks-markup.ts';
import { permissionMarkup } from './permission-markup.ts';
import { verificationMarkup } from './verification-markup.ts';
import { chartsMarkup, versionsMarkup } from './versions-markup.ts';

const FOREIGN = 'nofollow noopener';

export function pluginMarkup(page: PluginPage, readme: RenderedHtml | undefined, link: Link): PageMarkup {
  return [
    head(page, link),
    page.banners.map(banner),
    page.upstream !== undefined && upstream(page.upstream),
    el(
      'div',
      { class: 'columns' },
      el(
        'div',
        { class: 'stack' },
        page.hosts.map(({ permissions }) => permissionMarkup(permissions)),
      ),
      el(
        'aside',
        { class: 'stack', 'aria-label': 'Verification and installation' },
        verificationMarkup(page.verification, link),
        install(page),
        files(page, link),
      ),
      el(
        'div',
        { class: 'stack' },
        page.description !== undefined && section('description', 'What it computes', el('p', {}, page.description)),
        section('analysis', 'The assay', assay(page, link)),
        section('versions', 'Versions', chartsMarkup(page.charts), versionsMarkup(page.plugin, page.versions, link)),
        page.needs.length > 0 && section('needs', 'Needs', needs(page, link)),
        section('cite', 'Cite', cite(page)),
        readme !== undefined &&
          section('readme', 'From the publisher’s README', el('div', { class: 'readme' }, readme)),
      ),
    ),
  ];
}

function section(id: string, title: string, ...content: readonly PageMarkup[]): PageMarkup {
  return el('section', { id }, el('h2', {}, title), ...content);
}

function head({ publisher, name, title, summary, facts, hallmarks, tier }: PluginPage, link: Link): Markup {
  return el(
    'div',
    { class: 'plugin-head' },
    el('p', { class: 'soft' }, el('a', { href: link(`publishers/${publisher.id}/`) }, publisher.title), ` / ${name}`),
    el('h1', {}, title),
    el('p', { class: 'lede' }, summary),
    factsRow(facts, link),
    hallmarksMarkup(hallmarks),
    el('p', { class: 'small' }, `${tier.says} `, el('span', { class: 'soft' }, tier.limits)),
  );
}

function banner({ title, says, reason, evidence, replacement }: PluginPage['banners'][number]): Markup {
  return el(
    'div',
    { class: 'banner', role: 'note' },
    el('p', {}, el('strong', {}, `${title}.`), ` ${says}`),
    reason !== undefined && el('p', { class: 'quoted' }, `“${reason}”`),
    evidence !== undefined && el('p', {}, el('a', { href: evidence, rel: FOREIGN }, 'Evidence')),
    replacement !== undefined && el('p', {}, 'Instead: ', el('code', {}, replacement)),
  );
}

function upstream({ url, title, authors, license, notice }: NonNullable<PluginPage['upstream']>): Markup {
  return el(
    'div',
    { class: 'upstream', role: 'note' },
    el(
      'p',
      {},
      el('strong', {}, 'Whose work it is:'),
      ' ',
      el('a', { href: url, rel: FOREIGN }, title),
      ` by ${authors}, ${license}.`,
    ),
    el('p', {}, notice),
  );
}

function install({ hosts }: PluginPage): Markup {
  return el(
    'section',
    { id: 'install' },
    el('h2', {}, 'Install'),
    hosts.map(({ install: snippets }) =>
      snippets.map(({ title, text }) => [el('p', { class: 'label' }, title), el('pre', {}, el('code', {}, text))]),
    ),
  );
}

function files({ links, files: own }: PluginPage, link: Link): Markup {
  return el(
    'section',
    { id: 'files' },
    el('h2', {}, 'Files and links'),
    el(
      'ul',
      { class: 'plain' },
      links.map(({ title, url }) => el('li', {}, el('a', { href: url, rel: FOREIGN }, title))),
      own.map((file) =>
        el('li', {}, el('a', 'url' in file ? { href: file.url, rel: FOREIGN } : { href: link(file.path) }, file.title)),
      ),
    ),
  );
}

const assay = ({ hosts }: PluginPage, link: Link): Markup =>
  hosts.map(({ analysis, title }) => [el('p', {}, analysis.how), analysisMarkup(analysis, title, link)]);

function needs({ needs: list }: PluginPage, link: Link): Markup {
  const items = list.map(({ plugin, range }) =>
    el('li', {}, el('a', { href: link(`plugins/${plugin}/`) }, plugin), ` ${range}`),
  );
  return el('ul', {}, items);
}

function cite({ citation: { text, bibtex } }: PluginPage): Markup {
  return [el('p', {}, text), el('details', {}, el('summary', {}, 'BibTeX'), el('pre', {}, el('code', {}, bibtex)))];
}

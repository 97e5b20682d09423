// Atom (RFC 4287) and JSON Feed 1.1 of what happened. Dates are the registry's, so the same tree gives the same bytes. Pure.

import type { Changes } from '@plugmark/schemas';
import { escapeAttribute } from '../markdown/escape-html.ts';

export interface Feed {
  readonly title: string;
  /** Absolute addresses: of the pages, and of this feed. */
  readonly home: string;
  readonly self: string;
  readonly updated: string;
  readonly entries: readonly FeedEntry[];
}

interface FeedEntry {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly at: string;
  readonly summary: string;
}

const MAX_ENTRIES = 100;

const SAYS: Readonly<Record<Changes['changes'][number]['kind'], string>> = {
  released: 'was released',
  deprecated: 'was deprecated',
  yanked: 'was yanked: it is not chosen any more',
  quarantined: 'was quarantined: new installs are blocked',
  revoked: 'is to be revoked',
  restored: 'was restored',
  listing: 'is described anew',
  widened: 'can do more than before',
};

export function feedEntries(
  { changes }: Changes,
  home: string,
  titles: ReadonlyMap<string, string>,
): readonly FeedEntry[] {
  return changes.slice(0, MAX_ENTRIES).map(({ at, kind, plugin, version, detail }) => {
    const name = `${titles.get(plugin) ?? plugin}${version === undefined ? '' : ` ${version}`}`;
    const url = `${home}plugins/${plugin}/${version === undefined ? '' : `#v${version}`}`;
    return {
      id: `${home}plugins/${plugin}/#${kind}-${version ?? ''}-${at}`,
      title: `${name} ${SAYS[kind]}`,
      url,
      at,
      summary: detail ?? `${plugin} ${SAYS[kind]}.`,
    };
  });
}

/** By plugin or publisher: once for all the feeds there are. */
export function groupChanges(
  changes: Changes['changes'],
  by: (change: Changes['changes'][number]) => string,
): ReadonlyMap<string, Changes['changes']> {
  const groups = new Map<string, Changes['changes'][number][]>();
  for (const change of changes) {
    const group = groups.get(by(change));
    if (group === undefined) groups.set(by(change), [change]);
    else group.push(change);
  }
  return groups;
}

export function atomFeed({ title, home, self, updated, entries }: Feed): string {
  const x = escapeAttribute;
  const written = entries.map(
    ({ id, title: name, url, at, summary }) =>
      `<entry><id>${x(id)}</id><title>${x(name)}</title><link href="${x(url)}"/><updated>${x(at)}</updated><summary>${x(summary)}</summary></entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${x(self)}</id><title>${x(title)}</title><updated>${x(updated)}</updated><author><name>${x(title)}</name></author>
<link rel="self" href="${x(self)}"/><link href="${x(home)}"/>
${written.join('\n')}
</feed>
`;
}

export function jsonFeed({ title, home, self, entries }: Feed): string {
  const items = entries.map(({ id, title: name, url, at, summary }) => ({
    id,
    url,
    title: name,
    content_text: summary,
    date_published: at,
  }));
  const feed = { version: 'https://jsonfeed.org/version/1.1', title, home_page_url: home, feed_url: self, items };
  return `${JSON.stringify(feed)}\n`;
}

// What a plugin is called where people see it. A title is free text, so it can say the name of somebody else's plugin, or of the
// registry, while the name itself is the publisher's own.

import type { MergeFinding } from '@plugmark/schemas';
import { skeleton } from '../name-distance.ts';
import { found } from './found.ts';
import { fact, facts } from './merge-rule.ts';
import type { ListedState } from './pull-request.ts';
import { type SubmittedFile, submittedValue } from './submitted-files.ts';

export function listingFindings(
  files: readonly SubmittedFile[],
  plugin: string,
  { plugins, reservedNames }: Pick<ListedState, 'plugins' | 'reservedNames'>,
): MergeFinding[] {
  const listing = submittedValue(files, 'listing');
  // A title that stays is not looked at again with every new word of the description.
  if (listing?.plugin !== plugin || plugins.get(plugin)?.listing.title === listing.title) return [];
  const title = skeleton(listing.title);
  const [publisher = ''] = plugin.split('/');
  const others = [...plugins].filter(
    ([id, other]) => !id.startsWith(`${publisher}/`) && skeleton(other.listing.title) === title,
  );
  const reserved = Object.keys(reservedNames.publishers).filter((name) => skeleton(name) === title);
  const names = [...others.map(([id]) => id), ...reserved];
  return names.length === 0 ? [] : [found('listing.title-taken', { title: fact(listing.title), names: facts(names) })];
}

// The files beside a mirrored release that a review reads with it: its publisher and listing as upstream has them now, and the rules of
// this registry.

import type { PackageDocument } from '@plugmark/client';
import { type FileTree, jsonFile } from '@plugmark/publish';
import { Identity, Listing, Publisher, parse } from '@plugmark/schemas';
import { rulesOnly } from './mirror-folder.ts';

interface Verified {
  readonly title: string;
  readonly since: string;
  readonly identities: readonly unknown[];
}

/** Verified here once the holders of this registry's keys have signed it too: `verified` is what they are asked for. */
export function publisherFile(
  publisher: string,
  document: PackageDocument,
  verified: Verified | undefined,
  upstream: string,
): Publisher {
  const { title, identities } = verified ?? document.publisher;
  return parse(
    Publisher,
    {
      schemaVersion: 1,
      publisher,
      title,
      owners: [],
      identities: identities.map((identity) => parse(Identity, identity, 'identity')),
      ...(verified === undefined ? {} : { verified: { since: verified.since, by: `upstream ${upstream}` } }),
    },
    `publishers/${publisher}.json`,
  );
}

export interface OfDocument {
  readonly upstream: string;
  readonly document: PackageDocument;
  readonly publisher: Publisher;
}

/** By path in the registry. */
export function mirrorBase(files: FileTree, { upstream, document, publisher }: OfDocument): FileTree {
  const { plugin, listing } = document;
  const folder = `mirrors/${upstream}`;
  const own = [...files].filter(([path]) => path.startsWith(`${folder}/plugins/${plugin}/`));
  return new Map([
    ...rulesOnly(files),
    ...own,
    [`${folder}/publishers/${publisher.publisher}.json`, jsonFile(publisher)],
    [`${folder}/plugins/${plugin}/listing.json`, jsonFile(parse(Listing, listing, 'listing.json'))],
  ]);
}

// A citation as it stands in a paper, a bibliography or a CITATION.cff: whatever its form, one digest names the bytes. Everything else
// in it is compared with what the registry signed, and nothing in it is followed.

import { CliError } from './cli-error.ts';

export interface CitedPlugin {
  readonly sha256: string;
  readonly plugin?: string;
  readonly version?: string;
}

const DIGEST = /(?<![0-9a-fA-F])(?:sha-?256\s*[:=]?\s*)?([0-9a-fA-F]{64})(?![0-9a-fA-F])/gi;
const SLUG = '[a-z0-9]+(?:-[a-z0-9]+)*';
const VERSION = '\\d+\\.\\d+\\.\\d+(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?';
/** `acme/spectral-entropy@1.2.0`, `version 1.2.0 (acme/spectral-entropy)`, the plugin's page, a field of BibTeX or YAML. */
const NAMED = new RegExp(`(?<![\\w/.-])(${SLUG}/${SLUG})@(${VERSION})`);
const IN_WORDS = new RegExp(`version (${VERSION}) \\((${SLUG}/${SLUG})\\)`);
const PAGE = new RegExp(`/plugins/(${SLUG}/${SLUG})/`);
const FIELD = new RegExp(`(?:^|[\\s,{])version\\s*[:=]\\s*["{']?(${VERSION})["}']?\\s*(?:[,}]|$)`, 'm');

/** Fifty authors with their affiliations are shorter. */
const MAX_CITATION = 50_000;

/** Throws CITATION_INVALID. */
export function parseCitation(text: string): CitedPlugin {
  if (text.length > MAX_CITATION)
    throw new CliError('CITATION_INVALID', 'this is too long for a citation', {
      hint: 'give the one entry, not the whole bibliography',
    });
  // A paper breaks a long digest over two lines; its halves belong together.
  const digests = new Set([...rejoined(text).matchAll(DIGEST)].map(([, digest = '']) => digest.toLowerCase()));
  const [sha256] = digests;
  if (sha256 === undefined)
    throw new CliError('CITATION_INVALID', 'the citation has no sha256, so it does not say which bytes ran', {
      hint: 'copy it from the page of the release, with the part that begins with sha256:',
    });
  if (digests.size > 1)
    throw new CliError('CITATION_INVALID', `the citation names ${digests.size} digests`, {
      hint: 'give one citation at a time',
    });
  const [, named, at] = NAMED.exec(text) ?? [];
  const [, said, called] = IN_WORDS.exec(text) ?? [];
  const plugin = named ?? called ?? PAGE.exec(text)?.[1];
  const version = at ?? said ?? FIELD.exec(text)?.[1];
  return { sha256, ...(plugin === undefined ? {} : { plugin }), ...(version === undefined ? {} : { version }) };
}

function rejoined(text: string): string {
  return text.replace(/(sha-?256\s*[:=]?\s*)([0-9a-f]+)((?:[\s-]+[0-9a-f]{2,64})+)/gi, (whole, word, first, rest) => {
    const all = `${first}${String(rest).replace(/[\s-]+/g, '')}`;
    return all.length >= 64 && /^[0-9a-f]{64}/i.test(all) && String(first).length < 64
      ? `${word}${all.slice(0, 64)} `
      : whole;
  });
}

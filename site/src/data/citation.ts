// How to cite exactly what ran: version and digest, for people, BibTeX and CITATION.cff (Citation File Format 1.2.0). What a publisher
// writes goes into two languages with escapes of their own. Pure.

import type { DocumentRelease, PackageDocument } from '@plugmark/schemas';

interface Cited {
  readonly plugin: string;
  readonly version: string;
  readonly title: string;
  readonly authors: readonly {
    readonly name: string;
    readonly orcid?: string | undefined;
    readonly affiliation?: string | undefined;
  }[];
  readonly year: string;
  readonly published: string;
  readonly sha256: string;
  readonly license: string;
  readonly url: string;
  readonly doi?: string | undefined;
}

export interface Citation {
  readonly text: string;
  readonly bibtex: string;
}

export function citation(document: PackageDocument, release: DocumentRelease, registryUrl: string): Citation {
  const cited = citedOf(document, release, registryUrl);
  const { authors, year, title, version, plugin, sha256, doi, url } = cited;
  const names = authors.map(({ name }) => name).join(', ');
  const place = doi === undefined ? url : `https://doi.org/${doi}`;
  return {
    text: `${names} (${year}). ${title}, version ${version} (${plugin}) [software]. sha256:${sha256}. ${place}`,
    bibtex: bibtex(cited),
  };
}

function citedOf(
  { listing, publisher, plugin }: PackageDocument,
  { release, publishedAt }: DocumentRelease,
  registryUrl: string,
): Cited {
  const given = release.citation;
  return {
    plugin,
    version: release.version,
    title: given?.title ?? listing.title,
    authors: given?.authors ?? [{ name: publisher.title }],
    year: String(given?.year ?? publishedAt.slice(0, 4)),
    published: publishedAt.slice(0, 10),
    sha256: release.artifact.sha256,
    license: release.license,
    url: given?.url ?? `${registryUrl}plugins/${plugin}/`,
    doi: given?.doi,
  };
}

function bibtex({ plugin, version, title, authors, year, sha256, url, doi }: Cited): string {
  const fields: readonly (readonly [string, string])[] = [
    ['title', `{${tex(title)}}`],
    ['author', authors.map(({ name }) => `{${tex(name)}}`).join(' and ')],
    ['year', year],
    ['version', tex(version)],
    ['note', `sha256:${sha256}`],
    ...(doi === undefined ? [] : [['doi', tex(doi)] as const]),
    ['url', url.replace(/[{}\\]/g, encodeURIComponent)],
  ];
  const key = `${plugin.replace(/[^a-z0-9]+/g, '-')}-${version.replace(/[^\w.-]/g, '-')}`;
  return `@software{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}}`).join(',\n')}\n}`;
}

const TEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** Text that TeX reads as text; braces go, since an unpaired one would end the entry. */
function tex(text: string): string {
  return text
    .replace(/[{}]/g, '')
    .replace(/[\\~^]/g, (char) => TEX[char] ?? '')
    .replace(/[#$%&_]/g, '\\$&');
}

/** JSON strings are YAML strings: nothing a publisher writes can become a key. */
const quoted = (text: string): string => JSON.stringify(text);

export function citationFile(document: PackageDocument, release: DocumentRelease, registryUrl: string): string {
  const { title, version, authors, published, sha256, license, url, doi } = citedOf(document, release, registryUrl);
  return `${[
    'cff-version: 1.2.0',
    'message: "If you use this plugin, cite this version of it."',
    'type: software',
    `title: ${quoted(title)}`,
    `version: ${quoted(version)}`,
    `date-released: ${quoted(published)}`,
    // An expression is not in the format's list; one identifier is.
    ...(/^[\w.+-]+$/.test(license) ? [`license: ${quoted(license)}`] : []),
    `url: ${quoted(url)}`,
    ...(doi === undefined ? [] : [`doi: ${quoted(doi)}`]),
    'authors:',
    ...authors.flatMap(({ name, orcid, affiliation }) => [
      `  - name: ${quoted(name)}`,
      ...(orcid === undefined ? [] : [`    orcid: ${quoted(`https://orcid.org/${orcid}`)}`]),
      ...(affiliation === undefined ? [] : [`    affiliation: ${quoted(affiliation)}`]),
    ]),
    'identifiers:',
    '  - type: other',
    `    value: ${quoted(`sha256:${sha256}`)}`,
    '    description: "SHA-256 of the plugin"',
  ].join('\n')}\n`;
}

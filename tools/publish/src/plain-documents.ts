// The unverified JSON views: index, artifact look-up, changes, publishers, search. All derived from package documents by way of the
// ledger's lists, so that a build which changed one plugin needs no other's document; nothing is decided here. Pure.

import { compareVersions } from '@plugmark/client';
import {
  type ArtifactLookup,
  type Changes,
  type DocumentRelease,
  type HostProfile,
  type Index,
  type IndexEntry,
  type LedgerRow,
  type ListedPlugin,
  NOT_VERIFIED,
  type PackageDocument,
  type Publisher,
  type PublisherList,
  type Release,
  type SearchIndex,
  type Tier,
  type VerifiedPublishers,
} from '@plugmark/schemas';
import { type FileTree, jsonFile } from './file-tree.ts';
import { publisherIdOf } from './registry-source.ts';

export interface Views {
  readonly registry: string;
  /** From the ledger's head. */
  readonly generatedAt: string;
  /** Of every plugin, in any order; those without a listed release are passed over. */
  readonly rows: Iterable<Pick<LedgerRow, 'listed'>>;
  readonly verified: VerifiedPublishers;
  readonly publishers: ReadonlyMap<string, Publisher>;
}

/** What is listed, in the order of the folders. */
function listedIn({ rows }: Views): ListedPlugin[] {
  const listed = [...rows].flatMap((row) => (row.listed === undefined ? [] : [row.listed]));
  return listed.sort((a, b) => (`${a.index.plugin}/` < `${b.index.plugin}/` ? -1 : 1));
}

const head = ({ registry, generatedAt }: Pick<Views, 'registry' | 'generatedAt'>) =>
  ({ schemaVersion: 1, registry, generatedAt, verification: NOT_VERIFIED }) as const;

/** Of one release: whoever publishes it, a process can do anything, so it is never shown as more than community. */
export function tierOf({ plugin, artifact }: Pick<Release, 'plugin' | 'artifact'>, verified: VerifiedPublishers): Tier {
  return artifact.kind === 'process' ? 'community' : publisherTier(plugin, verified);
}

function publisherTier(plugin: string, { publishers }: VerifiedPublishers): Tier {
  const name = publisherIdOf(plugin);
  const publisher = Object.hasOwn(publishers, name) ? publishers[name] : undefined;
  if (publisher === undefined) return 'community';
  return publisher.builtIn === true ? 'built-in' : 'verified';
}

/** The version a page shows first: the highest active one that is not a prerelease, else the highest. */
function featuredRelease({ releases }: PackageDocument): DocumentRelease {
  const stable = releases.find(({ release, status }) => status.state === 'active' && !release.version.includes('-'));
  return stable ?? (releases[0] as DocumentRelease);
}

/** The views that list every plugin, by path in the tree. */
export function wholeViews(views: Views): FileTree {
  const listed = listedIn(views);
  return new Map([
    ['v1/index.json', jsonFile({ ...head(views), plugins: listed.map(({ index }) => index) } satisfies Index)],
    ['v1/changes.json', jsonFile(changesOf(listed, views))],
    ['v1/publishers.json', jsonFile(publisherList(listed, views))],
    ['search.json', jsonFile(searchIndex(listed))],
  ]);
}

/** What the views say of a plugin. */
export function listedPlugin(document: PackageDocument, context: ViewContext): ListedPlugin {
  const { analysis } = featuredRelease(document);
  const imports = analysis.flatMap(({ capabilities: { derived, runtime } }) => [
    ...derived.flatMap(({ imports: list }) => list),
    ...runtime,
  ]);
  return {
    index: indexEntry(document, context),
    imports: [...new Set(imports.map(({ module, name }) => (name === '' ? module : `${module}.${name}`)))].slice(
      0,
      100,
    ),
    releases: document.releases.map(({ release: { version, artifact }, publishedAt, status }) => ({
      version,
      sha256: artifact.sha256,
      size: artifact.size,
      kind: artifact.kind,
      publishedAt,
      ...(status.state === 'active' ? {} : { status: { state: status.state, since: status.since } }),
    })),
  };
}

export interface ViewContext {
  readonly verified: VerifiedPublishers;
  /** The working folder's: what a declared capability's class is. */
  readonly hosts: ReadonlyMap<string, HostProfile>;
}

function indexEntry(document: PackageDocument, { verified, hosts }: ViewContext): IndexEntry {
  const { release, status, publishedAt, analysis } = featuredRelease(document);
  const { listing, plugin } = document;
  const first = analysis[0];
  const capabilities = [
    ...new Set(analysis.flatMap(({ capabilities: facts }) => facts.derived.map(({ id }) => id))),
  ].sort();
  const declared = release.capabilities.map(({ id }) => id);
  const classes = analysis.flatMap(({ host, capabilities: facts }) => [
    ...facts.derived.map((capability) => capability.class),
    ...declared.flatMap((id) => hosts.get(host)?.capabilities.find((capability) => capability.id === id)?.class ?? []),
  ]);
  return {
    plugin,
    title: listing.title,
    summary: listing.summary,
    hosts: release.targets.map(({ host }) => host),
    host: release.targets[0]?.host ?? '',
    latest: release.version,
    sha256: release.artifact.sha256,
    size: release.artifact.size,
    kind: release.artifact.kind,
    tier: tierOf(release, verified),
    risk: first?.capabilities.risk ?? 'none',
    capabilities: [...new Set([...capabilities, ...declared])].sort(),
    classes: [...new Set(classes)].sort(),
    determinism: first?.determinism.word ?? 'untested',
    license: release.license,
    categories: listing.categories,
    keywords: listing.keywords,
    toolchain: first?.toolchain ?? [],
    publishedAt,
    state: status.state,
  };
}

/** By artifact digest: whose bytes these are. */
export function artifactLookups(views: Views): Map<string, ArtifactLookup> {
  const lookups = new Map<string, ArtifactLookup>();
  for (const { index, releases } of listedIn(views)) {
    for (const { sha256, version } of releases) {
      const known = lookups.get(sha256);
      if (known === undefined) lookups.set(sha256, [{ plugin: index.plugin, version }]);
      else known.push({ plugin: index.plugin, version });
    }
  }
  return lookups;
}

function changesOf(listed: readonly ListedPlugin[], views: Views): Changes {
  const changes = listed.flatMap(({ index: { plugin }, releases }) =>
    releases.flatMap(({ version, publishedAt, status }): Changes['changes'] => [
      { at: publishedAt, kind: 'released', plugin, version },
      ...(status === undefined || status.state === 'active'
        ? []
        : [{ at: status.since, kind: status.state, plugin, version }]),
    ]),
  );
  const { compare } = new Intl.Collator('en');
  changes.sort((a, b) =>
    a.at === b.at
      ? compare(a.plugin, b.plugin) || compareVersions(b.version ?? '', a.version ?? '')
      : a.at < b.at
        ? 1
        : -1,
  );
  return { ...head(views), changes };
}

function publisherList(listed: readonly ListedPlugin[], views: Views): PublisherList {
  const plugins = new Map<string, string[]>();
  for (const { index } of listed) {
    const id = publisherIdOf(index.plugin);
    plugins.set(id, [...(plugins.get(id) ?? []), index.plugin]);
  }
  const publishers = [...views.publishers.values()].map(({ publisher, title }) => ({
    publisher,
    title,
    tier: publisherTier(`${publisher}/`, views.verified),
    plugins: plugins.get(publisher) ?? [],
  }));
  return { ...head(views), publishers };
}

function searchIndex(listed: readonly ListedPlugin[]): SearchIndex {
  const plugins = listed.map(({ index: entry, imports }) => ({
    i: entry.plugin,
    t: entry.title,
    s: entry.summary,
    k: entry.keywords,
    h: entry.hosts,
    c: entry.classes,
    r: entry.risk,
    m: imports,
    v: entry.latest,
    tier: entry.tier,
    d: entry.determinism,
    l: entry.license,
    z: entry.size,
    p: entry.publishedAt.slice(0, 10),
    g: [...new Set(entry.toolchain.map(withoutVersion))],
    ...(entry.kind === 'core' ? {} : { a: entry.kind }),
    ...(entry.state === 'active' ? {} : { o: entry.state }),
  }));
  return { schemaVersion: 1, plugins };
}

/** `clang 17.0.1 (https://...)` is clang to whoever looks for it. */
const withoutVersion = (tool: string): string => /^(.*?)(?: v?\d|$)/.exec(tool)?.[1] || tool;

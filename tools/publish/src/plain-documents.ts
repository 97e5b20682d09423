// The unverified JSON views: index, artifact look-up, changes, publishers, search. All derived from package documents and the
// ledger; nothing is decided here. Pure.

import { compareVersions } from '@plugmark/client';
import {
  type ArtifactLookup,
  type Changes,
  type DocumentRelease,
  type HostProfile,
  type Index,
  type IndexEntry,
  NOT_VERIFIED,
  type PackageDocument,
  type Publisher,
  type PublisherList,
  type Release,
  type SearchIndex,
  type Tier,
  type VerifiedPublishers,
} from '@plugmark/schemas';
import { publisherIdOf } from './registry-source.ts';

export interface Views {
  readonly registry: string;
  /** From the ledger's head. */
  readonly generatedAt: string;
  readonly documents: readonly PackageDocument[];
  readonly verified: VerifiedPublishers;
  readonly hosts: ReadonlyMap<string, HostProfile>;
  readonly publishers: ReadonlyMap<string, Publisher>;
}

const head = ({ registry, generatedAt }: Views) =>
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

export function buildIndex(views: Views): Index {
  return { ...head(views), plugins: views.documents.map((document) => indexEntry(document, views)) };
}

function indexEntry(document: PackageDocument, { verified, hosts }: Views): IndexEntry {
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
export function buildArtifactLookups({ documents }: Views): Map<string, ArtifactLookup> {
  const lookups = new Map<string, ArtifactLookup>();
  for (const { plugin, releases } of documents) {
    for (const { release } of releases) {
      const { sha256 } = release.artifact;
      lookups.set(sha256, [...(lookups.get(sha256) ?? []), { plugin, version: release.version }]);
    }
  }
  return lookups;
}

export function buildChanges(views: Views): Changes {
  const changes = views.documents.flatMap(({ plugin, releases }) =>
    releases.flatMap(({ release: { version }, publishedAt, status }): Changes['changes'] => [
      { at: publishedAt, kind: 'released', plugin, version },
      ...(status.state === 'active' ? [] : [{ at: status.since, kind: status.state, plugin, version }]),
    ]),
  );
  changes.sort((a, b) =>
    a.at === b.at
      ? a.plugin.localeCompare(b.plugin, 'en') || compareVersions(b.version ?? '', a.version ?? '')
      : a.at < b.at
        ? 1
        : -1,
  );
  return { ...head(views), changes };
}

export function buildPublisherList(views: Views): PublisherList {
  const publishers = [...views.publishers.values()].map(({ publisher, title }) => ({
    publisher,
    title,
    tier: publisherTier(`${publisher}/`, views.verified),
    plugins: views.documents.map(({ plugin }) => plugin).filter((plugin) => publisherIdOf(plugin) === publisher),
  }));
  return { ...head(views), publishers };
}

export function buildSearchIndex(views: Views): SearchIndex {
  const plugins = buildIndex(views).plugins.map((entry, i) => {
    const { analysis } = featuredRelease(views.documents[i] as PackageDocument);
    const imports = analysis.flatMap(({ capabilities: { derived, runtime } }) => [
      ...derived.flatMap(({ imports: list }) => list),
      ...runtime,
    ]);
    return {
      i: entry.plugin,
      t: entry.title,
      s: entry.summary,
      k: entry.keywords,
      h: entry.hosts,
      c: entry.classes,
      r: entry.risk,
      m: [...new Set(imports.map(({ module, name }) => (name === '' ? module : `${module}.${name}`)))].slice(0, 100),
      v: entry.latest,
      tier: entry.tier,
      d: entry.determinism,
      l: entry.license,
      z: entry.size,
      p: entry.publishedAt.slice(0, 10),
      g: [...new Set(entry.toolchain.map(withoutVersion))],
      ...(entry.kind === 'core' ? {} : { a: entry.kind }),
      ...(entry.state === 'active' ? {} : { o: entry.state }),
    };
  });
  return { schemaVersion: 1, plugins };
}

/** `clang 17.0.1 (https://...)` is clang to whoever looks for it. */
const withoutVersion = (tool: string): string => /^(.*?)(?: v?\d|$)/.exec(tool)?.[1] || tool;

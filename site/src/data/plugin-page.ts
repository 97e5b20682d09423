// Everything the page of one plugin says, from its signed document, the host profiles and what the client found. Pure: it reads no
// file and knows no clock; components only place what is here.

import { blobPath, fileEnding } from '@plugmark/client';
import type {
  AnalysisReport,
  AttestationRef,
  HostProfile,
  Listing,
  PackageDocument,
  Policy,
  Revocations,
} from '@plugmark/schemas';
import { type AnalysisTable, analysisTable } from './analysis-table.ts';
import { type ArtifactPlaces, mirrorAddress } from './artifact-places.ts';
import { type Citation, citation } from './citation.ts';
import { type Hallmark, hallmarks } from './hallmarks.ts';
import { type Artifact, installSnippets, type Snippet } from './install-snippets.ts';
import { type PermissionPanel, permissionPanel } from './permission-panel.ts';
import type { ReleaseCheck } from './release-check.ts';
import { sayBytes, sayDay } from './say-numbers.ts';
import { SiteError } from './site-error.ts';
import { isFindable } from './site-files.ts';
import { failedBanner, type StatusBanner, statusBanners } from './status-banner.ts';
import { PROCESS_TIER_WORDS, TIER_WORDS } from './tier-words.ts';
import { type VerificationPanel, verificationPanel } from './verification-panel.ts';
import { type VersionChart, versionCharts } from './version-chart.ts';
import { previousSummary, type VersionRow, versionsTable } from './versions-table.ts';

export interface PluginPage {
  readonly plugin: string;
  readonly publisher: { readonly id: string; readonly title: string };
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  readonly version: string;
  readonly sha256: string;
  readonly tier: (typeof TIER_WORDS)[keyof typeof TIER_WORDS];
  /** `path` is one of this site, or a place on the page. */
  readonly facts: readonly { readonly name: string; readonly value: string; readonly path?: string }[];
  readonly hosts: readonly HostPart[];
  readonly hallmarks: readonly Hallmark[];
  readonly banners: readonly StatusBanner[];
  readonly upstream?: NonNullable<Listing['upstream']>;
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly verification: VerificationPanel;
  readonly versions: readonly VersionRow[];
  readonly charts: readonly VersionChart[];
  readonly citation: Citation;
  /** Other plugins it needs, with the versions it takes. */
  readonly needs: readonly { readonly plugin: string; readonly range: string }[];
  /** Whether search engines may find it yet. */
  readonly isFindable: boolean;
  readonly readmeSha256?: string;
  /** `path` below the tree, or `url` of what is served elsewhere. */
  readonly files: readonly ({ readonly title: string } & ({ readonly path: string } | { readonly url: string }))[];
}

/** One target host: what the plugin can do there and how it gets there. */
interface HostPart {
  readonly id: string;
  readonly title: string;
  readonly permissions: PermissionPanel;
  readonly analysis: AnalysisTable;
  readonly install: readonly Snippet[];
}

export interface PluginPageInput {
  readonly document: PackageDocument;
  readonly hosts: ReadonlyMap<string, HostProfile>;
  readonly report: (reference: AttestationRef) => AnalysisReport | undefined;
  readonly check: ReleaseCheck;
  readonly tier: keyof typeof TIER_WORDS;
  readonly revocations: Revocations;
  readonly registry: { readonly title: string; readonly url: string };
  readonly places: ArtifactPlaces;
  readonly generatedAt: string;
  readonly waits: Policy['waits'];
  /** The release the page is about: the one the index calls latest. */
  readonly version: string;
}

/** Throws PLUGIN_UNKNOWN when the document lacks the version, HOST_UNKNOWN when a target has no profile. */
export function pluginPage(input: PluginPageInput): PluginPage {
  const { document, check, registry, generatedAt, version } = input;
  const { plugin, listing, releases } = document;
  const release = releases.find((candidate) => candidate.release.version === version);
  if (release === undefined) throw new SiteError('PLUGIN_UNKNOWN', `${plugin} has no version ${version}`);
  const [publisher = '', name = ''] = plugin.split('/');
  const { readme } = release.release;
  return {
    plugin,
    publisher: { id: publisher, title: document.publisher.title },
    name,
    title: listing.title,
    summary: listing.summary,
    ...(listing.description === undefined ? {} : { description: listing.description }),
    version,
    sha256: release.release.artifact.sha256,
    tier: release.release.artifact.kind === 'process' ? PROCESS_TIER_WORDS : TIER_WORDS[shownTier(input)],
    facts: factsOf(release, input.hosts),
    hosts: release.analysis.map((_, i) => hostPart(input, { index: releases.indexOf(release), analysis: i })),
    hallmarks: hallmarks(release, check, registry.title),
    banners: [...failedBanner(check), ...statusBanners(document, version, input.revocations)],
    ...(listing.upstream === undefined ? {} : { upstream: listing.upstream }),
    links: Object.entries(LINK_WORDS).flatMap(([key, title]) => {
      const url = listing.links[key as keyof Listing['links']];
      return url === undefined ? [] : [{ title, url }];
    }),
    verification: verificationPanel({ release, check, publisher: document.publisher, registry, generatedAt }),
    charts: versionCharts(document),
    citation: citation(document, release, registry.url),
    needs: Object.entries(release.release.dependencies).map(([needed, range]) => ({ plugin: needed, range })),
    isFindable: isFindable(releases.at(-1)?.publishedAt ?? generatedAt, input),
    versions: versionsTable(document, (host, id) => capabilityTitle(profileOf(host, input.hosts), id)),
    ...(readme === undefined ? {} : { readmeSha256: readme.sha256 }),
    files: filesOf(plugin, release, input.places),
  };
}

/** As the client derived it. Where it refused, an unsigned index may not lend the page a better name. */
function shownTier({ check, tier }: PluginPageInput): keyof typeof TIER_WORDS {
  return check.tier ?? (check.publisher === 'verificationFailed' ? 'community' : tier);
}

const LINK_WORDS = {
  homepage: 'Home page',
  documentation: 'Documentation',
  source: 'Source',
  issues: 'Issues',
} as const;

function factsOf(
  { release, publishedAt }: PackageDocument['releases'][number],
  hosts: PluginPageInput['hosts'],
): PluginPage['facts'] {
  const { sha256, size } = release.artifact;
  return [
    ...release.targets.map(({ host, api }) => ({
      name: 'For',
      value: `${profileOf(host, hosts).title} ${api}`,
      path: `hosts/${host}/`,
    })),
    { name: 'Version', value: release.version },
    { name: 'Published', value: sayDay(publishedAt) },
    { name: 'Licence', value: release.license },
    { name: 'Size', value: sayBytes(size) },
    { name: 'SHA-256', value: `${sha256.slice(0, 16)}…`, path: '#verification' },
  ];
}

function hostPart(input: PluginPageInput, at: { readonly index: number; readonly analysis: number }): HostPart {
  const { releases } = input.document;
  const release = releases[at.index];
  const summary = release?.analysis[at.analysis];
  const reference = release?.attestations.analyses[at.analysis];
  if (release === undefined || summary === undefined || reference === undefined)
    throw new SiteError('PLUGIN_UNKNOWN', `${input.document.plugin} lacks a report for each host`);
  const host = profileOf(summary.host, input.hosts);
  const path = `attestations/${reference.sha256}.json`;
  return {
    id: host.host,
    title: host.title,
    permissions: permissionPanel({
      summary,
      host,
      release: release.release,
      previous: previousSummary(releases, at.index, summary.host),
    }),
    analysis: analysisTable({
      summary,
      report: input.report(reference),
      path,
      titleOf: (id) => capabilityTitle(host, id),
    }),
    install: installSnippets(host, release.release, addressOf(input, release.release.artifact)),
  };
}

function addressOf({ registry, places }: PluginPageInput, artifact: Artifact): string {
  return mirrorAddress(places, artifact) ?? `${registry.url}${blobPath(artifact)}`;
}

function profileOf(host: string, hosts: ReadonlyMap<string, HostProfile>): HostProfile {
  const profile = hosts.get(host);
  if (profile === undefined) throw new SiteError('HOST_UNKNOWN', `there is no host profile ${host}`);
  return profile;
}

function capabilityTitle(host: HostProfile, id: string): string {
  return host.capabilities.find((capability) => capability.id === id)?.title ?? id;
}

function filesOf(
  plugin: string,
  { release, attestations }: PackageDocument['releases'][number],
  places: ArtifactPlaces,
): PluginPage['files'] {
  const url = mirrorAddress(places, release.artifact);
  const ending = fileEnding(release.artifact);
  const bundle = (reference: AttestationRef): string => `attestations/${reference.sha256}.json`;
  const { publisher, registry } = attestations;
  return [
    url === undefined
      ? { title: `The plugin (.${ending})`, path: blobPath(release.artifact) }
      : { title: `The plugin (.${ending}), on a mirror`, url },
    { title: 'Package document (JSON)', path: `v1/plugins/${plugin}.json` },
    { title: 'CITATION.cff', path: `plugins/${plugin}/CITATION.cff` },
    { title: 'Feed', path: `plugins/${plugin}/feed.atom` },
    { title: 'Badge', path: `plugins/${plugin}/badge.svg` },
    ...(publisher.pack === undefined ? [{ title: 'Publisher’s mark', path: bundle(publisher) }] : []),
    ...(registry === undefined || registry.pack !== undefined
      ? []
      : [{ title: 'Registry’s mark', path: bundle(registry) }]),
  ];
}

// The package document of a plugin: what the ledger admitted, newest version first, with the status that holds now. Pure.

import { summarizeReport } from '@plugmark/analysis';
import { compareVersions } from '@plugmark/client';
import type {
  Advisory,
  AnalysisReport,
  DocumentRelease,
  LedgerEntry,
  PackageDocument,
  Publisher,
} from '@plugmark/schemas';
import { advisoryNotes } from './advisory-notes.ts';
import { packed } from './packs.ts';
import type { PluginSource, ReleaseSource } from './registry-source.ts';

/** A release that may be listed: its source, ledger entry and reports. */
export interface ListedRelease {
  readonly source: ReleaseSource;
  readonly entry: LedgerEntry;
  readonly reports: readonly AnalysisReport[];
}

export interface DocumentInput {
  readonly registry: string;
  readonly plugin: PluginSource;
  readonly publisher: Publisher;
  readonly releases: readonly ListedRelease[];
  readonly advisories: Iterable<Advisory>;
  /** Bundles and reports by sha256. */
  readonly attestations: ReadonlyMap<string, Uint8Array>;
}

/** Undefined when nothing of the plugin may be listed. */
export function packageDocument({
  registry,
  plugin,
  publisher,
  releases,
  advisories,
  attestations,
}: DocumentInput): PackageDocument | undefined {
  if (releases.length === 0) return undefined;
  const newestFirst = [...releases].sort((a, b) => compareVersions(b.entry.version, a.entry.version));
  const notes = advisoryNotes(
    plugin.plugin,
    newestFirst.map(({ source }) => source.release),
    advisories,
  );
  return {
    schemaVersion: 1,
    registry,
    ...(plugin.origin === undefined ? {} : { origin: plugin.origin }),
    plugin: plugin.plugin,
    listing: plugin.listing,
    ...(plugin.status?.whole === undefined ? {} : { whole: plugin.status.whole }),
    publisher: { title: publisher.title, identities: publisher.identities },
    ...(notes.length === 0 ? {} : { advisories: notes }),
    releases: packed(
      newestFirst.map((listed) => ({ sequence: listed.entry.sequence, release: documentRelease(listed, plugin) })),
      (digest) => attestations.get(digest),
    ),
  };
}

function documentRelease({ source, entry, reports }: ListedRelease, { status }: PluginSource): DocumentRelease {
  const { release, manifestSha256, sources, readme } = source;
  return {
    release,
    manifestSha256,
    publishedAt: entry.publishedAt,
    status: status?.versions[release.version] ?? { state: 'active' },
    sources: sources.sources,
    attestations: {
      publisher: entry.publisher,
      ...(entry.registry === undefined ? {} : { registry: entry.registry }),
      ...(entry.upstream === undefined ? {} : { upstream: entry.upstream }),
      analyses: entry.analyses,
      runs: entry.runs,
      ...(readme === undefined || release.readme === undefined
        ? {}
        : { readme: { sha256: release.readme.sha256, size: readme.length } }),
    },
    levels: entry.levels,
    analysis: reports.map(summarizeReport).filter((summary) => summary !== undefined),
  };
}

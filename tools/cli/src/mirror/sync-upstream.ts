// One upstream: its approvals, plugin by plugin, and the folder `mirrors/<upstream>/` as it is to be afterwards. Nothing is written here
// but the bytes of releases, which stand under their digest and change nothing by being there.

import { ClientError, type PackageDocument, type Release, type Revocations } from '@plugmark/client';
import { type FileTree, jsonFile, type PluginSource, publisherIdOf, type RegistrySource } from '@plugmark/publish';
import {
  type Approval,
  Listing,
  type MirrorReport,
  type MirrorTaken,
  PluginState,
  type Publisher,
  parse,
  Status,
  VersionStatus,
} from '@plugmark/schemas';
import { describeError } from '../describe-error.ts';
import { mirrorBase, publisherFile } from './mirror-base.ts';
import type { OpenUpstream } from './open-upstream.ts';
import type { Rules } from './review-mirrored.ts';
import { isOutage, oneLine, type PluginTurn, type PluginWork, type Refused, syncPlugin } from './sync-plugin.ts';
import type { TakenOver } from './take-over.ts';
import { type SignedFiles, withUsedIdentities } from './used-identities.ts';

export interface UpstreamTurn {
  readonly open: OpenUpstream;
  readonly files: FileTree;
  readonly source: RegistrySource;
  readonly rules: Rules;
  readonly firstSeen: (digest: string) => string;
  readonly artifact: (digest: string) => Promise<Uint8Array | undefined>;
  /** Keeps the bytes of a release. */
  readonly keep: (artifact: Pick<Release['artifact'], 'sha256' | 'kind'>, bytes: Uint8Array) => Promise<void>;
  readonly now: Date;
}

export interface UpstreamWork {
  /** Changed files, by path below `mirrors/<upstream>/`. */
  readonly changed: FileTree;
  readonly report: Omit<MirrorReport, 'at' | 'schemaVersion'>;
}

/** Throws what keeps the whole upstream from being followed. */
export async function syncUpstream(turn: UpstreamTurn): Promise<UpstreamWork> {
  const { upstream, rootVersion, client } = turn.open;
  const approvals = approvalsOf(turn);
  const { publishers } = await client.publishers();
  const revocations = await client.revocations();
  const changed: FileTree = new Map();
  const [taken, refused]: [MirrorTaken[], Refused[]] = [[], []];
  for (const name of new Set(approvals.map(({ plugin }) => publisherIdOf(plugin)))) {
    const ofPublisher = approvals.filter(({ plugin }) => publisherIdOf(plugin) === name);
    const closed = namespaceRefusal(name, turn);
    if (closed !== undefined) {
      refused.push(...ofPublisher.map(({ plugin }) => ({ plugin, ...closed })));
      continue;
    }
    const verified = publishers.get(name);
    const works = new Map<PackageDocument, PluginWork & { publisher: Publisher }>();
    for (const approval of ofPublisher) {
      const document = await documentOf(turn, approval, refused);
      if (document === undefined) continue;
      const publisher = publisherFile(name, document, verified, upstream.id);
      const work = await syncPlugin(pluginTurn(turn, { approval, document, publisher, revocations }));
      works.set(document, { ...work, publisher });
      taken.push(...work.rows);
      refused.push(...work.refused);
    }
    await layOut(turn, { name, works, revocations }, changed);
  }
  return { changed, report: { upstream: upstream.id, rootVersion, taken, refused } };
}

function approvalsOf({ source, open }: UpstreamTurn): Approval[] {
  return [...source.approvals.values()].filter(({ upstream }) => upstream === open.upstream.id);
}

/** A namespace has one origin. Upstream is not even asked about ours: what it would answer must not matter. */
function namespaceRefusal(
  publisher: string,
  { source, open }: UpstreamTurn,
): Pick<Refused, 'code' | 'reason'> | undefined {
  const { id, namespaces } = open.upstream;
  const plugins = [...source.plugins.values()].filter(({ plugin }) => publisherIdOf(plugin) === publisher);
  const isMirrored = plugins.some(({ origin }) => origin !== undefined);
  if (source.publishers.has(publisher) && !isMirrored)
    return { code: 'namespace-local', reason: `publishers/${publisher}.json` };
  const other = plugins.find(({ origin }) => origin !== undefined && origin.registryId !== id)?.origin;
  if (other !== undefined) return { code: 'namespace-taken', reason: `it comes from ${other.registryId}` };
  if (namespaces.length === 0 || namespaces.includes(publisher)) return undefined;
  return { code: 'namespace-unlisted', reason: `listed are ${namespaces.join(', ')}` };
}

async function documentOf(
  { open }: UpstreamTurn,
  { plugin }: Approval,
  refused: Refused[],
): Promise<PackageDocument | undefined> {
  try {
    const document = await open.client.document(plugin);
    if (document.origin === undefined) return document;
    // Its releases are signed for a third registry, which is the one to name as upstream.
    refused.push({
      plugin,
      code: 'unverified',
      reason: `it comes from ${document.origin.registryId}: name that as upstream`,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ClientError) || isOutage(error)) throw error;
    const { code, message } = describeError(error);
    const isMissing = error.code === 'PLUGIN_UNKNOWN';
    refused.push({ plugin, code: isMissing ? 'plugin-missing' : 'unverified', reason: oneLine(`${code}: ${message}`) });
    return undefined;
  }
}

function pluginTurn(
  { open, files, source, rules, firstSeen, artifact, now }: UpstreamTurn,
  {
    approval,
    document,
    publisher,
    revocations,
  }: Pick<PluginTurn, 'approval' | 'document' | 'publisher' | 'revocations'>,
): PluginTurn {
  const base = mirrorBase(files, { upstream: open.upstream.id, document, publisher });
  const before = source.plugins.get(document.plugin);
  const known = source.publishers.get(publisher.publisher)?.identities;
  return { open, approval, document, revocations, publisher, known, before, base, rules, firstSeen, artifact, now };
}

interface OfPublisher {
  readonly name: string;
  readonly works: ReadonlyMap<PackageDocument, PluginWork & { readonly publisher: Publisher }>;
  readonly revocations: Revocations;
}

/** The keys of a publisher change for all of its plugins or for none; what is taken away is followed in any case. */
async function layOut(turn: UpstreamTurn, { name, works, revocations }: OfPublisher, changed: FileTree): Promise<void> {
  const isStill = [...works.values()].some(({ signerChanged }) => signerChanged);
  for (const [document, { taken, publisher }] of works) {
    const before = turn.source.plugins.get(document.plugin);
    const offered = isStill ? new Map<string, TakenOver>() : taken;
    const versions = [...new Set([...(before?.releases.keys() ?? []), ...offered.keys()])];
    if (versions.length === 0) continue;
    const folder = `plugins/${document.plugin}`;
    for (const [version, { files, bytes }] of offered) {
      const release = document.releases.find((listed) => listed.release.value.version === version)?.release.value;
      if (release !== undefined) await turn.keep(release.artifact, bytes);
      for (const [path, content] of files) changed.set(`${folder}/${version}/${path}`, content);
    }
    if (!isStill) {
      const { upstream } = turn.open;
      const ports = { upstream: upstream.id, keyless: turn.rules.keyless };
      const narrowed = await withUsedIdentities(publisher, signedFiles(turn, name, works), ports);
      changed.set(`publishers/${name}.json`, jsonFile(narrowed));
      changed.set(`${folder}/listing.json`, jsonFile(parse(Listing, document.listing, 'listing.json')));
    }
    const status = statusFile(document, { before, versions, revocations });
    if (status !== undefined) changed.set(`${folder}/status.json`, jsonFile(status));
  }
}

/** What is taken over of a publisher, before and now. */
function signedFiles({ files, open }: UpstreamTurn, name: string, works: OfPublisher['works']): SignedFiles[] {
  const signed = (all: FileTree, folder: string): SignedFiles[] => {
    const release = all.get(`${folder}release.json`);
    return release === undefined ? [] : [{ release, bundle: all.get(`${folder}publisher.sigstore.json`) }];
  };
  const prefix = `mirrors/${open.upstream.id}/plugins/${name}/`;
  const kept = [...files.keys()].filter((path) => path.startsWith(prefix) && path.endsWith('/release.json'));
  return [
    ...kept.flatMap((path) => signed(files, path.slice(0, -'release.json'.length))),
    ...[...works.values()].flatMap(({ taken }) => [...taken.values()].flatMap((one) => signed(one.files, ''))),
  ];
}

/** Upstream takes trust away and gives none back: a yank or revocation that stands here is lifted by a person of this registry. */
function statusFile(
  { plugin, releases, ...document }: PackageDocument & { readonly whole?: unknown },
  {
    before,
    versions,
    revocations,
  }: { before: PluginSource | undefined; versions: readonly string[]; revocations: Revocations },
): Status | undefined {
  const standing = versions.flatMap((version): [string, VersionStatus][] => {
    const present = before?.status?.versions[version];
    if (present?.state === 'revoked') return [[version, present]];
    const listed = releases.find(({ release }) => release.value.version === version);
    const digest = listed?.release.value.artifact.sha256 ?? before?.releases.get(version)?.release.artifact.sha256;
    const revoked = revocations.revocations.find((entry) => entry.sha256 === digest && entry.lifted === undefined);
    if (revoked !== undefined) {
      const { since, severity, reason, evidence, advisory } = revoked;
      const why = { since, severity, reason, evidence, ...(advisory === undefined ? {} : { advisory }) };
      return [[version, { state: 'revoked', ...why }]];
    }
    if (present?.state === 'yanked' || listed === undefined) return present === undefined ? [] : [[version, present]];
    return listed.status.state === 'active' ? [] : [[version, carried(listed.status, version)]];
  });
  const whole = 'whole' in document ? parse(PluginState, document.whole, 'whole') : before?.status?.whole;
  if (standing.length === 0 && whole === undefined && before?.status === undefined) return undefined;
  const file = {
    schemaVersion: 1,
    plugin,
    ...(whole === undefined ? {} : { whole }),
    versions: Object.fromEntries(standing),
  };
  return parse(Status, file, 'status.json');
}

const WEEK_MS = 7 * 86_400_000;

/** A quarantine lasts seven days at most, whatever upstream writes. */
function carried(status: unknown, version: string): VersionStatus {
  const parsed = parse(VersionStatus, status, `status of ${version}`);
  if (parsed.state !== 'quarantined') return parsed;
  const end = Math.min(Date.parse(parsed.until), Date.parse(parsed.since) + WEEK_MS);
  return { ...parsed, until: `${new Date(end).toISOString().slice(0, 19)}Z` };
}

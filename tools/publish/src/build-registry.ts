// buildRegistry: the publishing job as a table of contents. Source, signed trust, ledger and bytes come in; a ledger and a tree
// that a fresh client has accepted go out. Nothing is written here.

import { compareVersions, type InstalledPlugin } from '@plugmark/client';
import { parseBundle } from '@plugmark/client/trust';
import { type AnalysisReport, CosignKeys, HostProfile, jsonSchemas, type LedgerEntry, type LedgerRefusal, type PackageDocument, Policy, type Publisher, parseJson, Revocations, VerifiedPublishers } from '@plugmark/schemas';
import { type Admission, admitRelease, requireArtifact, type Rules } from './admit.ts';
import { assembleTree } from './assemble-tree.ts';
import { coSign, reachedLevels } from './cosign.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { instant } from './instant.ts';
import type { KeySigner } from './key-signer.ts';
import { type Ledger, releaseKey, writeLedger } from './ledger.ts';
import { keptTargets, previousOnline, pruneMetadata } from './metadata-history.ts';
import { type ListedRelease, packageDocument } from './package-documents.ts';
import { tierOf } from './plain-documents.ts';
import type { PluginSource, RegistrySource, ReleaseSource } from './registry-source.ts';
import { selfCheck } from './self-check.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { type OfflineMetadata, offlineFiles, requireListed, versionOf } from './tuf/offline.ts';
import { onlineFiles, signOnline } from './tuf/online.ts';
import { consistentName } from './tuf/role.ts';

export interface BuildInput {
  readonly source: RegistrySource;
  readonly offline: OfflineMetadata;
  readonly ledger: Ledger;
  readonly signers: { readonly online: KeySigner; readonly cosign: KeySigner };
  /** The bytes of a release, from wherever they are; undefined when nowhere. The digest is compared here. */
  readonly artifact: (release: ReleaseSource) => Promise<Uint8Array | undefined>;
  /** The timestamp.json that is served now, where it is of the same root. */
  readonly published?: Uint8Array | undefined;
  readonly now: Date;
  readonly onProgress?: (event: BuildEvent) => void;
}

/** What happened to one release. */
export interface BuildEvent {
  readonly plugin: string;
  readonly version: string;
  readonly done: number;
  readonly total: number;
  readonly verdict: Admission['verdict'];
  readonly reused: boolean;
}

export interface BuildResult {
  readonly tree: FileTree;
  readonly ledger: FileTree;
  readonly documents: readonly PackageDocument[];
  readonly refusals: readonly (LedgerRefusal & { readonly reports: readonly AnalysisReport[] })[];
  readonly verified: readonly InstalledPlugin[];
}

/** Builds the registry. Throws PublishError, SchemaError; a release that is refused is reported, not thrown. */
export async function buildRegistry(input: BuildInput): Promise<BuildResult> {
  requireListed(input.offline);
  const rules = signedRules(input);
  const work = await admitAll(input, rules);
  const documents = packageDocuments(input, work);
  const { metadata, targets } = signAll(input, documents);
  const refusals = work.refusals.map(({ reports: _, ...refusal }) => refusal);
  const registry = input.source.registry.id;
  const ledger = writeLedger(input.ledger, { registry, entries: work.entries, attestations: work.attestations, metadata, targets, refusals, now: instant(input.now) });
  const tree = assembleTree({
    ...input,
    documents,
    verified: verifiedOf(input.offline),
    generatedAt: ledger.head.generatedAt,
    metadata: new Map([...offlineFiles(input.offline), ...metadata]),
    targets,
    attestations: work.attestations,
    blobs: work.blobs,
    schemas: jsonSchemas(),
  });
  const root = input.offline.roots[0];
  if (root === undefined) throw new PublishError('TRUST_MISSING', 'root.json', 'there is no root to check the tree with');
  return { tree, ledger: ledger.files, documents, refusals: work.refusals, verified: await selfCheck({ tree, root, documents, revoked: revokedDigests(input.offline), now: input.now }) };
}

/** The metadata that is served, older versions included, and the targets it lists under their consistent names. */
function signAll({ ledger, offline, signers, source, now, published }: BuildInput, documents: readonly PackageDocument[]): Pick<Ledger, 'metadata' | 'targets'> {
  const files = new Map(documents.map((document) => [`plugins/${document.plugin}.json`, jsonFile(document)]));
  const online = signOnline({ previous: previousOnline(ledger.metadata), offline, documents: files, signer: signers.online, expiries: source.registry.expiries, now });
  requireNewer(online.timestamp, published);
  const named = [...offlineFiles(offline)].filter(([name]) => !name.endsWith('.root.json'));
  const metadata = pruneMetadata(new Map([...ledger.metadata, ...named, ...onlineFiles(online)]));
  const current = [...offline.files, ...files].map(([path, bytes]) => [consistentName(path, sha256(bytes)), bytes] as const);
  return { metadata, targets: keptTargets(metadata, new Map([...ledger.targets, ...current])) };
}

/** A ledger older than what is served would take every client back, which they refuse. */
function requireNewer(timestamp: Uint8Array, published: Uint8Array | undefined): void {
  if (published === undefined) return;
  const [next, before] = [versionOf(timestamp, 'timestamp'), versionOf(published, 'timestamp')];
  if (next > before || Buffer.from(timestamp).equals(published)) return;
  throw new PublishError('LEDGER_INVALID', 'timestamp.json', `what is served has version ${before}, this ledger leads to ${next}; it was lost or taken back`);
}

/** Policy and profiles as they were signed: a change in the folder counts from the next ceremony on. */
function signedRules({ source, offline }: BuildInput): Rules {
  const policy = offline.files.get('policy.json');
  if (policy === undefined) throw new PublishError('TRUST_MISSING', 'policy.json', 'is not among the signed documents');
  const hosts = [...offline.files].flatMap(([path, bytes]) => (path.startsWith('hosts/') ? [parseJson(HostProfile, bytes, path)] : []));
  return { registry: source.registry.id, policy: parseJson(Policy, policy, 'policy.json'), hosts: new Map(hosts.map((profile) => [profile.host, profile])) };
}

function verifiedOf({ files }: OfflineMetadata): VerifiedPublishers {
  const bytes = files.get('publishers.json');
  if (bytes === undefined) throw new PublishError('TRUST_MISSING', 'publishers.json', 'is not among the signed documents');
  return parseJson(VerifiedPublishers, bytes, 'publishers.json');
}

function revokedDigests({ files }: OfflineMetadata): ReadonlySet<string> {
  const bytes = files.get('revocations.json');
  if (bytes === undefined) throw new PublishError('TRUST_MISSING', 'revocations.json', 'is not among the signed documents');
  const { revocations } = parseJson(Revocations, bytes, 'revocations.json');
  return new Set(revocations.filter(({ lifted }) => lifted === undefined).map(({ sha256: digest }) => digest));
}

/** Whose signature counts: for a verified publisher the offline-signed list, as at the client. */
function identitiesOf({ publisher, identities }: Publisher, offline: OfflineMetadata): Publisher['identities'] {
  const { publishers } = verifiedOf(offline);
  return Object.hasOwn(publishers, publisher) ? (publishers[publisher]?.identities ?? []) : identities;
}

interface Work {
  readonly entries: Map<string, LedgerEntry>;
  readonly listed: Map<string, ListedRelease[]>;
  readonly attestations: Map<string, Uint8Array>;
  readonly blobs: Map<string, { readonly kind: string; readonly bytes: Uint8Array }>;
  readonly refusals: (LedgerRefusal & { readonly reports: readonly AnalysisReport[] })[];
}

async function admitAll(input: BuildInput, rules: Rules): Promise<Work> {
  const work: Work = { entries: new Map(input.ledger.entries), listed: new Map(), attestations: new Map(input.ledger.attestations), blobs: new Map(), refusals: [] };
  const total = [...input.source.plugins.values()].reduce((sum, { releases }) => sum + releases.size, 0);
  let done = 0;
  for (const plugin of input.source.plugins.values()) {
    let previous: { version: string; reports: readonly AnalysisReport[] } | undefined;
    const ascending = [...plugin.releases.values()].sort((a, b) => compareVersions(a.release.version, b.release.version));
    for (const source of ascending) {
      const admission = await admitOne({ plugin, source, previous }, { input, rules, work });
      const { version } = source.release;
      done += 1;
      input.onProgress?.({ plugin: plugin.plugin, version, done, total, verdict: admission.verdict, reused: admission.reused });
      if (admission.verdict !== 'fail') previous = { version, reports: admission.reports.map(({ report }) => report) };
    }
  }
  requireNothingLost(input);
  return work;
}

interface Turn {
  readonly plugin: PluginSource;
  readonly source: ReleaseSource;
  readonly previous: { readonly version: string; readonly reports: readonly AnalysisReport[] } | undefined;
}

async function admitOne({ plugin, source, previous }: Turn, { input, rules, work }: { input: BuildInput; rules: Rules; work: Work }): Promise<Admission> {
  const { release, manifestSha256 } = source;
  const key = releaseKey(release);
  const entry = work.entries.get(key);
  requireUnchanged(source, entry);
  const publisher = input.source.publishers.get(plugin.plugin.slice(0, plugin.plugin.indexOf('/')));
  if (publisher === undefined) throw new PublishError('SOURCE_MISSING', `publishers/${plugin.plugin.split('/')[0]}.json`, `${plugin.plugin} has no publisher`);
  const bytes = requireArtifact(source, await input.artifact(source));
  const admission = await admitRelease({ plugin, source, identities: identitiesOf(publisher, input.offline), bytes, previous, entry, kept: input.ledger.attestations }, rules, input.now);
  const reports = admission.reports.map(({ report }) => report);
  if (admission.verdict === 'fail' || source.bundle === undefined) {
    work.refusals.push({ plugin: release.plugin, version: release.version, at: entry?.publishedAt ?? instant(input.now), reasons: failures(reports), reports });
    return admission;
  }
  const stored = (file: Uint8Array): { sha256: string; size: number } => {
    const digest = sha256(file);
    work.attestations.set(digest, file);
    return { sha256: digest, size: file.length };
  };
  const marks = await mark({ source: { ...source, bundle: source.bundle }, entry, admission, input, rules, stored });
  const next: LedgerEntry = {
    schemaVersion: 1,
    sequence: entry?.sequence ?? (input.ledger.head?.sequence ?? 0) + 1,
    plugin: release.plugin,
    version: release.version,
    publishedAt: entry?.publishedAt ?? instant(input.now),
    artifactSha256: release.artifact.sha256,
    manifestSha256,
    inputsSha256: admission.inputsSha256,
    verdict: admission.verdict,
    ...marks,
  };
  work.entries.set(key, next);
  work.blobs.set(release.artifact.sha256, { kind: release.artifact.kind, bytes });
  work.listed.set(plugin.plugin, [...(work.listed.get(plugin.plugin) ?? []), { source, entry: next, reports }]);
  return admission;
}

interface MarkInput {
  readonly source: ReleaseSource & { readonly bundle: Uint8Array };
  readonly entry: LedgerEntry | undefined;
  readonly admission: Admission;
  readonly input: BuildInput;
  readonly rules: Rules;
  readonly stored: (file: Uint8Array) => { sha256: string; size: number };
}

/** Files the bundle and reports, and co-signs where the policy passed for a verified publisher. An earlier co-signature over the same inputs is kept. */
async function mark({ source, entry, admission, input, rules, stored }: MarkInput): Promise<Pick<LedgerEntry, 'publisher' | 'analyses' | 'levels' | 'registry'>> {
  const publisher = stored(source.bundle);
  const analyses = admission.reports.map(({ bytes }) => stored(bytes));
  const tier = tierOf(source.release.plugin, verifiedOf(input.offline));
  const levels = tier === 'community' || admission.verdict !== 'pass' ? [] : reachedLevels(admission.reports.map(({ report }) => report));
  if (levels.length === 0) return { publisher, analyses, levels };
  if (entry?.registry !== undefined && entry.inputsSha256 === admission.inputsSha256 && isAccepted(entry.registry, input)) return { publisher, analyses, levels, registry: entry.registry };
  const bundle = await coSign(
    {
      registry: rules.registry,
      release: source.release,
      policySha256: sha256(input.offline.files.get('policy.json') ?? new Uint8Array()),
      levels,
      inputs: [{ uri: 'publisher.sigstore.json', ...publisher }, ...analyses.map((report, i) => ({ uri: `analysis-${source.release.targets[i]?.host}.json`, ...report }))],
      timeVerified: instant(input.now),
    },
    input.signers.cosign,
  );
  return { publisher, analyses, levels, registry: stored(bundle) };
}

/** Whether an earlier co-signature was made by a key that still counts. */
function isAccepted({ sha256: digest }: { readonly sha256: string }, { ledger, offline }: BuildInput): boolean {
  const [bundle, keys] = [ledger.attestations.get(digest), offline.files.get('cosign-keys.json')];
  if (bundle === undefined || keys === undefined) return false;
  const { hint } = parseBundle(bundle);
  return parseJson(CosignKeys, keys, 'cosign-keys.json').identities.some((identity) => identity.kind === 'key' && identity.keyId === hint);
}

function requireUnchanged({ release, manifestSha256 }: ReleaseSource, entry: LedgerEntry | undefined): void {
  if (entry === undefined || (entry.manifestSha256 === manifestSha256 && entry.artifactSha256 === release.artifact.sha256)) return;
  throw new PublishError('RELEASE_CHANGED', `${release.plugin} ${release.version}`, `was published ${entry.publishedAt} with manifest ${entry.manifestSha256}; a release never changes: make a new version`);
}

/** A published release that vanished from registry/ is a mistake or an attack, never a wish: releases are yanked, not deleted. */
function requireNothingLost({ ledger, source }: BuildInput): void {
  for (const { plugin, version } of ledger.entries.values()) {
    if (source.plugins.get(plugin)?.releases.has(version) === true) continue;
    throw new PublishError('RELEASE_CHANGED', `${plugin} ${version}`, 'was published and is gone from registry/; restore it and yank it instead');
  }
}

function failures(reports: readonly AnalysisReport[]): string[] {
  const failing = reports.flatMap(({ outcomes }) => outcomes.flatMap(({ findings }) => findings)).filter(({ effect, exception }) => effect === 'fail' && exception === undefined);
  return [...new Set(failing.map(({ ruleId }) => ruleId))];
}

function packageDocuments({ source }: BuildInput, { listed }: Work): PackageDocument[] {
  const { id: registry } = source.registry;
  const found = [...source.plugins.values()].map((plugin) => {
    const publisher = source.publishers.get(plugin.plugin.slice(0, plugin.plugin.indexOf('/')));
    return publisher && packageDocument({ registry, plugin, publisher, releases: listed.get(plugin.plugin) ?? [] });
  });
  return found.filter((document) => document !== undefined);
}

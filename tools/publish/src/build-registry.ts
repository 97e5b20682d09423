// buildRegistry: the publishing job as a table of contents. Source, signed trust, ledger and bytes come in; a ledger and a tree
// that a fresh client has accepted go out. Nothing is written here.

import type { InstalledPlugin } from '@plugmark/client';
import type { LedgerEntry, LedgerInputs, PackageDocument, VerifiedPublishers } from '@plugmark/schemas';
import { type AdmitInput, admitAll, type Refusal, type Work } from './admit-all.ts';
import { assembleTree } from './assemble-tree.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { type InputsKeys, inputsKeys } from './inputs-key.ts';
import { instant } from './instant.ts';
import type { KeySigner } from './key-signer.ts';
import { type Ledger, writeLedger } from './ledger.ts';
import { ledgerInputs, signedRoles } from './ledger-inputs.ts';
import { keptTargets, previousOnline, pruneMetadata } from './metadata-history.ts';
import { withoutEndedApprovals } from './mirror-approval.ts';
import { packageDocument } from './package-documents.ts';
import { requireProvenKeys } from './proven-keys.ts';
import { publisherIdOf, sourceTrees } from './registry-source.ts';
import { selfCheck } from './self-check.ts';
import { type Shelved, shelve } from './shelve-plugin.ts';
import type { StatementSigner } from './statement-bundle.ts';
import { revokedDigests, trustedRules, verifiedPublishers } from './trusted-documents.ts';
import { offlineFiles, requireListed, versionOf } from './tuf/offline.ts';
import { onlineFiles, signOnline } from './tuf/online.ts';
import { consistentName, targetEntry } from './tuf/role.ts';

export interface BuildInput extends AdmitInput {
  readonly signers: { readonly online: KeySigner; readonly cosign: StatementSigner };
  /** The timestamp.json that is served now, where it is of the same root. */
  readonly published?: Uint8Array | undefined;
}

export interface BuildResult {
  readonly tree: FileTree;
  readonly ledger: FileTree;
  readonly documents: readonly PackageDocument[];
  readonly refusals: readonly Refusal[];
  readonly verified: readonly InstalledPlugin[];
}

/** Of a plugin that comes from upstream: a registry with any is built whole, so nothing is taken over by its key. */
const NO_KEY = '0'.repeat(64);

/** Builds the registry. Throws PublishError, SchemaError; a release that is refused is reported, not thrown. */
export async function buildRegistry(given: BuildInput): Promise<BuildResult> {
  const input = { ...given, source: withoutEndedApprovals(given.source, given.now) };
  requireListed(input.offline);
  await requireProvenKeys(input.source);
  const rules = await trustedRules(input.source.registry.id, input.offline);
  const work = await admitAll(input, rules);
  const documents = packageDocuments(input, work);
  const { metadata, targets, roles } = signAll(input, documents);
  const refusals = work.refusals.map(({ reports: _, ...refusal }) => refusal);
  const registry = input.source.registry.id;
  const verified = verifiedPublishers(input.offline);
  const keys = inputsKeys({ source: input.source, offline: input.offline, rules, verified });
  const shelves = shelveAll({ input, keys, work, documents, verified });
  const timed = [...shelves].flatMap(([plugin, { row }]) => (row.timed === true ? [plugin] : []));
  const ledger = writeLedger(input.ledger, {
    registry,
    shelves,
    inputs: ledgerInputs({ shared: keys.shared, trees: sourceTrees(input.source.ids), timed, roles }),
    attestations: work.attestations,
    metadata,
    targets,
    refusals,
    now: instant(input.now),
  });
  const tree = assembleTree({
    ...input,
    documents,
    verified,
    ledger: { head: ledger.head, bytes: jsonFile(ledger.head) },
    rows: [...shelves.values()].map(({ row }) => row),
    metadata: new Map([...offlineFiles(input.offline), ...metadata]),
    targets,
    attestations: work.attestations,
    blobs: work.blobs,
  });
  const root = input.offline.roots[0];
  if (root === undefined)
    throw new PublishError('TRUST_MISSING', 'root.json', 'there is no root to check the tree with');
  return {
    tree,
    ledger: ledger.files,
    documents,
    refusals: work.refusals,
    verified: await selfCheck({ tree, root, documents, revoked: revokedDigests(input.offline), now: input.now }),
  };
}

interface Shelving {
  readonly input: Pick<BuildInput, 'source'>;
  readonly keys: InputsKeys;
  readonly work: Work;
  readonly documents: readonly PackageDocument[];
  readonly verified: VerifiedPublishers;
}

/** Each plugin's part of the ledger, by plugin. */
export function shelveAll({ input: { source }, keys, work, documents, verified }: Shelving): Map<string, Shelved> {
  const byPlugin = new Map(documents.map((document) => [document.plugin, document]));
  const entries = new Map<string, LedgerEntry[]>();
  for (const entry of work.entries.values()) entries.set(entry.plugin, [...(entries.get(entry.plugin) ?? []), entry]);
  const context = { verified, hosts: source.hosts };
  const shelved = [...source.plugins].map(([id, plugin]) => {
    const own = { plugin, document: byPlugin.get(id), entries: entries.get(id) ?? [] };
    return [id, shelve({ ...own, key: keys.of(id, source.ids) ?? NO_KEY, context })] as const;
  });
  return new Map(shelved);
}

/** The metadata that is served, older versions included, and the targets it lists under their consistent names. */
function signAll(
  { ledger, offline, signers, source, now, published }: BuildInput,
  documents: readonly PackageDocument[],
): Pick<Ledger, 'metadata' | 'targets'> & Pick<LedgerInputs, 'roles'> {
  const files = new Map(documents.map((document) => [`plugins/${document.plugin}.json`, jsonFile(document)]));
  const online = signOnline({
    previous: previousOnline(ledger.metadata),
    offline,
    documents: new Map([...files].map(([path, bytes]) => [path, targetEntry(bytes)])),
    signer: signers.online,
    expiries: source.registry.expiries,
    now,
  });
  requireNewer(online.timestamp, published);
  const named = [...offlineFiles(offline)].filter(([name]) => !name.endsWith('.root.json'));
  const metadata = pruneMetadata(new Map([...ledger.metadata, ...named, ...onlineFiles(online)]));
  const current = [...offline.files, ...files].map(
    ([path, bytes]) => [consistentName(path, sha256(bytes)), bytes] as const,
  );
  return {
    metadata,
    targets: keptTargets(metadata, new Map([...ledger.targets, ...current])),
    roles: signedRoles(online.roles, { offline, signer: signers.online }),
  };
}

/** A ledger older than what is served would take every client back, which they refuse. */
export function requireNewer(timestamp: Uint8Array, published: Uint8Array | undefined): void {
  if (published === undefined) return;
  const [next, before] = [versionOf(timestamp, 'timestamp'), versionOf(published, 'timestamp')];
  if (next > before || Buffer.from(timestamp).equals(published)) return;
  throw new PublishError(
    'LEDGER_INVALID',
    'timestamp.json',
    `what is served has version ${before}, this ledger leads to ${next}; it was lost or taken back`,
  );
}

export function packageDocuments(
  { source }: Pick<BuildInput, 'source'>,
  { listed, attestations }: Work,
): PackageDocument[] {
  const { id: registry } = source.registry;
  const found = [...source.plugins.values()].map((plugin) => {
    const publisher = source.publishers.get(publisherIdOf(plugin.plugin));
    const releases = listed.get(plugin.plugin) ?? [];
    const advisories = source.advisories.values();
    return publisher && packageDocument({ registry, plugin, publisher, releases, advisories, attestations });
  });
  return found.filter((document) => document !== undefined);
}

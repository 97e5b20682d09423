// A build of what changed. It ends with the same bytes as a whole build of the same inputs, and reads no more than it needs: the
// ledger's head and lists, the plugins whose inputs are others, and a few drawn ones that are made again and must come out the same.
// Of the rest it verifies nothing; what it cannot do that way it leaves to a whole build and says why. Nothing is written here.

import type { InstalledPlugin } from '@plugmark/client';
import type { LedgerHead, PackageDocument } from '@plugmark/schemas';
import { type AdmitInput, admitAll, type Refusal, type Work } from './admit-all.ts';
import { type BuildInput, packageDocuments, requireNewer, shelveAll } from './build-registry.ts';
import { type Draw, drawn } from './draw.ts';
import { PublishError } from './error.ts';
import { inputsKeys } from './inputs-key.ts';
import type { LazyFiles } from './lazy-files.ts';
import { currentMetadata, ledgerOf, type OpenedLedger, openLedger, readRecord } from './opened-ledger.ts';
import type { Shelved } from './plugin-record.ts';
import { requireProvenKeys } from './proven-keys.ts';
import { publisherIdOf, type RegistrySource, readRegistrySource } from './registry-source.ts';
import { selfCheck } from './self-check.ts';
import type { SourceFolder } from './source-folder.ts';
import { revokedDigests, trustedRules, verifiedPublishers } from './trusted-documents.ts';
import { delegatedDocumentRoles } from './tuf/document-roles.ts';
import { requireListed } from './tuf/offline.ts';
import { signOnline } from './tuf/online.ts';
import { type FileChanges, ledgerChanges, treeChanges, treeWith } from './update-changes.ts';

export interface UpdateInput extends Omit<BuildInput, 'source' | 'ledger' | 'verifyAgain'> {
  readonly folder: SourceFolder;
  readonly ledger: LazyFiles;
  /** Plugins that `runs` has reports for. */
  readonly ran?: ReadonlySet<string>;
  readonly draw: Draw;
}

export interface Update {
  readonly ledger: FileChanges;
  /** What is signed and what is named by its digest. The views of all plugins are `updateViews`. */
  readonly tree: FileChanges;
  readonly head: LedgerHead;
  readonly before: OpenedLedger;
  /** Of the plugins that were made anew. */
  readonly shelves: ReadonlyMap<string, Shelved>;
  readonly documents: readonly PackageDocument[];
  readonly refusals: readonly Refusal[];
  /** Releases of the changed and the drawn plugins, verified by a fresh client. */
  readonly verified: readonly InstalledPlugin[];
  readonly drawn: readonly string[];
}

/** Why only a whole build will do. */
export interface WholeBuildNeeded {
  readonly whole: 'mirrors' | 'noLists' | 'otherRoles' | 'pluginGone' | 'releaseDropped' | 'sharedSignature';
}

/** Throws what buildRegistry throws. */
export async function updateRegistry(input: UpdateInput): Promise<Update | WholeBuildNeeded> {
  requireListed(input.offline);
  const common = readRegistrySource(input.folder.common);
  const registry = common.registry.id;
  // What comes from upstream ends by the clock, not by a change of a file.
  if (common.plugins.size > 0 || common.approvals.size > 0) return { whole: 'mirrors' };
  const before = openLedger(input.ledger, registry);
  if (before === undefined) return { whole: 'noLists' };
  const rules = await trustedRules(registry, input.offline);
  const verified = verifiedPublishers(input.offline);
  const context = { ...common, ids: input.folder.ids };
  const keyOf = inputsKeys({ source: context, offline: input.offline, rules, verified });
  const changed = changedPlugins(input, before, keyOf);
  if (requireNothingLost(before, input.folder)) return { whole: 'pluginGone' };
  const again = drawn(
    [...before.rows.keys()].filter((plugin) => !changed.has(plugin)),
    input.draw,
  );
  const source = await readParts(input.folder, [...changed, ...again]);
  await requireProvenKeys(source);
  const desk = { ...input, source: only(source, [...changed, ...again]), verifyAgain: new Set(again) };
  const work = await admitAll(
    { ...desk, ledger: ledgerOf(before, desk.source.plugins.keys()) } satisfies AdmitInput,
    rules,
  );
  const documents = packageDocuments(desk, work);
  const shelves = shelveAll({ input: desk, rules, work, documents, verified });
  requireSame(before, shelves, again);
  if (dropsRelease(before, shelves)) return { whole: 'releaseDropped' };
  return sign({ input, source: desk.source, before, work, documents, shelves, again });
}

/** Other inputs than the ledger knows, times that may have come, a refusal that may end, new runs. */
function changedPlugins(
  { folder, ran }: UpdateInput,
  { head, rows }: OpenedLedger,
  keyOf: (plugin: string) => string | undefined,
): Set<string> {
  const refused = new Set(head.refusals.map(({ plugin }) => plugin));
  const changed = [...folder.ids.plugins.keys()].filter((plugin) => {
    const row = rows.get(plugin);
    if (row === undefined || row.key !== keyOf(plugin)) return true;
    return row.timed === true || refused.has(plugin) || ran?.has(plugin) === true;
  });
  return new Set(changed);
}

/** True when a plugin went that never had a release. Throws RELEASE_CHANGED when a published one did. */
function requireNothingLost(before: OpenedLedger, { ids }: SourceFolder): boolean {
  const gone = [...before.rows.keys()].filter((plugin) => !ids.plugins.has(plugin));
  const lost = gone.find((plugin) => readRecord(before, plugin).entries.length > 0);
  if (lost !== undefined)
    throw new PublishError(
      'RELEASE_CHANGED',
      lost,
      'was published and is gone from registry/; restore it and yank it instead',
    );
  return gone.length > 0;
}

/** The plugins with their publishers; where a publisher lists several keys, all plugins of it, since what they signed proves the keys. */
async function readParts(folder: SourceFolder, plugins: readonly string[]): Promise<RegistrySource> {
  const publishers = [...new Set(plugins.map(publisherIdOf))];
  const files = await folder.read(publishers.map((publisher) => ({ publisher })));
  const known = readRegistrySource(new Map([...folder.common, ...files])).publishers;
  const several = new Set(publishers.filter((id) => (known.get(id)?.identities.length ?? 0) > 1));
  const wanted = new Set([
    ...plugins,
    ...[...folder.ids.plugins.keys()].filter((id) => several.has(publisherIdOf(id))),
  ]);
  const parts = await folder.read([...wanted].map((plugin) => ({ plugin })));
  const sorted = [...folder.common, ...files, ...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  const source = readRegistrySource(new Map(sorted));
  for (const [plugin, id] of source.ids.plugins)
    if (folder.ids.plugins.get(plugin) !== id)
      throw new PublishError('SOURCE_MISMATCH', `plugins/${plugin}`, 'is not what git has of it (modes, line endings)');
  return { ...source, ids: folder.ids };
}

function only(source: RegistrySource, plugins: readonly string[]): RegistrySource {
  const wanted = new Set(plugins);
  return { ...source, plugins: new Map([...source.plugins].filter(([plugin]) => wanted.has(plugin))) };
}

/** A drawn plugin comes out as the ledger has it: its document, entries and record, from its bytes. */
function requireSame({ rows }: OpenedLedger, shelves: ReadonlyMap<string, Shelved>, again: readonly string[]): void {
  for (const plugin of again) {
    const [row, made] = [rows.get(plugin), shelves.get(plugin)?.row];
    if (row?.record === made?.record && row?.document?.sha256 === made?.document?.sha256) continue;
    throw new PublishError(
      'LEDGER_INVALID',
      plugin,
      'was drawn, and what the ledger has is not what its inputs lead to',
    );
  }
}

/** What left the list may share files with what is still there: only a whole build knows. */
function dropsRelease(before: OpenedLedger, shelves: ReadonlyMap<string, Shelved>): boolean {
  return [...shelves].some(([plugin, { record }]) => {
    const listed = new Set(record.listed?.releases.map(({ version }) => version));
    const known = before.rows.has(plugin) ? readRecord(before, plugin).listed?.releases : [];
    return known?.some(({ version }) => !listed.has(version)) === true;
  });
}

interface Signing {
  readonly input: UpdateInput;
  readonly source: RegistrySource;
  readonly before: OpenedLedger;
  readonly work: Work;
  readonly documents: readonly PackageDocument[];
  readonly shelves: ReadonlyMap<string, Shelved>;
  readonly again: readonly string[];
}

async function sign(desk: Signing): Promise<Update | WholeBuildNeeded> {
  const { input, source, before, work, documents, shelves, again } = desk;
  const { offline, signers, now } = input;
  const roles = new Set(delegatedDocumentRoles(offline.targets).map(({ name }) => name));
  const previous = currentMetadata(before);
  if ([...roles].some((role) => !previous.roles.has(role))) return { whole: 'otherRoles' };
  const rows = new Map([...before.rows, ...[...shelves].map(([plugin, { row }]) => [plugin, row] as const)]);
  const listed = [...rows].flatMap(([plugin, { document }]) =>
    document === undefined
      ? []
      : [[`plugins/${plugin}.json`, { length: document.size, hashes: { sha256: document.sha256 } }] as const],
  );
  const { expiries } = source.registry;
  const online = signOnline({ previous, offline, documents: new Map(listed), signer: signers.online, expiries, now });
  requireNewer(online.timestamp, input.published);
  const changes = ledgerChanges({ before, offline, online, documentRoles: roles, documents, shelves, rows, work, now });
  const tree = treeChanges({ before, changes, documents, source, work });
  const root = offline.roots[0];
  if (root === undefined)
    throw new PublishError('TRUST_MISSING', 'root.json', 'there is no root to check the tree with');
  const served = treeWith(tree, { before, offline });
  const verified = await selfCheck({ tree: served, root, documents, revoked: revokedDigests(offline), now });
  const { head } = changes;
  return {
    ...{ ledger: changes.files, tree, head, before, shelves, documents },
    refusals: work.refusals,
    verified,
    drawn: again,
  };
}

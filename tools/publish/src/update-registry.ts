// A build of what changed. It ends with the same bytes as a whole build of the same inputs, and reads no more than it needs: the
// ledger's head and lists, the plugins whose inputs are others, and a few drawn ones that are made again and must come out the same.
// Of the rest it verifies nothing; what it cannot do that way it leaves to a whole build and says why. Nothing is written here.

import type { InstalledPlugin } from '@plugmark/client';
import type { LedgerHead, PackageDocument } from '@plugmark/schemas';
import { type AdmitInput, admitAll, type Refusal, type Work } from './admit-all.ts';
import { type BuildInput, packageDocuments, requireNewer, shelveAll } from './build-registry.ts';
import { type Draw, drawn } from './draw.ts';
import { PublishError } from './error.ts';
import { jsonFile } from './file-tree.ts';
import { inputsKeys } from './inputs-key.ts';
import type { LazyFiles } from './lazy-files.ts';
import { holdsListOf, ledgerInputs, signedRoles, standingRoles } from './ledger-inputs.ts';
import { allRows, currentMetadata, ledgerOf, type OpenedLedger, openLedger } from './opened-ledger.ts';
import { requireProvenKeys } from './proven-keys.ts';
import { publisherIdOf, publishersIn, type RegistrySource, readRegistrySource } from './registry-source.ts';
import { selfCheck } from './self-check.ts';
import type { Shelved } from './shelve-plugin.ts';
import type { SourceFolder } from './source-folder.ts';
import { revokedDigests, trustedRules, verifiedPublishers } from './trusted-documents.ts';
import { type DocumentRole, delegatedDocumentRoles, roleFinder } from './tuf/document-roles.ts';
import { requireListed } from './tuf/offline.ts';
import { signOnline } from './tuf/online.ts';
import type { TargetEntry } from './tuf/role.ts';
import { type FileChanges, ledgerChanges, treeChanges, treeWith } from './update-changes.ts';
import { idsOf, type WhatChanged, whatChanged } from './what-changed.ts';

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
  /** Those that changed; undefined where any may have. */
  readonly publishers: ReadonlySet<string> | undefined;
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
  const keys = inputsKeys({ source: common, offline: input.offline, rules, verified });
  const { plugins: changed, gone, publishers } = await whatChanged({ ...input, ran: input.ran, before, keys });
  if (requireNothingLost(before, gone)) return { whole: 'pluginGone' };
  const again = drawnAgain(before, changed, input.draw);
  const source = await readParts(input.folder, [...changed, ...again]);
  await requireProvenKeys(source);
  const desk = { ...input, source: only(source, [...changed, ...again]), verifyAgain: new Set(again) };
  const work = await admitAll(
    { ...desk, ledger: ledgerOf(before, desk.source.plugins.keys()) } satisfies AdmitInput,
    rules,
  );
  const documents = packageDocuments(desk, work);
  const shelves = shelveAll({ input: desk, keys, work, documents, verified });
  requireSame(before, shelves, again);
  if (dropsRelease(before, shelves)) return { whole: 'releaseDropped' };
  const { shared } = keys;
  return sign({ input, source: desk.source, before, work, documents, shelves, shared, publishers, again });
}

function drawnAgain(before: OpenedLedger, changed: ReadonlySet<string>, draw: Draw): string[] {
  // To draw fairly takes every name.
  return draw.count === 0
    ? []
    : drawn(
        [...allRows(before).keys()].filter((plugin) => !changed.has(plugin)),
        draw,
      );
}

/** True when a plugin went that never had a release. Throws RELEASE_CHANGED when a published one did. */
function requireNothingLost(before: OpenedLedger, gone: readonly string[]): boolean {
  const lost = gone.find((plugin) => (before.row(plugin)?.entries ?? []).length > 0);
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
  const known = publishersIn(files);
  const several = publishers.filter((id) => (known.get(id)?.identities.length ?? 0) > 1);
  const wanted = new Set([...plugins, ...(await folder.plugins(several)).keys()]);
  const parts = await folder.read([...wanted].map((plugin) => ({ plugin })));
  const sorted = [...folder.common, ...files, ...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  const source = readRegistrySource(new Map(sorted));
  const ids = await idsOf(folder, wanted);
  for (const [plugin, id] of source.ids.plugins)
    if (ids.plugins.get(plugin) !== id)
      throw new PublishError('SOURCE_MISMATCH', `plugins/${plugin}`, 'is not what git has of it (modes, line endings)');
  return { ...source, ids };
}

function only(source: RegistrySource, plugins: readonly string[]): RegistrySource {
  const wanted = new Set(plugins);
  return { ...source, plugins: new Map([...source.plugins].filter(([plugin]) => wanted.has(plugin))) };
}

/** A drawn plugin comes out as the ledger has it: its document, entries and views, from its bytes. */
function requireSame(before: OpenedLedger, shelves: ReadonlyMap<string, Shelved>, again: readonly string[]): void {
  for (const plugin of again) {
    const [row, made] = [before.row(plugin), shelves.get(plugin)?.row];
    if (row !== undefined && made !== undefined && Buffer.compare(jsonFile(row), jsonFile(made)) === 0) continue;
    throw new PublishError(
      'LEDGER_INVALID',
      plugin,
      'was drawn, and what the ledger has is not what its inputs lead to',
    );
  }
}

/** What left the list may share files with what is still there: only a whole build knows. */
function dropsRelease(before: OpenedLedger, shelves: ReadonlyMap<string, Shelved>): boolean {
  return [...shelves].some(([plugin, { row }]) => {
    const listed = new Set(row.listed?.releases.map(({ version }) => version));
    const known = before.row(plugin)?.listed?.releases;
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
  readonly shared: string;
  readonly publishers: WhatChanged['publishers'];
  readonly again: readonly string[];
}

async function sign(desk: Signing): Promise<Update | WholeBuildNeeded> {
  const { input, source, before, work, documents, shelves, shared, again } = desk;
  const { offline, signers, now } = input;
  const { expiries } = source.registry;
  const roles = delegatedDocumentRoles(offline.targets);
  const previous = currentMetadata(before);
  if (roles.some(({ name }) => !previous.versions.has(name))) return { whole: 'otherRoles' };
  const signing = { offline, signer: signers.online, expiries, now };
  const standing = untouched(standingRoles(before.inputs, signing), roles, shelves.keys());
  const listed = listedIn(
    roles.filter(({ name }) => !standing.has(name)),
    before,
    shelves,
  );
  const online = signOnline({ ...signing, previous, documents: listed, standing });
  requireNewer(online.timestamp, input.published);
  const inputs = ledgerInputs({
    shared,
    trees: input.folder.trees,
    timed: timedNow(before, shelves),
    roles: signedRoles(online.roles, signing, standingEnds(before, roles)),
  });
  const changes = ledgerChanges({
    ...{ before, offline, online, documents, shelves, inputs, work, now },
    documentRoles: new Set(roles.map(({ name }) => name)),
  });
  const tree = treeChanges({ before, changes, documents, source, work });
  const root = offline.roots[0];
  if (root === undefined)
    throw new PublishError('TRUST_MISSING', 'root.json', 'there is no root to check the tree with');
  const served = treeWith(tree, { before, offline });
  const verified = await selfCheck({ tree: served, root, documents, revoked: revokedDigests(offline), now });
  const { head } = changes;
  return {
    ...{ ledger: changes.files, tree, head, before, shelves, documents, publishers: desk.publishers },
    refusals: work.refusals,
    verified,
    drawn: again,
  };
}

/** Of the roles that stand those that list none of these plugins. */
function untouched(
  standing: ReadonlySet<string>,
  roles: readonly DocumentRole[],
  plugins: Iterable<string>,
): ReadonlySet<string> {
  const roleOf = roleFinder(roles);
  const touched = new Set(Array.from(plugins, (plugin) => roleOf(`plugins/${plugin}.json`)));
  return new Set([...standing].filter((role) => !touched.has(role)));
}

/** The documents that these roles list, by TUF path. */
function listedIn(
  roles: readonly DocumentRole[],
  { digests, rowsAt }: OpenedLedger,
  shelves: ReadonlyMap<string, Shelved>,
): Map<string, TargetEntry> {
  const lists = [...digests.keys()].filter(
    (path) => path.startsWith('lists/') && roles.some((role) => holdsListOf(role, path)),
  );
  const rows = new Map([
    ...lists.flatMap((path) => [...rowsAt(path)]),
    ...[...shelves].map(([plugin, { row }]) => [plugin, row] as const),
  ]);
  const entries = [...rows].flatMap(([plugin, { document }]) =>
    document === undefined
      ? []
      : [[`plugins/${plugin}.json`, { length: document.size, hashes: { sha256: document.sha256 } }] as const],
  );
  return new Map(entries);
}

function timedNow({ inputs }: OpenedLedger, shelves: ReadonlyMap<string, Shelved>): Set<string> {
  const timed = new Set(inputs.timed);
  for (const [plugin, { row }] of shelves) {
    if (row.timed === true) timed.add(plugin);
    else timed.delete(plugin);
  }
  return timed;
}

/** A role that is delegated to no longer is signed no more. */
function standingEnds({ inputs }: OpenedLedger, roles: readonly DocumentRole[]): Record<string, string> {
  const names = new Set(roles.map(({ name }) => name));
  return Object.fromEntries(Object.entries(inputs.roles.ends).filter(([role]) => names.has(role)));
}

// For each plugin the releases this host could take, best first, and why it could not take the others.

import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import type { DocumentRelease, PackageDocument } from '../documents/package-document.ts';
import type { Release } from '../documents/release.ts';
import { ClientError } from '../error.ts';
import type { Chosen } from '../install-release.ts';
import { ageReason, type Exclusion, unfit, type Why } from '../resolve.ts';
import { compareVersions } from '../semver.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { standingOf } from '../standing.ts';
import { together } from '../together.ts';
import { tierOf } from '../verify-release.ts';
import { verifiedSet } from './capability-set.ts';
import { ruleNames } from './consent.ts';
import { isDirect } from './direct-entry.ts';
import { describePermissions } from './permissions.ts';
import type { PluginsContext } from './plugins-context.ts';
import { type Decision, decide } from './policy.ts';
import { claimedSubject, firstSeen, summaryFor } from './release-facts.ts';
import { instant } from './run-log.ts';
import type { Candidate } from './solve-dependencies.ts';
import { recordOf } from './source-records.ts';

/** A release that could be taken. */
export interface Offered extends Chosen {
  readonly offered: true;
  /** Minutes it has been public. */
  readonly ageMinutes: number;
}

export type OnShelf = Offered | (LockedPlugin & { readonly offered?: undefined });

export interface Shelf {
  readonly candidates: readonly Candidate<OnShelf>[];
  readonly excluded: readonly Exclusion[];
}

export interface ShelfInput {
  readonly context: PluginsContext;
  readonly documents: SignedDocuments;
  /** The registry's name for itself. */
  readonly registry: string;
  readonly lockfile: Lockfile;
  /** Plugins that may change to another version; all others stay as they are. */
  readonly moving: ReadonlySet<string>;
  readonly isUpdate: boolean;
}

/** More than any honest set of plugins needs; a hostile one must not have documents fetched without end. */
const MAX_PLUGINS = 200;

/** Of `plugins` and of everything that any of their releases may need. Throws PLUGIN_UNKNOWN with who needs it, DEPENDENCY_CONFLICT. */
export async function fillShelves(input: ShelfInput, plugins: Iterable<string>): Promise<ReadonlyMap<string, Shelf>> {
  const shelves = new Map<string, Shelf>();
  const open: { readonly plugin: string; readonly by: string }[] = [...plugins].map((plugin) => ({
    plugin,
    by: 'you',
  }));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { plugin, by } = next;
    if (shelves.has(plugin)) continue;
    if (shelves.size === MAX_PLUGINS)
      throw new ClientError('DEPENDENCY_CONFLICT', { plugin, wants: [`more than ${MAX_PLUGINS} plugins`] });
    const shelf = await shelfOf(plugin, input).catch((cause: unknown) => missing(cause, plugin, by));
    shelves.set(plugin, shelf);
    for (const { dependencies, version } of shelf.candidates)
      for (const needed of dependencies.keys()) open.push({ plugin: needed, by: `${plugin} ${version}` });
  }
  return shelves;
}

/** A dependency that is not listed makes the releases that need it impossible, not the whole registry unreadable. */
function missing(cause: unknown, plugin: string, by: string): Shelf {
  if (by === 'you' || !(cause instanceof ClientError) || cause.code !== 'PLUGIN_UNKNOWN') throw cause;
  return { candidates: [], excluded: [{ version: '*', code: 'dependency', reason: `${plugin} is not listed` }] };
}

async function shelfOf(plugin: string, input: ShelfInput): Promise<Shelf> {
  const entry = input.lockfile.plugins.find((locked) => locked.plugin === plugin);
  const stays = entry !== undefined && !input.moving.has(plugin);
  const isElsewhere = entry?.source.kind !== 'registry' || entry.source.registry !== input.registry;
  if (entry !== undefined && isElsewhere)
    return { candidates: [await elsewhereCandidate(entry, input.context)], excluded: [] };
  if (stays && entry.dependencies.size === 0 && entry.requested !== undefined)
    return { candidates: [lockedCandidate(entry)], excluded: [] };
  const document = await input.documents.plugin(plugin);
  if (stays && entry.requested !== undefined) return { candidates: [lockedCandidate(entry, document)], excluded: [] };
  const { candidates, excluded } = await offers(document, entry, input);
  // What only other plugins need stays as it is where it can.
  const preferred = stays ? [lockedCandidate(entry, document)] : [];
  return {
    candidates: [...preferred, ...candidates.filter(({ version }) => version !== preferred[0]?.version)],
    excluded,
  };
}

/** With the ranges it was published with; the versions it got where its release is not listed any more. */
function lockedCandidate(entry: LockedPlugin, document?: PackageDocument): Candidate<OnShelf> {
  const listed = document?.releases.find(({ release }) => release.value.artifact.sha256 === entry.sha256);
  return {
    version: entry.version,
    dependencies: listed?.release.value.dependencies ?? entry.dependencies,
    release: entry,
  };
}

/** A plugin of no registry has the ranges its author wrote, as they were read when it was installed. */
async function elsewhereCandidate(entry: LockedPlugin, context: PluginsContext): Promise<Candidate<OnShelf>> {
  const locked = lockedCandidate(entry);
  if (!isDirect(entry)) return locked;
  try {
    return { ...locked, dependencies: (await recordOf(context, entry)).dependencies };
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'STORE') throw error;
    return locked;
  }
}

async function offers(document: PackageDocument, entry: LockedPlugin | undefined, input: ShelfInput): Promise<Shelf> {
  const judge = await judgeOf(document, entry, input);
  const candidates: Candidate<OnShelf>[] = [];
  const excluded: Exclusion[] = [];
  const releases = [...document.releases].sort((a, b) => compareVersions(versionOf(b), versionOf(a)));
  for (const release of releases) {
    const { offered, why } = await judge(release);
    const { version } = offered;
    if (why !== undefined) excluded.push({ version, ...why });
    else candidates.push({ version, dependencies: release.release.value.dependencies, release: offered });
  }
  return { candidates, excluded };
}

const versionOf = ({ release }: DocumentRelease): string => release.value.version;

type Judge = (release: DocumentRelease) => Promise<{ readonly offered: Offered; readonly why: Why }>;

/** What every release of a document is judged by. */
async function judgeOf(document: PackageDocument, entry: LockedPlugin | undefined, input: ShelfInput): Promise<Judge> {
  const { context, documents, lockfile } = input;
  const { host, now, policy = {} } = context.options;
  const [publishers, revocations, advice, profile, failed, seen] = await together([
    documents.publishers(),
    documents.revocations(),
    documents.minimumReleaseAgeMinutes(),
    context.profile(documents),
    context.state.failed(),
    lookAt(context, document),
  ]);
  const at = now();
  const locked = new Set(lockfile.plugins.map(({ sha256 }) => sha256));
  // Age is the policy's rule here: it knows of exceptions and of when a release was first seen.
  const fitting = { host, revocations, minimumReleaseAgeMinutes: 0, now: at, locked };
  const former = entry && document.releases.find(({ release }) => release.value.artifact.sha256 === entry.sha256);
  const mayGoDown = former === undefined || !standingOf(former, revocations, at).mayInstall;
  const waiting = { now: at, minimumReleaseAgeMinutes: policy.minimumReleaseAgeMinutes ?? advice };
  return async (release) => {
    const { value } = release.release;
    const publishedAt = seen.get(value.version) ?? release.publishedAt;
    const offered: Offered = {
      offered: true,
      plugin: document.plugin,
      version: value.version,
      tier: tierOf(value, publishers),
      document,
      release,
      standing: standingOf(release, revocations, at),
      ageMinutes: (at.getTime() - Date.parse(publishedAt)) / 60_000,
    };
    const isLocked = locked.has(value.artifact.sha256);
    const why =
      unfit(release, fitting) ??
      (input.isUpdate && !isLocked ? updateReason(value, { entry, mayGoDown, failed }) : undefined);
    if (why !== undefined || isLocked) return { offered, why };
    const summary = summaryFor(release, host.id);
    await verifiedSet(summary, document.plugin);
    const screen = describePermissions(summary, profile, former && summaryFor(former, host.id));
    const subject = claimedSubject({ ...offered, summary, screen, installed: entry });
    return { offered, why: policyReason(decide(subject, policy, advice), ageReason({ publishedAt }, waiting)) };
  };
}

/** Remembers which versions there are: the next one that appears is new from then on, whatever date it bears. */
async function lookAt(
  { state, options }: PluginsContext,
  document: PackageDocument,
): Promise<ReadonlyMap<string, string>> {
  const known = await state.seen(document.plugin);
  const seen = firstSeen(document, known, instant(options.now()));
  const isNews = known === undefined || [...seen].some(([version, at]) => known.get(version) !== at);
  if (isNews) await state.see(document.plugin, seen);
  return seen;
}

interface UpdateContext {
  readonly entry: LockedPlugin | undefined;
  readonly mayGoDown: boolean;
  readonly failed: ReadonlySet<string>;
}

function updateReason({ version, artifact }: Release, { entry, mayGoDown, failed }: UpdateContext): Why {
  if (failed.has(artifact.sha256)) return { code: 'failed', reason: 'did not work here when it was tried' };
  if (entry === undefined || mayGoDown || compareVersions(version, entry.version) > 0) return undefined;
  return { code: 'lower', reason: `lower than ${entry.version}, which is installed` };
}

function policyReason({ outcome, rules }: Decision, tooYoung: Why): Why {
  if (outcome !== 'refuse') return undefined;
  const refused = rules.filter((rule) => rule.outcome === 'refuse');
  if (tooYoung !== undefined && refused.every(({ rule }) => rule === 'age')) return tooYoung;
  return { code: 'policy', reason: `this host refuses it: ${ruleNames({ rules: refused }).join(', ')}` };
}

// Which releases a host would have after it installed or updated something: one version of each plugin, with everything they need, and
// a reason for every version that was not taken. Reads signed documents; installs nothing.
import type { LockedPlugin } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import type { Exclusion, ReleaseRequest } from '../resolve.ts';
import { compareVersions, satisfies } from '../semver.ts';
import { fillShelves, type Offered, type OnShelf, type Shelf, type ShelfInput } from './shelf.ts';
import { type Candidate, type Solution, solveDependencies, type Want } from './solve-dependencies.ts';

interface Planned {
  /** The range somebody asked for; absent when only another plugin needs it. */
  readonly requested?: string | undefined;
  /** Plugin -> the version it gets. */
  readonly dependencies: ReadonlyMap<string, string>;
}

/** A release that is not installed yet. */
export type PlannedChange = Offered & Planned;

/** What an installation would do, worked out before anything is fetched but documents. */
export interface Plan {
  /** What stays, perhaps needed or asked for otherwise than before. */
  readonly kept: readonly LockedPlugin[];
  /** Dependencies before those who need them. */
  readonly changes: readonly PlannedChange[];
  /** By plugin, of those that were looked at: every other version and why it was not taken. */
  readonly excluded: ReadonlyMap<string, readonly Exclusion[]>;
}

/** Throws NO_RELEASE, DEPENDENCY_CONFLICT, PLUGIN_UNKNOWN and what documents are refused with. */
export async function planInstall(input: ShelfInput, requests: readonly ReleaseRequest[]): Promise<Plan> {
  const { plugins } = input.lockfile;
  const direct = plugins.flatMap(({ plugin, requested }) =>
    requested === undefined ? [] : [[plugin, requested] as const],
  );
  const ranges = new Map([...direct, ...requests.map(({ plugin, range }) => [plugin, range] as const)]);
  const wants = new Map([...ranges].map(([plugin, range]) => [plugin, [{ by: 'you', range }]]));
  const shelves = await fillShelves(input, wants.keys());
  const solution = solveDependencies(wants, (plugin) => shelves.get(plugin)?.candidates ?? []);
  if (!solution.solved) throw unsolved(solution, shelves);
  requireListed(solution.chosen);
  const kept: LockedPlugin[] = [];
  const changes: PlannedChange[] = [];
  const excluded = new Map<string, readonly Exclusion[]>();
  for (const [plugin, { release, dependencies }] of solution.chosen) {
    const got = [...dependencies.keys()].map((needed) => [needed, solution.chosen.get(needed)?.version ?? ''] as const);
    const planned = { requested: ranges.get(plugin), dependencies: new Map(got) };
    const known = lockedAs(release, plugins);
    excluded.set(plugin, excludedFrom(shelves.get(plugin), release.version, ranges.get(plugin)));
    if (known !== undefined) kept.push({ ...known, ...planned });
    else if (release.offered) changes.push({ ...release, ...planned });
  }
  return { kept, changes: changes.reverse(), excluded };
}

/** What a release of a registry needs is what that registry lists, not what somebody else calls by the same name. */
function requireListed(
  chosen: ReadonlyMap<string, { readonly release: OnShelf; readonly dependencies: ReadonlyMap<string, string> }>,
): void {
  const isOthers = (release: OnShelf | undefined): boolean =>
    release !== undefined && !release.offered && release.source.kind !== 'registry';
  for (const [plugin, { release, dependencies }] of chosen) {
    if (isOthers(release)) continue;
    for (const [needed, range] of dependencies) {
      const found = chosen.get(needed)?.release;
      if (!isOthers(found)) continue;
      const wants = [`${plugin} ${release.version} wants ${range} of its registry`];
      throw new ClientError('DEPENDENCY_CONFLICT', {
        plugin: needed,
        wants,
        versions: [`${found?.version}: installed from elsewhere`],
      });
    }
  }
}

/** What was chosen may be what is installed already. */
function lockedAs(release: OnShelf, plugins: readonly LockedPlugin[]): LockedPlugin | undefined {
  if (!release.offered) return release;
  const { sha256 } = release.release.release.value.artifact;
  return plugins.find(
    (entry) => entry.plugin === release.plugin && entry.version === release.version && entry.sha256 === sha256,
  );
}

function excludedFrom(shelf: Shelf | undefined, chosen: string, range = '*'): readonly Exclusion[] {
  const passed = (shelf?.candidates ?? []).flatMap(({ version }): Exclusion[] => {
    if (version === chosen) return [];
    if (!satisfies(version, range)) return [{ version, code: 'range', reason: `outside ${range}` }];
    return compareVersions(version, chosen) < 0
      ? [{ version, code: 'lower', reason: `lower than ${chosen}` }]
      : [{ version, code: 'dependency', reason: 'does not go together with other plugins' }];
  });
  return [...(shelf?.excluded ?? []), ...passed].sort((a, b) => compareVersions(b.version, a.version));
}

/** Only one asked, and nothing fits him: then each version has its own reason. Else who wants what is the reason. */
function unsolved(
  { plugin, wants, tooMany }: Extract<Solution<OnShelf>, { readonly solved: false }>,
  shelves: ReadonlyMap<string, Shelf>,
): ClientError {
  const shelf = shelves.get(plugin);
  const reasons = [
    ...(shelf?.candidates ?? []).flatMap((candidate) => unwanted(candidate, wants)),
    ...(shelf?.excluded ?? []),
  ].sort((a, b) => compareVersions(b.version, a.version));
  const explained = reasons.map(({ version, reason }) => `${version}: ${reason}`);
  const [first] = wants;
  if (wants.length === 1 && first?.by === 'you')
    return new ClientError('NO_RELEASE', { plugin, reasons: explained.join('; ') });
  return new ClientError('DEPENDENCY_CONFLICT', {
    plugin,
    wants: wants.map(({ by, range }) => (by === 'you' ? `you want ${range}` : `${by} wants ${range}`)),
    versions: explained,
    ...(tooMany ? { tooMany } : {}),
  });
}

function unwanted({ version }: Candidate<OnShelf>, wants: readonly Want[]): Pick<Exclusion, 'version' | 'reason'>[] {
  const against = wants.filter(({ range }) => !satisfies(version, range));
  return against
    .slice(0, 1)
    .map(({ by, range }) => ({ version, reason: by === 'you' ? `outside ${range}` : `${by} wants ${range}` }));
}

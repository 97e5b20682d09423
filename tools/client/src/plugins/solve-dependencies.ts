// One version of each plugin such that everybody who needs it is content. Pure: candidates come in, highest preference first; out
// comes a choice, or the first place where nobody could be satisfied and who wanted what there.
import { satisfies } from '../semver.ts';

export interface Candidate<T> {
  readonly version: string;
  /** Plugin -> range. */
  readonly dependencies: ReadonlyMap<string, string>;
  readonly release: T;
}

export interface Want {
  /** `you`, or `publisher/name version`. */
  readonly by: string;
  readonly range: string;
}

export type Solution<T> =
  | { readonly solved: true; readonly chosen: ReadonlyMap<string, Candidate<T>> }
  | { readonly solved: false; readonly plugin: string; readonly wants: readonly Want[]; readonly tooMany: boolean };

/** Far more than any honest set of plugins takes; a hostile one must not hold the host up. */
const MAX_STEPS = 20_000;

export function solveDependencies<T>(
  requests: ReadonlyMap<string, readonly Want[]>,
  candidates: (plugin: string) => readonly Candidate<T>[],
): Solution<T> {
  const search = new Search(candidates);
  const chosen = search.complete(new Map(), new Map(requests));
  if (chosen !== undefined) return { solved: true, chosen };
  const [first = { plugin: '', wants: [] }] = search.conflicts;
  return { solved: false, ...first, tooMany: search.steps > MAX_STEPS };
}

class Search<T> {
  readonly conflicts: { readonly plugin: string; readonly wants: readonly Want[] }[] = [];
  steps = 0;
  readonly #candidates: (plugin: string) => readonly Candidate<T>[];

  constructor(candidates: (plugin: string) => readonly Candidate<T>[]) {
    this.#candidates = candidates;
  }

  /** Depth first; `wants` holds everything asked for so far, also of plugins that are chosen already. */
  complete(
    chosen: ReadonlyMap<string, Candidate<T>>,
    wants: ReadonlyMap<string, readonly Want[]>,
  ): ReadonlyMap<string, Candidate<T>> | undefined {
    const plugin = [...wants.keys()].find((name) => !chosen.has(name));
    if (plugin === undefined) return chosen;
    const asked = wants.get(plugin) ?? [];
    const fitting = this.#candidates(plugin).filter(({ version }) =>
      asked.every(({ range }) => satisfies(version, range)),
    );
    if (fitting.length === 0) this.#fail(plugin, asked);
    for (const candidate of fitting) {
      if (++this.steps > MAX_STEPS) return undefined;
      const next = this.#withWantsOf(plugin, candidate, new Map(chosen).set(plugin, candidate), wants);
      const found = next && this.complete(next.chosen, next.wants);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #withWantsOf(
    plugin: string,
    { version, dependencies }: Candidate<T>,
    chosen: ReadonlyMap<string, Candidate<T>>,
    before: ReadonlyMap<string, readonly Want[]>,
  ) {
    const wants = new Map(before);
    for (const [needed, range] of dependencies) {
      const all = [...(wants.get(needed) ?? []), { by: `${plugin} ${version}`, range }];
      wants.set(needed, all);
      const present = chosen.get(needed);
      if (present === undefined || satisfies(present.version, range)) continue;
      this.#fail(needed, all);
      return undefined;
    }
    return { chosen, wants };
  }

  /** The first is met on the most preferred path, so it is the one a person can act on. */
  #fail(plugin: string, wants: readonly Want[]): void {
    if (this.conflicts.length === 0) this.conflicts.push({ plugin, wants });
  }
}

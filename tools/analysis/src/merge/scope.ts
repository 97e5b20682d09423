// What a pull request is about: one kind, one plugin or publisher. Anything beside it is refused, since a change hidden in another is
// what nobody looks at.

import type { MergeFinding, PullKind, PullSubject } from '@plugmark/schemas';
import { found } from './found.ts';
import { fact, facts } from './merge-rule.ts';
import { DATA, kindOfAdded, kindOfModified, type Place, placeOf } from './places.ts';
import type { ChangedEntry, ListedState } from './pull-request.ts';

export interface PlacedEntry extends Place {
  readonly entry: ChangedEntry;
}

export interface Scope {
  readonly subject: PullSubject;
  readonly placed: readonly PlacedEntry[];
}

/** `none`: nothing of it is a submission, so that it is for people to look at, like any change of the registry's own code. */
export type ScopeResult = Scope | { readonly findings: readonly MergeFinding[]; readonly none?: true };

export function scopeOf(entries: readonly ChangedEntry[], main: ListedState): ScopeResult {
  const all = entries.map((entry) => ({ entry, place: placeOf(entry.path) }));
  const outside = all.filter(({ place }) => place === undefined).map(({ entry }) => entry.path);
  const placed = all.flatMap(({ entry, place }): PlacedEntry[] => (place === undefined ? [] : [{ ...place, entry }]));
  if (placed.length === 0) {
    const none = !outside.some((path) => path.startsWith(`${DATA}plugins/`) || path.startsWith(`${DATA}publishers/`));
    return { findings: [outsideFinding(outside)], ...(none ? { none } : {}) };
  }
  if (outside.length > 0) return { findings: [outsideFinding(outside)] };
  return oneSubject(placed, main);
}

function outsideFinding(outside: readonly string[]): MergeFinding {
  return found('scope.outside', { paths: facts(outside), count: outside.length });
}

function oneSubject(all: readonly PlacedEntry[], main: ListedState): ScopeResult {
  // What is removed is refused by itself; it does not blur what the rest is about.
  const kept = all.filter(({ entry }) => entry.change !== 'removed');
  const placed = kept.length === 0 ? all : kept;
  const changed = all.filter(({ name, entry }) => entry.change === 'modified' && kindOfModified(name) === 'never');
  if (changed.length > 0)
    return { findings: changed.slice(0, 10).map(({ entry }) => found('release.changed', { path: fact(entry.path) })) };
  const kinds = new Set(placed.map((one) => kindOf(one)));
  // A new plugin brings its listing along: the one file that is part of two kinds.
  if (kinds.has('release') && placed.every((one) => kindOf(one) === 'release' || isFirstListing(one, main)))
    kinds.delete('presentation');
  const about = new Set(placed.map(({ publisher, plugin }) => plugin ?? publisher));
  const versions = new Set(placed.flatMap(({ version }) => version ?? []));
  const [kind, ...more] = kinds;
  if (kind === undefined || more.length > 0) return { findings: [found('scope.several-kinds', { kinds: [...kinds] })] };
  if (about.size > 1)
    return { findings: [found('scope.several-plugins', { names: facts([...about]), count: about.size })] };
  if (kind === 'release' && versions.size > 1)
    return { findings: [found('scope.several-versions', { versions: facts([...versions]), count: versions.size })] };
  return { subject: subjectOf(kind, placed), placed };
}

function kindOf({ name, entry }: PlacedEntry): PullKind {
  const kind = entry.change === 'modified' ? kindOfModified(name) : kindOfAdded(name);
  return kind === 'never' ? kindOfAdded(name) : kind;
}

const isFirstListing = ({ name, entry, plugin = '' }: PlacedEntry, { plugins }: ListedState): boolean =>
  name === 'listing' && entry.change === 'added' && !plugins.has(plugin);

function subjectOf(kind: PullKind, placed: readonly PlacedEntry[]): PullSubject {
  const [{ publisher = '' } = {}] = placed;
  const plugin = placed.find((one) => one.plugin !== undefined)?.plugin;
  const version = kind === 'presentation' ? undefined : placed.find((one) => one.version !== undefined)?.version;
  return {
    kind,
    publisher,
    ...(plugin === undefined ? {} : { plugin }),
    ...(version === undefined ? {} : { version }),
  };
}

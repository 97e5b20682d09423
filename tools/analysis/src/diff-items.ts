// Lists of a report compared: what is only in one of them, and what is in both under the same name but not the same.

import type { ArtifactFacts, ItemChange } from '@plugmark/schemas';

/** What only one list has, in that list's order; equal means equal as JSON. */
export function gainedAndLost<Item>(before: readonly Item[], after: readonly Item[]): { gained: Item[]; lost: Item[] } {
  const only = (items: readonly Item[], others: readonly Item[]): Item[] => {
    const there = new Set(others.map((item) => JSON.stringify(item)));
    return items.filter((item) => !there.has(JSON.stringify(item)));
  };
  return { gained: only(after, before), lost: only(before, after) };
}

/** Something with a name in a file; `is` tells two of that name apart. */
interface Item {
  readonly module?: string;
  readonly name: string;
  readonly kind: string;
  readonly is?: string;
}

interface Items {
  readonly imports: ItemChange[];
  readonly exports: ItemChange[];
  readonly files: ItemChange[];
}

export function diffItems(before: ArtifactFacts, after: ArtifactFacts): Items {
  const compare = (list: (facts: ArtifactFacts) => readonly Item[]): ItemChange[] => changes(list(before), list(after));
  return { imports: compare(importsOf), exports: compare(exportsOf), files: compare(filesOf) };
}

function importsOf(facts: ArtifactFacts): readonly Item[] {
  if (facts.kind === 'core')
    return facts.imports.map(({ module, name, kind, type }) => ({ module, name, kind, is: type }));
  return facts.kind === 'component' ? facts.imports.map(versioned) : [];
}

function exportsOf(facts: ArtifactFacts): readonly Item[] {
  if (facts.kind === 'core') return facts.exports.map(({ name, kind, type }) => ({ name, kind, is: type }));
  return facts.kind === 'component' ? facts.exports.map(versioned) : [];
}

function filesOf(facts: ArtifactFacts): readonly Item[] {
  return facts.kind === 'process'
    ? facts.files.map(({ path, sha256 }) => ({ name: path, kind: 'file', is: sha256 }))
    : [];
}

/** `wasi:cli/stdout@0.2.3` is the interface of 0.2.0 in another version. */
function versioned({ name, kind }: { readonly name: string; readonly kind: string }): Item {
  const at = name.lastIndexOf('@');
  return at < 0 ? { name, kind } : { name: name.slice(0, at), kind, is: name.slice(at + 1) };
}

function changes(before: readonly Item[], after: readonly Item[]): ItemChange[] {
  const [had, has] = [byName(before), byName(after)];
  const keys = [...new Set([...had.keys(), ...has.keys()])].sort();
  return keys.flatMap((key) => changeOf(had.get(key), has.get(key)) ?? []);
}

interface Named {
  readonly item: Item;
  /** A core module may import one name with several types. */
  readonly is: Set<string>;
}

function byName(items: readonly Item[]): Map<string, Named> {
  const named = new Map<string, Named>();
  for (const item of items) {
    const key = JSON.stringify([item.module ?? '', item.name, item.kind]);
    const known = named.get(key) ?? { item, is: new Set() };
    if (item.is !== undefined) known.is.add(item.is);
    named.set(key, known);
  }
  return named;
}

function changeOf(before: Named | undefined, after: Named | undefined): ItemChange | undefined {
  const either = after ?? before;
  if (either === undefined) return undefined;
  const [then, now] = [textOf(before), textOf(after)];
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  if (change === 'changed' && then === now) return undefined;
  const { module, name, kind } = either.item;
  return {
    change,
    ...(module === undefined ? {} : { module }),
    name,
    kind,
    ...(then === undefined ? {} : { before: then }),
    ...(now === undefined ? {} : { after: now }),
  };
}

function textOf(named: Named | undefined): string | undefined {
  return named === undefined || named.is.size === 0 ? undefined : [...named.is].sort().join(' and ');
}

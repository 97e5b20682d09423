// Whether two WIT types are the same, each in its own world: names of types are followed to what they stand for, names of fields,
// cases and parameters count, a resource is the same when its interface and name are. Never compares by text.

import type { WitWorld as HostWorld } from '@plugmark/schemas';
import {
  functionText,
  splitTypeName,
  typeText,
  WIT_PRIMITIVES,
  type WitFunction,
  type WitInterface,
  type WitType,
  type WitWorld,
} from '@plugmark/wasm';

type AnyWorld = WitWorld | HostWorld;
export type Direction = 'imports' | 'exports';

/** Where a type stands: names in it are those of an interface, or of the world itself. */
export interface Standing {
  readonly world: AnyWorld;
  readonly direction: Direction;
  readonly interface?: WitInterface;
}

export interface Difference {
  /** From the outside in, e.g. `graph-node`, `metadata`. */
  readonly place: readonly string[];
  readonly actual: string;
  readonly expected: string;
}

/** A type with the place its names belong to. */
interface Placed {
  readonly type: WitType;
  readonly at: Standing;
}

/** Whether two interface names mean the same interface: same base, compatible versions. */
export type SameInterface = (one: string, other: string) => boolean;

/** Types in a file are at most a hundred deep; in a profile a name may by mistake lead back to itself. */
const DEEPEST = 300;

interface Pair {
  readonly actual: Standing;
  readonly expected: Standing;
  readonly same: SameInterface;
  readonly place: readonly string[];
}

/** The first difference between two functions, or undefined. */
export function functionDifference(
  actual: WitFunction,
  expected: WitFunction,
  pair: Omit<Pair, 'place'>,
): Difference | undefined {
  const whole: Difference = { place: [], actual: functionText(actual), expected: functionText(expected) };
  if ((actual.async ?? false) !== (expected.async ?? false)) return whole;
  if (!sameNames(actual.params, expected.params)) return whole;
  const inside: Pair = { ...pair, place: [] };
  for (const [index, { name, type }] of actual.params.entries()) {
    const found = typeDifference(type, expected.params[index]?.type ?? '', { ...inside, place: [name] });
    if (found !== undefined) return found;
  }
  return optionalDifference(actual.result, expected.result, { ...inside, place: ['result'] });
}

/** The first difference between two types, or undefined. */
function typeDifference(actual: WitType, expected: WitType, pair: Pair): Difference | undefined {
  const [one, other] = [resolved({ type: actual, at: pair.actual }), resolved({ type: expected, at: pair.expected })];
  const different: Difference = { place: pair.place, actual: shown(actual), expected: shown(expected) };
  if (one === undefined || other === undefined || pair.place.length > DEEPEST) return different;
  const inside: Pair = { ...pair, actual: one.at, expected: other.at };
  if (typeof one.type === 'string' || typeof other.type === 'string')
    return one.type === other.type ? undefined : different;
  const resources = [resourceOf(one), resourceOf(other)];
  if (resources[0] !== undefined || resources[1] !== undefined)
    return sameResource(resources, pair.same) ? undefined : different;
  return compositeDifference(one.type, other.type, { pair: inside, different });
}

type Composite = Exclude<WitType, string>;
type Named = { readonly name: string; readonly type?: WitType | undefined };

function compositeDifference(
  one: Composite,
  other: Composite,
  { pair, different }: { pair: Pair; different: Difference },
): Difference | undefined {
  const named = (a: readonly Named[], b: readonly Named[]): Difference | undefined =>
    sameNames(a, b) ? partsDifference(a, b, pair) : different;
  const parts = (a: readonly (WitType | undefined)[], b: readonly (WitType | undefined)[]): Difference | undefined =>
    a.length === b.length ? partsDifference(a.map(unnamed), b.map(unnamed), pair) : different;
  if ('record' in one && 'record' in other) return named(one.record, other.record);
  if ('variant' in one && 'variant' in other) return named(one.variant, other.variant);
  if ('enum' in one && 'enum' in other) return sameTexts(one.enum, other.enum) ? undefined : different;
  if ('flags' in one && 'flags' in other) return sameTexts(one.flags, other.flags) ? undefined : different;
  if ('list' in one && 'list' in other)
    return one.length === other.length ? parts([one.list], [other.list]) : different;
  if ('option' in one && 'option' in other) return parts([one.option], [other.option]);
  if ('tuple' in one && 'tuple' in other) return parts(one.tuple, other.tuple);
  if ('result' in one && 'result' in other)
    return parts([one.result.ok, one.result.err], [other.result.ok, other.result.err]);
  if ('stream' in one && 'stream' in other) return parts([one.stream.of], [other.stream.of]);
  if ('future' in one && 'future' in other) return parts([one.future.of], [other.future.of]);
  if ('map' in one && 'map' in other) return parts([one.map.key, one.map.value], [other.map.key, other.map.value]);
  return different;
}

const unnamed = (type: WitType | undefined, index: number): Named => ({
  name: String(index),
  ...(type === undefined ? {} : { type }),
});

function partsDifference(one: readonly Named[], other: readonly Named[], pair: Pair): Difference | undefined {
  for (const [index, { name, type }] of one.entries()) {
    const found = optionalDifference(type, other[index]?.type, { ...pair, place: [...pair.place, name] });
    if (found !== undefined) return found;
  }
  return undefined;
}

function optionalDifference(
  actual: WitType | undefined,
  expected: WitType | undefined,
  pair: Pair,
): Difference | undefined {
  if (actual !== undefined && expected !== undefined) return typeDifference(actual, expected, pair);
  if (actual === expected) return undefined;
  return {
    place: pair.place,
    actual: actual === undefined ? 'nothing' : shown(actual),
    expected: expected === undefined ? 'nothing' : shown(expected),
  };
}

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, index) => text === other[index]);
const sameNames = (one: readonly Named[], other: readonly Named[]): boolean =>
  sameTexts(
    one.map(({ name }) => name),
    other.map(({ name }) => name),
  );

const shown = (type: WitType): string => typeText(type);

/** A resource by what it is: the interface that defines it, its name there, and how it is held. */
interface ResourceUse {
  readonly interface: string;
  readonly name: string;
  readonly held: 'own' | 'borrow';
}

function sameResource([one, other]: readonly (ResourceUse | undefined)[], same: SameInterface): boolean {
  if (one === undefined || other === undefined) return false;
  return one.held === other.held && one.name === other.name && same(one.interface, other.interface);
}

/** A handle; a resource that is named without `own` is owned. */
function resourceOf({ type, at }: Placed): ResourceUse | undefined {
  if (typeof type === 'string') return undefined;
  const held = 'borrow' in type ? 'borrow' : 'own';
  const handle = 'borrow' in type ? type.borrow : 'own' in type ? type.own : undefined;
  if (handle === undefined) return 'resource' in type ? { interface: identityOf(at), name: '', held } : undefined;
  const found = definitionOf({ type: handle, at });
  return found === undefined ? undefined : { interface: identityOf(found.at), name: found.name, held };
}

/** A world may give an interface a plain name of its own; its resources are still those of that interface. */
function identityOf({ interface: found }: Standing): string {
  return found?.implements ?? found?.name ?? '';
}

/** What a type is behind its names; a resource becomes the handle that owns it. */
function resolved(placed: Placed): Placed | undefined {
  const found = definitionOf(placed);
  if (found === undefined) return undefined;
  const { type, at, name } = found;
  return typeof type === 'object' && 'resource' in type ? { type: { own: name }, at } : { type, at };
}

/** Follows names, across interfaces, to a primitive or a definition; `name` is the last one. */
function definitionOf({ type, at }: Placed): (Placed & { readonly name: string }) | undefined {
  let current = { type, at, name: '' };
  for (let step = 0; step < DEEPEST; step++) {
    const { type: reference } = current;
    if (typeof reference !== 'string' || WIT_PRIMITIVES.includes(reference)) return current;
    const next = lookUp(reference, current.at);
    if (next === undefined) return undefined;
    current = next;
  }
  return undefined;
}

function lookUp(reference: string, at: Standing): (Placed & { readonly name: string }) | undefined {
  const { interface: from, name } = splitTypeName(reference);
  const standing = from === undefined ? at : interfaceNamed(from, at);
  if (standing === undefined) return undefined;
  // The types of a world itself are imported, also for what it exports.
  const types = standing.interface?.types ?? standing.world.imports.types ?? [];
  const found = types.find((candidate) => candidate.name === name);
  return found && { type: found.type as WitType, at: standing, name };
}

/** What is exported refers to exported interfaces first, as WIT resolves it; what is imported only to imported ones. */
function interfaceNamed(name: string, { world, direction }: Standing): Standing | undefined {
  const order: readonly Direction[] = direction === 'exports' ? ['exports', 'imports'] : ['imports'];
  for (const next of order) {
    const found = world[next].interfaces.find((candidate) => candidate.name === name);
    if (found !== undefined) return { world, direction: next, interface: found as WitInterface };
  }
  return undefined;
}

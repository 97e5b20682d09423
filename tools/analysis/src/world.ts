// Whether a component fits the world of a host: what it imports from an interface the host defines is there with the same type, and
// what the host's world exports is exported. Interfaces are matched by name and compatible version. Which imports exist at all is
// the business of the import rules: a host also provides interfaces (WASI) whose types its profile does not spell out.

import type { Finding, WitWorld as HostWorld } from '@plugmark/schemas';
import { functionText, parseInterfaceName, type WitFunction, type WitInterface, type WitWorld } from '@plugmark/wasm';
import {
  type Difference,
  type Direction,
  functionDifference,
  type SameInterface,
  type Standing,
} from './world-types.ts';

export interface WorldMismatch {
  readonly ruleId:
    | 'component.export-missing'
    | 'component.export-type'
    | 'component.import-missing'
    | 'component.import-type';
  readonly facts: Finding['facts'];
}

/** Compares versions as the ports do: npm's semantics. */
type Satisfies = (version: string, range: string) => boolean;

/** Everything in which a component does not fit; nothing means that a host with this world can link and call it. */
export function satisfiesWorld(component: WitWorld, world: HostWorld, satisfies: Satisfies): readonly WorldMismatch[] {
  const same = sameInterfaceBy(satisfies);
  const host = world as unknown as WitWorld;
  return [...importMismatches(component, host, same), ...exportMismatches(component, host, same)];
}

function importMismatches(component: WitWorld, host: WitWorld, same: SameInterface): WorldMismatch[] {
  const pair = pairOf(component, host, { direction: 'imports', same });
  const found = functionMismatches(component.imports.functions, host.imports.functions, {
    pair,
    missing: () => undefined,
  });
  const interfaces = component.imports.interfaces.flatMap((imported) => {
    const name = imported.implements ?? imported.name;
    const provided = host.imports.interfaces.find((candidate) => same(name, candidate.name));
    return provided === undefined ? [] : importedInterface(imported, provided, pair);
  });
  return [...found.map(asImport), ...interfaces];
}

/** The component may use less than the host has, never more. */
function importedInterface(imported: WitInterface, provided: WitInterface, world: Pair): WorldMismatch[] {
  const pair = insideOf(world, imported, provided);
  const missing = (func: WitFunction): Mismatch => ({ kind: 'missing', name: func.name, actual: functionText(func) });
  const functions = functionMismatches(imported.functions, provided.functions, { pair, missing });
  const resources = missingResources(imported, provided).map(
    (name): Mismatch => ({ kind: 'missing', name, actual: 'resource' }),
  );
  return [...functions, ...resources].map(asImport).map((mismatch) => within(imported.name, mismatch));
}

function exportMismatches(component: WitWorld, host: WitWorld, same: SameInterface): WorldMismatch[] {
  const pair = pairOf(component, host, { direction: 'exports', same });
  const functions = wantedFunctions(component.exports.functions, host.exports.functions, pair);
  const interfaces = host.exports.interfaces.flatMap((wanted) => {
    const exported = component.exports.interfaces.find((candidate) => same(candidate.name, wanted.name));
    if (exported === undefined)
      return [{ ruleId: 'component.export-missing', facts: { name: wanted.name, expected: 'an interface' } } as const];
    return exportedInterface(exported, wanted, pair);
  });
  return [...functions.map(asExport), ...interfaces];
}

/** The component may export more than the host calls, never less. */
function exportedInterface(exported: WitInterface, wanted: WitInterface, world: Pair): WorldMismatch[] {
  const functions = wantedFunctions(exported.functions, wanted.functions, insideOf(world, exported, wanted));
  const resources = missingResources(wanted, exported).map(
    (name): Mismatch => ({ kind: 'missing', name, expected: 'resource' }),
  );
  return [...functions, ...resources].map(asExport).map((mismatch) => within(exported.name, mismatch));
}

interface Pair {
  readonly actual: Standing;
  readonly expected: Standing;
  readonly same: SameInterface;
}

/** A difference before it is known in which direction it counts. */
type Mismatch =
  | { readonly kind: 'missing'; readonly name: string; readonly actual?: string; readonly expected?: string }
  | { readonly kind: 'type'; readonly name: string; readonly difference: Difference };

interface Comparison {
  readonly pair: Pair;
  readonly missing: (func: WitFunction) => Mismatch | undefined;
}

/** Functions of the component against those of the same name that the host has. */
function functionMismatches(
  functions: readonly WitFunction[],
  others: readonly WitFunction[],
  { pair, missing }: Comparison,
): Mismatch[] {
  const known = new Map(others.map((func) => [func.name, func]));
  return functions.flatMap((func) => {
    const other = known.get(func.name);
    const found = other === undefined ? missing(func) : typeMismatch(func, other, pair);
    return found === undefined ? [] : [found];
  });
}

/** Functions that the host calls against those of the component. */
function wantedFunctions(functions: readonly WitFunction[], wanted: readonly WitFunction[], pair: Pair): Mismatch[] {
  const known = new Map(functions.map((func) => [func.name, func]));
  return wanted.flatMap((func): Mismatch[] => {
    const found = known.get(func.name);
    if (found === undefined) return [{ kind: 'missing', name: func.name, expected: functionText(func) }];
    const mismatch = typeMismatch(found, func, pair);
    return mismatch === undefined ? [] : [mismatch];
  });
}

function typeMismatch(actual: WitFunction, expected: WitFunction, pair: Pair): Mismatch | undefined {
  const difference = functionDifference(actual, expected, pair);
  return difference && { kind: 'type', name: actual.name, difference };
}

function missingResources(wanted: WitInterface, provided: WitInterface): string[] {
  const names = new Set(resourcesOf(provided));
  return resourcesOf(wanted).filter((name) => !names.has(name));
}

function resourcesOf({ types }: WitInterface): string[] {
  return types.filter(({ type }) => typeof type === 'object' && 'resource' in type).map(({ name }) => name);
}

const asImport = (mismatch: Mismatch): WorldMismatch => ({
  ruleId: `component.import-${mismatch.kind}`,
  facts: factsOf(mismatch),
});
const asExport = (mismatch: Mismatch): WorldMismatch => ({
  ruleId: `component.export-${mismatch.kind}`,
  facts: factsOf(mismatch),
});

function factsOf(mismatch: Mismatch): Finding['facts'] {
  if (mismatch.kind === 'missing') {
    const { name, actual, expected } = mismatch;
    return { name, ...(actual === undefined ? {} : { actual }), ...(expected === undefined ? {} : { expected }) };
  }
  const { name, difference } = mismatch;
  const place = difference.place.length === 0 ? {} : { place: difference.place.join('.') };
  return { name, actual: difference.actual, expected: difference.expected, ...place };
}

const within = (name: string, { ruleId, facts }: WorldMismatch): WorldMismatch => ({
  ruleId,
  facts: { interface: name, ...facts },
});

function pairOf(
  component: WitWorld,
  host: WitWorld,
  { direction, same }: { readonly direction: Direction; readonly same: SameInterface },
): Pair {
  return { actual: { world: component, direction }, expected: { world: host, direction }, same };
}

const insideOf = ({ actual, expected, same }: Pair, one: WitInterface, other: WitInterface): Pair => ({
  actual: { ...actual, interface: one },
  expected: { ...expected, interface: other },
  same,
});

/** The same package and name, and versions of which one may stand for the other; plain names are the same or not. */
function sameInterfaceBy(satisfies: Satisfies): SameInterface {
  return (one, other) => {
    if (one === other) return true;
    const [a, b] = [parseInterfaceName(one), parseInterfaceName(other)];
    if (a === undefined || b === undefined || a.package !== b.package || a.name !== b.name) return false;
    if (a.version === undefined || b.version === undefined) return false;
    return satisfies(a.version, `^${b.version}`) || satisfies(b.version, `^${a.version}`);
  };
}

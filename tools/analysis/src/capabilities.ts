// Imports to meanings: the truth panel. For core modules every import is looked up in the host profile by module, name, kind and
// type; for components by interface name and version. What the profile does not know stays unknown and is never guessed.

import type {
  CapabilityClass,
  CapabilityFacts,
  CapabilitySet,
  DeclaredCapability,
  HostProfile,
  ImportMeaning,
  UnboundedCause,
} from '@plugmark/schemas';
import { canonicalBytes } from '@plugmark/schemas';
import type { ComponentExtern, WasmFacts } from '@plugmark/wasm';
import { sha256 } from './digest.ts';
import { loweredFunctions } from './facts.ts';
import { componentImport, coreImport, distinct, type SeenImport } from './seen-import.ts';
import { waysOut } from './ways-out.ts';

export interface CapabilityMap {
  /** Capability id -> the imports that give it, ids sorted. */
  readonly derived: ReadonlyMap<string, readonly SeenImport[]>;
  readonly runtime: readonly (SeenImport & { readonly purpose: string })[];
  readonly unknown: readonly SeenImport[];
  readonly forbidden: readonly (SeenImport & { readonly reason: string })[];
  readonly mistyped: readonly (SeenImport & { readonly expected: string })[];
  readonly unbounded: readonly { readonly cause: UnboundedCause; readonly detail: string }[];
  /** Imports whose answers may differ from call to call. */
  readonly nondeterministic: readonly SeenImport[];
}

interface Lookup {
  readonly meaning: ImportMeaning;
  readonly expected?: string;
  readonly dispatches: boolean;
}

/** What the bytes can do under a host profile. Pure; `satisfies` compares component interface versions with the profile's ranges. */
export function mapImports(
  facts: WasmFacts,
  profile: HostProfile,
  satisfies: (version: string, range: string) => boolean,
): CapabilityMap {
  const find =
    facts.kind === 'core' ? coreLookup(profile) : componentLookup(profile, { satisfies, imports: facts.imports });
  const seen = distinct(facts.kind === 'core' ? facts.imports.map(coreImport) : facts.imports.map(componentImport));
  const derived = new Map<string, SeenImport[]>();
  const map = { runtime: [], unknown: [], forbidden: [], mistyped: [] } as {
    -readonly [K in 'runtime' | 'unknown' | 'forbidden' | 'mistyped']: CapabilityMap[K][number][];
  };
  const dispatchers: SeenImport[] = [];
  const nondeterministic: SeenImport[] = [];
  const differs = answersDiffer(profile);
  for (const item of seen) {
    const found = find(item);
    if (found === undefined) {
      map.unknown.push(item);
      continue;
    }
    if (found.expected !== undefined && found.expected !== item.type)
      map.mistyped.push({ ...item, expected: found.expected });
    if (found.dispatches) dispatchers.push(item);
    if (differs(found.meaning)) nondeterministic.push(item);
    if (found.meaning.as === 'runtime') map.runtime.push({ ...item, purpose: found.meaning.purpose });
    else if (found.meaning.as === 'forbidden') map.forbidden.push({ ...item, reason: found.meaning.reason });
    else {
      const giving = derived.get(found.meaning.capability);
      if (giving === undefined) derived.set(found.meaning.capability, [item]);
      else giving.push(item);
    }
  }
  const sorted = new Map([...derived].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    derived: sorted,
    ...map,
    unbounded: waysOut(facts, dispatchers, profile),
    nondeterministic,
  } as CapabilityMap;
}

/** Classes whose answers come from outside of the call. What data and ui give is the call's input, or nothing. */
const CHANGING: readonly CapabilityClass[] = ['network', 'filesystem', 'subprocess', 'system', 'clock', 'random'];

/** The profile's own word counts; without one a capability is judged by its class, and what only serves the language answers alike. */
function answersDiffer({ capabilities }: HostProfile): (meaning: ImportMeaning) => boolean {
  const changing = new Set(capabilities.filter((one) => CHANGING.includes(one.class)).map(({ id }) => id));
  const known = new Set(capabilities.map(({ id }) => id));
  return (meaning) => {
    if (meaning.as === 'forbidden') return false;
    if (meaning.deterministic !== undefined) return !meaning.deterministic;
    return meaning.as === 'capability' && (changing.has(meaning.capability) || !known.has(meaning.capability));
  };
}

function coreLookup({ imports }: HostProfile): (item: SeenImport) => Lookup | undefined {
  const rules = new Map(imports.map((rule) => [key(rule.module, rule.name, rule.kind), rule]));
  return (item) => {
    const rule = rules.get(key(item.module, item.name, item.kind));
    return (
      rule && {
        meaning: rule.meaning,
        dispatches: rule.dispatches ?? false,
        ...(rule.type === undefined ? {} : { expected: rule.type }),
      }
    );
  };
}

// U+0000 cannot occur in a profile's names, so two different imports never share a key.
const key = (...parts: readonly string[]): string => parts.join('\0');

interface ComponentLookup {
  readonly satisfies: (version: string, range: string) => boolean;
  readonly imports: readonly ComponentExtern[];
}

function componentLookup(
  { componentImports }: HostProfile,
  { satisfies, imports }: ComponentLookup,
): (item: SeenImport) => Lookup | undefined {
  const called = calledFunctions(imports);
  return (item) => {
    const { module, name, kind } = item;
    if (kind === 'type') return { meaning: A_TYPE, dispatches: false };
    // A rule speaks of functions. Code that is imported (a module, a component) is not what the rule of that name means.
    if (kind !== 'instance' && kind !== 'function') return undefined;
    const rule = componentImports.find(
      ({ interface: known, versions, functions }) =>
        known === module &&
        (versions === undefined || (name !== '' && satisfies(name, versions))) &&
        (functions === undefined || functions.some((one) => called.get(key(module, name, kind))?.has(one))),
    );
    return rule && { meaning: rule.meaning, dispatches: rule.dispatches ?? false };
  };
}

/** Import as it is looked up -> the functions core code can call by it; one interface may be imported under several names. */
function calledFunctions(imports: readonly ComponentExtern[]): ReadonlyMap<string, ReadonlySet<string>> {
  const called = new Map<string, Set<string>>();
  for (const extern of imports) {
    const { module, name, kind } = componentImport(extern);
    const names = called.get(key(module, name, kind)) ?? new Set();
    called.set(key(module, name, kind), names);
    for (const one of loweredFunctions(extern) ?? []) names.add(one);
  }
  return called;
}

// What a world's `use` leaves in the binary. Functions on a resource are imported by themselves.
const A_TYPE: ImportMeaning = { as: 'runtime', purpose: 'names a type, no function' };

const RISK_ORDER = ['none', 'low', 'medium', 'high'] as const;

/** The map as reports carry it, compared with what the manifest declares. */
export async function capabilityFacts(
  map: CapabilityMap,
  profile: HostProfile,
  declared: readonly DeclaredCapability[] | undefined,
): Promise<CapabilityFacts> {
  const known = new Map(profile.capabilities.map((capability) => [capability.id, capability]));
  const derived = [...map.derived].map(([id, imports]) => {
    const capability = known.get(id);
    return {
      id,
      class: capability?.class ?? 'system',
      risk: capability?.risk ?? 'high',
      imports: imports.map(({ module, name }) => ({ module, name })),
    };
  });
  const declaredIds = new Set(declared?.map(({ id }) => id));
  const undeclared = declared === undefined ? [] : derived.map(({ id }) => id).filter((id) => !declaredIds.has(id));
  const risks = [...new Set([...declaredIds, ...map.derived.keys()])].map((id) => known.get(id)?.risk ?? 'high');
  return {
    ...(declared === undefined
      ? {}
      : {
          declared: declared.map(({ id, params, reason }) => ({
            id,
            ...(params === undefined ? {} : { params }),
            reason,
          })),
        }),
    derived,
    runtime: map.runtime.map(({ module, name, purpose }) => ({ module, name, purpose })),
    undeclared,
    unused: [...declaredIds].filter((id) => !map.derived.has(id)),
    unknown: [
      ...map.unknown.map(({ module, name, kind }) => ({ module, name, kind, reason: `not part of ${profile.title}` })),
      ...map.forbidden.map(({ module, name, kind, reason }) => ({ module, name, kind, reason })),
    ],
    unbounded: [...map.unbounded],
    hash: await capabilityHash(capabilitySet(map, profile.host, declared)),
    risk: risks.reduce<(typeof RISK_ORDER)[number]>(
      (worst, risk) => (RISK_ORDER.indexOf(risk) > RISK_ORDER.indexOf(worst) ? risk : worst),
      'none',
    ),
  };
}

/** What consent is bound to: declared and derived together, with parameters, without reasons. */
export function capabilitySet(
  map: CapabilityMap,
  host: string,
  declared: readonly DeclaredCapability[] | undefined,
): CapabilitySet {
  const params = declaredParameters(declared ?? []);
  const ids = [...new Set([...params.keys(), ...map.derived.keys()])].sort();
  const capabilities = ids.map((id) => {
    const narrowed = params.get(id);
    return narrowed === undefined ? { id } : { id, params: narrowed };
  });
  return { host, capabilities, unbounded: map.unbounded.length > 0 };
}

type Parameters = Readonly<Record<string, string[]>>;

/**
 * Capability id -> the parameters that narrow it; values sorted, since their order means nothing. An id that is declared twice
 * gets what either allows: every value, and only the parameters that both have.
 */
export function declaredParameters(
  declared: readonly Pick<DeclaredCapability, 'id' | 'params'>[],
): Map<string, Parameters | undefined> {
  const merged = new Map<string, Map<string, string[]>>();
  for (const { id, params } of declared) {
    const given = new Map(Object.entries(params ?? {}));
    const before = merged.get(id) ?? given;
    merged.set(
      id,
      new Map(
        [...before].flatMap(([name, values]) =>
          given.has(name) ? [[name, [...values, ...(given.get(name) ?? [])]]] : [],
        ),
      ),
    );
  }
  return new Map([...merged].map(([id, params]) => [id, params.size === 0 ? undefined : sortedValues(params)]));
}

function sortedValues(params: ReadonlyMap<string, readonly string[]>): Parameters {
  return Object.fromEntries([...params].map(([name, values]) => [name, [...new Set(values)].sort()]));
}

/** sha256 of the set's canonical JSON. */
export async function capabilityHash(set: CapabilitySet): Promise<string> {
  return sha256(canonicalBytes(set));
}

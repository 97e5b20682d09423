// Imports to meanings: the truth panel. For core modules every import is looked up in the host profile by module, name, kind and
// type; for components by interface name and version. What the profile does not know stays unknown and is never guessed.

import type { CapabilityFacts, CapabilitySet, DeclaredCapability, HostProfile, ImportMeaning, UnboundedCause } from '@plugmark/schemas';
import { canonicalBytes } from '@plugmark/schemas';
import type { ModuleFacts, WasmFacts } from '@plugmark/wasm';
import { sha256 } from './digest.ts';

/** One import as it is looked up; `type` is text for core imports, absent for a component's. */
export interface SeenImport {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
  readonly type?: string;
}

export interface CapabilityMap {
  /** Capability id -> the imports that give it, ids sorted. */
  readonly derived: ReadonlyMap<string, readonly SeenImport[]>;
  readonly runtime: readonly (SeenImport & { readonly purpose: string })[];
  readonly unknown: readonly SeenImport[];
  readonly forbidden: readonly (SeenImport & { readonly reason: string })[];
  readonly mistyped: readonly (SeenImport & { readonly expected: string })[];
  readonly unbounded: readonly { readonly cause: UnboundedCause; readonly detail: string }[];
}

interface Lookup {
  readonly meaning: ImportMeaning;
  readonly expected?: string;
  readonly dispatches: boolean;
}

/** What the bytes can do under a host profile. Pure; `satisfies` compares component interface versions with the profile's ranges. */
export function mapImports(facts: WasmFacts, profile: HostProfile, satisfies: (version: string, range: string) => boolean): CapabilityMap {
  const find = facts.kind === 'core' ? coreLookup(profile) : componentLookup(profile, satisfies);
  const seen = facts.kind === 'core' ? facts.imports.map(coreImport) : facts.imports.map(componentImport);
  const derived = new Map<string, SeenImport[]>();
  const map = { runtime: [], unknown: [], forbidden: [], mistyped: [] } as { -readonly [K in 'runtime' | 'unknown' | 'forbidden' | 'mistyped']: CapabilityMap[K][number][] };
  const dispatchers: SeenImport[] = [];
  for (const item of seen) {
    const found = find(item);
    if (found === undefined) {
      map.unknown.push(item);
      continue;
    }
    if (found.expected !== undefined && found.expected !== item.type) map.mistyped.push({ ...item, expected: found.expected });
    if (found.dispatches) dispatchers.push(item);
    if (found.meaning.as === 'runtime') map.runtime.push({ ...item, purpose: found.meaning.purpose });
    else if (found.meaning.as === 'forbidden') map.forbidden.push({ ...item, reason: found.meaning.reason });
    else derived.set(found.meaning.capability, [...(derived.get(found.meaning.capability) ?? []), item]);
  }
  const sorted = new Map([...derived].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { derived: sorted, ...map, unbounded: waysOut(facts, dispatchers, profile) } as CapabilityMap;
}

const coreImport = ({ module, name, kind, type }: ModuleFacts['imports'][number]): SeenImport => ({ module, name, kind, type });

/** `wasi:cli/stdout@0.2.0` is shown as module `wasi:cli/stdout`, name `0.2.0`; a plain function import has no version. */
function componentImport({ name, kind }: { readonly name: string; readonly kind: string }): SeenImport {
  const at = name.lastIndexOf('@');
  return at < 0 ? { module: name, name: '', kind } : { module: name.slice(0, at), name: name.slice(at + 1), kind };
}

function coreLookup({ imports }: HostProfile): (item: SeenImport) => Lookup | undefined {
  const rules = new Map(imports.map((rule) => [key(rule.module, rule.name, rule.kind), rule]));
  return (item) => {
    const rule = rules.get(key(item.module, item.name, item.kind));
    return rule && { meaning: rule.meaning, dispatches: rule.dispatches ?? false, ...(rule.type === undefined ? {} : { expected: rule.type }) };
  };
}

// U+0000 cannot occur in a profile's names, so two different imports never share a key.
const key = (...parts: readonly string[]): string => parts.join('\0');

function componentLookup({ componentImports }: HostProfile, satisfies: (version: string, range: string) => boolean): (item: SeenImport) => Lookup | undefined {
  return ({ module, name }) => {
    const rule = componentImports.find(
      ({ interface: known, versions }) => known === module && (versions === undefined || (name !== '' && satisfies(name, versions))),
    );
    return rule && { meaning: rule.meaning, dispatches: rule.dispatches ?? false };
  };
}

/** Ways by which functions that are not in the import section can reach the module, less those the host closes itself. */
function waysOut(facts: WasmFacts, dispatchers: readonly SeenImport[], { bounds }: HostProfile): CapabilityMap['unbounded'] {
  const closed = new Set(bounds.map(({ cause }) => cause));
  const found: { cause: UnboundedCause; detail: string }[] = dispatchers.map(({ module, name }) => ({
    cause: 'dispatcher',
    detail: `${module}.${name} calls functions named at run time`,
  }));
  if (facts.kind === 'core') found.push(...coreWaysOut(facts));
  return found.filter(({ cause }) => !closed.has(cause));
}

function coreWaysOut({ imports, dynamicLinking }: ModuleFacts): { cause: UnboundedCause; detail: string }[] {
  const found: { cause: UnboundedCause; detail: string }[] = [];
  for (const { module, name, kind, type } of imports) {
    if (kind === 'table') found.push({ cause: 'imported-table', detail: `table ${module}.${name} may hold any function` });
    else if (/\bref\b|ref\b/.test(type)) found.push({ cause: 'reference-argument', detail: `${kind} ${module}.${name} passes references: ${type}` });
  }
  if (dynamicLinking) found.push({ cause: 'dynamic-linking', detail: 'a dylink section asks for other modules' });
  return found;
}

const RISK_ORDER = ['none', 'low', 'medium', 'high'] as const;

/** The map as reports carry it, compared with what the manifest declares. */
export async function capabilityFacts(map: CapabilityMap, profile: HostProfile, declared: readonly DeclaredCapability[] | undefined): Promise<CapabilityFacts> {
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
    ...(declared === undefined ? {} : { declared: declared.map(({ id, params, reason }) => ({ id, ...(params === undefined ? {} : { params }), reason })) }),
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
    risk: risks.reduce<(typeof RISK_ORDER)[number]>((worst, risk) => (RISK_ORDER.indexOf(risk) > RISK_ORDER.indexOf(worst) ? risk : worst), 'none'),
  };
}

/** What consent is bound to: declared and derived together, with parameters, without reasons. */
export function capabilitySet(map: CapabilityMap, host: string, declared: readonly DeclaredCapability[] | undefined): CapabilitySet {
  const params = new Map(declared?.map((capability) => [capability.id, capability.params]));
  const ids = [...new Set([...params.keys(), ...map.derived.keys()])].sort();
  const capabilities = ids.map((id) => {
    const narrowed = params.get(id);
    return narrowed === undefined ? { id } : { id, params: narrowed };
  });
  return { host, capabilities, unbounded: map.unbounded.length > 0 };
}

/** sha256 of the set's canonical JSON. */
export async function capabilityHash(set: CapabilitySet): Promise<string> {
  return sha256(canonicalBytes(set));
}

// One row for each capability a release has: declared by its publisher, shown by its bytes, or both. What a row says comes from the
// host profile; the publisher's words are kept apart and marked as theirs. Pure.

import {
  CAPABILITY_CLASSES,
  type CapabilityClass,
  type CapabilityFacts,
  type CapabilityParams,
  type HostCapability,
  type HostProfile,
  type Risk,
} from '@plugmark/schemas';

/** A parameter the host knows; no values means that the publisher set no limit. */
interface PermissionLimit {
  readonly title: string;
  readonly values: readonly string[];
}

export interface PermissionRow {
  readonly id: string;
  readonly title: string;
  readonly class: CapabilityClass;
  readonly className: string;
  readonly risk: Risk;
  /** In the red box. */
  readonly prominent: boolean;
  /** Completes "It can ...". */
  readonly can: string;
  readonly grant: string;
  readonly limits: readonly PermissionLimit[];
  /** The publisher's words; absent when it was not declared. */
  readonly reason?: string;
  /** A file without a manifest declares nothing, and that is no fault. */
  readonly hasManifest: boolean;
  /** Of a process: no import shows it and nothing holds the program to it. */
  readonly isOnlyDeclared: boolean;
  /** Imports that show it; empty when none needs it. */
  readonly imports: readonly string[];
  /** Against the previous release: not there at all, or narrower. */
  readonly change?: 'new' | 'wider';
}

/** A host may rate these low, but they reach out of it, so they always come first and in the box. */
export const ALWAYS_PROMINENT: ReadonlySet<string> = new Set(['network', 'filesystem', 'subprocess']);
const RISK_ORDER: Readonly<Record<Risk, number>> = { high: 0, medium: 1, low: 2 };

const GRANTS: Readonly<Record<HostCapability['grant'], (host: string) => string>> = {
  auto: (host) => `${host} grants this without asking`,
  ask: (host) => `${host} asks you once`,
  explicit: (host) => `${host} asks you, with a warning`,
};

export interface PermissionContext {
  readonly host: HostProfile;
  /** The release before this one on the same host. */
  readonly previous?: CapabilityFacts | undefined;
  readonly isComponent: boolean;
}

/** Prominent rows first, then by falling risk, then by id. */
export function permissionRows(facts: CapabilityFacts, context: PermissionContext): readonly PermissionRow[] {
  const rows = capabilityIds(facts).map((id) => permissionRow(id, facts, context));
  return rows.sort(
    (a, b) =>
      Number(b.prominent) - Number(a.prominent) || RISK_ORDER[a.risk] - RISK_ORDER[b.risk] || (a.id < b.id ? -1 : 1),
  );
}

/** Declared or shown by the bytes, each once, sorted. */
export function capabilityIds({ declared = [], derived }: CapabilityFacts): readonly string[] {
  return [...new Set([...declared, ...derived].map(({ id }) => id))].sort();
}

function permissionRow(id: string, facts: CapabilityFacts, context: PermissionContext): PermissionRow {
  const known = context.host.capabilities.find((capability) => capability.id === id) ?? unknownCapability(id, facts);
  const declared = facts.declared?.find((capability) => capability.id === id);
  const derived = facts.derived.find((capability) => capability.id === id);
  const change = changeSince(id, declared?.params, context.previous);
  return {
    id,
    title: known.title,
    class: known.class,
    className: CAPABILITY_CLASSES[known.class].title,
    risk: known.risk,
    prominent: isProminent(known),
    can: known.can,
    grant: GRANTS[known.grant](context.host.title),
    limits: (facts.declared === undefined ? [] : known.params).map(({ name, title }) => ({
      title,
      values: declared?.params?.[name] ?? [],
    })),
    ...(declared === undefined ? {} : { reason: declared.reason }),
    hasManifest: facts.declared !== undefined,
    isOnlyDeclared: facts.unbounded.some(({ cause }) => cause === 'process'),
    imports: (derived?.imports ?? []).map((item) => importName(item, context)).sort(),
    ...(change === undefined ? {} : { change }),
  };
}

export function isProminent(capability: HostCapability): boolean {
  return capability.prominent || ALWAYS_PROMINENT.has(capability.class);
}

/** A capability this profile does not have: nothing is known about it, so it is shown as the worst. */
function unknownCapability(id: string, facts: CapabilityFacts): HostCapability {
  const derived = facts.derived.find((capability) => capability.id === id);
  const can = 'do something this host profile does not describe';
  return {
    id,
    class: derived?.class ?? 'system',
    risk: 'high',
    title: id,
    can,
    cannot: '',
    prominent: true,
    grant: 'explicit',
    params: [],
  };
}

/** `env.abort` for a core module, `wasi:cli/stdout@0.2.0` for a component. */
export function importName(
  { module, name }: { readonly module: string; readonly name: string },
  { isComponent }: Pick<PermissionContext, 'isComponent'>,
): string {
  if (name === '') return module;
  return `${module}${isComponent ? '@' : '.'}${name}`;
}

function changeSince(
  id: string,
  params: CapabilityParams | undefined,
  previous: CapabilityFacts | undefined,
): PermissionRow['change'] {
  if (previous === undefined) return undefined;
  if (!capabilityIds(previous).includes(id)) return 'new';
  const before = previous.declared?.find((capability) => capability.id === id)?.params;
  return isWider(params, before) ? 'wider' : undefined;
}

/** A parameter that is absent limits nothing, so leaving one out widens. */
function isWider(now: CapabilityParams = {}, before: CapabilityParams = {}): boolean {
  return Object.entries(before).some(([name, values]) => {
    const present = now[name];
    return present === undefined || present.some((value) => !values.includes(value));
  });
}

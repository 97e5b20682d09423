// An artifact made ready for the child: metered under the host's schedule, every limit as a number, every import with what the host's
// profile says of it.

import type { HostProfile } from '@plugmark/schemas';
import {
  type ComponentFacts,
  capLimits,
  type FuelSchedule,
  type MeteredModule,
  meterFuel,
  readWasm,
  WasmError,
  type WasmFacts,
} from '@plugmark/wasm';
import { capsOf } from './caps.ts';
import { satisfiesCaret } from './caret-range.ts';
import type { ChildRequest, ImportRule, Meaning, MeterNames } from './child/request.ts';

/** Where a host sets no budget: still an end for what would never end. */
const BACKSTOP_FUEL = 20_000_000_000;
const DEFAULT_SCHEDULE: FuelSchedule = 'wasmtime/classic';

export interface Metering {
  readonly schedule: FuelSchedule;
  readonly budget: number;
  readonly budgetOfHost: boolean;
}

export function meteringOf({ fuelSchedule = DEFAULT_SCHEDULE, limits }: HostProfile): Metering {
  return { schedule: fuelSchedule, budget: limits.fuel ?? BACKSTOP_FUEL, budgetOfHost: limits.fuel !== undefined };
}

export interface MeteredPart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Absent when the module could not be metered, and then it runs as it is. */
  readonly meter?: MeterNames;
  readonly exact: boolean;
  readonly reasons: readonly string[];
}

/** With the host's bounds written in, so that a memory ends where it ends on every machine and in every engine. */
export function meterPart(
  bytes: Uint8Array,
  { schedule, budget }: Metering,
  limits: HostProfile['limits'],
): MeteredPart {
  let metered: MeteredModule;
  try {
    metered = meterFuel(bytes, { schedule, initialFuel: BigInt(budget), observeState: true });
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
    return { bytes: Uint8Array.from(bytes), exact: false, reasons: ['not-metered'] };
  }
  const { comparable, exports, state } = metered;
  const meter = state === undefined ? {} : { meter: { ...exports, state } };
  return {
    bytes: capLimits(metered.bytes, capsOf(limits)),
    ...meter,
    exact: comparable.exact,
    reasons: comparable.reasons,
  };
}

/** What the child is told of a host, whatever the vectors are. */
export type HostPart = Pick<
  ChildRequest,
  'abi' | 'limits' | 'imports' | 'capabilities' | 'writingCapability' | 'signatures'
>;

export function hostPart(profile: HostProfile, facts: WasmFacts | undefined): HostPart {
  const { limits, capabilities } = profile;
  const writing = profile.imports.find(({ name }) => name === 'path_create_directory')?.meaning;
  const writes = writing?.as === 'capability' ? writing.capability : filesystemOf(profile);
  return {
    abi: profile.abi,
    limits: {
      fuel: meteringOf(profile).budget,
      memoryBytes: limits.memoryBytes,
      outputBytes: limits.outputBytes,
      hostCalls: limits.hostCalls,
    },
    imports: facts === undefined ? [] : importRules(profile, facts),
    capabilities: capabilities.map(({ id, class: of }) => ({ id, class: of })),
    ...(writes === undefined ? {} : { writingCapability: writes }),
    signatures: facts?.kind === 'core' ? signaturesOf(facts.exports) : {},
  };
}

/** A host with one file capability means reading and writing by it. */
const filesystemOf = ({ capabilities }: HostProfile): string | undefined =>
  capabilities.find(({ class: of }) => of === 'filesystem')?.id;

function signaturesOf(
  exports: readonly { readonly name: string; readonly kind: string; readonly type?: string }[],
): Record<string, string> {
  const functions = exports.filter(({ kind }) => kind === 'function').slice(0, 1_000);
  return Object.fromEntries(functions.map(({ name, type = '' }) => [name, type]));
}

function importRules(profile: HostProfile, facts: WasmFacts): ImportRule[] {
  if (facts.kind === 'component') return componentRules(profile, facts);
  return facts.imports.map(({ module, name, kind, type }) => {
    const rule = profile.imports.find(
      (candidate) =>
        candidate.module === module &&
        candidate.name === name &&
        candidate.kind === kind &&
        (candidate.type === undefined || candidate.type === type),
    );
    return { module, name, kind, ...meaningOf(rule) };
  });
}

/** Each function by the first rule that applies to it; an interface without functions by the first rule of its name. */
function componentRules(profile: HostProfile, { world }: ComponentFacts): ImportRule[] {
  if (world === undefined) return [];
  const { interfaces, functions } = world.imports;
  const inInterfaces = interfaces.flatMap(({ name: full, implements: as, functions: list }) => {
    const [name = '', version = ''] = (as ?? full).split('@');
    const rules = profile.componentImports.filter(
      (rule) => rule.interface === name && (rule.versions === undefined || satisfiesCaret(version, rule.versions)),
    );
    const named = list.length === 0 ? [''] : list.map((each) => each.name);
    return named.map((each) => {
      const rule = rules.find((candidate) => candidate.functions === undefined || candidate.functions.includes(each));
      return { module: full, name: each, kind: 'function', ...meaningOf(rule) };
    });
  });
  const plain = functions.map(({ name }) => {
    const rule = profile.componentImports.find((candidate) => candidate.interface === name);
    return { module: '', name, kind: 'function', ...meaningOf(rule) };
  });
  return [...inInterfaces, ...plain];
}

function meaningOf(rule: { readonly meaning: HostProfile['imports'][number]['meaning'] } | undefined): {
  readonly meaning?: Meaning;
} {
  if (rule === undefined) return {};
  const { meaning } = rule;
  if (meaning.as === 'capability') return { meaning: { as: 'capability', capability: meaning.capability } };
  const varies = meaning.as === 'runtime' && meaning.deterministic === false;
  return { meaning: varies ? { as: 'runtime', varies } : { as: meaning.as } };
}

/**
 * Why a module cannot start: it begins with more than a memory or a table of the host has. Engines refuse that too, each at another
 * moment and in other words, and one without caps would not.
 */
export function beyondCaps(facts: WasmFacts | undefined, limits: HostProfile['limits']): ChildRequest['beyond'] {
  if (facts?.kind !== 'core') return undefined;
  const caps = capsOf(limits);
  const table = facts.tables.find(({ imported, min }) => !imported && min > caps.tableElements);
  if (table !== undefined)
    return {
      ending: 'linkError',
      detail: `a table starts with ${table.min} elements, the host has ${caps.tableElements}`,
    };
  const memory = facts.memories.find(
    ({ imported, minPages, pageSize }) => !imported && minPages * pageSize > caps.memoryBytes,
  );
  if (memory === undefined) return undefined;
  const bytes = memory.minPages * memory.pageSize;
  return { ending: 'outOfMemory', detail: `a memory starts with ${bytes} bytes, the host has ${caps.memoryBytes}` };
}

/** undefined for bytes that are no WebAssembly: the child then says so as its engine does. */
export function factsOf(bytes: Uint8Array): WasmFacts | undefined {
  try {
    return readWasm(bytes);
  } catch (error) {
    if (error instanceof WasmError) return undefined;
    throw error;
  }
}

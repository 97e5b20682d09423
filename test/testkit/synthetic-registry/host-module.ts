// A module that fits a host by its own profile: what the host requires is exported, each wanted capability is imported and called. One
// body for each host and set of capabilities; a custom section makes every copy another artifact.
import type { HostProfile } from '@plugmark/schemas';
import { coreModule, name, u32, type ValueTypeName, WasmBuilder } from '../wasm-builder.ts';

export interface ModuleWish {
  readonly profile: HostProfile;
  /** Ids of the profile. */
  readonly capabilities: readonly string[];
  /** What makes it different from others of the same shape. */
  readonly label: string;
  /** At least so many bytes: the custom section is filled up. */
  readonly bytes?: number | undefined;
}

const bodies = new WeakMap<HostProfile, Map<string, Uint8Array>>();

export function hostModule({ profile, capabilities, label, bytes = 0 }: ModuleWish): Uint8Array {
  const known = bodies.get(profile) ?? new Map<string, Uint8Array>();
  bodies.set(profile, known);
  const key = capabilities.join();
  const body = known.get(key) ?? hostBody(profile, capabilities);
  known.set(key, body);
  return withLabel(body, label, bytes);
}

function hostBody({ exports, imports }: HostProfile, capabilities: readonly string[]): Uint8Array {
  const builder = new WasmBuilder();
  const calls: number[] = [];
  for (const [index, capability] of capabilities.entries()) {
    const rule = imports.find(
      ({ kind, type, meaning }) =>
        kind === 'function' && type !== undefined && meaning.as === 'capability' && meaning.capability === capability,
    );
    if (rule?.type === undefined) throw new TypeError(`no import of the profile gives ${capability}`);
    const { parameters, results } = readType(rule.type);
    builder.importFunction(rule.module, rule.name, parameters, results);
    calls.push(...parameters.flatMap(zero), 0x10, ...u32(index), ...results.map(() => DROP));
  }
  builder.memory({ min: 1, max: 16 }, { export: 'memory' });
  for (const wanted of exports.filter(({ kind, required }) => kind === 'function' && required)) {
    const { parameters, results } = readType(wanted.types[0] ?? '() -> ()');
    // The last one exported is the work itself: there the host is asked for what was declared.
    builder.function({ parameters, results, body: [...calls, ...results.flatMap(zero)], export: wanted.name });
  }
  return builder.build();
}

const DROP = 0x1a;
const ZERO: Readonly<Partial<Record<ValueTypeName, readonly number[]>>> = {
  i32: [0x41, 0],
  i64: [0x42, 0],
  f32: [0x43, 0, 0, 0, 0],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
};
const zero = (type: ValueTypeName): readonly number[] => ZERO[type] ?? [];

/** `(i32, i64) -> (i32)`, as profiles write it. */
function readType(text: string): { parameters: ValueTypeName[]; results: ValueTypeName[] } {
  const [parameters = [], results = []] = text
    .split('->')
    .map((side) => [...side.matchAll(/[a-z]\w+/g)].map(([type]) => type as ValueTypeName));
  return { parameters, results };
}

function withLabel(body: Uint8Array, label: string, bytes: number): Uint8Array {
  const head = name('synthetic');
  const text = new TextEncoder().encode(label);
  const filled = new Uint8Array(Math.max(text.length, bytes - body.length - head.length - SECTION_HEAD));
  // Repeating would compress to nothing, and a served file would arrive faster than a real one.
  for (let at = 0, state = text.length; at < filled.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    filled[at] = state >>> 24;
  }
  filled.set(text);
  const section = coreModule([0, ...u32(head.length + filled.length), ...head]).subarray(PREAMBLE);
  return new Uint8Array(Buffer.concat([body, section, filled]));
}

const PREAMBLE = 8;
/** Id and the longest size of a section below 256 MB. */
const SECTION_HEAD = 5;

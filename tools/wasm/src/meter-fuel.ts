/**
 * A copy of a module that counts fuel as wasmtime does. Only what must change is written anew (types, functions,
 * globals, exports, code); every other section is copied byte for byte. All indices stay what they were, since
 * everything added comes last, so the name section stays true; custom sections that hold code offsets are left out.
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { CodeChecker } from './check-code.ts';
import { CodeCounts } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { fuelReasons } from './fuel-reasons.ts';
import { FUEL_SCHEDULES, type FuelReason, type FuelSchedule } from './fuel-schedule.ts';
import { DEFAULT_LIMITS, newBudget, type ReaderLimits } from './limits.ts';
import { BodyMeter, type MeterTargets } from './meter-body.ts';
import { hasRoom } from './meter-memory.ts';
import { MeterPoints } from './meter-points.ts';
import { readModule } from './module.ts';
import { freeNames, type StateNames, stateNames } from './observed-names.ts';
import { CUSTOM_SECTION, readSectionHeader, SECTIONS, type SectionHeader } from './sections.ts';

export interface MeterOptions {
  readonly schedule: FuelSchedule;
  /** Also makes the bits of every NaN the same everywhere; fuel is that of the original. */
  readonly canonicalizeNaNs?: boolean;
  /** What the counter holds before instantiation, so that a start function can be bounded; by default 2^63-1. */
  readonly initialFuel?: bigint;
  /** Also exports what a host cannot see otherwise: every memory and mutable number, and whether a memory could not grow. */
  readonly observeState?: boolean;
  readonly limits?: ReaderLimits;
}

export interface MeteredModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Names of two exported globals. `fuel` (mutable i64): the host writes the budget before a call and reads what is
   * left after it; a negative value means 0, as in wasmtime. `exhausted` (mutable i32): 1 when a call was ended for
   * want of fuel, so that this trap can be told from others; the host sets it to 0 again.
   */
  readonly exports: { readonly fuel: string; readonly exhausted: string };
  /**
   * With `observeState`: names of exports; `growthFailed` (mutable i32) becomes 1 when memory.grow answers -1. `start` is
   * the start function, which is then no longer called by the engine: it is the host's to call, so that it can be observed.
   */
  readonly state?: {
    readonly growthFailed: string;
    readonly start?: string;
    readonly memories: readonly string[];
    readonly globals: readonly string[];
  };
  /** Whether totals of calls after instantiation equal wasmtime's to the unit, and if not, why. */
  readonly comparable: { readonly exact: boolean; readonly reasons: readonly FuelReason[] };
  /** What instantiation costs depends on wasmtime's settings from version 46 on; here it is the start function's. */
  readonly instantiation: 'exact' | 'startFunctionOnly';
}

const FUEL_NAME = 'plugmark_fuel';
const EXHAUSTED_NAME = 'plugmark_fuel_exhausted';
const LARGEST_FUEL: bigint = 2n ** 63n - 1n;
/** Custom sections whose content refers to offsets in the code. */
const OFFSET_SECTIONS = /^(\.debug_|reloc\.|metadata\.code\.|linking$|sourceMappingURL$|external_debug_info$)/;

const PREAMBLE: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const FUNCTION_TYPE = 0x60;
const I64 = 0x7e;
const I32 = 0x7f;
const END = 0x0b;
/** i32.const 1; global.set exhausted; i64.const 0; global.set fuel; unreachable */
const outOfFuelBody = (body: ByteWriter, fuelGlobal: number): void => {
  body.list([0x00, 0x41, 1, 0x24]);
  body.u32(fuelGlobal + 1);
  body.list([0x42, 0, 0x24]);
  body.u32(fuelGlobal);
  body.list([0x00, END]);
};

/**
 * Writes a metered copy of a core module. Whether the result may run is still the engine's to say: operand types are
 * not checked here.
 *
 * @throws {WasmError} WASM_UNSUPPORTED_VERSION for a component, and what `inspectWasm` throws.
 */
export function meterFuel(bytes: Uint8Array, options: MeterOptions): MeteredModule {
  const { schedule, canonicalizeNaNs = false, initialFuel = LARGEST_FUEL, limits = DEFAULT_LIMITS } = options;
  const { observeState = false } = options;
  const reader = new ByteReader(bytes, { start: 0, end: bytes.length, overrun: 'WASM_TRUNCATED' });
  if (bytes.length > limits.fileBytes) throw reader.limit('fileBytes', bytes.length, limits);
  const module = readModule(reader, newBudget(limits));
  const counts = new CodeCounts();
  const free = freeNames(module);
  const exports = { fuel: free(FUEL_NAME), exhausted: free(EXHAUSTED_NAME) };
  const state = observeState ? stateNames(module, free) : undefined;
  const added = new AddedTypes(module);
  const growthFailed = observeState ? module.globals.length + 2 : undefined;
  const how = { bulk: FUEL_SCHEDULES[schedule].bulk, canonicalizeNaNs, growthFailed, limits };
  const code = meterCode(module, counts, added, how);
  const reasons = fuelReasons(module, counts, schedule);
  return {
    bytes: writeModule(module, { added, code, exports, initialFuel, state }),
    exports,
    ...(state === undefined ? {} : { state: namesOf(state) }),
    comparable: { exact: reasons.length === 0, reasons },
    instantiation: FUEL_SCHEDULES[schedule].bulk === 'flat' ? 'exact' : 'startFunctionOnly',
  };
}

function namesOf({ growthFailed, start, memories, globals }: StateNames): NonNullable<MeteredModule['state']> {
  return {
    growthFailed,
    ...(start === undefined ? {} : { start: start.name }),
    memories: [...memories.keys()],
    globals: [...globals.keys()],
  };
}

/** Types that are added behind those of the module: that of the function added, and of blocks around bodies. */
class AddedTypes {
  readonly #module: CoreModule;
  readonly #known = new Map<string, number>();
  readonly encoded: ByteWriter = new ByteWriter();

  constructor(module: CoreModule) {
    this.#module = module;
    this.encoded.list([FUNCTION_TYPE, 0, 0]);
  }

  get count(): number {
    return 1 + this.#known.size;
  }

  /** The encoded block type with the results of a function type and no parameters. */
  blockType(functionType: number): readonly number[] {
    const results = this.#module.types.resultBytes(functionType);
    if (results[0] === 0) return [0x40];
    if (results[0] === 1) return [...results.subarray(1)];
    const key = results.join();
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.#module.types.count + this.count;
      this.#known.set(key, index);
      this.encoded.list([FUNCTION_TYPE, 0, ...results]);
    }
    const leb = new ByteWriter(8);
    leb.signed(index);
    return [...leb.finish()];
  }
}

/** Checks and meters one body after the other. */
function meterCode(
  module: CoreModule,
  counts: CodeCounts,
  added: AddedTypes,
  how: Pick<MeterTargets, 'bulk' | 'canonicalizeNaNs' | 'growthFailed'> & { readonly limits: ReaderLimits },
): ByteWriter {
  // The whole module comes to stand here, since the code is most of it.
  const code = new ByteWriter(Math.ceil(module.size + module.codeSize * 0.3));
  const fuelGlobal = module.globals.length;
  const outOfFuel = module.functionTypes.length;
  const blockType = (type: number): readonly number[] => added.blockType(type);
  const observesGrowth = how.growthFailed !== undefined;
  const points = new MeterPoints({ canonicalizeNaNs: how.canonicalizeNaNs, observesGrowth, roomy: hasRoom(module) });
  const checker = new CodeChecker(module, counts, { limits: how.limits, points });
  const meter = new BodyMeter(module, { ...how, fuelGlobal, outOfFuel, blockType }, code, points);
  const bodies = module.bodies.length / 2;
  code.u32(bodies + 1);
  for (let number = 0; number < bodies; number++) {
    checker.checkBody(number);
    meter.meterBody(number);
  }
  const body = new ByteWriter();
  outOfFuelBody(body, fuelGlobal);
  code.u32(body.length);
  code.append(body);
  return code;
}

interface Parts {
  readonly added: AddedTypes;
  readonly code: ByteWriter;
  readonly exports: MeteredModule['exports'];
  readonly initialFuel: bigint;
  readonly state: StateNames | undefined;
}

/** Section id -> how many entries are added at its end, and what they are; the code section is replaced whole. */
function additions(module: CoreModule, parts: Parts): ReadonlyMap<number, { count: number; entries: ByteWriter }> {
  const fuelGlobal = module.globals.length;
  const type = new ByteWriter();
  type.u32(module.types.count);
  const globals = new ByteWriter();
  globals.list([I64, 1, 0x42]);
  globals.signedBig(parts.initialFuel);
  const flag = [I32, 1, 0x41, 0, END];
  globals.list([END, ...flag, ...(parts.state === undefined ? [] : flag)]);
  const list = addedExports(parts, fuelGlobal);
  const exported = new ByteWriter();
  for (const { name, kind, index } of list) {
    exported.name(name);
    exported.u8(kind);
    exported.u32(index);
  }
  return new Map([
    [1, { count: parts.added.count, entries: parts.added.encoded }],
    [3, { count: 1, entries: type }],
    [6, { count: parts.state === undefined ? 2 : 3, entries: globals }],
    [7, { count: list.length, entries: exported }],
  ]);
}

const FUNCTION_KIND = 0;
const MEMORY_KIND = 2;
const GLOBAL_KIND = 3;

function addedExports(
  { exports, state }: Parts,
  fuelGlobal: number,
): { readonly name: string; readonly kind: number; readonly index: number }[] {
  const of = (kind: number, names: ReadonlyMap<string, number>): ReturnType<typeof addedExports> =>
    [...names].map(([name, index]) => ({ name, kind, index }));
  const counters = new Map([
    [exports.fuel, fuelGlobal],
    [exports.exhausted, fuelGlobal + 1],
  ]);
  if (state === undefined) return of(GLOBAL_KIND, counters);
  counters.set(state.growthFailed, fuelGlobal + 2);
  const start = new Map<string, number>(state.start === undefined ? [] : [[state.start.name, state.start.index]]);
  return [
    ...of(GLOBAL_KIND, counters),
    ...of(FUNCTION_KIND, start),
    ...of(MEMORY_KIND, state.memories),
    ...of(GLOBAL_KIND, state.globals),
  ];
}

const START_SECTION = 8;
const CODE_SECTION = 10;
/** Sections that the result always has, in the order of the format. */
const WRITTEN_SECTIONS: readonly number[] = [1, 3, 6, 7, CODE_SECTION];
const orderOf = (id: number): number => SECTIONS[id]?.order ?? 0;

/** Writes the sections around the code into the writer that has it. */
function writeModule(module: CoreModule, parts: Parts): Uint8Array<ArrayBuffer> {
  const { bytes, size } = module;
  const add = additions(module, parts);
  let out = new ByteWriter();
  out.list(PREAMBLE);
  const missing = [...WRITTEN_SECTIONS];
  const write = (id: number, original: ByteReader | undefined): void => {
    if (id === CODE_SECTION) out = aroundCode(out, parts.code);
    else writeSection(out, { id, original, more: add.get(id) });
  };
  const writeMissing = (order: number): void => {
    for (let id = missing[0]; id !== undefined && orderOf(id) < order; id = missing[0]) {
      missing.shift();
      write(id, undefined);
    }
  };
  const reader = new ByteReader(bytes, { start: PREAMBLE.length, end: size, overrun: 'WASM_TRUNCATED' });
  while (reader.remaining > 0) {
    const header = readSectionHeader(reader);
    if (header.id === CUSTOM_SECTION) {
      if (!holdsOffsets(header)) out.span(bytes, header.start, reader.offset);
      continue;
    }
    if (header.id === START_SECTION && parts.state !== undefined) continue;
    writeMissing(orderOf(header.id));
    if (missing[0] === header.id) missing.shift();
    write(header.id, header.content);
  }
  writeMissing(Number.POSITIVE_INFINITY);
  return out.finish();
}

/** What stands before the code, and the code section; what follows it is written behind. */
function aroundCode(before: ByteWriter, code: ByteWriter): ByteWriter {
  before.u8(CODE_SECTION);
  before.u32(code.length);
  code.prepend(before);
  return code;
}

interface SectionParts {
  readonly id: number;
  readonly original: ByteReader | undefined;
  readonly more: { readonly count: number; readonly entries: ByteWriter } | undefined;
}

function writeSection(out: ByteWriter, { id, original, more }: SectionParts): void {
  const count = new ByteWriter();
  if (more !== undefined) count.u32((original?.u32() ?? 0) + more.count);
  out.u8(id);
  out.u32(count.length + (original?.remaining ?? 0) + (more?.entries.length ?? 0));
  out.append(count);
  if (original !== undefined) out.span(original.bytes, original.offset, original.end);
  if (more !== undefined) out.append(more.entries);
}

function holdsOffsets({ content }: SectionHeader): boolean {
  return OFFSET_SECTIONS.test(content.name(DEFAULT_LIMITS));
}

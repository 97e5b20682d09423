/**
 * Canonical definitions (component model, Binary.md): `lift` makes a function of the component of a core one, `lower`
 * the other way round, every other built-in is a core function. What matters here: indices, and which imported
 * functions core code is given. Signatures are not checked against the canonical ABI.
 */
import type { ByteReader } from './byte-reader.ts';
import { malformed } from './component-extern.ts';
import {
  noteLowered,
  readCoreType,
  readCounted,
  readEntity,
  readResourceRef,
  readTypeOf,
  readTypeRef,
  type Scope,
  spendItem,
} from './component-scope.ts';
import { readFlag, readResultList } from './component-types.ts';
import type { Budget } from './limits.ts';
import { readValueType } from './value-type.ts';

type Part = (reader: ByteReader, scope: Scope, budget: Budget) => void;

const flag: Part = (reader) => void readFlag(reader, 'canonical flag');
const type: Part = (reader, scope) => void readTypeRef(scope, reader);
const resource: Part = (reader, scope) => void readResourceRef(scope, reader);
const number: Part = (reader) => void reader.u32();
const memory: Part = (reader, scope) => void readCounted(scope, reader, 'memory');
const table: Part = (reader, scope) => void readCounted(scope, reader, 'table');
const func: Part = (reader, scope) => void readCounted(scope, reader, 'function');
const coreFunctionType: Part = (reader, scope) => void readCoreType(scope, reader, 'function');
const coreValueType: Part = (reader) => void readValueType(reader, 0);
const results: Part = (reader, scope) => void readResultList(reader, scope);

/** Options of a canonical definition by their byte; `undefined` has no operand. */
const OPTIONS: readonly (Part | undefined)[] = [
  undefined,
  undefined,
  undefined,
  memory,
  func,
  func,
  undefined,
  func,
  coreFunctionType,
  undefined,
];
const OPTION_NAMES: readonly string[] = [
  'utf8',
  'utf16',
  'latin1+utf16',
  'memory',
  'realloc',
  'post-return',
  'async',
  'callback',
  'core-type',
  'gc',
];

/** Options that exclude each other: a string has one encoding. */
const ENCODINGS: readonly number[] = [0, 1, 2];

const options: Part = (reader, scope, budget) => {
  const seen = new Set<number>();
  for (let left = reader.count('canonicalOptions', budget.limits); left > 0; left--) {
    const start = reader.offset;
    const byte = reader.u8();
    if (OPTION_NAMES[byte] === undefined) throw malformed(reader, 'canonical option', byte, start);
    const same = ENCODINGS.includes(byte) ? ENCODINGS : [byte];
    if (same.some((other) => seen.has(other))) throw malformed(reader, 'repeated canonical option', byte, start);
    seen.add(byte);
    OPTIONS[byte]?.(reader, scope, budget);
  }
};

const LIFT = 0x00;
const LOWER = 0x01;
const FUNCTION_SORT = 0x00;

/** The built-ins by their byte: name, and what follows the byte. */
const BUILT_INS: Readonly<Record<number, readonly [name: string, ...parts: Part[]]>> = {
  0x02: ['resource.new', resource],
  0x03: ['resource.drop', resource],
  0x04: ['resource.rep', resource],
  0x05: ['task.cancel'],
  0x06: ['subtask.cancel', flag],
  0x08: ['backpressure.set'],
  0x09: ['task.return', results, options],
  0x0a: ['context.get', coreValueType, number],
  0x0b: ['context.set', coreValueType, number],
  0x0c: ['thread.yield', flag],
  0x0d: ['subtask.drop'],
  0x0e: ['stream.new', type],
  0x0f: ['stream.read', type, options],
  0x10: ['stream.write', type, options],
  0x11: ['stream.cancel-read', type, flag],
  0x12: ['stream.cancel-write', type, flag],
  0x13: ['stream.drop-readable', type],
  0x14: ['stream.drop-writable', type],
  0x15: ['future.new', type],
  0x16: ['future.read', type, options],
  0x17: ['future.write', type, options],
  0x18: ['future.cancel-read', type, flag],
  0x19: ['future.cancel-write', type, flag],
  0x1a: ['future.drop-readable', type],
  0x1b: ['future.drop-writable', type],
  0x1c: ['error-context.new', options],
  0x1d: ['error-context.debug-message', options],
  0x1e: ['error-context.drop'],
  0x1f: ['waitable-set.new'],
  0x20: ['waitable-set.wait', flag, memory],
  0x21: ['waitable-set.poll', flag, memory],
  0x22: ['waitable-set.drop'],
  0x23: ['waitable.join'],
  0x24: ['backpressure.inc'],
  0x25: ['backpressure.dec'],
  0x26: ['thread.index'],
  0x27: ['thread.new-indirect', coreFunctionType, table],
  0x28: ['thread.resume-later'],
  0x29: ['thread.suspend', flag],
  0x2a: ['thread.suspend-then-resume', flag],
  0x2b: ['thread.yield-then-resume', flag],
  0x2c: ['thread.suspend-then-promote', flag],
  0x2d: ['thread.yield-then-promote', flag],
  0x40: ['thread.spawn-ref', flag, coreFunctionType],
  0x41: ['thread.spawn-indirect', flag, coreFunctionType, table],
  0x42: ['thread.available-parallelism', flag],
};

/** Reads one canonical definition into the scope. */
export function readCanonical(reader: ByteReader, scope: Scope, budget: Budget): void {
  spendItem(reader, budget);
  const start = reader.offset;
  const byte = reader.u8();
  if (byte === LIFT) readLift(reader, scope, budget);
  else if (byte === LOWER) readLower(reader, scope, budget);
  else readBuiltIn(reader, scope, { budget, byte, start });
}

function readBuiltIn(
  reader: ByteReader,
  scope: Scope,
  { budget, byte, start }: { readonly budget: Budget; readonly byte: number; readonly start: number },
): void {
  const builtIn = BUILT_INS[byte];
  if (builtIn === undefined) {
    const details = { feature: 'component-canonical', byte };
    throw reader.error('WASM_UNSUPPORTED_FEATURE', 'a canonical built-in that is not known', details, start);
  }
  const [, ...parts] = builtIn;
  for (const part of parts) part(reader, scope, budget);
  scope.counts.function += 1;
}

function readLift(reader: ByteReader, scope: Scope, budget: Budget): void {
  expectFunctionSort(reader);
  func(reader, scope, budget);
  options(reader, scope, budget);
  scope.functions.push({ sort: 'function', type: readTypeOf(scope, reader, 'function').ref });
}

/** From here on core code can call the function, whatever it is called inside. */
function readLower(reader: ByteReader, scope: Scope, budget: Budget): void {
  expectFunctionSort(reader);
  const lowered = readEntity(scope, reader, 'function');
  if (lowered.sort === 'function') noteLowered(scope, lowered.origin);
  options(reader, scope, budget);
  scope.counts.function += 1;
}

function expectFunctionSort(reader: ByteReader): void {
  const start = reader.offset;
  const byte = reader.u8();
  if (byte !== FUNCTION_SORT) throw malformed(reader, 'canonical definition', byte, start);
}

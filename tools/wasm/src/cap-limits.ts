/**
 * A copy of a core module whose memories and tables may not grow beyond what a host gives. Engines have flags for that,
 * each its own and not all of them any; in the module's own maxima the bound is the same everywhere, and a module cannot
 * tell it from a host that refuses. What starts above the bound stays as it is: no maximum below the minimum is valid.
 */
import { readMemoryType, readTableType } from './bounds.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { skipConstExpr } from './const-expr.ts';
import type { CoreModule } from './core-module.ts';
import { DEFAULT_LIMITS, newBudget } from './limits.ts';
import { readModule } from './module.ts';
import { readSectionHeader } from './sections.ts';
import { skipLeb } from './skip-instruction.ts';

export interface LimitCaps {
  /** Of each memory. */
  readonly memoryBytes: number;
  /** Of each table. */
  readonly tableElements: number;
}

const PREAMBLE_BYTES = 8;
const TABLE_SECTION = 4;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;
/** Before a table type with an initialiser (core spec 5.5.7): this and a zero. */
const INITIALISED = 0x40;
/** The most a 32-bit limit can say. */
const MAX_U32 = 0xffff_ffff;

/** @throws {WasmError} what `inspectWasm` throws of a core module. */
export function capLimits(bytes: Uint8Array<ArrayBuffer>, caps: LimitCaps): Uint8Array<ArrayBuffer> {
  const whole = { start: 0, end: bytes.length, overrun: 'WASM_TRUNCATED' } as const;
  const module = readModule(new ByteReader(bytes, whole), newBudget(DEFAULT_LIMITS));
  const reader = new ByteReader(bytes, { ...whole, start: PREAMBLE_BYTES });
  const out = new ByteWriter(bytes.length + 100);
  out.span(bytes, 0, PREAMBLE_BYTES);
  while (reader.remaining > 0) {
    const { id, start, content } = readSectionHeader(reader);
    if (id !== TABLE_SECTION && id !== MEMORY_SECTION) {
      out.span(bytes, start, reader.offset);
      continue;
    }
    const capped = id === TABLE_SECTION ? cappedTables(content, module, caps) : cappedMemories(content, caps);
    out.u8(id);
    out.u32(capped.length);
    out.append(capped);
  }
  return out.finish();
}

function cappedMemories(reader: ByteReader, { memoryBytes }: LimitCaps): ByteWriter {
  const out = new ByteWriter();
  const count = reader.u32();
  out.u32(count);
  for (let left = count; left > 0; left--) {
    const start = reader.offset;
    const { minPages, maxPages, pageSize, memory64 } = readMemoryType(reader).facts;
    const cap = Math.min(Math.floor(memoryBytes / pageSize), memory64 ? Number.MAX_SAFE_INTEGER : MAX_U32);
    const bounds = { minimum: minPages, maximum: maxPages, cap };
    const end = writeBounds(out, reader.bytes, { start, ...bounds });
    // The size of a page, where the type names one.
    out.span(reader.bytes, end, reader.offset);
  }
  return out;
}

function cappedTables(reader: ByteReader, module: CoreModule, { tableElements }: LimitCaps): ByteWriter {
  const { bytes } = reader;
  const out = new ByteWriter();
  const count = reader.u32();
  out.u32(count);
  for (let left = count; left > 0; left--) {
    const start = reader.offset;
    const initialised = bytes[start] === INITIALISED;
    if (initialised) reader.skip(2);
    const typeStart = reader.offset;
    const { min, max } = readTableType(reader, module.types.count).facts;
    const boundsStart = afterReferenceType(bytes, typeStart);
    out.span(bytes, start, boundsStart);
    const end = writeBounds(out, bytes, { start: boundsStart, minimum: min, maximum: max, cap: tableElements });
    out.span(bytes, end, reader.offset);
    const expression = reader.offset;
    if (initialised) skipConstExpr(reader, module, DEFAULT_LIMITS);
    out.span(bytes, expression, reader.offset);
  }
  return out;
}

interface WrittenBounds {
  /** Of the flags. */
  readonly start: number;
  readonly minimum: number;
  readonly maximum: number | undefined;
  readonly cap: number;
}

/** Writes flags, minimum and maximum, and gives where the original of these ends. */
function writeBounds(out: ByteWriter, bytes: Uint8Array, { start, minimum, maximum, cap }: WrittenBounds): number {
  const afterMinimum = skipLeb(bytes, start + 1);
  const end = maximum === undefined ? afterMinimum : skipLeb(bytes, afterMinimum);
  if (minimum > cap || (maximum !== undefined && maximum <= cap)) {
    out.span(bytes, start, end);
    return end;
  }
  out.u8((bytes[start] as number) | HAS_MAXIMUM);
  out.span(bytes, start + 1, afterMinimum);
  out.u32(cap);
  return end;
}

/** A reference type is one byte, or `ref` or `ref null` and a heap type (core spec 5.3.4). */
function afterReferenceType(bytes: Uint8Array, start: number): number {
  const withHeapType = bytes[start] === 0x63 || bytes[start] === 0x64;
  return withHeapType ? skipLeb(bytes, start + 1) : start + 1;
}

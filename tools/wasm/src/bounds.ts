/**
 * Memory and table types (core spec 5.3.14 - 5.3.16): the flags, the minimum and maximum, and what they may be.
 * Numbers are read exactly, at 64 bits; a fact above 2^53-1 is given as 2^53-1 (no machine has so much), its type
 * text is exact.
 */
import type { ByteReader } from './byte-reader.ts';
import type { MemoryFacts, TableFacts } from './facts.ts';
import { readReferenceType } from './value-type.ts';

const HAS_MAXIMUM = 1;
const SHARED = 2;
const ADDRESS_64 = 4;
const CUSTOM_PAGE_SIZE = 8;

/** log2 of the bytes in a page, when the type does not say (core spec 2.3.14). */
const PAGE_SIZE_LOG2 = 16;
const PAGE_SIZES_LOG2: readonly number[] = [0, 16];

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const safe = (value: bigint): number => Number(value > MAX_SAFE ? MAX_SAFE : value);

interface Bounds {
  readonly minimum: bigint;
  readonly maximum: bigint | undefined;
  readonly flags: number;
  readonly start: number;
}

export interface MemoryType {
  readonly facts: Omit<MemoryFacts, 'imported'>;
  readonly text: string;
}

export interface TableType {
  readonly facts: Omit<TableFacts, 'imported'>;
  readonly text: string;
}

/** Reads a memory type; its text is that of the text format, `1 16 shared`. */
export function readMemoryType(reader: ByteReader): MemoryType {
  const bounds = readBounds(reader, HAS_MAXIMUM | SHARED | ADDRESS_64 | CUSTOM_PAGE_SIZE);
  const shared = (bounds.flags & SHARED) !== 0;
  const memory64 = (bounds.flags & ADDRESS_64) !== 0;
  if (shared) reader.use('threads', bounds.start);
  if (bounds.flags & CUSTOM_PAGE_SIZE) reader.use('custom-page-sizes', bounds.start);
  const log2 = bounds.flags & CUSTOM_PAGE_SIZE ? readPageSizeLog2(reader) : PAGE_SIZE_LOG2;
  checkBounds(reader, bounds, 1n << BigInt((memory64 ? 64 : 32) - log2));
  if (shared && bounds.maximum === undefined) throw badBounds(reader, 'a shared memory needs a maximum', bounds);
  const pageSize = 2 ** log2;
  const text = `${boundsText(bounds)}${shared ? ' shared' : ''}${log2 === PAGE_SIZE_LOG2 ? '' : ` (pagesize ${pageSize})`}`;
  const { minimum, maximum } = bounds;
  return {
    text,
    facts: {
      minPages: safe(minimum),
      ...(maximum !== undefined && { maxPages: safe(maximum) }),
      shared,
      memory64,
      pageSize,
    },
  };
}

/** Reads a table type; its text is that of the text format, `1 10 funcref`. */
export function readTableType(reader: ByteReader, typeCount: number): TableType {
  const element = readReferenceType(reader, typeCount);
  const bounds = readBounds(reader, HAS_MAXIMUM | ADDRESS_64);
  const table64 = (bounds.flags & ADDRESS_64) !== 0;
  checkBounds(reader, bounds, (1n << (table64 ? 64n : 32n)) - 1n);
  const { minimum, maximum } = bounds;
  return {
    text: `${boundsText(bounds)} ${element}`,
    facts: { element, min: safe(minimum), ...(maximum !== undefined && { max: safe(maximum) }), table64 },
  };
}

function readBounds(reader: ByteReader, allowed: number): Bounds {
  const start = reader.offset;
  const flags = reader.u8();
  if (flags & ~allowed)
    throw reader.error('WASM_MALFORMED', 'these flags have no meaning here', { what: 'limits', byte: flags }, start);
  if (flags & ADDRESS_64) reader.use('memory64', start);
  const number = (): bigint => (flags & ADDRESS_64 ? reader.u64() : BigInt(reader.u32()));
  const minimum = number();
  return { minimum, maximum: flags & HAS_MAXIMUM ? number() : undefined, flags, start };
}

function checkBounds(reader: ByteReader, bounds: Bounds, largest: bigint): void {
  const { minimum, maximum = minimum } = bounds;
  if (minimum > maximum) throw badBounds(reader, 'the minimum is above the maximum', bounds);
  if (maximum > largest) throw badBounds(reader, `more than ${largest} cannot be addressed`, bounds);
}

function readPageSizeLog2(reader: ByteReader): number {
  const start = reader.offset;
  const log2 = reader.u32();
  if (PAGE_SIZES_LOG2.includes(log2)) return log2;
  throw reader.error('WASM_BAD_BOUNDS', 'a page is 1 or 65536 bytes', { log2 }, start);
}

function badBounds(reader: ByteReader, message: string, { minimum, maximum, start }: Bounds): Error {
  const details = { minimum: String(minimum), ...(maximum !== undefined && { maximum: String(maximum) }) };
  return reader.error('WASM_BAD_BOUNDS', message, details, start);
}

function boundsText({ flags, minimum, maximum }: Bounds): string {
  return `${flags & ADDRESS_64 ? 'i64 ' : ''}${minimum}${maximum === undefined ? '' : ` ${maximum}`}`;
}

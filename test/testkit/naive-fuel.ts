// A second implementation of fuel, as plain as possible: one more unit before every instruction that costs one, no
// caching, no control flow, no traps. Its totals must equal the meter's for calls that end.
import { ByteReader } from '../../tools/wasm/src/byte-reader.ts';
import { ByteWriter } from '../../tools/wasm/src/byte-writer.ts';
import type { CoreModule } from '../../tools/wasm/src/core-module.ts';
import { DEFAULT_LIMITS, newBudget } from '../../tools/wasm/src/limits.ts';
import { readModule } from '../../tools/wasm/src/module.ts';
import { readSectionHeader } from '../../tools/wasm/src/sections.ts';
import {
  afterImmediates,
  afterOpcode,
  lebAt,
  opcodeAt,
  skipLeb,
  skipType,
} from '../../tools/wasm/src/skip-instruction.ts';

export const NAIVE_EXPORT = 'naive_fuel';

/** block loop else end unreachable nop return drop: what wasmtime's documentation lists as free. */
const FREE: readonly number[] = [0x02, 0x03, 0x05, 0x0b, 0x00, 0x01, 0x0f, 0x1a];
const [GLOBAL, EXPORT, CODE] = [6, 7, 10];
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** A copy of a module with an exported global that counts up. */
export function naiveFuel(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = { start: 0, end: bytes.length, overrun: 'WASM_TRUNCATED' } as const;
  const module = readModule(new ByteReader(bytes, whole), newBudget(DEFAULT_LIMITS));
  const counter = module.globals.length;
  const contents = sections(bytes);
  const global = [0x7e, 1, 0x42, 0, 0x0b];
  const exported = [NAIVE_EXPORT.length, ...new TextEncoder().encode(NAIVE_EXPORT), 3, ...leb(counter)];
  contents.set(GLOBAL, [extended(contents.get(GLOBAL)?.[0], global)]);
  contents.set(EXPORT, [extended(contents.get(EXPORT)?.[0], exported)]);
  if (contents.has(CODE)) contents.set(CODE, [countedBodies(module, counter)]);
  const out = new ByteWriter();
  out.span(bytes, 0, 8);
  for (const id of ORDER) {
    for (const content of contents.get(id) ?? []) {
      out.u8(id);
      out.u32(content.length);
      out.span(content, 0, content.length);
    }
  }
  return out.finish();
}

function sections(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const found = new Map<number, Uint8Array[]>();
  const reader = new ByteReader(bytes, { start: 8, end: bytes.length, overrun: 'WASM_TRUNCATED' });
  while (reader.remaining > 0) {
    const { id, content } = readSectionHeader(reader);
    found.set(id, [...(found.get(id) ?? []), bytes.subarray(content.offset, content.end)]);
  }
  return found;
}

/** A vector with one more item. */
function extended(content: Uint8Array | undefined, item: readonly number[]): Uint8Array {
  if (content === undefined) return Uint8Array.from([1, ...item]);
  return Uint8Array.from([...leb(lebAt(content, 0) + 1), ...content.subarray(skipLeb(content, 0)), ...item]);
}

function leb(value: number): number[] {
  const writer = new ByteWriter();
  writer.u32(value);
  return [...writer.finish()];
}

function countedBodies({ bytes, bodies }: CoreModule, counter: number): Uint8Array {
  const one = [0x23, ...leb(counter), 0x42, 1, 0x7c, 0x24, ...leb(counter)];
  const out = new ByteWriter();
  out.u32(bodies.length / 2);
  for (let at = 0; at < bodies.length; at += 2) {
    const body = new ByteWriter();
    const [offset, end] = [bodies[at] as number, (bodies[at] as number) + (bodies[at + 1] as number)];
    let next = skipLeb(bytes, offset);
    for (let left = lebAt(bytes, offset); left > 0; left--) next = skipType(bytes, skipLeb(bytes, next));
    body.span(bytes, offset, next);
    body.list(one);
    while (next < end) {
      const [begin, index] = [next, opcodeAt(bytes, next)];
      next = afterImmediates(bytes, index, afterOpcode(bytes, next));
      if (!FREE.includes(index)) body.list(one);
      body.span(bytes, begin, next);
    }
    out.u32(body.length);
    out.append(body);
  }
  return out.finish();
}

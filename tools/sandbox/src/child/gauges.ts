// What metering added to the instances of a plugin, read and set: fuel, whether a memory could not grow, and all state as one hash.
// A core module is one part; a component has one for each core module in it, under a budget they share: no part may use more than the
// whole, and together they have used it up as soon as their sum has.

import { createHash } from 'node:crypto';
import type { MeterNames } from './request.ts';

interface Part {
  readonly exports: WebAssembly.Exports;
  readonly names: MeterNames;
}

export class Gauges {
  readonly #parts: Part[] = [];
  /** Of every call, and of the start. */
  readonly #budget: number;
  /** What had been used when the rest was taken away. */
  #drained: number | undefined;

  constructor(budget: number) {
    this.#budget = budget;
  }

  add(exports: WebAssembly.Exports, names: MeterNames): void {
    this.#parts.push({ exports, names });
  }

  get metered(): boolean {
    return this.#parts.length > 0;
  }

  /** Before a call. */
  fill(): void {
    this.#drained = undefined;
    for (const { exports, names } of this.#parts) {
      (exports[names.fuel] as WebAssembly.Global<'i64'>).value = BigInt(this.#budget);
      (exports[names.exhausted] as WebAssembly.Global<'i32'>).value = 0;
      (exports[names.state.growthFailed] as WebAssembly.Global<'i32'>).value = 0;
    }
  }

  /** Of the call since `fill`; a counter below zero is an empty one. */
  used(): number {
    if (this.#drained !== undefined) return this.#drained;
    const budget = this.#budget;
    const left = (part: Part): bigint => (part.exports[part.names.fuel] as WebAssembly.Global<'i64'>).value as bigint;
    const sum = this.#parts.reduce((all, part) => all + BigInt(budget) - (left(part) < 0n ? 0n : left(part)), 0n);
    return Math.min(Number(sum), budget);
  }

  /** Leaves nothing to go on with; what was used stays what it was. */
  drain(): void {
    this.#drained = this.used();
    for (const { exports, names } of this.#parts) (exports[names.fuel] as WebAssembly.Global<'i64'>).value = 0n;
  }

  exhausted(): boolean {
    const empty = this.#parts.some(
      ({ exports, names }) => (exports[names.exhausted] as WebAssembly.Global<'i32'>).value !== 0,
    );
    return empty || (this.#parts.length > 1 && this.used() >= this.#budget);
  }

  growthFailed(): boolean {
    return this.#parts.some(
      ({ exports, names }) => (exports[names.state.growthFailed] as WebAssembly.Global<'i32'>).value !== 0,
    );
  }

  /** Parts may share a memory. */
  #memories(): Set<WebAssembly.Memory> {
    return new Set(
      this.#parts.flatMap(({ exports, names }) =>
        names.state.memories.map((name) => exports[name] as WebAssembly.Memory),
      ),
    );
  }

  /** Memories never shrink, so what they have now is the most they had. */
  memoryBytes(): number {
    return [...this.#memories()].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }

  /** All memories, then the bits of all numbers in globals. */
  stateSha256(): string {
    const hash = createHash('sha256');
    for (const { buffer } of this.#memories())
      hash.update(`memory ${buffer.byteLength}\n`).update(new Uint8Array(buffer));
    for (const { exports, names } of this.#parts) {
      for (const name of names.state.globals) hash.update(`${bitsOf((exports[name] as WebAssembly.Global).value)}\n`);
    }
    return hash.digest('hex');
  }
}

function bitsOf(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  // JavaScript keeps no NaN bits apart, so all of them count as one here; in memory they are what they are.
  return Number.isNaN(value) ? 'NaN' : Object.is(value, -0) ? '-0' : String(value);
}

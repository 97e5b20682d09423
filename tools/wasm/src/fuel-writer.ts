/**
 * The instructions that keep fuel, written into a body. The counter holds what is left. It lives in an exported
 * global, which is what the host and other functions see, and while a function runs in a local; after a call the
 * local is filled again only when it is needed, which changes nothing that can be seen and saves a quarter of the code.
 */
import type { ByteWriter } from './byte-writer.ts';

const CALL = 0x10;
const IF = 0x04;
const END = 0x0b;
const EMPTY = 0x40;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const I32_NE = 0x47;
const I64_LT_S = 0x53;
const I64_NE = 0x52;
const I32_AND = 0x71;
const I64_SUB = 0x7d;
const I64_EXTEND_I32_U = 0xad;

/** A LEB128 of one byte is below these. */
const ONE_BYTE_UNSIGNED = 0x80;
const ONE_BYTE_SIGNED = 0x40;

/** Type byte of each local that may be added, by what it is for. */
const LOCAL_TYPES = {
  fuel: 0x7e,
  length: 0x7f,
  length64: 0x7e,
  result: 0x7f,
  result64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
} as const;

export type AddedLocal = keyof typeof LOCAL_TYPES;

export interface FuelTargets {
  /** Indices of the exported counter and of the function that says it is used up. */
  readonly fuelGlobal: number;
  readonly outOfFuel: number;
}

export class FuelWriter {
  readonly #code: ByteWriter;
  readonly #targets: FuelTargets;
  readonly #added: AddedLocal[] = [];
  #firstAdded = 0;
  /** Cost that is known and not yet subtracted. */
  pending = 0;
  /** The counter is in the global; otherwise it is in the local. */
  inGlobal = true;

  constructor(code: ByteWriter, targets: FuelTargets) {
    this.#code = code;
    this.#targets = targets;
  }

  /** Starts a function with so many locals of its own; entering it costs 1. */
  begin(locals: number): void {
    this.#added.length = 0;
    this.#firstAdded = locals;
    this.pending = 1;
    this.inGlobal = true;
  }

  /** Type bytes of the locals that were added, in order. */
  addedTypes(): number[] {
    return this.#added.map((local) => LOCAL_TYPES[local]);
  }

  /** The index of a local that is added when it is first asked for. */
  local(name: AddedLocal): number {
    // Nearly always the counter, which is the first.
    if (this.#added[0] === name) return this.#firstAdded;
    const known = this.#added.indexOf(name);
    return this.#firstAdded + (known >= 0 ? known : this.#added.push(name) - 1);
  }

  access(opcode: number, index: number): void {
    if (index < ONE_BYTE_UNSIGNED) {
      this.#code.pair(opcode, index);
    } else {
      this.#code.u8(opcode);
      this.#code.u32(index);
    }
  }

  /** wasmtime checks after it has counted the 1 of the entry, so 1 unit is too little and 2 suffice. */
  checkEntry(code: ByteWriter): void {
    code.u8(GLOBAL_GET);
    code.u32(this.#targets.fuelGlobal);
    code.pair(I64_CONST, 2);
    code.u8(I64_LT_S);
    this.#trap(code);
  }

  /** Brings the counter into the local with `target` pending: what the label expects to which control goes next. */
  settle(target: number): void {
    if (!this.inGlobal && this.pending === target) return;
    this.#subtract(target);
    this.access(LOCAL_SET, this.local('fuel'));
    this.inGlobal = false;
  }

  /** Brings the counter into the global. With `keepLocal` into the local too, where a caught exception goes on. */
  save({ keepLocal }: { readonly keepLocal: boolean }): void {
    if (keepLocal) {
      this.#subtract();
      this.access(LOCAL_TEE, this.local('fuel'));
    } else if (this.inGlobal && this.pending === 0) {
      return;
    } else {
      this.#subtract();
    }
    this.access(GLOBAL_SET, this.#targets.fuelGlobal);
    this.inGlobal = true;
  }

  /** Ends the call when nothing is left after what is pending; the counter must be in the local. */
  check(): void {
    this.#compare();
    this.#trap(this.#code);
  }

  /** Subtracts what a local holds besides what is pending; the result is in the local. */
  charge(length: 'length' | 'length64'): void {
    this.#subtract();
    this.access(LOCAL_GET, this.local(length));
    if (length === 'length') this.#code.u8(I64_EXTEND_I32_U);
    this.#code.u8(I64_SUB);
    this.access(LOCAL_SET, this.local('fuel'));
    this.inGlobal = false;
  }

  /** Like {@link check}, but only if a length is not 0: a loop over no elements has no header to check at. */
  checkUnlessEmpty(length: 'length' | 'length64'): void {
    this.#compare();
    this.differs(length, 0);
    this.#code.u8(I32_AND);
    this.#trap(this.#code);
  }

  /** Pushes whether a local differs from a small constant. */
  differs(local: 'length' | 'length64' | 'result' | 'result64', constant: number): void {
    this.access(LOCAL_GET, this.local(local));
    const wide = local.endsWith('64');
    this.#code.u8(wide ? I64_CONST : I32_CONST);
    this.#code.signed(constant);
    this.#code.u8(wide ? I64_NE : I32_NE);
  }

  #compare(): void {
    this.access(LOCAL_GET, this.local('fuel'));
    this.#code.u8(I64_CONST);
    this.#code.signed(this.pending + 1);
    this.#code.u8(I64_LT_S);
  }

  /** Pushes the counter less what is pending beyond `rest`; that can be a negative number. */
  #subtract(rest = 0): void {
    if (this.inGlobal) this.access(GLOBAL_GET, this.#targets.fuelGlobal);
    else this.access(LOCAL_GET, this.local('fuel'));
    const cost = this.pending - rest;
    if (cost > 0 && cost < ONE_BYTE_SIGNED) {
      this.#code.triple(I64_CONST, cost, I64_SUB);
    } else if (cost !== 0) {
      this.#code.u8(I64_CONST);
      this.#code.signed(cost);
      this.#code.u8(I64_SUB);
    }
    this.pending = rest;
  }

  #trap(code: ByteWriter): void {
    code.pair(IF, EMPTY);
    code.u8(CALL);
    code.u32(this.#targets.outOfFuel);
    code.u8(END);
  }
}

/**
 * Replaces a NaN by the canonical one right after the instruction that may have made it, so that its bits cannot
 * differ between engines or compiler tiers (core spec 4.3.3 leaves them open). `x == x ? x : nan`, lane by lane.
 */
import type { ByteWriter } from './byte-writer.ts';
import type { NanType } from './opcodes.ts';

interface Canonical {
  readonly local: 'f32' | 'f64' | 'v128';
  /** Pushes the canonical NaN. */
  readonly nan: readonly number[];
  /** Compares two values and then chooses between the two below. */
  readonly choose: readonly number[];
}

const NAN_32: readonly number[] = [0x00, 0x00, 0xc0, 0x7f];
const NAN_64: readonly number[] = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];
const SELECT = 0x1b;
const BITSELECT: readonly number[] = [0xfd, 0x52];
const V128_CONST: readonly number[] = [0xfd, 0x0c];

const CANONICAL: Readonly<Record<NanType, Canonical>> = {
  f32: { local: 'f32', nan: [0x43, ...NAN_32], choose: [0x5b, SELECT] },
  f64: { local: 'f64', nan: [0x44, ...NAN_64], choose: [0x61, SELECT] },
  f32x4: {
    local: 'v128',
    nan: [...V128_CONST, ...NAN_32, ...NAN_32, ...NAN_32, ...NAN_32],
    choose: [0xfd, 0x41, ...BITSELECT],
  },
  f64x2: { local: 'v128', nan: [...V128_CONST, ...NAN_64, ...NAN_64], choose: [0xfd, 0x47, ...BITSELECT] },
};

const LOCAL_GET = 0x20;
const LOCAL_TEE = 0x22;

/** Writes what follows an instruction with a result of this type; `localOf` gives the index of a spare local. */
export function writeCanonical(
  code: ByteWriter,
  type: NanType,
  localOf: (name: 'f32' | 'f64' | 'v128') => number,
): void {
  const { local, nan, choose } = CANONICAL[type];
  const index = localOf(local);
  code.u8(LOCAL_TEE);
  code.u32(index);
  code.list(nan);
  for (let operand = 0; operand < 2; operand++) {
    code.u8(LOCAL_GET);
    code.u32(index);
  }
  code.list(choose);
}

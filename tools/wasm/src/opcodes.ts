/**
 * Every instruction of every standard proposal, once (core spec 5.4, appendix A.9; the proposals' own overviews).
 * The decoder, the checks of initialisers, feature detection, fuel and NaN canonicalisation all read this table; there
 * is no second list. Opcodes that stand side by side and share everything but the name share a row.
 */
import type { FeatureId } from './features.ts';

/** What follows an opcode, in this order. */
export type Immediate =
  | 'blockType'
  | 'label'
  | 'labels'
  | 'catches'
  | 'function'
  | 'functionType'
  | 'structType'
  | 'arrayType'
  | 'field'
  | 'table'
  | 'memory'
  | 'memarg'
  | 'local'
  | 'global'
  | 'tag'
  | 'data'
  | 'element'
  | 'heapType'
  | 'castFlags'
  | 'valueTypes'
  | 'operands'
  | 's32'
  | 's64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'lane'
  | 'shuffle'
  | 'zero';

/**
 * What wasmtime's compiler does with its fuel counter at an instruction: what it costs, and whether the pending cost
 * is added to the cached counter (`flush`), or also written back where others see it (`save`), and read again after.
 */
export const FUEL_CLASSES = {
  plain: { cost: 1, point: 'none' },
  free: { cost: 0, point: 'none' },
  flush: { cost: 1, point: 'flush' },
  freeFlush: { cost: 0, point: 'flush' },
  save: { cost: 1, point: 'save' },
  freeSave: { cost: 0, point: 'save' },
  call: { cost: 1, point: 'call' },
} as const;

type FuelClass = keyof typeof FUEL_CLASSES;

/** How an instruction changes the nesting and whether what follows it can run. */
type Flow = 'open' | 'if' | 'else' | 'end' | 'delegate' | 'handler' | 'loop' | 'stop' | 'branch';

/** The type whose lanes are NaN with bits that differ between engines (core spec 4.3.3). */
export type NanType = 'f32' | 'f64' | 'f32x4' | 'f64x2';

export interface Instruction {
  readonly name: string;
  readonly immediates: readonly Immediate[];
  readonly feature: FeatureId | undefined;
  readonly fuel: FuelClass;
  readonly flow: Flow | undefined;
  /** Allowed in an initialiser, and what that needs beyond the instruction's own feature. */
  readonly constant: FeatureId | 'always' | undefined;
  readonly nan: NanType | undefined;
  /** Bytes of memory a `memarg` instruction touches, which is also its natural alignment. */
  readonly access: number;
  /** Lanes of the vector a `lane` immediate selects from. */
  readonly lanes: number;
}

interface Row {
  /** The first opcode and the names of it and its neighbours; `-` is an opcode nobody defines. */
  readonly from: number;
  readonly names: string;
  readonly immediates?: readonly Immediate[];
  readonly feature?: FeatureId;
  readonly fuel?: FuelClass;
  readonly flow?: Flow;
  readonly constant?: FeatureId | 'always';
  readonly nan?: NanType;
  /** One number for all names, or one each. */
  readonly access?: readonly number[];
  readonly lanes?: number;
}

/** Opcodes of one byte. */
const PLAIN: readonly Row[] = [
  { from: 0x00, names: 'unreachable', fuel: 'freeSave', flow: 'stop' },
  { from: 0x01, names: 'nop', fuel: 'free' },
  { from: 0x02, names: 'block', immediates: ['blockType'], fuel: 'free', flow: 'open' },
  { from: 0x03, names: 'loop', immediates: ['blockType'], fuel: 'freeFlush', flow: 'loop' },
  { from: 0x04, names: 'if', immediates: ['blockType'], fuel: 'flush', flow: 'if' },
  { from: 0x05, names: 'else', fuel: 'freeFlush', flow: 'else' },
  { from: 0x06, names: 'try', immediates: ['blockType'], feature: 'legacy-exceptions', flow: 'open' },
  {
    from: 0x07,
    names: 'catch',
    immediates: ['tag'],
    feature: 'legacy-exceptions',
    fuel: 'freeFlush',
    flow: 'handler',
  },
  // Both forms of exceptions have it, so it says nothing about which one is used.
  { from: 0x08, names: 'throw', immediates: ['tag'], fuel: 'save', flow: 'stop' },
  { from: 0x09, names: 'rethrow', immediates: ['label'], feature: 'legacy-exceptions', fuel: 'save', flow: 'stop' },
  { from: 0x0a, names: 'throw_ref', feature: 'exceptions', fuel: 'save', flow: 'stop' },
  { from: 0x0b, names: 'end', fuel: 'freeFlush', flow: 'end' },
  { from: 0x0c, names: 'br', immediates: ['label'], fuel: 'flush', flow: 'stop' },
  { from: 0x0d, names: 'br_if', immediates: ['label'], fuel: 'flush', flow: 'branch' },
  { from: 0x0e, names: 'br_table', immediates: ['labels'], fuel: 'flush', flow: 'stop' },
  { from: 0x0f, names: 'return', fuel: 'freeSave', flow: 'stop' },
  { from: 0x10, names: 'call', immediates: ['function'], fuel: 'call' },
  { from: 0x11, names: 'call_indirect', immediates: ['functionType', 'table'], fuel: 'call' },
  { from: 0x12, names: 'return_call', immediates: ['function'], feature: 'tail-call', fuel: 'save', flow: 'stop' },
  {
    from: 0x13,
    names: 'return_call_indirect',
    immediates: ['functionType', 'table'],
    feature: 'tail-call',
    fuel: 'save',
    flow: 'stop',
  },
  // wasmtime neither saves before a call_ref nor reads its counter after it; a meter that did the same could be
  // escaped, so this one treats it as a call and says that the result cannot be compared.
  {
    from: 0x14,
    names: 'call_ref',
    immediates: ['functionType'],
    feature: 'typed-function-references',
    fuel: 'call',
  },
  {
    from: 0x15,
    names: 'return_call_ref',
    immediates: ['functionType'],
    feature: 'typed-function-references',
    fuel: 'save',
    flow: 'stop',
  },
  {
    from: 0x18,
    names: 'delegate',
    immediates: ['label'],
    feature: 'legacy-exceptions',
    fuel: 'freeFlush',
    flow: 'delegate',
  },
  { from: 0x19, names: 'catch_all', feature: 'legacy-exceptions', fuel: 'freeFlush', flow: 'handler' },
  { from: 0x1a, names: 'drop', fuel: 'free' },
  { from: 0x1b, names: 'select' },
  { from: 0x1c, names: 'select', immediates: ['valueTypes'], feature: 'reference-types' },
  { from: 0x1f, names: 'try_table', immediates: ['blockType', 'catches'], feature: 'exceptions', flow: 'open' },
  { from: 0x20, names: 'local.get local.set local.tee', immediates: ['local'] },
  { from: 0x23, names: 'global.get', immediates: ['global'], constant: 'always' },
  { from: 0x24, names: 'global.set', immediates: ['global'] },
  { from: 0x25, names: 'table.get table.set', immediates: ['table'], feature: 'reference-types' },
  {
    from: 0x28,
    names:
      'i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u i64.load8_s i64.load8_u ' +
      'i64.load16_s i64.load16_u i64.load32_s i64.load32_u i32.store i64.store f32.store f64.store i32.store8 ' +
      'i32.store16 i64.store8 i64.store16 i64.store32',
    immediates: ['memarg'],
    access: [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4],
  },
  { from: 0x3f, names: 'memory.size memory.grow', immediates: ['memory'] },
  { from: 0x41, names: 'i32.const', immediates: ['s32'], constant: 'always' },
  { from: 0x42, names: 'i64.const', immediates: ['s64'], constant: 'always' },
  { from: 0x43, names: 'f32.const', immediates: ['f32'], constant: 'always' },
  { from: 0x44, names: 'f64.const', immediates: ['f64'], constant: 'always' },
  {
    from: 0x45,
    names:
      'i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u ' +
      'i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u ' +
      'f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge i32.clz i32.ctz i32.popcnt',
  },
  { from: 0x6a, names: 'i32.add i32.sub i32.mul', constant: 'extended-const' },
  {
    from: 0x6d,
    names:
      'i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr ' +
      'i64.clz i64.ctz i64.popcnt',
  },
  { from: 0x7c, names: 'i64.add i64.sub i64.mul', constant: 'extended-const' },
  {
    from: 0x7f,
    names:
      'i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr ' +
      'f32.abs f32.neg',
  },
  {
    from: 0x8d,
    names: 'f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f32.add f32.sub f32.mul f32.div f32.min f32.max',
    nan: 'f32',
  },
  { from: 0x98, names: 'f32.copysign f64.abs f64.neg' },
  {
    from: 0x9b,
    names: 'f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul f64.div f64.min f64.max',
    nan: 'f64',
  },
  {
    from: 0xa6,
    names:
      'f64.copysign i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s ' +
      'i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u f32.convert_i32_s ' +
      'f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u',
  },
  { from: 0xb6, names: 'f32.demote_f64', nan: 'f32' },
  { from: 0xb7, names: 'f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u' },
  { from: 0xbb, names: 'f64.promote_f32', nan: 'f64' },
  { from: 0xbc, names: 'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64' },
  {
    from: 0xc0,
    names: 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s',
    feature: 'sign-extension',
  },
  { from: 0xd0, names: 'ref.null', immediates: ['heapType'], feature: 'reference-types', constant: 'always' },
  { from: 0xd1, names: 'ref.is_null', feature: 'reference-types' },
  { from: 0xd2, names: 'ref.func', immediates: ['function'], feature: 'reference-types', constant: 'always' },
  { from: 0xd3, names: 'ref.eq', feature: 'gc' },
  { from: 0xd4, names: 'ref.as_non_null', feature: 'typed-function-references' },
  {
    from: 0xd5,
    names: 'br_on_null br_on_non_null',
    immediates: ['label'],
    feature: 'typed-function-references',
    fuel: 'flush',
    flow: 'branch',
  },
];

/** Prefix 0xfb. */
const GC: readonly Row[] = [
  { from: 0x00, names: 'struct.new struct.new_default', immediates: ['structType'], constant: 'always' },
  {
    from: 0x02,
    names: 'struct.get struct.get_s struct.get_u struct.set',
    immediates: ['structType', 'field'],
  },
  { from: 0x06, names: 'array.new array.new_default', immediates: ['arrayType'], constant: 'always' },
  { from: 0x08, names: 'array.new_fixed', immediates: ['arrayType', 'operands'], constant: 'always' },
  { from: 0x09, names: 'array.new_data', immediates: ['arrayType', 'data'] },
  { from: 0x0a, names: 'array.new_elem', immediates: ['arrayType', 'element'] },
  { from: 0x0b, names: 'array.get array.get_s array.get_u array.set', immediates: ['arrayType'] },
  { from: 0x0f, names: 'array.len' },
  { from: 0x10, names: 'array.fill', immediates: ['arrayType'] },
  { from: 0x11, names: 'array.copy', immediates: ['arrayType', 'arrayType'] },
  { from: 0x12, names: 'array.init_data', immediates: ['arrayType', 'data'] },
  { from: 0x13, names: 'array.init_elem', immediates: ['arrayType', 'element'] },
  { from: 0x14, names: 'ref.test ref.test_null ref.cast ref.cast_null', immediates: ['heapType'] },
  {
    from: 0x18,
    names: 'br_on_cast br_on_cast_fail',
    immediates: ['castFlags', 'label', 'heapType', 'heapType'],
    fuel: 'flush',
    flow: 'branch',
  },
  { from: 0x1a, names: 'any.convert_extern extern.convert_any ref.i31', constant: 'always' },
  { from: 0x1d, names: 'i31.get_s i31.get_u' },
];

/** Prefix 0xfc. */
const MISC: readonly Row[] = [
  {
    from: 0x00,
    names:
      'i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u i64.trunc_sat_f32_s ' +
      'i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u',
    feature: 'saturating-float-to-int',
  },
  { from: 0x08, names: 'memory.init', immediates: ['data', 'memory'], feature: 'bulk-memory' },
  { from: 0x09, names: 'data.drop', immediates: ['data'], feature: 'bulk-memory' },
  { from: 0x0a, names: 'memory.copy', immediates: ['memory', 'memory'], feature: 'bulk-memory' },
  { from: 0x0b, names: 'memory.fill', immediates: ['memory'], feature: 'bulk-memory' },
  { from: 0x0c, names: 'table.init', immediates: ['element', 'table'], feature: 'bulk-memory' },
  { from: 0x0d, names: 'elem.drop', immediates: ['element'], feature: 'bulk-memory' },
  { from: 0x0e, names: 'table.copy', immediates: ['table', 'table'], feature: 'bulk-memory' },
  { from: 0x0f, names: 'table.grow table.size table.fill', immediates: ['table'], feature: 'reference-types' },
  { from: 0x13, names: 'i64.add128 i64.sub128 i64.mul_wide_s i64.mul_wide_u', feature: 'wide-arithmetic' },
];

/** Prefix 0xfd. */
const SIMD: readonly Row[] = [
  {
    from: 0x00,
    names:
      'v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s v128.load32x2_u ' +
      'v128.load8_splat v128.load16_splat v128.load32_splat v128.load64_splat v128.store',
    immediates: ['memarg'],
    access: [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8, 16],
  },
  { from: 0x0c, names: 'v128.const', immediates: ['v128'], constant: 'always' },
  { from: 0x0d, names: 'i8x16.shuffle', immediates: ['shuffle'], lanes: 32 },
  { from: 0x0e, names: 'i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat' },
  {
    from: 0x15,
    names: 'i8x16.extract_lane_s i8x16.extract_lane_u i8x16.replace_lane',
    immediates: ['lane'],
    lanes: 16,
  },
  { from: 0x18, names: 'i16x8.extract_lane_s i16x8.extract_lane_u i16x8.replace_lane', immediates: ['lane'], lanes: 8 },
  { from: 0x1b, names: 'i32x4.extract_lane i32x4.replace_lane', immediates: ['lane'], lanes: 4 },
  { from: 0x1d, names: 'i64x2.extract_lane i64x2.replace_lane', immediates: ['lane'], lanes: 2 },
  { from: 0x1f, names: 'f32x4.extract_lane f32x4.replace_lane', immediates: ['lane'], lanes: 4 },
  { from: 0x21, names: 'f64x2.extract_lane f64x2.replace_lane', immediates: ['lane'], lanes: 2 },
  {
    from: 0x23,
    names:
      'i8x16.eq i8x16.ne i8x16.lt_s i8x16.lt_u i8x16.gt_s i8x16.gt_u i8x16.le_s i8x16.le_u i8x16.ge_s i8x16.ge_u ' +
      'i16x8.eq i16x8.ne i16x8.lt_s i16x8.lt_u i16x8.gt_s i16x8.gt_u i16x8.le_s i16x8.le_u i16x8.ge_s i16x8.ge_u ' +
      'i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u ' +
      'f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge ' +
      'v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true',
  },
  {
    from: 0x54,
    names: 'v128.load8_lane v128.load16_lane v128.load32_lane v128.load64_lane',
    immediates: ['memarg', 'lane'],
    access: [1, 2, 4, 8],
  },
  {
    from: 0x58,
    names: 'v128.store8_lane v128.store16_lane v128.store32_lane v128.store64_lane',
    immediates: ['memarg', 'lane'],
    access: [1, 2, 4, 8],
  },
  { from: 0x5c, names: 'v128.load32_zero v128.load64_zero', immediates: ['memarg'], access: [4, 8] },
  { from: 0x5e, names: 'f32x4.demote_f64x2_zero', nan: 'f32x4' },
  { from: 0x5f, names: 'f64x2.promote_low_f32x4', nan: 'f64x2' },
  {
    from: 0x60,
    names: 'i8x16.abs i8x16.neg i8x16.popcnt i8x16.all_true i8x16.bitmask i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u',
  },
  { from: 0x67, names: 'f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest', nan: 'f32x4' },
  {
    from: 0x6b,
    names:
      'i8x16.shl i8x16.shr_s i8x16.shr_u i8x16.add i8x16.add_sat_s i8x16.add_sat_u i8x16.sub i8x16.sub_sat_s ' +
      'i8x16.sub_sat_u',
  },
  { from: 0x74, names: 'f64x2.ceil f64x2.floor', nan: 'f64x2' },
  { from: 0x76, names: 'i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u' },
  { from: 0x7a, names: 'f64x2.trunc', nan: 'f64x2' },
  {
    from: 0x7b,
    names:
      'i8x16.avgr_u i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u i32x4.extadd_pairwise_i16x8_s ' +
      'i32x4.extadd_pairwise_i16x8_u i16x8.abs i16x8.neg i16x8.q15mulr_sat_s i16x8.all_true i16x8.bitmask ' +
      'i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u i16x8.extend_low_i8x16_s i16x8.extend_high_i8x16_s ' +
      'i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_u i16x8.shl i16x8.shr_s i16x8.shr_u i16x8.add ' +
      'i16x8.add_sat_s i16x8.add_sat_u i16x8.sub i16x8.sub_sat_s i16x8.sub_sat_u',
  },
  { from: 0x94, names: 'f64x2.nearest', nan: 'f64x2' },
  {
    from: 0x95,
    names:
      'i16x8.mul i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u - i16x8.avgr_u i16x8.extmul_low_i8x16_s ' +
      'i16x8.extmul_high_i8x16_s i16x8.extmul_low_i8x16_u i16x8.extmul_high_i8x16_u i32x4.abs i32x4.neg - ' +
      'i32x4.all_true i32x4.bitmask - - i32x4.extend_low_i16x8_s i32x4.extend_high_i16x8_s i32x4.extend_low_i16x8_u ' +
      'i32x4.extend_high_i16x8_u i32x4.shl i32x4.shr_s i32x4.shr_u i32x4.add - - i32x4.sub - - - i32x4.mul ' +
      'i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u i32x4.dot_i16x8_s - i32x4.extmul_low_i16x8_s ' +
      'i32x4.extmul_high_i16x8_s i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_u i64x2.abs i64x2.neg - ' +
      'i64x2.all_true i64x2.bitmask - - i64x2.extend_low_i32x4_s i64x2.extend_high_i32x4_s ' +
      'i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u i64x2.shl i64x2.shr_s i64x2.shr_u i64x2.add - - ' +
      'i64x2.sub - - - i64x2.mul i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s ' +
      'i64x2.extmul_low_i32x4_s i64x2.extmul_high_i32x4_s i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u ' +
      'f32x4.abs f32x4.neg',
  },
  { from: 0xe3, names: 'f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max', nan: 'f32x4' },
  { from: 0xea, names: 'f32x4.pmin f32x4.pmax f64x2.abs f64x2.neg' },
  { from: 0xef, names: 'f64x2.sqrt f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max', nan: 'f64x2' },
  {
    from: 0xf6,
    names:
      'f64x2.pmin f64x2.pmax i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s ' +
      'f32x4.convert_i32x4_u i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s ' +
      'f64x2.convert_low_i32x4_u',
  },
  {
    from: 0x100,
    names:
      'i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u i32x4.relaxed_trunc_f64x2_s_zero ' +
      'i32x4.relaxed_trunc_f64x2_u_zero',
    feature: 'relaxed-simd',
  },
  { from: 0x105, names: 'f32x4.relaxed_madd f32x4.relaxed_nmadd', feature: 'relaxed-simd', nan: 'f32x4' },
  { from: 0x107, names: 'f64x2.relaxed_madd f64x2.relaxed_nmadd', feature: 'relaxed-simd', nan: 'f64x2' },
  {
    from: 0x109,
    names: 'i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect',
    feature: 'relaxed-simd',
  },
  { from: 0x10d, names: 'f32x4.relaxed_min f32x4.relaxed_max', feature: 'relaxed-simd', nan: 'f32x4' },
  { from: 0x10f, names: 'f64x2.relaxed_min f64x2.relaxed_max', feature: 'relaxed-simd', nan: 'f64x2' },
  {
    from: 0x111,
    names: 'i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s',
    feature: 'relaxed-simd',
  },
];

/** The seven widths in which every atomic read-modify-write operation exists. */
const rmw = (operation: string): string =>
  `i32.atomic.rmw.${operation} i64.atomic.rmw.${operation} i32.atomic.rmw8.${operation}_u ` +
  `i32.atomic.rmw16.${operation}_u i64.atomic.rmw8.${operation}_u i64.atomic.rmw16.${operation}_u ` +
  `i64.atomic.rmw32.${operation}_u`;
const RMW_ACCESS: readonly number[] = [4, 8, 1, 2, 1, 2, 4];

/** Prefix 0xfe. */
const THREADS: readonly Row[] = [
  {
    from: 0x00,
    names: 'memory.atomic.notify memory.atomic.wait32 memory.atomic.wait64',
    immediates: ['memarg'],
    access: [4, 4, 8],
  },
  { from: 0x03, names: 'atomic.fence', immediates: ['zero'] },
  {
    from: 0x10,
    names:
      'i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u i64.atomic.load8_u ' +
      'i64.atomic.load16_u i64.atomic.load32_u i32.atomic.store i64.atomic.store i32.atomic.store8 ' +
      'i32.atomic.store16 i64.atomic.store8 i64.atomic.store16 i64.atomic.store32',
    immediates: ['memarg'],
    access: [...RMW_ACCESS, ...RMW_ACCESS],
  },
  ...['add', 'sub', 'and', 'or', 'xor', 'xchg', 'cmpxchg'].map(
    (operation, index): Row => ({
      from: 0x1e + index * RMW_ACCESS.length,
      names: rmw(operation),
      immediates: ['memarg'],
      access: RMW_ACCESS,
    }),
  ),
];

interface Page {
  /** Where the page's opcodes lie in {@link OPCODES}. */
  readonly base: number;
  readonly size: number;
  readonly rows: readonly Row[];
  readonly feature?: FeatureId;
}

const PAGES: Readonly<Record<number, Page>> = {
  0: { base: 0, size: 0x100, rows: PLAIN },
  0xfb: { base: 0x100, size: 0x100, rows: GC, feature: 'gc' },
  0xfc: { base: 0x200, size: 0x100, rows: MISC },
  0xfd: { base: 0x300, size: 0x200, rows: SIMD, feature: 'simd' },
  0xfe: { base: 0x500, size: 0x100, rows: THREADS, feature: 'threads' },
};

/** One more than the largest index into {@link OPCODES}. */
export const OPCODE_COUNT = 0x600;

/** Instruction by the index that {@link opcodeIndex} gives; one-byte opcodes stand at their own value. */
export const OPCODES: readonly (Instruction | undefined)[] = buildTable();

/** A number for each defined instruction, by index in {@link OPCODES}; 0 elsewhere. Two thirds of the table are empty, and start-up counts. */
export function numberedOpcodes(numberOf: (instruction: Instruction, index: number) => number): Uint8Array {
  const numbers = new Uint8Array(OPCODE_COUNT);
  OPCODES.forEach((instruction, index) => {
    if (instruction !== undefined) numbers[index] = numberOf(instruction, index);
  });
  return numbers;
}

/** Opcodes of proposals that are not read, by prefix (0: none): from, to (inclusive), proposal. */
export const UNSUPPORTED_OPCODES: Readonly<Record<number, readonly (readonly [number, number, string])[]>> = {
  0: [[0xe0, 0xe6, 'stack-switching']],
  0xfb: [
    [0x20, 0x26, 'custom-descriptors'],
    [0x80, 0xb7, 'stringref'],
  ],
  0xfe: [[0x4f, 0x7f, 'shared-everything-threads']],
};

/** The bytes that only start an opcode. */
export const PREFIXES: readonly number[] = Object.keys(PAGES).map(Number).filter(isPrefix);

/** Whether this byte only starts an opcode. */
export function isPrefix(byte: number): boolean {
  return byte > 0 && PAGES[byte] !== undefined;
}

/** The index of a prefixed opcode, or -1 when it is larger than any that is defined. */
export function opcodeIndex(prefix: number, opcode: number): number {
  const page = PAGES[prefix];
  return page === undefined || opcode >= page.size ? -1 : page.base + opcode;
}

/** The index of the first instruction with this name; for tables made at start-up. A name unknown gives -1. */
export function opcodeNamed(name: string): number {
  return OPCODES.findIndex((instruction) => instruction?.name === name);
}

function buildTable(): (Instruction | undefined)[] {
  const table = new Array<Instruction | undefined>(OPCODE_COUNT).fill(undefined);
  for (const { base, rows, feature } of Object.values(PAGES)) {
    for (const row of rows) {
      row.names.split(' ').forEach((name, index) => {
        if (name !== '-') table[base + row.from + index] = instruction(row, name, { index, feature });
      });
    }
  }
  return table;
}

function instruction(
  row: Row,
  name: string,
  { index, feature }: { readonly index: number; readonly feature: FeatureId | undefined },
): Instruction {
  const access = row.access?.[index] ?? 0;
  const withLane = row.immediates?.includes('lane') === true;
  return {
    name,
    immediates: row.immediates ?? [],
    feature: row.feature ?? feature,
    fuel: row.fuel ?? 'plain',
    flow: row.flow,
    constant: row.constant,
    nan: row.nan,
    access,
    lanes: row.lanes ?? (withLane ? 16 / access : 0),
  };
}

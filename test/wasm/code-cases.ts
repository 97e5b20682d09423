// Vectors of the instruction decoder: one defect and its code each, with honest neighbours. `inspectWasm` reads them;
// the bytes are checked in beside those of the section reader.
import type { WasmErrorCode } from '@plugmark/wasm';
import { type Bytes, coreModule, functionType, section, u32, vector, WasmBuilder } from '../testkit/wasm-builder.ts';
import type { ReaderCase } from './reader-cases.ts';

const EMPTY = functionType([], []);
const CODE_COUNT_1 = 1;

/** A module with a memory, a table, a mutable global and one function, whose body is given with its locals. */
function rich(body: Bytes): Uint8Array<ArrayBuffer> {
  return new WasmBuilder()
    .memory({ min: 1 })
    .table({ min: 1 })
    .global('i32', [0x41, 0, 0x0b], { mutable: true })
    .rawFunction({ declared: [], body })
    .build();
}
const body = (...instructions: Bytes): Uint8Array<ArrayBuffer> => rich([0, ...instructions]);
/** One function with exactly these bytes as its body, in a module of its own. */
const exactly = (bytes: Bytes, ...before: readonly Bytes[]): Uint8Array<ArrayBuffer> =>
  coreModule(
    section(1, vector([EMPTY])),
    section(3, vector([[0]])),
    ...before,
    section(10, [CODE_COUNT_1, ...u32(bytes.length), ...bytes]),
  );

const fail = (code: WasmErrorCode, says: string, bytes: Uint8Array<ArrayBuffer>): ReaderCase => ({
  says,
  bytes,
  code,
  instructions: true,
});
const pass = (says: string, bytes: Uint8Array<ArrayBuffer>): ReaderCase => ({ says, bytes, instructions: true });
const repeat = (count: number, ...bytes: Bytes): Bytes => new Array<Bytes>(count).fill(bytes).flat();

export const CODE_CASES: Readonly<Record<string, ReaderCase>> = {
  'code-opcode-unknown_fail': fail('WASM_MALFORMED', 'An opcode that nobody defines.', body(0xff)),
  'code-prefixed-opcode-unknown_fail': fail(
    'WASM_MALFORMED',
    'A SIMD opcode that nobody defines.',
    body(0xfd, 0x9a, 1),
  ),
  'code-prefixed-opcode-huge_fail': fail(
    'WASM_MALFORMED',
    'A prefixed opcode of 32 bits.',
    body(0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f),
  ),
  'code-prefixed-opcode-padded': pass(
    'A prefixed opcode whose number is written with more bytes than it needs.',
    body(0x43, 0, 0, 0, 0, 0xfc, 0x80, 0x80, 0x00, 0x1a),
  ),
  'code-stack-switching_fail': fail('WASM_UNSUPPORTED_FEATURE', 'A continuation is made.', body(0xe0, 0)),
  'code-stringref_fail': fail(
    'WASM_UNSUPPORTED_FEATURE',
    'An instruction of the stringref proposal.',
    body(0xfb, 0x80, 1),
  ),
  'code-ends-inside-block_fail': fail('WASM_SECTION_SIZE', 'A block is not closed.', exactly([0, 0x02, 0x40, 0x0b])),
  'code-left-over_fail': fail(
    'WASM_SECTION_SIZE',
    'Instructions after the end of the function.',
    exactly([0, 0x0b, 0x01, 0x0b]),
  ),
  'code-immediate-past-body_fail': fail(
    'WASM_SECTION_SIZE',
    'A constant runs past the body.',
    exactly([0, 0x43, 0, 0x0b]),
  ),
  'code-else-without-if_fail': fail('WASM_MALFORMED', 'An else in a block.', body(0x02, 0x40, 0x05, 0x0b)),
  'code-else-twice_fail': fail('WASM_MALFORMED', 'An if with two else.', body(0x41, 0, 0x04, 0x40, 0x05, 0x05, 0x0b)),
  'code-else-outermost_fail': fail('WASM_MALFORMED', 'An else outside of every block.', body(0x05)),
  'code-catch-without-try_fail': fail('WASM_MALFORMED', 'A catch_all in a block.', body(0x02, 0x40, 0x19, 0x0b)),
  'code-delegate-in-block_fail': fail('WASM_MALFORMED', 'A delegate that ends a block.', body(0x02, 0x40, 0x18, 0)),
  'code-local-out-of-range_fail': fail('WASM_INDEX_OUT_OF_RANGE', 'A local that is not there.', body(0x20, 0, 0x1a)),
  'code-local-padded': pass(
    'A local whose index has five bytes.',
    rich([1, 1, 0x7f, 0x20, 0x80, 0x80, 0x80, 0x80, 0, 0x1a]),
  ),
  'code-local-overlong_fail': fail(
    'WASM_LEB_OVERLONG',
    'A local whose index has six bytes.',
    rich([1, 1, 0x7f, 0x20, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1a]),
  ),
  'code-global-out-of-range_fail': fail('WASM_INDEX_OUT_OF_RANGE', 'A global that is not there.', body(0x23, 1, 0x1a)),
  'code-function-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A call of a function that is not there.',
    body(0x10, 1),
  ),
  'code-label-out-of-range_fail': fail('WASM_INDEX_OUT_OF_RANGE', 'A branch past the function.', body(0x0c, 1)),
  'code-label-of-function': pass('A branch to the end of the function.', body(0x02, 0x40, 0x0c, 1, 0x0b)),
  'code-branch-table-label_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'The default of a br_table leads nowhere.',
    body(0x41, 0, 0x0e, 1, 0, 1),
  ),
  'code-branch-table-lies_fail': fail(
    'WASM_SECTION_SIZE',
    'A br_table says that it has four billion targets.',
    body(0x41, 0, 0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0),
  ),
  'code-branch-table-65521_fail': fail(
    'WASM_LIMIT',
    'A br_table with one target more than engines accept.',
    body(0x41, 0, 0x0e, ...u32(65_521), ...repeat(65_522, 0)),
  ),
  'code-type-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An indirect call of a type that is not there.',
    body(0x41, 0, 0x11, 1, 0),
  ),
  'code-table-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An indirect call through a table that is not there.',
    body(0x41, 0, 0x11, 0, 1),
  ),
  'code-memory-absent_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A load and no memory.',
    exactly([0, 0x41, 0, 0x28, 2, 0, 0x1a, 0x0b]),
  ),
  'code-memory-index_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A load from a second memory.',
    body(0x41, 0, 0x28, 0x42, 1, 0, 0x1a),
  ),
  'code-alignment_fail': fail(
    'WASM_MALFORMED',
    'A load aligned to more than it loads.',
    body(0x41, 0, 0x28, 3, 0, 0x1a),
  ),
  'code-alignment-flags_fail': fail(
    'WASM_MALFORMED',
    'Flags of a load that have no meaning.',
    body(0x41, 0, 0x28, 0x80, 1, 0, 0x1a),
  ),
  'code-offset-overlong_fail': fail(
    'WASM_LEB_OVERLONG',
    'An offset of 33 bits into a memory of 32.',
    body(0x41, 0, 0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10, 0x1a),
  ),
  'code-alignment-padded': pass(
    'An alignment that takes more bytes than it needs, and an offset of ten bytes.',
    body(0x41, 0, 0x28, 0x82, 0x80, 0x80, 0x80, 0, 0xff, ...repeat(8, 0x80), 0, 0x1a),
  ),
  'code-alignment-padded-memory': pass(
    'The index of a memory behind an alignment that takes more bytes than it needs.',
    body(0x41, 0, 0x2d, 0xc0, 0x80, 0, 0x80, 0, 0x7f, 0x1a),
  ),
  'code-memory64-offset': pass(
    'An offset of 33 bits into a memory of 64.',
    exactly([0, 0x42, 0, 0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10, 0x1a, 0x0b], section(5, vector([[4, 1]]))),
  ),
  'code-two-memories': pass(
    'A load from the second of two memories.',
    exactly(
      [0, 0x41, 0, 0x28, 0x42, 1, 0, 0x1a, 0x0b],
      section(
        5,
        vector([
          [0, 1],
          [0, 1],
        ]),
      ),
    ),
  ),
  'code-block-type-unknown_fail': fail(
    'WASM_MALFORMED',
    'A block with a type that does not exist.',
    body(0x02, 0x61, 0x0b),
  ),
  'code-block-type-index_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A block with a type index that is not there.',
    body(0x02, 1, 0x0b),
  ),
  'code-block-type-index': pass('A block with a type index.', body(0x02, 0, 0x0b)),
  'code-i32-overlong_fail': fail(
    'WASM_LEB_OVERLONG',
    'An i32 of more than 32 bits.',
    body(0x41, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x1a),
  ),
  'code-i64-overlong_fail': fail(
    'WASM_LEB_OVERLONG',
    'An i64 of eleven bytes.',
    body(0x42, ...repeat(10, 0x80), 0, 0x1a),
  ),
  'code-lane_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'Lane 4 of a vector of four.',
    body(0x41, 0, 0xfd, 0x11, 0xfd, 0x1b, 4, 0x1a),
  ),
  'code-shuffle-lane_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A shuffle that takes lane 32 of two vectors.',
    body(0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0xfd, 0x0d, ...repeat(15, 0), 32, 0x1a),
  ),
  'code-select-two-types_fail': fail(
    'WASM_MALFORMED',
    'A select with two types.',
    body(0x41, 0, 0x41, 0, 0x41, 0, 0x1c, 2, 0x7f, 0x7f, 0x1a),
  ),
  'code-fence_fail': fail('WASM_MALFORMED', 'A fence with a byte other than 0.', body(0xfe, 3, 1)),
  'code-data-without-count_fail': fail(
    'WASM_COUNT_MISMATCH',
    'A data segment is dropped and their number is not declared.',
    new WasmBuilder()
      .function({ body: [0xfc, 9, 0] })
      .passiveData([1])
      .build(),
  ),
  'code-data-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A data segment is dropped that is not there.',
    coreModule(
      section(1, vector([EMPTY])),
      section(3, vector([[0]])),
      section(12, [1]),
      section(10, vector([[5, 0, 0xfc, 9, 1, 0x0b]])),
      section(11, vector([[1, 1, 0]])),
    ),
  ),
  'code-element-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An element segment is dropped that is not there.',
    body(0xfc, 13, 0),
  ),
  'code-tag-out-of-range_fail': fail('WASM_INDEX_OUT_OF_RANGE', 'A tag is thrown that is not there.', body(0x08, 0)),
  'code-catch-clause_fail': fail(
    'WASM_MALFORMED',
    'A catch clause of a kind that does not exist.',
    body(0x1f, 0x40, 1, 4, 0, 0x0b),
  ),
  'code-catch-label_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A catch clause that leads into its own block.',
    body(0x1f, 0x40, 1, 2, 1, 0x0b),
  ),
  'code-struct-of-function_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A struct of a function type is made.',
    body(0xfb, 1, 0, 0x1a),
  ),
  'code-cast-flags_fail': fail(
    'WASM_MALFORMED',
    'A cast with flags that have no meaning.',
    body(0xfb, 0x18, 4, 0, 0x6e, 0x6e),
  ),
  'code-locals-50000': pass('As many locals as engines accept.', rich([2, 1, 0x7f, ...u32(49_999), 0x7e])),
  'code-locals-50001_fail': fail(
    'WASM_LIMIT',
    'One local more than engines accept.',
    rich([2, 1, 0x7f, ...u32(50_000), 0x7e]),
  ),
  'code-ten-million-locals_fail': fail(
    'WASM_LIMIT',
    'Ten million locals in five bytes.',
    rich([1, ...u32(10_000_000), 0x7f]),
  ),
  'code-locals-overflow_fail': fail(
    'WASM_LIMIT',
    'Two groups of four billion locals.',
    rich([2, ...repeat(2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f)]),
  ),
  'code-local-type_fail': fail('WASM_MALFORMED', 'A local of a type that does not exist.', rich([1, 1, 0x40])),
  'code-nesting-3000': pass(
    'Three thousand blocks inside each other.',
    body(...repeat(3000, 0x02, 0x40), ...repeat(3000, 0x0b)),
  ),
  'code-relaxed-simd': pass(
    'A relaxed SIMD instruction, whose opcode has two bytes.',
    body(...repeat(2, 0x41, 0, 0xfd, 0x11), 0xfd, 0x80, 2, 0x1a),
  ),
  'code-runs-and-constants': pass(
    'Runs of nop and unreachable, and a round constant of SHA-256.',
    body(1, 1, 1, 0x41, 0x98, 0xdf, 0xa8, 0x94, 0x04, 0x1a, 0, 0),
  ),
};

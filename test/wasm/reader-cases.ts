// The reader's vectors: one defect and its code each, and honest neighbours that must be read. The bytes are built
// here and checked in under test/vectors/wasm, so that a reader in another language can use them; `BLESS=1` writes them.
import type { WasmErrorCode } from '@plugmark/wasm';
import {
  type Bytes,
  component,
  constant,
  coreModule,
  functionType,
  name,
  section,
  u32,
  vector,
  WasmBuilder,
} from '../testkit/wasm-builder.ts';
import { CODE_CASES } from './code-cases.ts';
import { COMPONENT_TYPE_CASES } from './component-cases.ts';

export interface ReaderCase {
  /** One sentence for the README. */
  readonly says: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Absent: the file must be read. */
  readonly code?: WasmErrorCode;
  /** Whether it takes `inspectWasm`, which looks at instructions too. */
  readonly instructions?: boolean;
  /** Why the running engine decides otherwise, where it does. */
  readonly engineDiffers?: string;
}

const builder = (): WasmBuilder => new WasmBuilder();
const EMPTY = functionType([], []);
const TYPES = section(1, vector([EMPTY]));
const FUNCTIONS = section(3, vector([[0]]));
const CODE = section(10, vector([[2, 0, 0x0b]]));
const fail = (
  code: WasmErrorCode,
  says: string,
  bytes: Uint8Array<ArrayBuffer>,
  engineDiffers?: string,
): ReaderCase => ({
  says,
  bytes,
  code,
  ...(engineDiffers !== undefined && { engineDiffers }),
});
const pass = (says: string, bytes: Uint8Array<ArrayBuffer>, engineDiffers?: string): ReaderCase => ({
  says,
  bytes,
  ...(engineDiffers !== undefined && { engineDiffers }),
});
const types = (...definitions: readonly Bytes[]): Bytes => section(1, vector(definitions));
const memory = (...type: Bytes): Uint8Array<ArrayBuffer> => coreModule(section(5, vector([type])));
const table = (...type: Bytes): Uint8Array<ArrayBuffer> => coreModule(TYPES, section(4, vector([type])));
const globals = (...entries: readonly Bytes[]): Bytes => section(6, vector(entries));
const MAX_U64: Bytes = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
const PAGES_2_48: Bytes = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40];

const PREAMBLE_CASES: Readonly<Record<string, ReaderCase>> = {
  'empty-file_fail': fail('WASM_NOT_WASM', 'No bytes at all.', new Uint8Array()),
  'wrong-magic_fail': fail(
    'WASM_NOT_WASM',
    'The magic number has a wrong last byte.',
    Uint8Array.of(0, 0x61, 0x73, 0x6e, 1, 0, 0, 0),
  ),
  'magic-only_fail': fail(
    'WASM_TRUNCATED',
    'The file ends after the magic number.',
    Uint8Array.of(0, 0x61, 0x73, 0x6d),
  ),
  'version-2_fail': fail(
    'WASM_UNSUPPORTED_VERSION',
    'Version 2 of the core format.',
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0),
  ),
  'old-component_fail': fail(
    'WASM_UNSUPPORTED_VERSION',
    'A component of an encoding before the released one.',
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0c, 0, 1, 0),
  ),
  'empty-module': pass('A module without sections.', coreModule()),
};

const SECTION_CASES: Readonly<Record<string, ReaderCase>> = {
  'section-past-file_fail': fail('WASM_TRUNCATED', 'A section is longer than the file.', coreModule([1, 5, 1])),
  'section-id-only_fail': fail('WASM_TRUNCATED', 'The file ends after the id of a section.', coreModule([1])),
  'section-too-short_fail': fail(
    'WASM_SECTION_SIZE',
    'A type runs past the end of its section.',
    coreModule([1, 2, 1, 0x60, 0, 0]),
  ),
  'section-too-long_fail': fail(
    'WASM_SECTION_SIZE',
    'A byte is left after the last type.',
    coreModule(section(1, [...vector([EMPTY]), 0])),
  ),
  'section-empty_fail': fail('WASM_SECTION_SIZE', 'A section without even a count.', coreModule([1, 0])),
  'section-unknown_fail': fail(
    'WASM_SECTION_UNKNOWN',
    'A section with an id that nobody defines.',
    coreModule(section(0x20, [0])),
  ),
  'section-stringref_fail': fail(
    'WASM_UNSUPPORTED_FEATURE',
    'A section of the stringref proposal.',
    coreModule(section(14, [0])),
  ),
  'sections-swapped_fail': fail(
    'WASM_SECTION_ORDER',
    'The import section stands after the function section.',
    coreModule(TYPES, section(3, [0]), section(2, [0])),
  ),
  'section-twice_fail': fail('WASM_SECTION_DUPLICATE', 'Two type sections.', coreModule(TYPES, TYPES)),
  'tag-after-global_fail': fail(
    'WASM_SECTION_ORDER',
    'The tag section has id 13 but belongs before the globals.',
    coreModule(section(6, [0]), section(13, [0])),
  ),
  'data-count-after-code_fail': fail(
    'WASM_SECTION_ORDER',
    'The data count section has id 12 but belongs before the code.',
    coreModule(TYPES, FUNCTIONS, CODE, section(12, [0])),
  ),
  'late-ids-in-order': pass(
    'Tag and data count at their places among the older sections.',
    builder().tag(['i32'], { export: 'tag' }).memory({ min: 1 }).function().passiveData([1, 2]).build(),
  ),
  'four-billion-types_fail': fail(
    'WASM_SECTION_SIZE',
    'A count of 2^32-1 in a section of six bytes.',
    coreModule(section(1, [0xff, 0xff, 0xff, 0xff, 0x0f, 0x60])),
  ),
  'leb-padded': pass(
    'A count written with more bytes than needed, as linkers do.',
    coreModule(section(1, [0x81, 0x80, 0x80, 0x80, 0x00, ...EMPTY])),
  ),
  'leb-six-bytes_fail': fail(
    'WASM_LEB_OVERLONG',
    'A count of six bytes.',
    coreModule(section(1, [0x81, 0x80, 0x80, 0x80, 0x80, 0x00, ...EMPTY])),
  ),
  'leb-unused-bits_fail': fail(
    'WASM_LEB_OVERLONG',
    'A count whose fifth byte has bits beyond 32.',
    coreModule(section(1, [0x81, 0x80, 0x80, 0x80, 0x10, ...EMPTY])),
  ),
  'custom-everywhere': pass(
    'Custom sections with the same name before, between and after the others.',
    coreModule(
      section(0, name('x')),
      TYPES,
      section(0, name('x')),
      section(2, [0]),
      section(0, [...name('x'), 1, 2, 3]),
    ),
  ),
  'custom-name-too-long_fail': fail(
    'WASM_SECTION_SIZE',
    'The name of a custom section runs past its end.',
    coreModule(section(0, [5, 0x61])),
  ),
  'custom-name-not-utf8_fail': fail(
    'WASM_BAD_UTF8',
    'The name of a custom section is a lone continuation byte.',
    coreModule(section(0, [1, 0x80])),
  ),
};

const TYPE_CASES: Readonly<Record<string, ReaderCase>> = {
  'value-type-unknown_fail': fail(
    'WASM_MALFORMED',
    'A parameter of a type that does not exist.',
    coreModule(types([0x60, 1, 0x40, 0])),
  ),
  'type-form-unknown_fail': fail(
    'WASM_MALFORMED',
    'A type definition that starts with no known form.',
    coreModule(types([0x5a, 0, 0])),
  ),
  'type-shared_fail': fail(
    'WASM_UNSUPPORTED_FEATURE',
    'A shared struct, of the shared-everything-threads proposal.',
    coreModule(types([0x65, 0x5f, 0])),
  ),
  'type-forward_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A type refers to one that is defined after it, in another group.',
    coreModule(types([0x60, 1, 0x63, 1, 0], EMPTY)),
  ),
  'type-group': pass(
    'Two types of one group refer to each other.',
    coreModule(section(1, [1, 0x4e, 2, 0x5f, 1, 0x63, 1, 0, 0x5f, 1, 0x63, 0, 1])),
  ),
  'type-forms': pass(
    'Struct, array, packed fields, subtype and every kind of reference.',
    coreModule(
      types(
        [0x50, 0, 0x5f, 1, 0x78, 1],
        [0x4f, 1, 0, 0x5f, 2, 0x78, 1, 0x77, 0],
        [0x5e, 0x7b, 0],
        [0x60, 4, 0x70, 0x63, 0x70, 0x64, 0x6b, 0x63, 2, 1, 0x64, 0],
      ),
      section(2, vector([[...name('m'), ...name('f'), 0, 3]])),
    ),
  ),
  'type-heap-overlong_fail': fail(
    'WASM_MALFORMED',
    'The heap type func in two bytes.',
    coreModule(types([0x60, 1, 0x63, 0xf0, 0x7f, 0])),
    'V8 reads a heap type as any LEB128; the format gives it one byte',
  ),
  'supertype-final_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A type extends one that is final.',
    coreModule(types([0x5f, 0], [0x50, 1, 0, 0x5f, 0])),
  ),
  'supertype-form_fail': fail(
    'WASM_TYPE_MISMATCH',
    'An array extends a struct.',
    coreModule(types([0x50, 0, 0x5f, 0], [0x50, 1, 0, 0x5e, 0x7f, 0])),
  ),
  'supertype-self_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A type extends itself.',
    coreModule(types([0x50, 1, 0, 0x5f, 0])),
  ),
  'supertypes-two_fail': fail(
    'WASM_MALFORMED',
    'A type with two supertypes.',
    coreModule(types([0x50, 0, 0x5f, 0], [0x50, 2, 0, 0, 0x5f, 0])),
  ),
  'parameters-1001_fail': fail(
    'WASM_LIMIT',
    'A function with 1001 parameters; engines stop at 1000.',
    coreModule(types([0x60, ...u32(1001), ...new Array<number>(1001).fill(0x7f), 0])),
  ),
  'parameters-1000': pass(
    'A function with as many parameters as engines allow.',
    coreModule(types([0x60, ...u32(1000), ...new Array<number>(1000).fill(0x7f), 0])),
  ),
};

const EXTERN_CASES: Readonly<Record<string, ReaderCase>> = {
  'externs-all-kinds': pass(
    'Every kind imported and exported.',
    builder()
      .importFunction('env', 'log', ['i32', 'i64'], ['f32'])
      .importTable('env', 'table', { min: 1, max: 10 })
      .importMemory('env', 'memory', { min: 1, max: 2, shared: true })
      .importGlobal('env', 'base', 'i32')
      .importTag('env', 'problem', ['i32'])
      .function({ parameters: ['i32'], export: 'run' })
      .table({ min: 0 }, { element: 'externref', export: 'handles' })
      .memory({ min: 3 }, { export: 'own' })
      .global('i64', [0x42, 7, 0x0b], { mutable: true, export: 'counter' })
      .tag([], { export: 'stop' })
      .export('again', 'function', 0)
      .build(),
  ),
  'import-module-not-utf8_fail': fail(
    'WASM_BAD_UTF8',
    'The module name of an import is an over-long encoding of a slash.',
    coreModule(TYPES, section(2, [1, 2, 0xc0, 0xaf, 0, 0, 0])),
  ),
  'import-name-surrogate_fail': fail(
    'WASM_BAD_UTF8',
    'The name of an import is a surrogate, which UTF-8 does not have.',
    coreModule(TYPES, section(2, [1, 0, 3, 0xed, 0xa0, 0x80, 0, 0])),
  ),
  'name-byte-order-mark': pass(
    'A byte order mark is part of a name, so these two exports differ.',
    builder().function({ export: 'run' }).export('\ufeffrun', 'function', 0).build(),
  ),
  'import-kind-unknown_fail': fail(
    'WASM_MALFORMED',
    'An import of a kind that does not exist.',
    coreModule(TYPES, section(2, [1, 0, 0, 5, 0])),
  ),
  'import-compact_fail': fail(
    'WASM_UNSUPPORTED_FEATURE',
    'The compact form of an import section.',
    coreModule(TYPES, section(2, [1, 0, 0, 0x7f, 0])),
  ),
  'import-type-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An imported function has a type that is not defined.',
    coreModule(TYPES, section(2, [1, 0, 0, 0, 1])),
  ),
  'import-type-struct_fail': fail(
    'WASM_TYPE_MISMATCH',
    'The type of an imported function is a struct.',
    coreModule(types([0x5f, 0]), section(2, [1, 0, 0, 0, 0])),
  ),
  'export-twice_fail': fail(
    'WASM_DUPLICATE_EXPORT',
    'Two exports with the same name.',
    builder().function({ export: 'run' }).memory({ min: 1 }, { export: 'run' }).build(),
  ),
  'export-empty-name': pass('An export may have an empty name.', builder().function({ export: '' }).build()),
  'export-kind-unknown_fail': fail(
    'WASM_MALFORMED',
    'An export of a kind that does not exist.',
    coreModule(TYPES, FUNCTIONS, section(7, [1, 0, 9, 0]), CODE),
  ),
  'export-function-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An export of a function that does not exist.',
    builder().function().export('run', 'function', 1).build(),
  ),
  'export-memory-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An export of a memory that does not exist.',
    builder().export('memory', 'memory', 0).build(),
  ),
  'start-function': pass('A start function.', builder().function().start(0).build()),
  'start-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'The start function does not exist.',
    builder().function().start(1).build(),
  ),
  'start-with-parameter_fail': fail(
    'WASM_TYPE_MISMATCH',
    'The start function has a parameter.',
    builder()
      .function({ parameters: ['i32'] })
      .start(0)
      .build(),
  ),
};

const DEFINITION_CASES: Readonly<Record<string, ReaderCase>> = {
  'function-type-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A function has a type that is not defined.',
    coreModule(TYPES, section(3, vector([[1]])), CODE),
  ),
  'function-without-body_fail': fail(
    'WASM_COUNT_MISMATCH',
    'A function is declared and there is no code section.',
    coreModule(TYPES, FUNCTIONS),
  ),
  'body-without-function_fail': fail(
    'WASM_COUNT_MISMATCH',
    'There is a body and no function is declared.',
    coreModule(TYPES, CODE),
  ),
  'body-without-end_fail': fail(
    'WASM_SECTION_SIZE',
    'The last byte of a body is not its end.',
    coreModule(TYPES, FUNCTIONS, section(10, vector([[2, 0, 0x01]]))),
  ),
  'body-past-section_fail': fail(
    'WASM_SECTION_SIZE',
    'A body is longer than the code section.',
    coreModule(TYPES, FUNCTIONS, section(10, vector([[9, 0, 0x0b]]))),
  ),
  'memory-65536-pages': pass(
    'A memory of 4 GiB, the most that 32 bits address.',
    memory(1, ...u32(65536), ...u32(65536)),
  ),
  'memory-65537-pages_fail': fail(
    'WASM_BAD_BOUNDS',
    'A memory of a page more than 32 bits address.',
    memory(0, ...u32(65537)),
  ),
  'memory-maximum-65537_fail': fail(
    'WASM_BAD_BOUNDS',
    'A memory whose maximum is a page more than 32 bits address.',
    memory(1, 0, ...u32(65537)),
  ),
  'memory-minimum-above-maximum_fail': fail(
    'WASM_BAD_BOUNDS',
    'A memory whose minimum is above its maximum.',
    memory(1, 2, 1),
  ),
  'memory-shared-without-maximum_fail': fail('WASM_BAD_BOUNDS', 'A shared memory without a maximum.', memory(2, 1)),
  'memory-flags_fail': fail('WASM_MALFORMED', 'A memory with a flag that does not exist.', memory(0x10, 1)),
  memory64: pass('A memory addressed with 64 bits.', memory(5, 1, ...u32(65537))),
  'memory64-largest': pass(
    'A memory of 2^64 bytes is a valid module, though nobody can run it.',
    memory(4, ...PAGES_2_48),
    'V8 already refuses what it could not allocate',
  ),
  'memory64-too-large_fail': fail(
    'WASM_BAD_BOUNDS',
    'A memory of a page more than 64 bits address.',
    memory(4, 0x81, ...PAGES_2_48.slice(1)),
  ),
  'memory-page-size-1': pass(
    'A memory with pages of one byte.',
    memory(9, 0, ...u32(100_000), 0),
    'custom page sizes are not in V8 yet',
  ),
  'memory-page-size-2_fail': fail('WASM_BAD_BOUNDS', 'A memory with pages of two bytes.', memory(8, 0, 1)),
  'table-bounds_fail': fail('WASM_BAD_BOUNDS', 'A table whose minimum is above its maximum.', table(0x70, 1, 2, 1)),
  'table-of-numbers_fail': fail('WASM_MALFORMED', 'A table of i32.', table(0x7f, 0, 1)),
  'table64-largest': pass(
    'A table whose maximum does not fit a JavaScript number: the fact is capped, the type text exact.',
    table(0x70, 5, 0, ...MAX_U64),
  ),
  'table-initialised': pass(
    'A table of references that are never null, with its initialiser.',
    coreModule(TYPES, FUNCTIONS, section(4, vector([[0x40, 0, 0x64, 0, 0, 1, 0xd2, 0, 0x0b]])), CODE),
  ),
  'table-not-initialised_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A table of references that are never null, without initialiser.',
    table(0x64, 0, 0, 1),
  ),
  'tag-with-result_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A tag whose type has a result.',
    coreModule(types([0x60, 0, 1, 0x7f]), section(13, vector([[0, 0]]))),
  ),
  'tag-attribute_fail': fail(
    'WASM_MALFORMED',
    'A tag of an attribute that does not exist.',
    coreModule(TYPES, section(13, vector([[1, 0]]))),
  ),
  'global-mutability_fail': fail(
    'WASM_MALFORMED',
    'A global that is neither constant nor mutable.',
    coreModule(globals([0x7f, 2, ...constant(0)])),
  ),
};

const EXPRESSION_CASES: Readonly<Record<string, ReaderCase>> = {
  'const-every-instruction': pass(
    'Initialisers with every constant instruction of extended-const, GC and SIMD.',
    coreModule(
      types([0x5f, 1, 0x7f, 0], [0x5e, 0x7f, 0], EMPTY),
      section(
        2,
        vector([
          [...name('m'), ...name('g'), 3, 0x7f, 0],
          [...name('m'), ...name('x'), 3, 0x6f, 0],
        ]),
      ),
      section(3, vector([[2]])),
      globals(
        [0x7f, 0, 0x23, 0, 0x41, 0x7f, 0x6a, 0x41, 3, 0x6b, 0x41, 0xff, 0x01, 0x6c, 0x0b],
        [
          0x7e, 0, 0x42, 1, 0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 0x7c, 0x42, 2, 0x7d, 0x42,
          3, 0x7e, 0x0b,
        ],
        [0x7d, 0, 0x43, 0, 0, 0x80, 0x3f, 0x0b],
        [0x7c, 0, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x0b],
        [0x7b, 0, 0xfd, 0x0c, ...new Array<number>(16).fill(0x0b), 0x0b],
        [0x70, 0, 0xd2, 0, 0x0b],
        [0x63, 0, 0, 0xd0, 0, 0x0b],
        [0x6d, 0, 0x41, 5, 0xfb, 0x1c, 0x0b],
        [0x64, 0, 0, 0x41, 1, 0xfb, 0, 0, 0x0b],
        [0x64, 0, 0, 0xfb, 1, 0, 0x0b],
        [0x64, 1, 0, 0x41, 0, 0x41, 9, 0xfb, 6, 1, 0x0b],
        [0x64, 1, 0, 0x41, 9, 0xfb, 7, 1, 0x0b],
        [0x64, 1, 0, 0x41, 1, 0x41, 2, 0xfb, 8, 1, 2, 0x0b],
        [0x6e, 0, 0x23, 1, 0xfb, 0x1a, 0x0b],
        [0x6f, 0, 0x41, 1, 0xfb, 0x1c, 0xfb, 0x1b, 0x0b],
      ),
      section(10, vector([[2, 0, 0x0b]])),
    ),
  ),
  'const-call_fail': fail(
    'WASM_CONST_EXPR',
    'An initialiser calls a function.',
    coreModule(TYPES, FUNCTIONS, globals([0x7f, 0, 0x10, 0, 0x0b]), CODE),
  ),
  'const-empty_fail': fail(
    'WASM_CONST_EXPR',
    'An initialiser without an instruction.',
    coreModule(globals([0x7f, 0, 0x0b])),
  ),
  'const-prefix-unknown_fail': fail(
    'WASM_CONST_EXPR',
    'An initialiser with a SIMD instruction other than v128.const.',
    coreModule(globals([0x7b, 0, 0xfd, 0x80, 0x02, 0x0b])),
  ),
  'const-mutable-global_fail': fail(
    'WASM_CONST_EXPR',
    'An initialiser reads a global that can change.',
    coreModule(globals([0x7f, 1, ...constant(0)], [0x7f, 0, 0x23, 0, 0x0b])),
  ),
  'const-later-global_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An initialiser reads its own global.',
    coreModule(globals([0x7f, 0, 0x23, 0, 0x0b])),
  ),
  'const-function-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An initialiser refers to a function that does not exist.',
    coreModule(globals([0x70, 0, 0xd2, 0, 0x0b])),
  ),
  'const-struct-of-array_fail': fail(
    'WASM_TYPE_MISMATCH',
    'An initialiser makes a struct of an array type.',
    coreModule(types([0x5e, 0x7f, 0]), globals([0x6b, 0, 0xfb, 1, 0, 0x0b])),
  ),
  'const-i32-overlong_fail': fail(
    'WASM_LEB_OVERLONG',
    'An i32 whose fifth byte does not repeat the sign.',
    coreModule(globals([0x7f, 0, 0x41, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0b])),
  ),
  'const-i64-overlong_fail': fail(
    'WASM_LEB_OVERLONG',
    'An i64 whose tenth byte does not repeat the sign.',
    coreModule(globals([0x7e, 0, 0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x0b])),
  ),
};

const SEGMENT_CASES: Readonly<Record<string, ReaderCase>> = {
  'elements-every-form': pass(
    'All eight forms of element segments.',
    coreModule(
      TYPES,
      FUNCTIONS,
      section(4, vector([[0x70, 0, 4]])),
      section(
        9,
        vector([
          [0, ...constant(0), 1, 0],
          [1, 0, 1, 0],
          [2, 0, ...constant(1), 0, 1, 0],
          [3, 0, 1, 0],
          [4, ...constant(2), 1, 0xd2, 0, 0x0b],
          [5, 0x70, 1, 0xd0, 0x70, 0x0b],
          [6, 0, ...constant(3), 0x70, 1, 0xd2, 0, 0x0b],
          [7, 0x70, 0],
        ]),
      ),
      CODE,
    ),
  ),
  'element-flags_fail': fail(
    'WASM_MALFORMED',
    'An element segment with flags 8.',
    coreModule(section(9, vector([[8, 0]]))),
  ),
  'element-kind_fail': fail(
    'WASM_MALFORMED',
    'An element segment of a kind other than functions.',
    coreModule(section(9, vector([[1, 1, 0]]))),
  ),
  'element-without-table_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An active element segment and no table.',
    coreModule(section(9, vector([[0, ...constant(0), 0]]))),
  ),
  'element-function-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An element segment with a function that does not exist.',
    builder().table({ min: 1 }).function().elements(0, [1]).build(),
  ),
  'data-every-form': pass(
    'All three forms of data segments, with their count.',
    coreModule(
      section(5, vector([[0, 1]])),
      section(12, [3]),
      section(
        11,
        vector([
          [0, ...constant(0), 2, 0x68, 0x69],
          [1, 1, 0x21],
          [2, 0, ...constant(9), 0],
        ]),
      ),
    ),
  ),
  'data-flags_fail': fail('WASM_MALFORMED', 'A data segment with flags 3.', coreModule(section(11, vector([[3, 0]])))),
  'data-without-memory_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An active data segment and no memory.',
    coreModule(section(11, vector([[0, ...constant(0), 0]]))),
  ),
  'data-past-section_fail': fail(
    'WASM_SECTION_SIZE',
    'A data segment is longer than its section.',
    coreModule(section(5, vector([[0, 1]])), section(11, vector([[0, ...constant(0), 9, 0]]))),
  ),
  'data-count-differs_fail': fail(
    'WASM_COUNT_MISMATCH',
    'Two data segments are declared and one is there.',
    coreModule(section(12, [2]), section(11, vector([[1, 0]]))),
  ),
  'data-count-alone_fail': fail(
    'WASM_COUNT_MISMATCH',
    'A data segment is declared and there is no data section.',
    coreModule(section(12, [1])),
  ),
};

const CUSTOM_CASES: Readonly<Record<string, ReaderCase>> = {
  'custom-conventional': pass(
    'Producers, target features and a module name, as compilers write them.',
    builder()
      .producers({
        language: [['Rust', '']],
        'processed-by': [
          ['rustc', '1.90.0'],
          ['wasm-bindgen', '0.2.100'],
        ],
      })
      .targetFeatures(['+bulk-memory', '-atomics'])
      .moduleName('spectral_entropy.wasm')
      .build(),
  ),
  'custom-malformed': pass(
    'The contents of known custom sections make no sense: engines ignore that, and so do facts.',
    builder().custom('producers', [9]).custom('target_features', [1, 0x21, 0]).custom('name', [0, 9, 1]).build(),
  ),
  'custom-first-counts': pass(
    'Of two module names the first counts.',
    builder().moduleName('first').moduleName('second').build(),
  ),
  'custom-dynamic-linking': pass(
    'A module to be linked at run time.',
    coreModule(section(0, [...name('dylink.0'), 1, 4, 0, 0, 0, 0]), section(2, [0])),
  ),
};

const INSTANCE_TYPE = section(7, vector([[0x42, 0]]));
const instanceImport = (text: string): Bytes => [0x00, ...name(text), 0x05, 0];
/** A component in a component, `depth` times. */
function nested(depth: number): Bytes {
  return depth === 0 ? [...component()] : [...component(section(4, nested(depth - 1)))];
}

const COMPONENT_CASES: Readonly<Record<string, ReaderCase>> = {
  'component-empty': pass('A component without sections.', component()),
  'component-externs': pass(
    'A component that imports two WASI interfaces and exports one of them again.',
    component(
      INSTANCE_TYPE,
      section(10, vector([instanceImport('wasi:cli/environment@0.2.0'), instanceImport('wasi:io/error@0.2.0')])),
      section(11, vector([[0x00, ...name('local:demo/run@1.0.0'), 0x05, 0, 0]])),
    ),
  ),
  'component-sorts': pass(
    'Imports of every sort, a fresh resource and a value among them.',
    component(
      section(3, vector([[0x50, 0]])),
      section(
        7,
        vector([
          [0x40, 0, 1, 0],
          [0x41, 0],
          [0x42, 0],
        ]),
      ),
      section(
        10,
        vector([
          [0, ...name('a'), 0, 0x11, 0],
          [0, ...name('b'), 1, 0],
          [0, ...name('c'), 2, 1, 0x73],
          [1, ...name('d'), 3, 1],
          [0, ...name('e'), 3, 0, 0],
          [0, ...name('f'), 4, 1],
          [0, ...name('g'), 5, 2],
        ]),
      ),
    ),
  ),
  'component-nested': pass(
    'Two core modules and a component with a module of its own.',
    component(
      section(1, [...coreModule()]),
      section(1, [...builder().importFunction('env', 'log').build()]),
      section(4, [...component(section(1, [...builder().memory({ min: 1 }, { export: 'memory' }).build()]))]),
    ),
  ),
  'component-producers': pass(
    'A component with a producers section.',
    component(
      section(0, [
        ...name('producers'),
        ...vector([[...name('processed-by'), ...vector([[...name('wit-component'), ...name('0.240.0')]])]]),
      ]),
    ),
  ),
  'component-section-unknown_fail': fail(
    'WASM_SECTION_UNKNOWN',
    'A component section with an id that nobody defines.',
    component(section(13, [0])),
  ),
  'component-import-twice_fail': fail(
    'WASM_DUPLICATE_IMPORT',
    'Two imports with the same name.',
    component(INSTANCE_TYPE, section(10, vector([instanceImport('a:b/c'), instanceImport('a:b/c')]))),
  ),
  'component-export-twice_fail': fail(
    'WASM_DUPLICATE_EXPORT',
    'Two exports with the same name, in two sections.',
    component(
      INSTANCE_TYPE,
      section(10, vector([instanceImport('a:b/c')])),
      section(11, vector([[0, ...name('x'), 5, 0, 0]])),
      section(11, vector([[0, ...name('x'), 5, 0, 0]])),
    ),
  ),
  'component-sort-unknown_fail': fail(
    'WASM_MALFORMED',
    'An import of a sort that does not exist.',
    component(section(10, vector([[0, ...name('x'), 6, 0]]))),
  ),
  'component-core-function_fail': fail(
    'WASM_MALFORMED',
    'An import of a core function, which cannot cross the boundary.',
    component(section(10, vector([[0, ...name('x'), 0, 0, 0]]))),
  ),
  'component-name-options': pass(
    'Imports whose names say which interface they stand for, the end of its version, and an id.',
    component(
      INSTANCE_TYPE,
      section(
        10,
        vector([
          [2, ...name('clock'), 1, 0, ...name('wasi:clocks/wall-clock'), 5, 0],
          [2, ...name('a:b/c@1'), 2, 1, ...name('.2.3'), 2, ...name('id'), 5, 0],
        ]),
      ),
    ),
  ),
  'component-name-option-unknown_fail': fail(
    'WASM_UNSUPPORTED_FEATURE',
    'An import whose name has an option that nobody has defined yet.',
    component(section(10, vector([[2, ...name('x'), 1, 3, ...name('y'), 5, 0]]))),
  ),
  'component-name-option-twice_fail': fail(
    'WASM_MALFORMED',
    'An import whose name says twice which interface it stands for.',
    component(section(10, vector([[2, ...name('x'), 2, 0, ...name('a:b/c'), 0, ...name('a:b/d'), 5, 0]]))),
  ),
  'component-name-form_fail': fail(
    'WASM_MALFORMED',
    'An import whose name has a form that does not exist.',
    component(section(10, vector([[3, ...name('x'), 5, 0]]))),
  ),
  'component-name-not-utf8_fail': fail(
    'WASM_BAD_UTF8',
    'The name of an import is not UTF-8.',
    component(section(10, [1, 0, 1, 0xff, 5, 0])),
  ),
  'component-import-leftover_fail': fail(
    'WASM_SECTION_SIZE',
    'A byte is left after the last import.',
    component(INSTANCE_TYPE, section(10, [...vector([instanceImport('a:b/c')]), 0])),
  ),
  'component-module-defect_fail': fail(
    'WASM_SECTION_DUPLICATE',
    'A core module inside has two type sections.',
    component(section(1, [...coreModule(TYPES, TYPES)])),
  ),
  'component-module-cut_fail': fail(
    'WASM_SECTION_SIZE',
    'A core module inside is shorter than its last section.',
    component(section(1, [...coreModule([1, 9, 1])]), section(0, [...name('padding for the rest')])),
  ),
  'component-module-is-component_fail': fail(
    'WASM_UNSUPPORTED_VERSION',
    'A component stands where a core module must.',
    component(section(1, [...component()])),
  ),
  'component-depth-100': pass('Ninety-nine components inside each other.', component(section(4, nested(98)))),
  'component-depth-101_fail': fail(
    'WASM_LIMIT',
    'A hundred components inside each other.',
    component(section(4, nested(99))),
  ),
};

/** Name of the directory -> case. */
export const READER_CASES: Readonly<Record<string, ReaderCase>> = {
  ...PREAMBLE_CASES,
  ...SECTION_CASES,
  ...TYPE_CASES,
  ...EXTERN_CASES,
  ...DEFINITION_CASES,
  ...EXPRESSION_CASES,
  ...SEGMENT_CASES,
  ...CUSTOM_CASES,
  ...COMPONENT_CASES,
  ...COMPONENT_TYPE_CASES,
  ...CODE_CASES,
};

// Vectors of the component reader's index spaces and types: one defect and its code each, and honest neighbours.
import { type Bytes, component, coreModule, name, section, vector, WasmBuilder } from '../testkit/wasm-builder.ts';
import type { ReaderCase } from './reader-cases.ts';

const label = name;
const U32 = 0x79;
const STRING = 0x73;
const types = (...definitions: readonly Bytes[]): Bytes => section(7, vector(definitions));
const imports = (...entries: readonly Bytes[]): Bytes => section(10, vector(entries));
const exports = (...entries: readonly Bytes[]): Bytes => section(11, vector(entries));
const aliases = (...entries: readonly Bytes[]): Bytes => section(6, vector(entries));
const canonical = (...entries: readonly Bytes[]): Bytes => section(8, vector(entries));
const instances = (...entries: readonly Bytes[]): Bytes => section(5, vector(entries));
const nested = (...sections: readonly Bytes[]): Bytes => section(4, [...component(...sections)]);
const plain = (text: string, ...rest: Bytes): Bytes => [0, ...name(text), ...rest];

const FUNCTION: Bytes = [0x40, 0, 1, 0];
const record = (...fields: readonly Bytes[]): Bytes => [0x72, ...vector(fields)];
/** An instance type that exports one function of its own type. */
const exporting = (text: string): Bytes => [
  0x42,
  ...vector([
    [1, ...FUNCTION],
    [4, ...plain(text, 1, 0)],
  ]),
];
const RESOURCE_IMPORT = imports(plain('r', 3, 1));

const fail = (code: NonNullable<ReaderCase['code']>, says: string, bytes: Uint8Array<ArrayBuffer>): ReaderCase => ({
  says,
  bytes,
  code,
});
const pass = (says: string, bytes: Uint8Array<ArrayBuffer>): ReaderCase => ({ says, bytes });

/** Name of the directory -> case. */
export const COMPONENT_TYPE_CASES: Readonly<Record<string, ReaderCase>> = {
  'component-types': pass(
    'Every form of a type, each exported by an imported interface.',
    component(
      types([
        0x42,
        ...vector(
          [
            record([...label('x'), U32], [...label('y'), STRING]),
            [
              0x71,
              ...vector([
                [...label('none'), 0, 0],
                [...label('some'), 1, U32, 0],
              ]),
            ],
            [0x70, 0x7d],
            [0x67, 0x7d, 32],
            [0x6f, ...vector([[U32], [STRING]])],
            [0x6e, ...vector([label('read'), label('write')])],
            [0x6d, ...vector([label('low'), label('high')])],
            [0x6b, STRING],
            [0x6a, 1, U32, 1, STRING],
            [0x66, 1, 0x7d],
            [0x65, 0],
            [0x63, STRING, U32],
            [STRING],
          ].flatMap((definition, index): Bytes[] => [
            [1, ...definition],
            [4, ...plain(`type-${'abcdefghijklm'[index] ?? ''}`, 3, 0, index * 2)],
          ]),
        ),
      ]),
      imports(plain('local:demo/types@1.0.0', 5, 0)),
    ),
  ),
  'component-lowered': pass(
    'Of two functions of an imported interface one is given to core code; the other is only declared.',
    component(
      types([
        0x42,
        ...vector([
          [1, ...FUNCTION],
          [4, ...plain('used', 1, 0)],
          [4, ...plain('declared', 1, 0)],
        ]),
      ]),
      imports(plain('local:demo/host', 5, 0)),
      aliases([1, 0, 0, ...name('used')]),
      canonical([1, 0, 0, 0]),
    ),
  ),
  'component-lowered-inside': pass(
    'An interface is handed to a component inside, whose core code is given its function.',
    component(
      nested(
        types(exporting('used')),
        imports(plain('given', 5, 0)),
        aliases([1, 0, 0, ...name('used')]),
        canonical([1, 0, 0, 0]),
      ),
      types(exporting('used')),
      imports(plain('local:demo/host', 5, 0)),
      instances([0, 0, ...vector([[...name('given'), 5, 0]])]),
    ),
  ),
  'component-lowered-elsewhere': pass(
    'A function is handed to a component that is itself imported: what that does with it is not known.',
    component(
      types(FUNCTION, [
        0x41,
        ...vector([
          [2, 3, 2, 1, 0],
          [3, ...plain('given', 1, 0)],
        ]),
      ]),
      imports(plain('other', 4, 1), plain('used', 1, 0)),
      instances([0, 0, ...vector([[...name('given'), 1, 0]])]),
    ),
  ),
  'component-resource': pass(
    'An imported resource is named by the functions of the world.',
    component(
      RESOURCE_IMPORT,
      types([0x69, 0], [0x40, ...vector([[...label('self'), 1]]), 1, 0]),
      imports(plain('keep', 1, 2)),
    ),
  ),
  'component-core-instance': pass(
    'A function of a core module inside is made a function of the component.',
    component(
      section(1, [...new WasmBuilder().function({ export: 'run' }).build()]),
      section(2, vector([[0, 0, 0]])),
      aliases([0, 0, 1, 0, ...name('run')]),
      types(FUNCTION),
      canonical([0, 0, 0, 0, 0]),
      exports(plain('run', 1, 0, 0)),
    ),
  ),
  'component-start-and-value': pass(
    'A value, and a function that is called at the start and makes another one.',
    component(
      types(FUNCTION),
      imports(plain('begin', 1, 0)),
      section(12, vector([[U32, 1, 7]])),
      section(9, [0, ...vector([[0]]), 1]),
    ),
  ),
  'component-type-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A list of a type that is not defined.',
    component(types([0x70, 0])),
  ),
  'component-function-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'A function that does not exist is lowered.',
    component(canonical([1, 0, 0, 0])),
  ),
  'component-scope-out-of-range_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An alias of a scope further out than there are.',
    component(aliases([3, 2, 1, 0])),
  ),
  'component-alias-missing_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An alias of an export that the instance does not have.',
    component(types([0x42, 0]), imports(plain('a', 5, 0)), aliases([1, 0, 0, ...name('f')])),
  ),
  'component-alias-core-missing_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An alias of an export that the core module does not have.',
    component(section(1, [...coreModule()]), section(2, vector([[0, 0, 0]])), aliases([0, 0, 1, 0, ...name('f')])),
  ),
  'component-alias-sort_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A function of an instance is taken as a type.',
    component(types(exporting('f')), imports(plain('a', 5, 0)), aliases([3, 0, 0, ...name('f')])),
  ),
  'component-alias-captured_fail': fail(
    'WASM_MALFORMED',
    'A component inside takes a function of the one around it.',
    component(types(FUNCTION), imports(plain('f', 1, 0)), nested(aliases([1, 2, 1, 0]))),
  ),
  'component-value-of-function_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A list of a function type.',
    component(types(FUNCTION, [0x70, 0])),
  ),
  'component-own-of-record_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A handle to what is no resource.',
    component(types(record([...label('x'), U32]), [0x69, 0])),
  ),
  'component-import-of-value-type_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A function is imported with the type of a record.',
    component(types(record([...label('x'), U32])), imports(plain('f', 1, 0))),
  ),
  'component-argument-missing_fail': fail(
    'WASM_TYPE_MISMATCH',
    'A component inside is instantiated without what it imports.',
    component(nested(types([0x42, 0]), imports(plain('a', 5, 0))), instances([0, 0, 0])),
  ),
  'component-ascription-sort_fail': fail(
    'WASM_TYPE_MISMATCH',
    'An instance is exported as a function.',
    component(types([0x42, 0], FUNCTION), imports(plain('a', 5, 0)), exports(plain('b', 5, 0, 1, 1, 1))),
  ),
  'component-ascription-missing_fail': fail(
    'WASM_INDEX_OUT_OF_RANGE',
    'An instance is exported as one with a function that it does not have.',
    component(types([0x42, 0], exporting('f')), imports(plain('a', 5, 0)), exports(plain('b', 5, 0, 1, 5, 1))),
  ),
  'component-type-byte_fail': fail('WASM_MALFORMED', 'No type starts with this byte.', component(types([0x10]))),
  'component-record-empty_fail': fail('WASM_MALFORMED', 'A record without fields.', component(types([0x72, 0]))),
  'component-label-twice_fail': fail(
    'WASM_MALFORMED',
    'Two fields of a record whose names differ in case alone.',
    component(types(record([...label('a'), U32], [...label('A'), U32]))),
  ),
  'component-label-hostile_fail': fail(
    'WASM_MALFORMED',
    'The name of a field would end the record if it were printed.',
    component(types(record([...label('a: u32 } evil'), U32]))),
  ),
  'component-flags-33_fail': fail(
    'WASM_MALFORMED',
    'More flags than there are bits.',
    component(types([0x6e, ...vector(Array.from({ length: 33 }, (_, index) => label(`f${index}`)))])),
  ),
  'component-list-of-none_fail': fail(
    'WASM_MALFORMED',
    'A list of exactly no elements.',
    component(types([0x67, 0x7d, 0])),
  ),
  'component-instance-type-import_fail': fail(
    'WASM_MALFORMED',
    'An instance type that imports.',
    component(
      types([
        0x42,
        ...vector([
          [1, ...FUNCTION],
          [3, ...plain('f', 1, 0)],
        ]),
      ]),
    ),
  ),
  'component-encoding-twice_fail': fail(
    'WASM_MALFORMED',
    'A function is lowered with two encodings of text.',
    component(types(FUNCTION), imports(plain('f', 1, 0)), canonical([1, 0, 0, 2, 0, 1])),
  ),
  'component-canonical-unknown_fail': fail(
    'WASM_UNSUPPORTED_FEATURE',
    'A canonical built-in that nobody has defined yet.',
    component(canonical([0x7f])),
  ),
  'component-core-gc_fail': fail(
    'WASM_UNSUPPORTED_FEATURE',
    'A core type of the GC proposal in a component.',
    component(section(3, vector([[0x5e, 0x7f, 0]]))),
  ),
  'component-types-101-deep_fail': fail(
    'WASM_LIMIT',
    'A list of a list of a list, a hundred and one times.',
    component(
      types(
        ...Array.from({ length: 101 }, (_, index): Bytes => [0x70, ...(index === 0 ? [U32] : lebIndex(index - 1))]),
      ),
    ),
  ),
};

/** A type index as the signed number it is encoded as. */
function lebIndex(index: number): Bytes {
  return index < 0x40 ? [index] : [(index & 0x7f) | 0x80, index >> 7];
}

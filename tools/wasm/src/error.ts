/**
 * Every way this package refuses a file, as a closed set of codes. Callers and tests decide on `code`; the message
 * is for people and may change. Nothing in this package throws anything else, whatever the bytes.
 */

/** Code -> what it means. The codes are public API; each has at least one failing vector under test/vectors/wasm or test/vectors/wit. */
export const WASM_ERROR_CODES = {
  WASM_NOT_WASM: 'the file does not start with the WebAssembly magic number',
  WASM_UNSUPPORTED_VERSION: 'the version and layer are neither those of a core module nor those of a component',
  WASM_TRUNCATED: 'the file ends in the middle of something',
  WASM_MALFORMED: 'a byte has no meaning at this place',
  WASM_LEB_OVERLONG: 'a LEB128 integer has too many bytes or does not fit its type',
  WASM_BAD_UTF8: 'a name is not well-formed UTF-8',
  WASM_SECTION_UNKNOWN: 'a section has an id the format does not define',
  WASM_SECTION_ORDER: 'a section stands after one it must precede',
  WASM_SECTION_DUPLICATE: 'a section that may occur once occurs again',
  WASM_SECTION_SIZE: 'a declared size or count does not agree with the bytes it covers',
  WASM_COUNT_MISMATCH: 'two sections that must declare the same count do not',
  WASM_INDEX_OUT_OF_RANGE: 'an index refers to something that is not defined',
  WASM_TYPE_MISMATCH: 'an index refers to something of the wrong type',
  WASM_BAD_BOUNDS: 'the minimum and maximum of a memory or table are not allowed',
  WASM_CONST_EXPR: 'an initialiser holds an instruction that is not constant',
  WASM_DUPLICATE_EXPORT: 'two exports have the same name',
  WASM_DUPLICATE_IMPORT: 'two imports of a component have the same name',
  WASM_UNSUPPORTED_FEATURE: 'the encoding belongs to a proposal this reader does not cover',
  WASM_LIMIT: 'a limit of the reader is passed',
  WIT_SYNTAX: 'the text of a WIT document does not follow the grammar',
  WIT_NAME_UNKNOWN: 'a WIT document names something that is not defined',
  WIT_NAME_TWICE: 'a WIT document defines a name twice in one place',
  WIT_KIND: 'a name in a WIT document stands for something of another kind',
  WIT_CYCLE: 'definitions in a WIT document need each other in a circle',
} as const;

/** One of the keys of {@link WASM_ERROR_CODES}. */
export type WasmErrorCode = keyof typeof WASM_ERROR_CODES;

/** Where it happened and with what facts; `offset` is in bytes from the start of the file given to the reader. */
export interface WasmErrorOptions {
  readonly offset: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The only error this package throws. `offset` is always within `[0, size of the file]`; `details` is plain data. */
export class WasmError extends Error {
  override readonly name: string = 'WasmError';
  readonly code: WasmErrorCode;
  readonly offset: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: WasmErrorCode, message: string, { offset, details = {}, cause }: WasmErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.offset = offset;
    this.details = details;
  }
}

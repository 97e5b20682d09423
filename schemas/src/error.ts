export const SCHEMA_ERROR_CODES = {
  JSON_MALFORMED: 'the bytes are not UTF-8 JSON',
  SCHEMA_VERSION: 'the file has a schemaVersion this software does not know',
  SCHEMA_INVALID: 'the value does not have the shape its schema asks for',
  JSON_UNREPRESENTABLE: 'a value holds something canonical JSON cannot carry',
  NOT_CANONICAL: 'the file is valid JSON but not in the canonical form that was signed',
} as const;

export type SchemaErrorCode = keyof typeof SCHEMA_ERROR_CODES;

/** One place where a value differs from its schema. `path` is dotted, '' for the value itself. */
export interface SchemaIssue {
  readonly path: string;
  readonly problem: string;
}

/** Raised by the parse and canonical functions of this package and by nothing else. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly code: SchemaErrorCode;
  /** What was being read, as the caller named it: a path or a URL. */
  readonly where: string;
  readonly issues: readonly SchemaIssue[];

  constructor(code: SchemaErrorCode, where: string, issues: readonly SchemaIssue[], options?: { cause?: unknown }) {
    const list = issues.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)).join('; ');
    super(`${where}: ${list}`, options);
    this.code = code;
    this.where = where;
    this.issues = issues;
  }
}

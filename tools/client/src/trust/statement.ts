// in-toto statements v1: what a signed payload says about which bytes.
import { ClientError } from '../error.ts';
import { anyObject, list, literal, map, object, type Reader, readJson, string, where } from './shape.ts';

/** The DSSE payload type of every statement. A payload of another type must not be read as one. */
export const IN_TOTO_PAYLOAD_TYPE: string = 'application/vnd.in-toto+json';

/** What a statement speaks about: a name and its digests. */
export interface StatementSubject {
  readonly name: string;
  /** Algorithm to lower-case hex. */
  readonly digest: ReadonlyMap<string, string>;
}

/** An in-toto statement v1. */
export interface Statement {
  readonly subject: readonly StatementSubject[];
  readonly predicateType: string;
  /** Shaped by `predicateType`; an object, not looked into here. */
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** Throws STATEMENT_MALFORMED. */
export function parseStatement(payload: Uint8Array): Statement {
  return readJson(payload, { code: 'STATEMENT_MALFORMED', path: 'statement' }, STATEMENT);
}

const SUBJECT = object<StatementSubject>({ name: string, digest: map(string) });
const STATEMENT: Reader<Statement> = object({
  _type: literal('https://in-toto.io/Statement/v1'),
  subject: where(list(SUBJECT), (subject) => subject.length > 0),
  predicateType: string,
  predicate: anyObject,
});

/** The subject with exactly this name and sha256 (lower-case hex). Throws STATEMENT_MISMATCH when there is none. */
export function matchSubject(statement: Statement, wanted: { name: string; sha256: string }): StatementSubject {
  const subject = statement.subject.find(
    ({ name, digest }) => name === wanted.name && digest.get('sha256') === wanted.sha256,
  );
  if (subject) return subject;
  const [first] = statement.subject;
  throw new ClientError('STATEMENT_MISMATCH', {
    ...wanted,
    actualName: first?.name,
    actualSha256: first?.digest.get('sha256'),
  });
}

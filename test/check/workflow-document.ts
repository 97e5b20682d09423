// A file below .github as GitHub reads it. What two readers could take differently is refused here, so that the rules see what runs:
// other YAML versions (where `on` is a boolean), tags, merge keys, several documents, keys that occur twice.
import { CST, isScalar, Lexer, LineCounter, parseAllDocuments, type Scalar, visit } from 'yaml';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface WorkflowDocument {
  readonly value: JsonObject;
  /** Why it may not be read as it is. */
  readonly problems: readonly string[];
  /** What stands behind each `uses`, in order: `# v1.2.3`. */
  readonly usesComments: ReadonlyMap<string, readonly string[]>;
}

export function readWorkflow(text: string): WorkflowDocument {
  const documents = parseAllDocuments(text, { version: '1.2', uniqueKeys: true, lineCounter: new LineCounter() });
  const nothing = { value: {}, usesComments: new Map<string, string[]>() };
  if (!Array.isArray(documents) || documents.length !== 1)
    return { ...nothing, problems: ['is not exactly one YAML document'] };
  const [document] = documents as [(typeof documents)[number]];
  const problems = [...document.errors, ...document.warnings].map(({ code }) => `is no plain YAML (${code})`);
  if (document.directives?.yaml.explicit) problems.push('names a YAML version: `on` would be a boolean in 1.1');
  if (hasTag(text)) problems.push('has a tag, which changes what a value is');
  const usesComments = new Map<string, string[]>();
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || typeof key.value !== 'string') problems.push('has a key that is no text');
      else if (key.value === '<<') problems.push('has a merge key, which GitHub and other readers take differently');
      else if (key.value === 'uses' && isScalar(value)) note(usesComments, value as Scalar<string>);
    },
  });
  const value = problems.length === 0 ? (document.toJS({ maxAliasCount: 50 }) as Json) : {};
  if (!isObject(value)) return { ...nothing, problems: [...problems, 'is no mapping'] };
  return { value, problems, usesComments };
}

/** By the tokens as they are written: the tree has tags of its own on collections. */
function hasTag(text: string): boolean {
  let before = '';
  for (const token of new Lexer().lex(text)) {
    // What follows a mark is the text of a scalar.
    if (before !== CST.SCALAR && CST.tokenType(token) === 'tag') return true;
    before = token;
  }
  return false;
}

function note(comments: Map<string, string[]>, { value, comment }: Scalar<string>): void {
  comments.set(value, [...(comments.get(value) ?? []), (comment ?? '').trim()]);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface JobOf {
  readonly name: string;
  readonly job: JsonObject;
  readonly steps: readonly JsonObject[];
}

export function jobsOf({ jobs }: JsonObject): JobOf[] {
  return Object.entries(isObject(jobs) ? jobs : {}).flatMap(([name, job]) =>
    isObject(job) ? [{ name, job, steps: stepsOf(job) }] : [],
  );
}

/** Steps of a job, or of a composite action's `runs`. */
export function stepsOf({ steps }: JsonObject): JsonObject[] {
  return Array.isArray(steps) ? steps.filter(isObject) : [];
}

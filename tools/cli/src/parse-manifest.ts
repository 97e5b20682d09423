import { Manifest, parse, SchemaError, type SchemaIssue } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';

/** What a field has to be, for those whose schema is a pattern that nobody wants to read. */
const FORMS: Readonly<Record<string, string>> = {
  plugin: 'publisher/name in lower-case letters, digits and hyphens',
  version: 'three numbers such as 1.2.0',
  license: 'an SPDX expression such as Apache-2.0',
  artifact: 'the path of a file in this folder',
  readme: 'the path of a file in this folder',
  vectors: 'a list of paths of files in this folder',
  host: 'the name of a host such as ddalab',
  api: 'a version range such as ^1',
  capabilities: 'a list of names such as network, or of {id, params, reason}',
};

/** The manifest as its schema types it. Throws MANIFEST_INVALID with every problem on a line of its own. */
export function parseManifest(value: unknown, where: string): Manifest {
  try {
    return parse(Manifest, value, where);
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    const [first = '', ...others] = cause.issues.map((issue) => describeIssue(issue, value));
    const message =
      others.length === 0
        ? `${where}: ${first}`
        : [`${where}: ${cause.issues.length} fields are wrong`, first, ...others].join('\n');
    throw new CliError('MANIFEST_INVALID', message, { cause });
  }
}

function describeIssue({ path, problem }: SchemaIssue, value: unknown): string {
  if (path === '')
    return typeof value === 'object' && value !== null
      ? problem
      : 'has no fields: a manifest is a list of `name: value`';
  const form = FORMS[path.split('.')[0] ?? ''];
  const isMissing = memberAt(value, path) === undefined;
  if (isMissing) return `${path} is missing${form === undefined ? '' : `: ${form}`}`;
  return form === undefined ? `${path} ${problem}` : `${path} has to be ${form}`;
}

function memberAt(value: unknown, path: string): unknown {
  let member = value;
  for (const key of path.split('.'))
    member = typeof member === 'object' && member !== null ? (member as Record<string, unknown>)[key] : undefined;
  return member;
}

// A manifest's text -> value. YAML can be made to look small and be large, or mean something else than it shows: whatever could is
// refused here.

import { type Document, parseDocument, type YAMLError, type YAMLParseError } from 'yaml';
import { CliError } from './cli-error.ts';

/** An alias may be used, but not to make a small file large. */
const MAX_ALIASES = 50;
const MAX_MANIFEST_BYTES = 200_000;

type YamlCode = YAMLError['code'];

/** What newcomers meet, in plainer words than the parser's; others are said as it says them. */
const PROBLEMS: { readonly [C in YamlCode]?: string } = {
  DUPLICATE_KEY: 'the same field twice',
  TAB_AS_INDENT: 'a tab at the start of a line: indent with spaces',
  TAG_RESOLVE_FAILED: 'a tag: plain values only',
  BAD_ALIAS: 'an alias that names nothing',
  MULTIPLE_DOCS: 'a second document: one manifest in a file',
};

/** YAML 1.2 core schema (JSON is a subset): no custom tags, unique keys, bounded aliases. Throws YAML_INVALID. */
export function parseYaml(bytes: Uint8Array, where: string): unknown {
  if (bytes.length > MAX_MANIFEST_BYTES)
    throw new CliError('YAML_INVALID', `${where} is longer than ${MAX_MANIFEST_BYTES} bytes`, {
      hint: 'is it the manifest?',
    });
  const document = parseDocument(decode(bytes, where), { schema: 'core', uniqueKeys: true, merge: false });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw syntaxError(problem, where);
  return toValue(document, where);
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError('YAML_INVALID', `${where} is not text in UTF-8`, { cause, hint: 'save it as UTF-8' });
  }
}

function syntaxError(problem: YAMLParseError | YAMLError, where: string): CliError {
  const place = problem.linePos?.[0];
  const at = place === undefined ? where : `${where}:${place.line}:${place.col}`;
  const [said = ''] = problem.message.split('\n');
  const words = PROBLEMS[problem.code] ?? lowerFirst(said.replace(/ at line \d+, column \d+:?$/, ''));
  return new CliError('YAML_INVALID', `${at}: ${words}`, {
    cause: problem,
    hint: 'the manifest has to be plain YAML or JSON',
  });
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** The parser refuses to resolve more aliases than it is allowed. */
function toValue(document: Document, where: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new CliError('YAML_INVALID', `${where} uses aliases to make a small file large`, {
      cause,
      hint: 'write the values out',
    });
  }
}

/**
 * Names as WIT has them: labels of words joined by `-`, keywords behind a `%`, interfaces as `namespace:package/name`
 * with a version. Names come out of a file, so a printer must refuse what is not one: it would be read as more text.
 */

/** Words that WIT reads as something else (component model, WIT.md, "Keywords"). */
const KEYWORDS: ReadonlySet<string> = new Set([
  'as',
  'async',
  'bool',
  'borrow',
  'char',
  'constructor',
  'enum',
  'error-context',
  'export',
  'f32',
  'f64',
  'flags',
  'from',
  'func',
  'future',
  'import',
  'include',
  'interface',
  'list',
  'map',
  'option',
  'own',
  'package',
  'record',
  'resource',
  'result',
  's16',
  's32',
  's64',
  's8',
  'static',
  'stream',
  'string',
  'tuple',
  'type',
  'u16',
  'u32',
  'u64',
  'u8',
  'use',
  'variant',
  'with',
  'world',
]);

// A word is all lower or all upper case; only the first must start with a letter.
const LABEL = /^(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*$/;
const INTERFACE =
  /^(?<package>[a-z][a-z0-9]*(?:-[a-z0-9]+)*:[a-z][a-z0-9]*(?:-[a-z0-9]+)*)\/(?<name>[a-zA-Z0-9-]+)(?:@(?<version>[0-9A-Za-z.+-]+))?$/;
/** Semantic versions (semver.org), as far as text goes. */
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** `wasi:io/streams@0.2.0` taken apart; `package` is `wasi:io`. */
export interface InterfaceName {
  readonly package: string;
  readonly name: string;
  readonly version?: string;
}

/** Whether a word has a meaning of its own and needs a `%` to be a name. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word);
}

export function isLabel(text: string): boolean {
  return LABEL.test(text);
}

/** A label as it is written in WIT. */
export function labelText(label: string): string {
  return KEYWORDS.has(label) ? `%${label}` : label;
}

/** Undefined for a plain name, and for what is no name at all. */
export function parseInterfaceName(text: string): InterfaceName | undefined {
  const groups = INTERFACE.exec(text)?.groups;
  const { package: from, name, version } = groups ?? {};
  if (from === undefined || name === undefined || !isLabel(name)) return undefined;
  if (version !== undefined && !VERSION.test(version)) return undefined;
  return { package: from, name, ...(version !== undefined && { version }) };
}

/** Types, type definitions and functions of WIT (component model, WIT.md, "Types" and "Item: func"). */
import { WIT_PRIMITIVES } from './wit.ts';
import type { WitGrammar } from './wit-grammar.ts';
import type { Named, SyntaxDefinition, SyntaxFunction, SyntaxType, SyntaxTypeItem } from './wit-syntax.ts';

/** A type in place. */
function readType(grammar: WitGrammar): SyntaxType {
  return grammar.deeper(() => {
    grammar.count();
    const token = grammar.scanner.peek();
    if (token.kind === 'name') return { form: 'name', ...grammar.name() };
    if (token.kind !== 'word') throw grammar.unexpected('a type');
    if (WIT_PRIMITIVES.includes(token.text)) return { form: 'primitive', text: grammar.scanner.next().text };
    const form = FORMS[token.text];
    if (form === undefined) throw grammar.unexpected('a type');
    grammar.scanner.next();
    return form(grammar);
  });
}

const FORMS: Readonly<Record<string, (grammar: WitGrammar) => SyntaxType>> = {
  list: (grammar) =>
    inAngles(grammar, () => {
      const of = readType(grammar);
      return { form: 'list', of, ...(grammar.take(',') && { length: grammar.integer() }) };
    }),
  option: (grammar) => inAngles(grammar, () => ({ form: 'option', of: readType(grammar) })),
  tuple: (grammar) => ({ form: 'tuple', of: grammar.list('<', '>', () => readType(grammar)) }),
  result: (grammar) => readResult(grammar),
  stream: (grammar) => ({ form: 'stream', ...perhapsOf(grammar) }),
  future: (grammar) => ({ form: 'future', ...perhapsOf(grammar) }),
  own: (grammar) => inAngles(grammar, () => ({ form: 'own', ...grammar.name() })),
  borrow: (grammar) => inAngles(grammar, () => ({ form: 'borrow', ...grammar.name() })),
  map: (grammar) =>
    inAngles(grammar, () => {
      const key = readType(grammar);
      grammar.expect(',');
      return { form: 'map', key, value: readType(grammar) };
    }),
};

function inAngles(grammar: WitGrammar, inner: () => SyntaxType): SyntaxType {
  grammar.expect('<');
  const type = inner();
  grammar.expect('>');
  return type;
}

function perhapsOf(grammar: WitGrammar): { of?: SyntaxType } {
  if (!grammar.take('<')) return {};
  const of = readType(grammar);
  grammar.expect('>');
  return { of };
}

/** `result`, `result<a>`, `result<a, b>`, `result<_, b>`. */
function readResult(grammar: WitGrammar): SyntaxType {
  if (!grammar.take('<')) return { form: 'result' };
  const ok = grammar.take('_') ? undefined : readType(grammar);
  const err = grammar.take(',') ? readType(grammar) : undefined;
  if (ok === undefined && err === undefined) throw grammar.unexpected('a type for the error');
  grammar.expect('>');
  return { form: 'result', ...(ok && { ok }), ...(err && { err }) };
}

/** `name: type` */
function readTyped(grammar: WitGrammar): Named & { type: SyntaxType } {
  const named = grammar.name();
  grammar.expect(':');
  return { ...named, type: readType(grammar) };
}

/** Keyword -> the definition after it, without what ends it. */
const DEFINITIONS: Readonly<Record<string, (grammar: WitGrammar) => SyntaxDefinition>> = {
  type(grammar) {
    grammar.expect('=');
    const of = readType(grammar);
    grammar.expect(';');
    return { form: 'alias', of };
  },
  record: (grammar) => ({ form: 'record', fields: grammar.list('{', '}', () => readTyped(grammar)) }),
  variant: (grammar) => ({ form: 'variant', cases: grammar.list('{', '}', () => readCase(grammar)) }),
  enum: (grammar) => ({ form: 'enum', names: grammar.list('{', '}', () => grammar.name()) }),
  flags: (grammar) => ({ form: 'flags', names: grammar.list('{', '}', () => grammar.name()) }),
  resource: (grammar) => ({
    form: 'resource',
    functions: grammar.take(';') ? [] : grammar.block(() => readMember(grammar)),
  }),
};

/** A type definition when one is next. */
export function readDefinition(grammar: WitGrammar): SyntaxTypeItem | undefined {
  const token = grammar.scanner.peek();
  const definition = token.kind === 'word' ? DEFINITIONS[token.text] : undefined;
  if (definition === undefined) return undefined;
  grammar.scanner.next();
  const named = grammar.name();
  return { kind: 'type', ...named, definition: definition(grammar) };
}

function readCase(grammar: WitGrammar): Named & { type?: SyntaxType } {
  const named = grammar.name();
  if (!grammar.take('(')) return named;
  const type = readType(grammar);
  grammar.expect(')');
  return { ...named, type };
}

function readMember(grammar: WitGrammar): SyntaxFunction {
  if (grammar.is('constructor')) {
    const { at } = grammar.scanner.next();
    const member = { name: '', at, async: false, member: 'constructor' as const, ...readSignature(grammar) };
    grammar.expect(';');
    return member;
  }
  const named = grammar.name();
  grammar.expect(':');
  const member = grammar.take('static') ? ('static' as const) : ('method' as const);
  return { ...readFunction(grammar, named), member };
}

/** The type of a function and the `;` after it. */
export function readFunction(grammar: WitGrammar, named: Named): SyntaxFunction {
  const async = grammar.take('async');
  grammar.expect('func');
  const read = { ...named, async, ...readSignature(grammar) };
  grammar.expect(';');
  return read;
}

function readSignature(grammar: WitGrammar): Pick<SyntaxFunction, 'params' | 'result'> {
  const params = grammar.list('(', ')', () => readTyped(grammar));
  return grammar.take('->') ? { params, result: readType(grammar) } : { params };
}

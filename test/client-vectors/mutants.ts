// Clients that are wrong in one place each: our own with one check taken out. Found in the syntax tree, so that a new check has its mutant
// without anybody adding it.
import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

export interface Mutant {
  /** Relative to tools/client/src. */
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** What was taken out. */
  readonly what: string;
}

// biome-ignore lint/suspicious/noExplicitAny: nodes of a syntax tree are looked at by their type only
type Node = any;

/** What a kind of node becomes when its check is left out; undefined where it is none. */
type Operator = (node: Node, source: string) => readonly Pick<Mutant, 'start' | 'end' | 'replacement'>[];

const isRefusal = ({ type, callee }: Node): boolean =>
  type === 'CallExpression' && /^(require|match|verify|refuse|malformed)/.test(callee.name ?? '');

const OPERATORS: Readonly<Record<string, Operator>> = {
  // A refusal that is not made.
  ThrowStatement: ({ start, end, argument }) =>
    argument.type === 'NewExpression' || argument.type === 'CallExpression'
      ? [{ start, end, replacement: 'void 0;' }]
      : [],
  ExpressionStatement({ start, end, expression }) {
    const call = expression.type === 'AwaitExpression' ? expression.argument : expression;
    return isRefusal(call) ? [{ start, end, replacement: 'void 0;' }] : [];
  },
  ReturnStatement: ({ argument }) =>
    argument && isRefusal(argument) && /^(refuse|malformed)/.test(argument.callee.name)
      ? [{ start: argument.start, end: argument.end, replacement: '({})' }]
      : [],
  // A member of a document that is taken as it comes.
  CallExpression({ callee, arguments: list }) {
    if (callee.name !== 'object' || list[0]?.type !== 'ObjectExpression') return [];
    return list[0].properties
      .filter(({ type }: Node) => type === 'Property')
      .map(({ start, end, key, shorthand, value }: Node) =>
        shorthand
          ? { start, end, replacement: `${key.name}: (v) => v` }
          : { start: value.start, end: value.end, replacement: '((v) => v)' },
      );
  },
  // One of several conditions that is not asked.
  LogicalExpression({ start, end, operator, left, right }, source) {
    if (operator === '??') return [];
    return [left, right].map((kept: Node) => ({ start, end, replacement: `(${source.slice(kept.start, kept.end)})` }));
  },
  // A border that belongs to the other side.
  BinaryExpression({ start, end, operator, left, right }, source) {
    const other = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }[operator as string];
    if (other === undefined) return [];
    const text = (node: Node): string => source.slice(node.start, node.end);
    return [{ start, end, replacement: `(${text(left)} ${other} ${text(right)})` }];
  },
};

/** Every mutant of one file, in order of the source. */
export function mutantsOf(file: string, path: URL): Mutant[] {
  const source = readFileSync(path, 'utf8');
  const found: Mutant[] = [];
  const visit = (node: Node): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const operator = typeof node.type === 'string' ? OPERATORS[node.type] : undefined;
    for (const change of operator?.(node, source) ?? [])
      found.push({
        file,
        line: source.slice(0, change.start).split('\n').length,
        what: shown(source.slice(change.start, change.end)),
        ...change,
      });
    for (const [key, child] of Object.entries(node)) if (key !== 'typeAnnotation' && key !== 'returnType') visit(child);
  };
  visit(parseSync(file, source).program);
  return found;
}

export function mutated(source: string, { start, end, replacement }: Mutant): string {
  return `${source.slice(0, start)}${replacement}${source.slice(end)}`;
}

const shown = (text: string): string => text.replace(/\s+/g, ' ');

/** Without the line, which moves. */
export const keyOf = ({ file, what, replacement }: Mutant): string => `${file} ${what} => ${shown(replacement)}`;
export const nameOf = ({ file, line, what, replacement }: Mutant): string =>
  `${file}:${line} ${what} => ${shown(replacement)}`;

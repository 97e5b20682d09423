// What a package exports, read from its sources: declarations with their docstrings, members and types as they are written. Follows
// `export { name } from './file.ts'` of an index, and `extends` into the same package, so that nothing has to be written twice.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree of ESTree with TypeScript's nodes, read by name
type Node = any;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly body: readonly Node[];
  readonly comments: readonly {
    readonly type: string;
    readonly value: string;
    readonly start: number;
    readonly end: number;
  }[];
}

export interface Member {
  readonly name: string;
  /** `?` where it may be absent. */
  readonly optional: boolean;
  /** Type, or parameters and result of a method, as text. */
  readonly type: string;
  readonly isMethod: boolean;
  readonly doc: string | undefined;
}

export interface Exported {
  readonly name: string;
  readonly kind: 'function' | 'interface' | 'type' | 'class' | 'const';
  /** Relative to the package's `src`. */
  readonly file: string;
  /** Where in it. */
  readonly start: number;
  readonly doc: string | undefined;
  /** Without `export` and without a body. */
  readonly signature: string;
  /** Of an interface or class, with those of what it extends. */
  readonly members: readonly Member[];
}

/** Everything that `index` (a file that only re-exports) exports, in its order. */
export function readExports(folder: string, index: string): Exported[] {
  const source = parse(join(folder, index));
  return source.body.flatMap((statement) =>
    statement.specifiers.map(({ local }: Node) => {
      const from = parse(join(dirname(source.path), statement.source.value));
      return read(from, local.name, folder);
    }),
  );
}

const parsed = new Map<string, Source>();

function parse(path: string): Source {
  let source = parsed.get(path);
  if (source === undefined) {
    const text = readFileSync(path, 'utf8');
    const { program, comments } = parseSync(path, text);
    source = { path, text, body: program.body, comments };
    parsed.set(path, source);
  }
  return source;
}

const KINDS: Readonly<Record<string, Exported['kind']>> = {
  FunctionDeclaration: 'function',
  TSInterfaceDeclaration: 'interface',
  TSTypeAliasDeclaration: 'type',
  ClassDeclaration: 'class',
  VariableDeclaration: 'const',
};

const nameOf = ({ id, declarations }: Node): string | undefined => id?.name ?? declarations?.[0]?.id?.name;

/** The statement that declares a name, exported or not. */
function find(source: Source, name: string): { readonly statement: Node; readonly declaration: Node } | undefined {
  for (const statement of source.body) {
    const declaration = statement.declaration ?? statement;
    if (nameOf(declaration) === name && declaration.type in KINDS) return { statement, declaration };
  }
  return undefined;
}

function read(source: Source, name: string, folder: string): Exported {
  const found = find(source, name);
  if (found === undefined) throw new Error(`${source.path} declares no ${name}`);
  const { statement, declaration } = found;
  return {
    name,
    kind: KINDS[declaration.type] as Exported['kind'],
    file: source.path.slice(folder.length + 1),
    start: declaration.start,
    doc: docBefore(source, statement.start),
    signature: signatureOf(source, declaration),
    members: membersOf(source, declaration),
  };
}

/** The block comment that ends right before, with nothing but space between. */
function docBefore({ text, comments }: Source, start: number): string | undefined {
  const comment = comments.findLast(({ end }) => end <= start);
  if (comment?.type !== 'Block' || !comment.value.startsWith('*') || text.slice(comment.end, start).trim() !== '')
    return undefined;
  return comment.value
    .split('\n')
    .map((line) => line.replace(/^\s*\*+ ?/, '').trimEnd())
    .join('\n')
    .trim();
}

const slice = ({ text }: Source, { start, end }: Node): string => text.slice(start, end);
/** On one line, without comments. */
const flat = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/([{(<]) \|/g, '$1')
    .replace(/= \| /g, '= ')
    .trim();

function signatureOf(source: Source, declaration: Node): string {
  switch (declaration.type) {
    case 'FunctionDeclaration':
      return `function ${declaration.id.name}${typeParameters(source, declaration)}${call(source, declaration)}`;
    case 'TSTypeAliasDeclaration':
      return slice(source, declaration)
        .replace(/^export /, '')
        .replace(/;$/, '');
    case 'VariableDeclaration': {
      const [{ id, init }] = declaration.declarations;
      if (init?.type === 'Literal') return `const ${id.name} = ${init.raw}`;
      return id.typeAnnotation ? `const ${flat(slice(source, id))}` : `const ${id.name}`;
    }
    case 'ClassDeclaration':
      return `class ${declaration.id.name} extends ${slice(source, declaration.superClass)}`;
    default: {
      const head = source.text.slice(declaration.start, declaration.body.start);
      return flat(head).replace(/^export /, '');
    }
  }
}

const typeParameters = (source: Source, { typeParameters: given }: Node): string =>
  given ? flat(slice(source, given)) : '';

function call(source: Source, { params, returnType }: Node): string {
  const list = params.map((parameter: Node) => parameterOf(source, parameter)).join(', ');
  return `(${list})${returnType ? flat(slice(source, returnType)) : ''}`;
}

/** A pattern is the caller's to name: it is called after its type. */
function parameterOf(source: Source, parameter: Node): string {
  if (parameter.type === 'AssignmentPattern') return parameterOf(source, parameter.left).replace(':', '?:');
  if (parameter.type === 'RestElement')
    return `...${parameterOf(source, { ...parameter.argument, typeAnnotation: parameter.typeAnnotation })}`;
  const type = parameter.typeAnnotation ? flat(slice(source, parameter.typeAnnotation.typeAnnotation)) : 'unknown';
  const name = parameter.type === 'Identifier' ? `${parameter.name}${parameter.optional ? '?' : ''}` : called(type);
  return `${name}: ${type}`;
}

const called = (type: string): string => {
  const [word = ''] = /^[A-Z]\w*$/.exec(type) ?? [];
  return word === '' ? 'options' : word.charAt(0).toLowerCase() + word.slice(1);
};

function membersOf(source: Source, declaration: Node): Member[] {
  if (declaration.type === 'ClassDeclaration') return classMembers(source, declaration);
  if (declaration.type !== 'TSInterfaceDeclaration') return [];
  const inherited = (declaration.extends ?? []).flatMap(({ expression, typeArguments }: Node) =>
    typeArguments ? [] : inheritedMembers(source, expression.name),
  );
  const own = declaration.body.body.map((member: Node) => memberOf(source, member));
  const names = new Set(own.map(({ name }: Member) => name));
  return [...inherited.filter(({ name }: Member) => !names.has(name)), ...own];
}

/** Declared in the same file, or imported from another of the package. */
function inheritedMembers(source: Source, name: string): Member[] {
  const here = find(source, name);
  if (here !== undefined) return membersOf(source, here.declaration);
  for (const statement of source.body) {
    const imported =
      statement.type === 'ImportDeclaration' && statement.specifiers.some(({ local }: Node) => local.name === name);
    if (!imported) continue;
    const from = parse(join(dirname(source.path), statement.source.value));
    return membersOf(from, find(from, name)?.declaration);
  }
  return [];
}

function memberOf(source: Source, member: Node): Member {
  const isMethod = member.type === 'TSMethodSignature';
  return {
    name: slice(source, member.key),
    optional: member.optional === true,
    type: isMethod ? call(source, member) : flat(slice(source, member.typeAnnotation.typeAnnotation)),
    isMethod,
    doc: docBefore(source, member.start),
  };
}

function classMembers(source: Source, { body }: Node): Member[] {
  return body.body.flatMap((member: Node): Member[] => {
    const doc = docBefore(source, member.start);
    if (member.type === 'PropertyDefinition')
      return [
        {
          name: member.key.name,
          optional: false,
          type: flat(slice(source, member.typeAnnotation.typeAnnotation)),
          isMethod: false,
          doc,
        },
      ];
    return [{ name: member.key.name, optional: false, type: call(source, member.value), isMethod: true, doc }];
  });
}

// Every module specifier a source file names: static, dynamic and type imports, re-exports, require, and
// `new URL('./x.ts', import.meta.url)`; in .ts, .js and .astro (frontmatter and scripts). A real parser (oxc, which
// reads TypeScript), because comments and template strings fool a pattern. It must never skip a file silently.
import { extname } from 'node:path';
import { parseSync } from 'oxc-parser';

export interface ImportedModule {
  /** The specifier as written, or undefined when it is computed. */
  readonly specifier: string | undefined;
  /** 1-based line in the file. */
  readonly line: number;
  /** Named in a `<script>` of an .astro file, so run by the browser. */
  readonly inScript: boolean;
}

export interface SourceFile {
  readonly imports: readonly ImportedModule[];
  /** False for a file that does anything but re-export by name. */
  readonly onlyNamedReexports: boolean;
  readonly parses: boolean;
}

/** One source file with the zone of the import table it lies in. */
export interface PlacedSource extends SourceFile {
  readonly path: string;
  readonly zone: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

interface Part {
  readonly text: string;
  readonly offset: number;
  readonly inScript: boolean;
}

/** Reads one source file; `path` decides how by its extension. */
export function readSource(path: string, text: string): SourceFile {
  const parts = extname(path) === '.astro' ? astroParts(text) : [{ text, offset: 0, inScript: false }];
  const programs = parts.map((part) => ({ part, ...parse(part.text) }));
  return {
    imports: programs.flatMap(({ part, body }) => importsOf(body, part, text)),
    onlyNamedReexports: programs.every(({ body }) => body.every(isNamedReexport)),
    parses: programs.every((program) => program.parses),
  };
}

function parse(text: string): { body: readonly Node[]; parses: boolean } {
  const { program, errors } = parseSync('source.ts', text);
  const body = program.body as unknown as readonly Node[];
  // Astro's frontmatter may `return`, which is an error with a whole tree; a syntax error leaves an empty one.
  return { body, parses: errors.length === 0 || body.length > 0 };
}

function astroParts(text: string): Part[] {
  const parts: Part[] = [];
  const fence = /^\s*---\r?\n([\s\S]*?)^---/m.exec(text);
  if (fence?.[1] !== undefined) {
    parts.push({ text: fence[1], offset: fence.index + fence[0].indexOf(fence[1]), inScript: false });
  }
  for (const match of text.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    const [whole, attributes = '', body = ''] = match;
    if (/\btype="(application|speculationrules)/.test(attributes)) continue;
    const source = /\bsrc="([^"]+)"/.exec(attributes)?.[1];
    const script = source === undefined ? body : `import '${source}';`;
    parts.push({ text: script, offset: match.index + whole.indexOf('>') + 1, inScript: true });
  }
  return parts;
}

function importsOf(body: readonly Node[], part: Part, text: string): ImportedModule[] {
  const found: ImportedModule[] = [];
  walk(body, (node) => {
    const source = sourceOf(node);
    if (source === undefined) return;
    const line = text.slice(0, part.offset + node.start).split('\n').length;
    found.push({ specifier: literal(source), line, inScript: part.inScript });
  });
  return found;
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (value !== null && typeof value === 'object') {
    if ('type' in value) visit(value as Node);
    for (const child of Object.values(value)) walk(child, visit);
  }
}

/** The node that names a module, for each way of naming one; undefined for every other node. */
function sourceOf(node: Node): unknown {
  const reader = SOURCES[node.type];
  return reader?.(node) ?? undefined;
}

const SOURCES: Readonly<Record<string, (node: Node) => unknown>> = {
  ImportDeclaration: (node) => node['source'],
  ExportNamedDeclaration: (node) => node['source'],
  ExportAllDeclaration: (node) => node['source'],
  ImportExpression: (node) => node['source'],
  TSImportType: (node) => node['source'],
  TSExternalModuleReference: (node) => node['expression'],
  CallExpression: (node) => (named(node['callee'], 'require') ? first(node) : undefined),
  NewExpression: (node) => (named(node['callee'], 'URL') && isModulePath(first(node)) ? first(node) : undefined),
};

/** Stands for every module that is written as a `data:` address. */
const MADE = 'data:';

function first(node: Node): unknown {
  return (node['arguments'] as readonly unknown[])[0];
}

function named(node: unknown, name: string): boolean {
  const { type, name: actual } = node as { type: string; name?: string };
  return type === 'Identifier' && actual === name;
}

function isModulePath(node: unknown): boolean {
  return /^\.{1,2}\/.*\.m?[jt]s$/.test(literal(node) ?? '');
}

function literal(node: unknown): string | undefined {
  const { type, value, quasis } = node as { type: string; value?: unknown; quasis?: [{ value: { raw: string } }] };
  // Code made at run time is no module of ours; where it may be run is the table's to say.
  if (type === 'TemplateLiteral' && quasis?.[0].value.raw.startsWith(MADE)) return MADE;
  return type === 'Literal' && typeof value === 'string' ? value : undefined;
}

function isNamedReexport(node: Node): boolean {
  return node.type === 'ExportNamedDeclaration' && node['source'] !== null;
}

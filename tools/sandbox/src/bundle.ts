// Our own modules as one, so that a child loads a file instead of two dozen. It knows the one way in which we write modules: named
// imports at the top, `export` before a declaration, no cycles; a module that is written otherwise is refused, never guessed at.

import { SandboxError } from './error.ts';

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*'([^']+)';\n?/gm;
const EXPORT = /^export (?=(?:const|let|async function|function|class)\s+(\w+))/gm;
const LATER = /import\('\.\/([\w-]+)\.[jt]s'\)/g;

/** One module whose declarations are those of `entry`; modules it imports later are left to the loader. */
export function bundleModules(entry: string, modules: ReadonlyMap<string, string>): string {
  const builtins = new Map<string, string>();
  const done = new Set<string>();
  const parts: string[] = [];
  const add = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    const text = modules.get(name);
    if (text === undefined) throw unreadable(name);
    const { imports, body } = takeApart(text, builtins);
    for (const { from } of imports) if (from !== undefined) add(from);
    parts.push(name === entry ? inline(imports, body) : wrapped(name, imports, body));
  };
  add(entry);
  const heads = [...builtins].map(([specifier, alias]) => `import * as ${alias} from '${specifier}';`);
  return `${heads.join('\n')}\n${parts.join('\n')}`;
}

interface Taken {
  /** `{ a, b: c }` */
  readonly names: string;
  readonly of: string;
  /** Name of a module of ours. */
  readonly from: string | undefined;
}

function takeApart(text: string, builtins: Map<string, string>): { readonly imports: Taken[]; readonly body: string } {
  const imports: Taken[] = [];
  const body = text.replace(IMPORT, (_, names: string, specifier: string) => {
    const own = /^\.\/([\w-]+)\.[jt]s$/.exec(specifier)?.[1];
    const of = own === undefined ? builtinAlias(specifier, builtins) : moduleAlias(own);
    imports.push({ names: names.replaceAll(' as ', ': '), of, from: own });
    return '';
  });
  if (/^import[\s{*'"]/m.test(body)) throw unreadable(body.slice(0, 200));
  return { imports, body };
}

function wrapped(name: string, imports: readonly Taken[], body: string): string {
  const exported: string[] = [];
  const plain = body.replace(EXPORT, (_, declared: string) => {
    exported.push(declared);
    return '';
  });
  if (/^export\b/m.test(plain)) throw unreadable(name);
  return `const ${moduleAlias(name)} = (() => {\n${destructured(imports)}${plain}\nreturn { ${exported.join(', ')} };\n})();`;
}

const inline = (imports: readonly Taken[], body: string): string => `${destructured(imports)}${body}`;

const destructured = (imports: readonly Taken[]): string =>
  imports.map(({ names, of }) => `const {${names}} = ${of};\n`).join('');

const moduleAlias = (name: string): string => `module_${name.replaceAll('-', '_')}`;

function builtinAlias(specifier: string, builtins: Map<string, string>): string {
  const alias = builtins.get(specifier) ?? `outside_${builtins.size}`;
  builtins.set(specifier, alias);
  return alias;
}

/** Modules that are imported only when they are needed. They may use none of ours: two copies of a class would not know each other. */
export function laterModules(modules: ReadonlyMap<string, string>): string[] {
  const found = [...modules.values()].flatMap((text) => [...text.matchAll(LATER)].map(([, name]) => name ?? ''));
  const sharing = found.find((name) => /from '\.\//.test(modules.get(name) ?? ''));
  if (sharing !== undefined) throw unreadable(sharing);
  return [...new Set(found)];
}

const unreadable = (what: string): SandboxError =>
  new SandboxError('CHILD_UNAVAILABLE', `a module of the child is not written as the others are: ${what}`);

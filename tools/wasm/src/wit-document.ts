/** A whole WIT document: packages, interfaces, worlds (component model, WIT.md, "Package format"). */
import { WitGrammar } from './wit-grammar.ts';
import { type WitDocument, WitScanner } from './wit-scanner.ts';
import type {
  InterfaceItem,
  Named,
  SyntaxExtern,
  SyntaxInterface,
  SyntaxPackage,
  SyntaxUse,
  SyntaxWorld,
  WorldItem,
} from './wit-syntax.ts';
import { readDefinition, readFunction } from './wit-type-syntax.ts';

/** The package of the document itself first, then those in braces inside it. Throws WasmError. */
export function readDocument(document: WitDocument): SyntaxPackage[] {
  const grammar = new WitGrammar(new WitScanner(document));
  grammar.gates();
  const nested: SyntaxPackage[] = [];
  let own: string | undefined;
  if (grammar.is('package')) {
    const name = readPackageName(grammar);
    if (grammar.take(';')) own = name;
    else nested.push(readPackage(grammar, name, '}'));
  }
  const rest = readItems(grammar, 'end', nested);
  return [{ ...(own !== undefined && { package: own }), ...rest, scanner: grammar.scanner }, ...nested];
}

/** `package a:b@1.2.3` as `a:b@1.2.3`. */
function readPackageName(grammar: WitGrammar): string {
  grammar.expect('package');
  const namespace = grammar.name();
  grammar.expect(':');
  const name = `${namespace.name}:${grammar.name().name}`;
  return grammar.take('@') ? `${name}@${grammar.scanner.version()}` : name;
}

function readPackage(grammar: WitGrammar, name: string, close: '}'): SyntaxPackage {
  grammar.expect('{');
  const items = readItems(grammar, close, undefined);
  grammar.expect(close);
  return { package: name, ...items, scanner: grammar.scanner };
}

type Items = Omit<SyntaxPackage, 'package' | 'scanner'>;

function readItems(grammar: WitGrammar, close: '}' | 'end', nested: SyntaxPackage[] | undefined): Items {
  const interfaces: SyntaxInterface[] = [];
  const worlds: SyntaxWorld[] = [];
  const aliases: Items['aliases'][number][] = [];
  for (;;) {
    grammar.gates();
    if (close === 'end' ? grammar.scanner.peek().kind === 'end' : grammar.is(close))
      return { interfaces, worlds, aliases };
    if (grammar.take('interface')) interfaces.push(readInterface(grammar, grammar.name()));
    else if (grammar.take('world')) worlds.push(readWorld(grammar));
    else if (grammar.take('use')) aliases.push(readAlias(grammar));
    else if (nested !== undefined && grammar.is('package'))
      nested.push(readPackage(grammar, readPackageName(grammar), '}'));
    else throw grammar.unexpected('an interface, a world or a use');
  }
}

function readAlias(grammar: WitGrammar): Items['aliases'][number] {
  const path = grammar.path();
  const named = grammar.take('as') ? grammar.name() : { name: path.name, at: path.at };
  grammar.expect(';');
  return { ...named, path };
}

function readInterface(grammar: WitGrammar, named: Named): SyntaxInterface {
  return { ...named, items: grammar.block(() => readInterfaceItem(grammar)) };
}

function readInterfaceItem(grammar: WitGrammar): InterfaceItem {
  if (grammar.take('use')) return readUse(grammar);
  const definition = readDefinition(grammar);
  if (definition !== undefined) return definition;
  const named = grammar.name();
  grammar.expect(':');
  return { kind: 'function', function: readFunction(grammar, named) };
}

/** `use path.{a, b as c};` after `use`. */
function readUse(grammar: WitGrammar): SyntaxUse {
  const path = grammar.path();
  grammar.expect('.');
  const names = grammar.list('{', '}', () => readRename(grammar));
  grammar.expect(';');
  return { kind: 'use', path, names };
}

function readRename(grammar: WitGrammar): Named & { as: string } {
  const named = grammar.name();
  return { ...named, as: grammar.take('as') ? grammar.name().name : named.name };
}

function readWorld(grammar: WitGrammar): SyntaxWorld {
  return { ...grammar.name(), items: grammar.block(() => readWorldItem(grammar)) };
}

function readWorldItem(grammar: WitGrammar): WorldItem {
  if (grammar.take('use')) return readUse(grammar);
  if (grammar.take('include')) return readInclude(grammar);
  for (const kind of ['import', 'export'] as const) {
    const { at } = grammar.scanner.peek();
    if (grammar.take(kind)) return { kind, at, extern: readExtern(grammar) };
  }
  const definition = readDefinition(grammar);
  if (definition === undefined) throw grammar.unexpected('an import, an export, a type, a use or an include');
  return definition;
}

function readInclude(grammar: WitGrammar): WorldItem {
  const path = grammar.path();
  if (!grammar.take('with')) {
    grammar.expect(';');
    return { kind: 'include', path, renames: [] };
  }
  const renames = grammar.list('{', '}', () => {
    const named = grammar.name();
    grammar.expect('as');
    return { ...named, as: grammar.name().name };
  });
  grammar.take(';');
  return { kind: 'include', path, renames };
}

/** `a:b/c;`, `c;`, `name: func();`, `name: interface { }`, `name: a:b/c;` */
function readExtern(grammar: WitGrammar): SyntaxExtern {
  const named = grammar.name();
  if (grammar.take(';')) return { form: 'path', path: named };
  grammar.expect(':');
  if (grammar.is('func') || grammar.is('async')) return { form: 'function', function: readFunction(grammar, named) };
  if (grammar.take('interface')) return { form: 'interface', body: readInterface(grammar, named) };
  const second = grammar.path();
  // `a:b/c`: what was taken for a plain name is the first part of a package's.
  if (second.package === undefined && grammar.take('/')) {
    const { name } = grammar.name();
    const version = grammar.take('@') ? { version: grammar.scanner.version() } : {};
    grammar.expect(';');
    return { form: 'path', path: { name, at: named.at, package: `${named.name}:${second.name}`, ...version } };
  }
  grammar.expect(';');
  return { form: 'named', ...named, path: second };
}

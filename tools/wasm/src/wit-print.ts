/**
 * Prints a world as a WIT document: a package with the world, then one package in braces for each that its interfaces
 * come from. What WIT cannot say, a name that is none among them, gives no document at all: half a world would be
 * taken for the whole.
 */
import {
  splitTypeName,
  type WitFunction,
  type WitInterface,
  type WitItems,
  type WitNamedType,
  type WitType,
  type WitWorld,
} from './wit.ts';
import { type InterfaceName, isLabel, labelText, parseInterfaceName } from './wit-names.ts';
import { caseText, functionText, type NameText, typeText } from './wit-text.ts';

/** Thrown and caught in this file only. */
class NotPrintable {}

/** A package name with version -> the interfaces of it. */
type Packages = Map<string, Map<string, WitInterface>>;

/** Which interface a reference is resolved in: `use` may leave out a package that is its own. */
interface Place {
  readonly package?: string;
  readonly indent: string;
}

/** The world as a WIT document, or undefined where WIT has no words for it. Ends with a newline. */
export function printWit(world: WitWorld): string | undefined {
  try {
    return documentText(world);
  } catch (error) {
    if (error instanceof NotPrintable) return undefined;
    throw error;
  }
}

function documentText(world: WitWorld): string {
  const name = expectInterface(world.name);
  const packages = interfacesByPackage(world);
  const own = packageText(name);
  const lines = [`package ${own};`, '', `world ${labelText(name.name)} {`];
  lines.push(...worldLines(world.imports, 'import', own), ...worldLines(world.exports, 'export', own), '}', '');
  for (const found of packages.get(own)?.values() ?? [])
    lines.push(...interfaceBlock(found, { package: own, indent: '' }), '');
  for (const [full, interfaces] of packages) {
    if (full === own) continue;
    lines.push(`package ${full} {`);
    for (const found of interfaces.values()) lines.push(...interfaceBlock(found, { package: full, indent: '  ' }));
    lines.push('}', '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** An interface that is imported and exported has one body in WIT: what either direction has, which must agree. */
function interfacesByPackage({ imports, exports }: WitWorld): Packages {
  const packages: Packages = new Map();
  for (const found of [...imports.interfaces, ...exports.interfaces]) {
    const full = found.implements ?? found.name;
    const name = parseInterfaceName(full);
    if (name === undefined) continue;
    const interfaces = packages.get(packageText(name)) ?? new Map<string, WitInterface>();
    packages.set(packageText(name), interfaces);
    const known = interfaces.get(name.name);
    interfaces.set(name.name, known === undefined ? { ...found, name: full } : merged(known, found));
  }
  return packages;
}

function merged(one: WitInterface, other: WitInterface): WitInterface {
  return { ...one, types: union(one.types, other.types), functions: union(one.functions, other.functions) };
}

function union<Item extends { readonly name: string }>(one: readonly Item[], other: readonly Item[]): Item[] {
  const all = new Map(one.map((item) => [item.name, item]));
  for (const item of other) {
    const known = all.get(item.name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(item)) throw new NotPrintable();
    all.set(item.name, item);
  }
  return [...all.values()];
}

function worldLines(
  { interfaces, functions, types = [] }: WitItems,
  direction: 'import' | 'export',
  own: string,
): string[] {
  if (direction === 'export' && types.length > 0) throw new NotPrintable();
  const names = new Set(types.map(({ name }) => name));
  return [
    ...interfaces.flatMap((found) => worldInterface(found, direction, own)),
    ...typeLines({ types, functions }, { indent: '  ', package: own }),
    ...functions
      .filter(({ name }) => names.size === 0 || resourceOf(name) === undefined)
      .map((found) => `  ${direction} ${label(found.name)}: ${signature(found)};`),
  ];
}

function worldInterface(found: WitInterface, direction: 'import' | 'export', own: string): string[] {
  if (found.implements !== undefined) {
    return [`  ${direction} ${label(found.name)}: ${pathIn(own, expectInterface(found.implements))};`];
  }
  const path = parseInterfaceName(found.name);
  if (path !== undefined) return [`  ${direction} ${pathIn(own, path)};`];
  const body = bodyLines(found, { indent: '    ', package: own });
  return [`  ${direction} ${label(found.name)}: interface {`, ...body, '  }'];
}

function interfaceBlock(found: WitInterface, { package: from, indent }: Place): string[] {
  const inside: Place = { indent: `${indent}  `, ...(from !== undefined && { package: from }) };
  return [
    `${indent}interface ${labelText(expectInterface(found.name).name)} {`,
    ...bodyLines(found, inside),
    `${indent}}`,
  ];
}

function bodyLines(found: Pick<WitInterface, 'types' | 'functions'>, place: Place): string[] {
  const free = found.functions.filter(({ name }) => resourceOf(name) === undefined);
  const lines = free.map((func) => `${place.indent}${label(func.name)}: ${signature(func)};`);
  return [...typeLines(found, place), ...lines];
}

function typeLines(found: Pick<WitInterface, 'types' | 'functions'>, place: Place): string[] {
  const lines = usesTogether(found.types).flatMap((named) =>
    Array.isArray(named) ? useLine(named, place) : definitionLines(named as WitNamedType, found.functions, place),
  );
  const resources = new Set(found.types.filter(({ type }) => isResource(type)).map(({ name }) => name));
  for (const { name } of found.functions) {
    const resource = resourceOf(name);
    if (resource !== undefined && !resources.has(resource)) throw new NotPrintable();
  }
  return lines;
}

const isResource = (type: WitType): boolean => typeof type === 'object' && 'resource' in type;

function definitionLines({ name, type }: WitNamedType, functions: readonly WitFunction[], place: Place): string[] {
  const { indent } = place;
  if (typeof type === 'string') return [`${indent}type ${label(name)} = ${placedText(type)};`];
  if ('resource' in type) return resourceLines(name, functions, place);
  const block = (keyword: string, items: readonly string[]): string[] => [
    `${indent}${keyword} ${label(name)} {`,
    ...items.map((item) => `${indent}  ${item},`),
    `${indent}}`,
  ];
  const text = (inner: WitType): string => placedText(inner);
  if ('record' in type)
    return block(
      'record',
      type.record.map((field) => `${label(field.name)}: ${text(field.type)}`),
    );
  if ('variant' in type)
    return block(
      'variant',
      type.variant.map((one) => caseText({ ...one, name: checked(one.name) }, text)),
    );
  if ('enum' in type) return block('enum', type.enum.map(label));
  if ('flags' in type) return block('flags', type.flags.map(label));
  return [`${indent}type ${label(name)} = ${text(type)};`];
}

/** Types in order, those taken from one interface after each other as a list. */
function usesTogether(types: readonly WitNamedType[]): (WitNamedType | WitNamedType[])[] {
  const groups: (WitNamedType | WitNamedType[])[] = [];
  for (const named of types) {
    const from = sourceOf(named);
    const last = groups.at(-1);
    if (from === undefined) groups.push(named);
    else if (Array.isArray(last) && sourceOf(last[0]) === from) last.push(named);
    else groups.push([named]);
  }
  return groups;
}

/** The interface a type is taken from by `use`. */
function sourceOf(named: WitNamedType | undefined): string | undefined {
  return typeof named?.type === 'string' ? splitTypeName(named.type).interface : undefined;
}

function useLine(types: readonly WitNamedType[], { package: own, indent }: Place): string[] {
  const path = expectInterface(sourceOf(types[0]) ?? '');
  const names = types.map(({ name, type }) => {
    const original = splitTypeName(String(type)).name;
    return original === name ? label(name) : `${label(original)} as ${label(name)}`;
  });
  return [`${indent}use ${pathIn(own, path)}.{${names.join(', ')}};`];
}

function resourceLines(name: string, functions: readonly WitFunction[], { indent }: Place): string[] {
  const own = functions.filter((func) => resourceOf(func.name) === name);
  if (own.length === 0) return [`${indent}resource ${label(name)};`];
  return [
    `${indent}resource ${label(name)} {`,
    ...own.map((func) => `${indent}  ${memberText(func, name)};`),
    `${indent}}`,
  ];
}

const MEMBER = /^\[(?<kind>constructor|method|static)\](?<resource>[^.]+)(?:\.(?<name>.+))?$/;

/** The resource that a function belongs to by its name. */
function resourceOf(name: string): string | undefined {
  return MEMBER.exec(name)?.groups?.['resource'];
}

function memberText(func: WitFunction, resource: string): string {
  const { kind, name = '' } = MEMBER.exec(func.name)?.groups ?? {};
  if (kind === 'static') return `${label(name)}: static ${signature(func)}`;
  if (kind === 'method') {
    const [self, ...params] = func.params;
    // A method takes its resource first; the text leaves that out, so anything else would be lost.
    if (self?.name !== 'self' || JSON.stringify(self.type) !== JSON.stringify({ borrow: resource }))
      throw new NotPrintable();
    return `${label(name)}: ${signature({ ...func, params })}`;
  }
  const { result, params } = func;
  const kept = isOwn(result, resource) ? {} : { ...(result !== undefined && { result }) };
  return signature({ params, ...kept }).replace(/^func/, 'constructor');
}

const isOwn = (result: WitType | undefined, resource: string): boolean =>
  typeof result === 'object' && 'own' in result && result.own === resource;

function placedText(type: WitType): string {
  expectPlaceable(type);
  return typeText(type, localName);
}

function signature(func: Omit<WitFunction, 'name'>): string {
  for (const { name, type } of func.params) {
    checked(name);
    expectPlaceable(type);
  }
  if (func.result !== undefined) expectPlaceable(func.result);
  return functionText(func, localName);
}

/** Forms that need a name of their own in a document. */
const NAMED: readonly string[] = ['record', 'variant', 'enum', 'flags', 'resource'];

/** Refuses a type that needs a name, however deep it stands; the depth is that of types in a file. */
function expectPlaceable(type: WitType): void {
  if (typeof type === 'string' || 'own' in type || 'borrow' in type) return;
  if (NAMED.some((form) => form in type)) throw new NotPrintable();
  if ('list' in type) expectPlaceable(type.list);
  else if ('option' in type) expectPlaceable(type.option);
  else if ('tuple' in type) for (const element of type.tuple) expectPlaceable(element);
  else for (const inner of partsOf(type)) if (inner !== undefined) expectPlaceable(inner);
}

function partsOf(type: Exclude<WitType, string>): readonly (WitType | undefined)[] {
  if ('result' in type) return [type.result.ok, type.result.err];
  if ('stream' in type) return [type.stream.of];
  if ('future' in type) return [type.future.of];
  return 'map' in type ? [type.map.key, type.map.value] : [];
}

/** Types of other interfaces have a local name by then, as the binary gives them one. */
const localName: NameText = (reference) => {
  const { interface: from, name } = splitTypeName(reference);
  if (from !== undefined) throw new NotPrintable();
  return label(name);
};

function checked(name: string): string {
  if (!isLabel(name)) throw new NotPrintable();
  return name;
}

function label(name: string): string {
  return labelText(checked(name));
}

function expectInterface(text: string): InterfaceName {
  const name = parseInterfaceName(text);
  if (name === undefined) throw new NotPrintable();
  return name;
}

function packageText({ package: from, version }: InterfaceName): string {
  return version === undefined ? packageName(from) : `${packageName(from)}@${version}`;
}

/** An interface as a package names it. Its own it must name without itself: tools take the full name for a circle. */
function pathIn(own: string | undefined, path: InterfaceName): string {
  return packageText(path) === own ? labelText(path.name) : pathText(path);
}

/** The full name of an interface. */
function pathText({ package: from, name, version }: InterfaceName): string {
  const path = `${packageName(from)}/${labelText(name)}`;
  return version === undefined ? path : `${path}@${version}`;
}

const packageName = (from: string): string => from.split(':').map(labelText).join(':');

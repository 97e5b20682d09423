/**
 * Types of one interface or world from their syntax: names looked up, resources told from other types, definitions put
 * after what they need, as the binary has them. Names stay names, so nothing is written out twice.
 */
import type { WitFunction, WitNamedType, WitType } from './wit.ts';
import { WIT_PRIMITIVES } from './wit.ts';
import { twice, unknown } from './wit-packages.ts';
import { WIT_LIMITS } from './wit-scanner.ts';
import type { Named, SyntaxFunction, SyntaxPackage, SyntaxType, SyntaxTypeItem } from './wit-syntax.ts';

/** A type of another interface under a local name. */
export interface UsedType extends Named {
  readonly reference: string;
  readonly resource: boolean;
}

interface Entry {
  readonly resource: boolean | 'visiting';
  readonly item: SyntaxTypeItem | undefined;
}

export class WitTypes {
  readonly part: SyntaxPackage;
  /** In an order in which each comes after what it needs. */
  readonly named: WitNamedType[] = [];
  readonly #entries = new Map<string, Entry>();
  readonly #items: ReadonlyMap<string, SyntaxTypeItem>;

  constructor(part: SyntaxPackage, used: readonly UsedType[], items: readonly SyntaxTypeItem[]) {
    this.part = part;
    const all = new Map<string, SyntaxTypeItem>();
    for (const item of items) {
      if (all.has(item.name)) throw twice(part, item);
      all.set(item.name, item);
    }
    this.#items = all;
    for (const { name, at, reference, resource } of used) {
      if (all.has(name) || this.#entries.has(name)) throw twice(part, { name, at });
      this.#entries.set(name, { resource, item: undefined });
      this.named.push({ name, type: reference });
    }
    for (const item of items) this.#define(item, 0);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  isResource(name: string): boolean {
    return this.#entries.get(name)?.resource === true;
  }

  /** A function under the name the binary has for it. */
  function(syntax: SyntaxFunction, resource?: string): WitFunction {
    const params = syntax.params.map((param) => ({ name: param.name, type: this.type(param.type) }));
    const names = new Set<string>();
    for (const param of syntax.params) {
      if (names.has(param.name)) throw twice(this.part, param);
      names.add(param.name);
    }
    const result =
      syntax.member === 'constructor' && syntax.result === undefined
        ? { own: resource ?? '' }
        : syntax.result && this.type(syntax.result);
    return {
      name: memberName(syntax, resource),
      params: syntax.member === 'method' ? [{ name: 'self', type: { borrow: resource ?? '' } }, ...params] : params,
      ...(result !== undefined && { result }),
      ...(syntax.async && { async: true as const }),
    };
  }

  /** A type in place: a resource without more words is handed over. */
  type(syntax: SyntaxType): WitType {
    switch (syntax.form) {
      case 'primitive':
        return syntax.text;
      case 'name':
        this.#expect(syntax);
        return this.isResource(syntax.name) ? { own: syntax.name } : referenceTo(syntax.name);
      case 'own':
      case 'borrow':
        return this.#handle(syntax);
      case 'list':
        return { list: this.type(syntax.of), ...(syntax.length !== undefined && { length: syntax.length }) };
      case 'option':
        return { option: this.type(syntax.of) };
      case 'tuple':
        return { tuple: syntax.of.map((of) => this.type(of)) };
      case 'result':
        return {
          result: { ...(syntax.ok && { ok: this.type(syntax.ok) }), ...(syntax.err && { err: this.type(syntax.err) }) },
        };
      case 'stream':
        return { stream: { ...(syntax.of && { of: this.type(syntax.of) }) } };
      case 'future':
        return { future: { ...(syntax.of && { of: this.type(syntax.of) }) } };
      case 'map':
        return { map: { key: this.type(syntax.key), value: this.type(syntax.value) } };
    }
  }

  #handle({ form, name, at }: Named & { readonly form: string }): WitType {
    this.#expect({ name, at });
    if (!this.isResource(name)) throw this.part.scanner.error('WIT_KIND', at, `${name} is no resource`, { name });
    return form === 'own' ? { own: name } : { borrow: name };
  }

  #expect(named: Named): void {
    if (!this.#entries.has(named.name)) throw unknown(this.part, named, 'type');
  }

  #define(item: SyntaxTypeItem, depth: number): void {
    const known = this.#entries.get(item.name);
    if (known?.resource === 'visiting')
      throw this.part.scanner.error('WIT_CYCLE', item.at, `${item.name} is made of itself`, { name: item.name });
    if (known !== undefined) return;
    if (depth > WIT_LIMITS.depth)
      throw this.part.scanner.error('WASM_LIMIT', item.at, 'types need each other in a chain that is too long', {
        limit: 'witDepth',
      });
    this.#entries.set(item.name, { resource: 'visiting', item });
    for (const name of namesIn(item)) {
      const needed = this.#items.get(name);
      if (needed !== undefined) this.#define(needed, depth + 1);
    }
    this.#entries.set(item.name, { resource: this.#definesResource(item), item });
    this.named.push({ name: item.name, type: this.#definition(item) });
  }

  #definesResource({ definition }: SyntaxTypeItem): boolean {
    if (definition.form !== 'alias') return definition.form === 'resource';
    return definition.of.form === 'name' && this.isResource(definition.of.name);
  }

  #definition({ definition }: SyntaxTypeItem): WitType {
    switch (definition.form) {
      case 'alias':
        // An alias of a resource is that resource, not a handle of it.
        if (definition.of.form === 'name' && this.isResource(definition.of.name)) return definition.of.name;
        return this.type(definition.of);
      case 'record':
        return { record: this.#once(definition.fields).map(({ name, type }) => ({ name, type: this.type(type) })) };
      case 'variant':
        return {
          variant: this.#once(definition.cases).map(({ name, type }) => ({
            name,
            ...(type && { type: this.type(type) }),
          })),
        };
      case 'enum':
        return { enum: this.#once(definition.names).map(({ name }) => name) };
      case 'flags':
        return { flags: this.#once(definition.names).map(({ name }) => name) };
      case 'resource':
        return { resource: true };
    }
  }

  #once<Item extends Named>(items: readonly Item[]): readonly Item[] {
    const names = new Set<string>();
    for (const item of items) {
      if (names.has(item.name)) throw twice(this.part, item);
      names.add(item.name);
    }
    return items;
  }
}

/** As the model writes it: a name that is also a primitive's has a `%`. */
function referenceTo(name: string): string {
  return WIT_PRIMITIVES.includes(name) ? `%${name}` : name;
}

function memberName({ name, member }: SyntaxFunction, resource = ''): string {
  if (member === undefined) return name;
  return member === 'constructor' ? `[constructor]${resource}` : `[${member}]${resource}.${name}`;
}

/** Names a definition needs before it; a resource's functions come later and need nothing first. */
function namesIn({ definition }: SyntaxTypeItem): string[] {
  if (definition.form === 'alias') return namesOfType(definition.of);
  if (definition.form === 'record') return definition.fields.flatMap(({ type }) => namesOfType(type));
  if (definition.form !== 'variant') return [];
  return definition.cases.flatMap(({ type }) => (type === undefined ? [] : namesOfType(type)));
}

function namesOfType(type: SyntaxType): string[] {
  if ('name' in type) return [type.name];
  if (type.form === 'tuple') return type.of.flatMap(namesOfType);
  if (type.form === 'map') return [...namesOfType(type.key), ...namesOfType(type.value)];
  if (type.form === 'result')
    return [type.ok, type.err].flatMap((inner) => (inner === undefined ? [] : namesOfType(inner)));
  return 'of' in type && type.of !== undefined ? namesOfType(type.of) : [];
}

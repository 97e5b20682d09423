/**
 * A WIT world as plain data: what a component imports and exports, types by name. The shape is that of the host
 * profiles (`WitWorld` of @plugmark/schemas), which a test holds equal.
 */

/**
 * A primitive (`u32`), the name of a type of the same interface, `package:name/interface.type` for one of another, or
 * a composite. A type whose own name is that of a primitive is written with a `%` before it.
 */
export type WitType =
  | string
  | { readonly list: WitType; readonly length?: number }
  | { readonly option: WitType }
  | { readonly tuple: readonly WitType[] }
  | { readonly result: { readonly ok?: WitType; readonly err?: WitType } }
  | { readonly record: readonly { readonly name: string; readonly type: WitType }[] }
  | { readonly variant: readonly { readonly name: string; readonly type?: WitType }[] }
  | { readonly enum: readonly string[] }
  | { readonly flags: readonly string[] }
  | { readonly own: string }
  | { readonly borrow: string }
  | { readonly stream: { readonly of?: WitType } }
  | { readonly future: { readonly of?: WitType } }
  | { readonly map: { readonly key: WitType; readonly value: WitType } }
  | { readonly resource: true };

export interface WitNamedType {
  readonly name: string;
  readonly type: WitType;
}

/** `name` is the binary's: `log`, `[constructor]bucket`, `[method]bucket.get`, `[static]bucket.open`. */
export interface WitFunction {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: WitType }[];
  readonly result?: WitType;
  readonly async?: true;
}

/** `name` is the full name with version, or a plain name that the world gives it; `implements` then says what it is. */
export interface WitInterface {
  readonly name: string;
  readonly implements?: string;
  readonly types: readonly WitNamedType[];
  readonly functions: readonly WitFunction[];
}

/** One direction of a world; `types` are those of the world itself. */
export interface WitItems {
  readonly interfaces: readonly WitInterface[];
  readonly functions: readonly WitFunction[];
  readonly types?: readonly WitNamedType[];
}

export interface WitWorld {
  readonly name: string;
  readonly imports: WitItems;
  readonly exports: WitItems;
}

export const WIT_PRIMITIVES: readonly string[] = [
  'bool',
  's8',
  'u8',
  's16',
  'u16',
  's32',
  'u32',
  's64',
  'u64',
  'f32',
  'f64',
  'char',
  'string',
  'error-context',
];

/** A named reference taken apart; a type name has no dot, so the last one ends the interface. */
export function splitTypeName(text: string): { readonly interface?: string; readonly name: string } {
  const dot = text.lastIndexOf('.');
  const local = text.startsWith('%') ? text.slice(1) : text;
  return dot < 0 ? { name: local } : { interface: text.slice(0, dot), name: text.slice(dot + 1) };
}

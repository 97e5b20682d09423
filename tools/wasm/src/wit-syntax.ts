/** A WIT document as it is written, before names are looked up. `at` is where a person would look for a mistake. */
import type { WitScanner } from './wit-scanner.ts';

export interface Named {
  readonly name: string;
  readonly at: number;
}

/** A type as it stands: names are not known to be resources or aliases yet. */
export type SyntaxType =
  | { readonly form: 'primitive'; readonly text: string }
  | ({ readonly form: 'name' | 'own' | 'borrow' } & Named)
  | { readonly form: 'list'; readonly of: SyntaxType; readonly length?: number }
  | { readonly form: 'option'; readonly of: SyntaxType }
  | { readonly form: 'stream' | 'future'; readonly of?: SyntaxType }
  | { readonly form: 'tuple'; readonly of: readonly SyntaxType[] }
  | { readonly form: 'result'; readonly ok?: SyntaxType; readonly err?: SyntaxType }
  | { readonly form: 'map'; readonly key: SyntaxType; readonly value: SyntaxType };

export interface SyntaxFunction extends Named {
  readonly params: readonly (Named & { readonly type: SyntaxType })[];
  readonly result?: SyntaxType;
  readonly async: boolean;
  /** Of a resource; a free function has none. */
  readonly member?: 'constructor' | 'method' | 'static';
}

export type SyntaxDefinition =
  | { readonly form: 'alias'; readonly of: SyntaxType }
  | { readonly form: 'record'; readonly fields: readonly (Named & { readonly type: SyntaxType })[] }
  | { readonly form: 'variant'; readonly cases: readonly (Named & { readonly type?: SyntaxType })[] }
  | { readonly form: 'enum' | 'flags'; readonly names: readonly Named[] }
  | { readonly form: 'resource'; readonly functions: readonly SyntaxFunction[] };

export interface SyntaxTypeItem extends Named {
  readonly kind: 'type';
  readonly definition: SyntaxDefinition;
}

/** An interface or world: of another package when `package` is there. */
export interface SyntaxPath extends Named {
  readonly package?: string;
  readonly version?: string;
}

export interface SyntaxUse {
  readonly kind: 'use';
  readonly path: SyntaxPath;
  readonly names: readonly (Named & { readonly as: string })[];
}

export type InterfaceItem =
  | SyntaxUse
  | SyntaxTypeItem
  | { readonly kind: 'function'; readonly function: SyntaxFunction };

export interface SyntaxInterface extends Named {
  readonly items: readonly InterfaceItem[];
}

/** What a world imports or exports. */
export type SyntaxExtern =
  | { readonly form: 'path'; readonly path: SyntaxPath }
  | ({ readonly form: 'named'; readonly path: SyntaxPath } & Named)
  | { readonly form: 'function'; readonly function: SyntaxFunction }
  | { readonly form: 'interface'; readonly body: SyntaxInterface };

export type WorldItem =
  | SyntaxUse
  | SyntaxTypeItem
  | { readonly kind: 'import' | 'export'; readonly extern: SyntaxExtern; readonly at: number }
  | {
      readonly kind: 'include';
      readonly path: SyntaxPath;
      readonly renames: readonly (Named & { readonly as: string })[];
    };

export interface SyntaxWorld extends Named {
  readonly items: readonly WorldItem[];
}

/** The part of a document that belongs to one package; `package` is absent where the document does not say. */
export interface SyntaxPackage {
  readonly package?: string;
  readonly interfaces: readonly SyntaxInterface[];
  readonly worlds: readonly SyntaxWorld[];
  /** `use` at the top of a file: a name for an interface or world of another package. */
  readonly aliases: readonly (Named & { readonly path: SyntaxPath })[];
  readonly scanner: WitScanner;
}

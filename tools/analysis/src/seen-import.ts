import type { ComponentExtern, ModuleFacts } from '@plugmark/wasm';

/** One import as it is looked up; `type` is text for core imports, absent for a component's. */
export interface SeenImport {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
  readonly type?: string;
}

export const coreImport = ({ module, name, kind, type }: ModuleFacts['imports'][number]): SeenImport => ({
  module,
  name,
  kind,
  type,
});

/**
 * `wasi:cli/stdout@0.2.0` is shown as module `wasi:cli/stdout`, name `0.2.0`; a plain function import has no version. With
 * `implements` the name is the author's choice and says nothing about what is imported.
 */
export function componentImport({ name, kind, implements: named, versionSuffix = '' }: ComponentExtern): SeenImport {
  const full = (named ?? name) + versionSuffix;
  const at = full.lastIndexOf('@');
  return at < 0 ? { module: full, name: '', kind } : { module: full.slice(0, at), name: full.slice(at + 1), kind };
}

/** A core module may import the same thing any number of times; that says nothing more. */
export function distinct(imports: readonly SeenImport[]): SeenImport[] {
  return [
    ...new Map(imports.map((item) => [JSON.stringify([item.module, item.name, item.kind, item.type]), item])).values(),
  ];
}

/**
 * Component types and instance types: scopes of their own with declarations in them (component model, Binary.md,
 * "Type Definitions"). They nest, so reading recurses; how deep is bounded by `componentDepth`.
 */

import type { ByteReader } from './byte-reader.ts';
import { readAlias } from './component-alias.ts';
import { readCoreTypeDefinition } from './component-core-types.ts';
import { defineType, type TypeRef } from './component-entities.ts';
import { malformed, readExternType, readNewName } from './component-extern.ts';
import { addEntity, openScope, type Scope, spendItem } from './component-scope.ts';
import { readTypeDefinition } from './component-types.ts';
import type { Budget } from './limits.ts';

const COMPONENT = 0x41;
const INSTANCE = 0x42;

interface DeclarationContext {
  readonly scope: Scope;
  readonly budget: Budget;
  readonly depth: number;
}

type Declaration = (reader: ByteReader, context: DeclarationContext) => void;

/** Declarations by their byte; an instance type has no imports. */
const DECLARATIONS: readonly Declaration[] = [
  (reader, { scope, budget }) => readCoreTypeDefinition(reader, scope, budget),
  readType,
  (reader, { scope, budget }) => readAlias(reader, scope, { budget, declared: true }),
  function readImport(reader, { scope, budget }) {
    spendItem(reader, budget);
    const code = 'WASM_DUPLICATE_IMPORT';
    const { name } = readNewName(reader, scope.imports, { limits: budget.limits, code });
    const entity = readExternType(reader, { scope, budget, imported: name });
    scope.imports.set(name, entity);
    addEntity(scope, entity);
  },
  function readExport(reader, { scope, budget }) {
    spendItem(reader, budget);
    const code = 'WASM_DUPLICATE_EXPORT';
    const { name } = readNewName(reader, scope.exports, { limits: budget.limits, code });
    const entity = readExternType(reader, { scope, budget });
    scope.exports.set(name, entity);
    addEntity(scope, entity);
  },
];
const IMPORT = 3;

/** Reads one entry of a type section or a type declaration into the scope. */
export function readType(reader: ByteReader, context: DeclarationContext): void {
  const { scope, budget } = context;
  spendItem(reader, budget);
  const byte = reader.u8();
  const nested = byte === COMPONENT || byte === INSTANCE;
  scope.types.push(nested ? readNestedType(reader, context, byte) : readTypeDefinition(reader, context, byte));
}

function readNestedType(reader: ByteReader, { scope, budget, depth }: DeclarationContext, byte: number): TypeRef {
  const { limits } = budget;
  if (depth >= limits.componentDepth) throw reader.limit('componentDepth', depth + 1, limits, reader.offset - 1);
  const inner: DeclarationContext = { scope: openScope(scope), budget, depth: depth + 1 };
  for (let left = reader.count('componentItems', limits, 2); left > 0; left--) {
    const start = reader.offset;
    const kind = reader.u8();
    const declaration = kind === IMPORT && byte === INSTANCE ? undefined : DECLARATIONS[kind];
    if (declaration === undefined) throw malformed(reader, 'declaration', kind, start);
    declaration(reader, inner);
  }
  const { imports, exports } = inner.scope;
  if (byte === INSTANCE) return defineType({ form: 'instance', exports }, reader, budget);
  return defineType({ form: 'component', component: { imports, exports, lowered: undefined } }, reader, budget);
}

// Which optional members a schema has, and which of them a value holds. For the test that every one is shown somewhere.
import * as z from 'zod/mini';
import { definitionOf } from './schema-arbitrary.ts';

export interface Coverage {
  /** Every optional member met, with a path at which a schema has it; one that several schemas share counts once. */
  readonly declared: Map<unknown, string>;
  readonly seen: Set<unknown>;
}

/** Adds to `coverage` what `schema` declares and what `value` (undefined: none) shows of it. */
export function coverOptional(schema: unknown, value: unknown, path: string, coverage: Coverage): void {
  const def = definitionOf(schema);
  const inside = (part: unknown, item: unknown, name: string) => coverOptional(part, item, `${path}${name}`, coverage);
  if (def.type === 'object') coverObject(def['shape'] as Record<string, unknown>, value, path, coverage);
  if (def.type === 'optional') inside(def['innerType'], value, '');
  if (def.type === 'array') each(value, (item) => inside(def['element'], item, '[]'));
  if (def.type === 'record')
    each(isObject(value) ? Object.values(value) : [], (item) => inside(def['valueType'], item, '{}'));
  if (def.type !== 'union') return;
  (def['options'] as z.ZodMiniType[]).forEach((option, i) => {
    const fits = value !== undefined && z.safeParse(option, value).success;
    inside(option, fits ? value : undefined, `|${i}`);
  });
}

function coverObject(shape: Record<string, unknown>, value: unknown, path: string, coverage: Coverage): void {
  for (const [key, member] of Object.entries(shape)) {
    const item = isObject(value) && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    const name = `${path}.${key}`;
    if (definitionOf(member).type === 'optional') {
      coverage.declared.set(member, name);
      if (item !== undefined) coverage.seen.add(member);
    }
    coverOptional(member, item, name, coverage);
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Visits once without a value when there is none, so that what is below is declared too. */
function each(value: unknown, visit: (item: unknown) => void): void {
  if (Array.isArray(value) && value.length > 0) value.forEach(visit);
  else visit(undefined);
}

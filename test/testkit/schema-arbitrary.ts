// Valid values of any schema of this project, derived from the schema itself: what it allows is what is generated, so that a
// schema that changes changes the tests with it. Knows exactly the constructs the schemas use and refuses others.
import fc from 'fast-check';
import type * as z from 'zod/mini';

type Value = fc.Arbitrary<unknown>;

interface Def {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: Check } }[];
  readonly [key: string]: unknown;
}

interface Check {
  readonly check: string;
  readonly pattern?: RegExp;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
}

/** A zod schema with its definition open; zod documents `_zod.def` for tools such as this. */
export const definitionOf = (schema: unknown): Def => (schema as z.core.$ZodType)._zod.def as unknown as Def;

/** JSON values that `schema` accepts, optional members both present and absent. */
export function arbitraryOf(schema: unknown): Value {
  const def = definitionOf(schema);
  const make = MAKERS[def.type];
  if (make === undefined) throw new Error(`no arbitrary for schemas of type ${def.type}`);
  return make(def);
}

const MAKERS: Readonly<Record<string, (def: Def) => Value>> = {
  string: stringOf,
  number: numberOf,
  boolean: () => fc.boolean(),
  literal: (def) => fc.constantFrom(...(def['values'] as unknown[])),
  enum: (def) => fc.constantFrom(...Object.values(def['entries'] as object)),
  optional: (def) => arbitraryOf(def['innerType']),
  nullable: (def) => fc.option(arbitraryOf(def['innerType'])),
  object: objectOf,
  array: arrayOf,
  tuple: (def) => fc.tuple(...(def['items'] as unknown[]).map(arbitraryOf)),
  record: (def) =>
    fc.dictionary(arbitraryOf(def['keyType']) as fc.Arbitrary<string>, arbitraryOf(def['valueType']), { maxKeys: 3 }),
  union: (def) => fc.oneof(...(def['options'] as unknown[]).map(arbitraryOf)),
  lazy: lazyOf,
  null: () => fc.constant(null),
};

function checksOf(def: Def): Check[] {
  return (def.checks ?? []).map((check) => check._zod.def);
}

function stringOf(def: Def): Value {
  const checks = checksOf(def);
  const max = Math.min(
    Number.POSITIVE_INFINITY,
    ...checks.map(({ check, maximum }) => (check === 'max_length' ? (maximum ?? 0) : Number.POSITIVE_INFINITY)),
  );
  const min = Math.max(0, ...checks.map(({ check, minimum }) => (check === 'min_length' ? (minimum ?? 0) : 0)));
  const pattern = checks.find((check) => check.pattern !== undefined)?.pattern;
  const fits = (text: string) =>
    text.length >= min && text.length <= max && (pattern === undefined || pattern.test(text));
  // Drawn once and chosen from: a package document holds hundreds of strings.
  const key = `${pattern?.source} ${min} ${max}`;
  const drawn = DRAWN.get(key) ?? [
    ...new Set(fc.sample(candidates(pattern, min, max).filter(fits), { numRuns: 60, seed: 1 })),
  ];
  DRAWN.set(key, drawn);
  return fc.constantFrom(...drawn);
}

const DRAWN = new Map<string, string[]>();

const FREE = fc.string({ unit: 'grapheme', maxLength: 30 });
/** Of the forms fast-check cannot read (look-ahead), and of those it rarely hits. */
const SAMPLES = [
  'acme',
  'acme/spectral-entropy',
  `${'a'.repeat(39)}/${'b'.repeat(64)}`,
  'https://example.org/a.wasm',
  'https://example.org/%2e%2e%2ea',
  'npm:@acme/spectral-entropy@1.2.0#dist/plugin.wasm',
  'npm:fft@1.0.0#a..b/c',
  'github:acme/spectral-entropy@release/v1.2.0#plugin.wasm',
  `oci://ghcr.io/acme/spectral-entropy@sha256:${'0'.repeat(64)}`,
  'ghcr.io/acme/spectral-entropy',
  `sha256:${'0'.repeat(64)}`,
  'workspace:plugins/spectral-entropy',
  'vectors/sine-10hz.json',
  '2026-02-28T23:59:59Z',
  '2028-02-29T00:00:00Z',
];

function candidates(pattern: RegExp | undefined, min: number, max: number): fc.Arbitrary<string> {
  if (pattern === undefined)
    return max < 200 || min > 0 ? fc.string({ minLength: min, maxLength: Math.min(max, 60) }) : FREE;
  const samples = SAMPLES.filter((sample) => pattern.test(sample));
  const others = samples.length > 0 ? [fc.constantFrom(...samples)] : [];
  const isFreeText = pattern.flags.includes('u');
  const matching = isFreeText
    ? FREE
    : pattern.source.includes('(?') && /\(\?[!=]/.test(pattern.source)
      ? undefined
      : fc.stringMatching(new RegExp(pattern.source));
  const longest = isFreeText && max < 5000 ? [fc.constant('x'.repeat(max))] : [];
  return fc.oneof(...others, ...longest, ...(matching === undefined ? [] : [{ weight: 4, arbitrary: matching }]));
}

function numberOf(def: Def): Value {
  const bounds = checksOf(def);
  const low = Math.max(
    -Number.MAX_SAFE_INTEGER,
    ...bounds.map(({ check, value, inclusive }) =>
      check === 'greater_than' ? (value ?? 0) + (inclusive === true ? 0 : 1) : Number.NEGATIVE_INFINITY,
    ),
  );
  const high = Math.min(
    Number.MAX_SAFE_INTEGER,
    ...bounds.map(({ check, value, inclusive }) =>
      check === 'less_than' ? (value ?? 0) - (inclusive === true ? 0 : 1) : Number.POSITIVE_INFINITY,
    ),
  );
  return fc.oneof(
    fc.integer({ min: Math.max(low, -1000), max: Math.min(high, Math.max(low, 0) + 1000) }),
    fc.constantFrom(low, high),
  );
}

function objectOf(def: Def): Value {
  const shape = def['shape'] as Record<string, unknown>;
  const required = Object.keys(shape).filter((key) => definitionOf(shape[key]).type !== 'optional');
  const model = Object.fromEntries(Object.entries(shape).map(([key, member]) => [key, arbitraryOf(member)]));
  return fc.record(model, { requiredKeys: required, noNullPrototype: true });
}

function arrayOf(def: Def): Value {
  const limit = (kind: string) => checksOf(def).find(({ check }) => check === kind);
  const minLength = limit('min_length')?.minimum ?? 0;
  const maxLength = Math.min(limit('max_length')?.maximum ?? 3, Math.max(minLength, 3));
  return fc.array(arbitraryOf(def['element']), { minLength, maxLength });
}

/** Lazy schemas here are recursive (WIT types, JSON): their plainest option ends the recursion. */
function lazyOf(def: Def): Value {
  const inner = definitionOf((def['getter'] as () => unknown)());
  return arbitraryOf((inner['options'] as unknown[])[0]);
}

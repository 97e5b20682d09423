// Random small damage to a JSON value: a member dropped, added, renamed or of another kind, a string or number just outside.
import fc from 'fast-check';

export interface Mutation {
  /** Which node, counted over the whole tree. */
  readonly node: number;
  readonly change: Change;
}

type Change = (typeof CHANGES)[number];
const CHANGES = [
  'drop',
  'add',
  'proto',
  'rename',
  'retype',
  'append',
  'replace',
  'lengthen',
  'number',
  'repeat',
  'empty',
] as const;
const KINDS = [null, true, 0, -1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY, '', 'x', [], {}, [{}], 1899, 2201];
const CHARACTERS = [
  '\0',
  '\n',
  '\u202e',
  '\u061c',
  '\ud800',
  '\u{e0041}',
  ' ',
  '/',
  '..',
  'A',
  '%',
  'é',
  '-',
  '.',
  '0',
  '=',
];

export const mutations: fc.Arbitrary<Mutation & { readonly salt: number }> = fc.record({
  node: fc.nat(),
  change: fc.constantFrom(...CHANGES),
  salt: fc.nat({ max: 1_000 }),
});

export interface Spot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** A copy of `value` with one change; equal to it where the change does not apply to that node. */
export function mutate(value: unknown, { node, change, salt }: Mutation & { readonly salt: number }): unknown {
  const root = { root: structuredClone(value) };
  const spots = spotsIn(root);
  const spot = spots[node % spots.length];
  if (spot !== undefined) apply(spot, change, salt);
  return root.root;
}

/** Every member and item below `holder`. */
export function spotsIn(holder: Record<string, unknown>): Spot[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const inside = typeof value === 'object' && value !== null ? spotsIn(value as Record<string, unknown>) : [];
    return [{ holder, key }, ...inside];
  });
}

function apply({ holder, key }: Spot, change: Change, salt: number): void {
  const value = holder[key];
  const pick = <T>(items: readonly T[]): T => items[salt % items.length] as T;
  const set = (next: unknown): void => {
    holder[key] = next;
  };
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (change === 'drop') Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key];
  if (change === 'add' && isObject)
    set({ ...value, [pick(['x', 'constructor', 'toString', 'schemaVersion', 'title', 'to'])]: pick(KINDS) });
  if (change === 'proto' && isObject)
    set(JSON.parse(`{"__proto__":{},${JSON.stringify(value).slice(1)}`.replace(',}', '}')));
  if (change === 'rename' && !Array.isArray(holder)) {
    delete holder[key];
    holder[`${key}${pick(CHARACTERS)}`] = value;
  }
  if (change === 'retype') set(pick(KINDS));
  if (change === 'append' && typeof value === 'string') set(`${value}${pick(CHARACTERS)}`);
  if (change === 'replace' && typeof value === 'string')
    set(`${value.slice(0, salt % 9)}${pick(CHARACTERS)}${value.slice((salt % 9) + 1)}`);
  if (change === 'lengthen' && typeof value === 'string')
    set(value.padEnd(pick([39, 40, 64, 65, 80, 81, 104, 105, 300, 301, 2001]), value.at(-1) ?? 'a'));
  if (change === 'number' && typeof value === 'number')
    set(pick([-1, value + 1, value - 1, value + 0.5, 2 ** 53 - 1, 2 ** 53]));
  if (change === 'repeat' && Array.isArray(value))
    set(Array.from({ length: pick([6, 9, 21, 51, 101]) }, () => value[0] ?? 'x'));
  if (change === 'empty' && typeof value === 'object') set(Array.isArray(value) ? [] : {});
}

// Any world that can be printed is read back as it was, and the reference tools read the print as well.
import { componentEmbed } from '@bytecodealliance/jco-transpile/wasm-tools';
import {
  parseWit,
  printWit,
  WIT_PRIMITIVES,
  type WitFunction,
  type WitInterface,
  type WitNamedType,
  type WitType,
  type WitWorld,
} from '@plugmark/wasm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

const WORDS = ['a', 'b1', 'XML', 'record', 'u8', 'string', 'list', 'constructor', 'get-x', 'type', 'HTTP-2', 'func'];
const label = fc.constantFrom(...WORDS);
const labels = (max: number) => fc.uniqueArray(label, { minLength: 1, maxLength: max });

/** A name as a reference has it. */
const reference = (name: string): string => (WIT_PRIMITIVES.includes(name) ? `%${name}` : name);

interface Names {
  readonly plain: readonly string[];
  readonly resources: readonly string[];
}

/** A type in place that uses primitives and the names there are. */
function typeOf({ plain, resources }: Names): fc.Arbitrary<WitType> {
  const leaves: fc.Arbitrary<WitType>[] = [
    fc.constantFrom(...WIT_PRIMITIVES.filter((name) => name !== 'error-context')),
  ];
  if (plain.length > 0) leaves.push(fc.constantFrom(...plain.map(reference)));
  if (resources.length > 0) leaves.push(fc.constantFrom(...resources.map((own): WitType => ({ own }))));
  const { type } = fc.letrec<{ type: WitType }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'wit' },
      fc.oneof(...leaves),
      fc.record({ list: tie('type') }),
      fc.record({ option: tie('type') }),
      fc.record({ tuple: fc.array(tie('type'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ result: fc.record({ ok: tie('type'), err: tie('type') }, { requiredKeys: [] }) }),
    ),
  }));
  return type;
}

function definition(names: Names): fc.Arbitrary<WitType> {
  const type = typeOf(names);
  return fc.oneof(
    type.filter((alias) => typeof alias === 'string' || !('own' in alias)),
    labels(4).chain((fields) =>
      fc.tuple(...fields.map((name) => type.map((of) => ({ name, type: of })))).map((record) => ({ record })),
    ),
    labels(4).chain((cases) =>
      fc
        .tuple(
          ...cases.map((name) =>
            fc.option(type, { nil: undefined }).map((of) => ({ name, ...(of !== undefined && { type: of }) })),
          ),
        )
        .map((variant) => ({ variant })),
    ),
    labels(5).map((names) => ({ enum: names })),
    labels(5).map((names) => ({ flags: names })),
  );
}

function functionOf(name: string, names: Names, self?: string): fc.Arbitrary<WitFunction> {
  const handles: fc.Arbitrary<WitType>[] = names.resources.map((borrow) => fc.constant({ borrow }));
  const param = fc.oneof(typeOf(names), ...handles);
  return fc
    .record({
      params: labels(3).chain((params) =>
        fc.tuple(...params.map((each) => param.map((type) => ({ name: each, type })))),
      ),
      result: fc.option(typeOf(names), { nil: undefined }),
      async: fc.boolean(),
    })
    .map(({ params, result, async }) => ({
      name,
      params: self === undefined ? params : [{ name: 'self', type: { borrow: self } }, ...params],
      ...(result !== undefined && { result }),
      ...(async && { async: true as const }),
    }));
}

/** An interface whose types may come from those before it. */
function interfaceOf(name: string, before: readonly WitInterface[]): fc.Arbitrary<WitInterface> {
  return fc.uniqueArray(label, { minLength: 0, maxLength: 6 }).chain((all) => {
    const count = Math.floor(all.length / 2);
    return typesOf(all.slice(0, count), before).chain((types) => {
      const resources = types.filter((named) => isResource(named, before)).map((named) => named.name);
      const names = { plain: types.map((named) => named.name).filter((each) => !resources.includes(each)), resources };
      const own = types.filter(({ type }) => typeof type === 'object' && 'resource' in type).map((named) => named.name);
      const members = own.map((resource) => functionOf(`[method]${resource}.do`, names, resource));
      const free = all.slice(count).map((each) => functionOf(each, names));
      // The text has a resource's functions inside it, so they come in the order of the resources, before the free ones.
      return fc.tuple(...members, ...free).map((functions) => ({ name, types, functions }));
    });
  });
}

const isResource = ({ type }: WitNamedType, before: readonly WitInterface[]): boolean => {
  if (typeof type !== 'string') return 'resource' in type;
  const [from, name] = [type.slice(0, type.lastIndexOf('.')), type.slice(type.lastIndexOf('.') + 1)];
  const found = before.find((each) => each.name === from)?.types.find((each) => each.name === name);
  return found !== undefined && isResource(found, before);
};

function typesOf(names: readonly string[], before: readonly WitInterface[]): fc.Arbitrary<WitNamedType[]> {
  return names.reduce<fc.Arbitrary<WitNamedType[]>>(
    (done, name) =>
      done.chain((types) => {
        const resources = types.filter((each) => isResource(each, before)).map((each) => each.name);
        const plain = types.map((each) => each.name).filter((each) => !resources.includes(each));
        const used = before.flatMap((each) => each.types.map((named) => `${each.name}.${named.name}`));
        const choices: fc.Arbitrary<WitType>[] = [
          definition({ plain, resources }),
          fc.constant<WitType>({ resource: true }),
        ];
        if (used.length > 0) choices.push(fc.constantFrom<WitType>(...used));
        return fc.oneof(...choices).map((type) => [...types, { name, type }]);
      }),
    fc.constant([]),
  );
}

const world: fc.Arbitrary<WitWorld> = interfaceOf('other:lib/one@0.2.1', []).chain((one) =>
  interfaceOf('local:demo/two@1.0.0', [one]).chain((two) =>
    interfaceOf('local:demo/three@1.0.0', [one, two]).chain((three) =>
      fc.tuple(functionOf('run', { plain: [], resources: [] }), fc.boolean()).map(([run, twice]) => ({
        name: 'local:demo/it@1.0.0',
        imports: { interfaces: [one, two, three], functions: [] },
        exports: { interfaces: twice ? [one, two, three] : [], functions: [run] },
      })),
    ),
  ),
);

const read = (text: string): WitWorld => parseWit([{ name: 'it.wit', text }]);

/** Names brought in by `use` come first when they are read, and a resource's functions with it. */
function ordered(value: WitWorld): unknown {
  const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);
  const side = ({ interfaces, functions }: WitWorld['imports']) => ({
    functions,
    interfaces: interfaces.map((found) => ({
      ...found,
      types: [...found.types].sort(byName),
      functions: [...found.functions].sort(byName),
    })),
  });
  return { name: value.name, imports: side(value.imports), exports: side(value.exports) };
}

test('a world that is printed is read as it was', () => {
  let printed = 0;
  fc.assert(
    fc.property(world, (value) => {
      const text = printWit(value);
      if (text === undefined) return;
      printed += 1;
      expect(ordered(read(text))).toEqual(ordered(value));
      expect(printWit(read(text))).toBe(printWit(read(printWit(read(text)) ?? '')));
    }),
    { numRuns: 150 },
  );
  expect(printed).toBeGreaterThan(120);
});

test('the reference tools read what is printed', async () => {
  for (const value of fc.sample(world, { numRuns: 40, seed: 20_261_125 })) {
    const text = printWit(value);
    if (text === undefined) continue;
    await expect(
      componentEmbed({ witSource: text, world: 'it', dummy: true, features: { tag: 'all' } }),
      text,
    ).resolves.toBeInstanceOf(Uint8Array);
  }
});

// Random structured WebAssembly programs: nested blocks, loops, branches to any label, calls, traps. Each is valid by
// construction. They need not end; the fuel they get does.
import * as fc from 'fast-check';
import { type Bytes, u32, WasmBuilder } from './wasm-builder.ts';

/** A statement leaves the stack as it found it; an expression pushes an i32. */
type Expression =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'local'; readonly index: number }
  | { readonly kind: 'binary'; readonly opcode: number; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'load'; readonly address: Expression; readonly offset: number }
  | { readonly kind: 'choose'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'blockValue'; readonly value: Expression; readonly condition: Expression };

type Statement =
  | { readonly kind: 'set'; readonly index: number; readonly value: Expression }
  | { readonly kind: 'block' | 'loop'; readonly body: readonly Statement[] }
  | { readonly kind: 'countedLoop'; readonly turns: number; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[] | null;
    }
  | { readonly kind: 'branch'; readonly label: number }
  | { readonly kind: 'branchIf'; readonly label: number; readonly condition: Expression }
  | { readonly kind: 'branchTable'; readonly labels: readonly number[]; readonly index: Expression }
  | { readonly kind: 'call'; readonly target: number }
  | { readonly kind: 'plain'; readonly opcode: number };

export interface Program {
  /** Function 0 is exported as `run`; a call goes to a function with a larger number, so there is no recursion. */
  readonly functions: readonly (readonly Statement[])[];
}

const LOCALS = 4;
const FUNCTIONS = 3;
const [UNREACHABLE, NOP, RETURN] = [0x00, 0x01, 0x0f];

const { expression, statements } = fc.letrec<{ expression: Expression; statement: Statement; statements: Statement[] }>(
  (tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind: fc.constant('constant' as const), value: fc.nat(9) }),
      fc.record({ kind: fc.constant('local' as const), index: fc.nat(LOCALS - 1) }),
      fc.record({
        kind: fc.constant('binary' as const),
        // add, sub, and, eq, and two that trap on 0
        opcode: fc.constantFrom(0x6a, 0x6b, 0x71, 0x46, 0x6d, 0x70),
        left: tie('expression'),
        right: tie('expression'),
      }),
      fc.record({
        kind: fc.constant('load' as const),
        address: tie('expression'),
        offset: fc.constantFrom(0, 4, 20_000, 65_532, 65_533, 70_000),
      }),
      fc.record({
        kind: fc.constant('choose' as const),
        condition: tie('expression'),
        yes: tie('expression'),
        no: tie('expression'),
      }),
      fc.record({ kind: fc.constant('blockValue' as const), value: tie('expression'), condition: tie('expression') }),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind: fc.constant('set' as const), index: fc.nat(LOCALS - 1), value: tie('expression') }),
      fc.record({ kind: fc.constantFrom('block' as const, 'loop' as const), body: tie('statements') }),
      fc.record({
        kind: fc.constant('countedLoop' as const),
        turns: fc.integer({ min: 1, max: 5 }),
        body: tie('statements'),
      }),
      fc.record({
        kind: fc.constant('if' as const),
        condition: tie('expression'),
        yes: tie('statements'),
        no: fc.option(tie('statements')),
      }),
      fc.record({ kind: fc.constant('branch' as const), label: fc.nat(9) }),
      fc.record({ kind: fc.constant('branchIf' as const), label: fc.nat(9), condition: tie('expression') }),
      fc.record({
        kind: fc.constant('branchTable' as const),
        labels: fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
        index: tie('expression'),
      }),
      fc.record({ kind: fc.constant('call' as const), target: fc.nat(FUNCTIONS - 1) }),
      fc.record({ kind: fc.constant('plain' as const), opcode: fc.constantFrom(NOP, NOP, RETURN, UNREACHABLE) }),
    ),
    statements: fc.array(tie('statement'), { maxLength: 5 }),
  }),
);

export const program: fc.Arbitrary<Program> = fc.record({
  functions: fc.array(statements, { minLength: FUNCTIONS, maxLength: FUNCTIONS }),
});
void expression;

/** The module; a memory of one page that cannot grow, so that some accesses can never be in bounds. */
export function programBytes({ functions }: Program): Uint8Array<ArrayBuffer> {
  const builder = new WasmBuilder().memory({ min: 1, max: 1 });
  functions.forEach((body, index) => {
    const code = [...body.flatMap((each) => statement(each, { depth: 0, self: index }))];
    const declared: Bytes = [1, ...u32(LOCALS + 7), 0x7f];
    builder.rawFunction({
      parameters: index === 0 ? ['i32'] : [],
      declared,
      body: code,
      ...(index === 0 && { export: 'run' }),
    });
  });
  return builder.build();
}

interface Place {
  readonly depth: number;
  readonly self: number;
}
const inside = ({ depth, self }: Place): Place => ({ depth: depth + 1, self });
const EMPTY = 0x40;

function statement(each: Statement, place: Place): Bytes {
  const label = (wanted: number): Bytes => u32(wanted % (place.depth + 1));
  const list = (body: readonly Statement[], at: Place): Bytes => body.flatMap((inner) => [...statement(inner, at)]);
  switch (each.kind) {
    case 'set':
      return [...push(each.value), 0x21, each.index];
    case 'block':
      return [0x02, EMPTY, ...list(each.body, inside(place)), 0x0b];
    case 'loop':
      return [0x03, EMPTY, ...list(each.body, inside(place)), 0x0b];
    case 'countedLoop': {
      const counter = LOCALS + (place.depth % 7);
      const turn = [0x20, counter, 0x41, 1, 0x6b, 0x22, counter, 0x0d, 0];
      return [0x41, each.turns, 0x21, counter, 0x03, EMPTY, ...list(each.body, inside(place)), ...turn, 0x0b];
    }
    case 'if': {
      const no = each.no === null ? [] : [0x05, ...list(each.no, inside(place))];
      return [...push(each.condition), 0x04, EMPTY, ...list(each.yes, inside(place)), ...no, 0x0b];
    }
    case 'branch':
      return [0x0c, ...label(each.label)];
    case 'branchIf':
      return [...push(each.condition), 0x0d, ...label(each.label)];
    case 'branchTable': {
      const labels = each.labels.map(label);
      return [...push(each.index), 0x0e, labels.length - 1, ...labels.flat()];
    }
    case 'call':
      return each.target > place.self ? [0x10, each.target] : [NOP];
    case 'plain':
      return [each.opcode];
  }
}

function push(each: Expression): Bytes {
  switch (each.kind) {
    case 'constant':
      return [0x41, each.value];
    case 'local':
      return [0x20, each.index];
    case 'binary':
      return [...push(each.left), ...push(each.right), each.opcode];
    case 'load':
      return [...push(each.address), 0x28, 2, ...u32(each.offset)];
    case 'choose':
      return [...push(each.condition), 0x04, 0x7f, ...push(each.yes), 0x05, ...push(each.no), 0x0b];
    case 'blockValue':
      return [0x02, 0x7f, ...push(each.value), ...push(each.condition), 0x0d, 0, 0x0b];
  }
}

/**
 * What the bodies of a module hold, as plain data for rules and reports. Counts of instructions, never of executions.
 */
import type { CodeCounts, MixingFunction } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { OPCODES } from './opcodes.ts';

/** Groups of instructions that a rule asks for. */
export type InstructionGroup =
  | 'mixing'
  | 'tableChanges'
  | 'memoryGrow'
  | 'calls'
  | 'indirectCalls'
  | 'referenceCalls'
  | 'atomics'
  | 'atomicWaits'
  | 'nops'
  | 'unreachables'
  | 'floatBitsRead'
  | 'nanProducing'
  | 'nanProducingVector';

type NamedGroup = Exclude<InstructionGroup, 'nanProducing' | 'nanProducingVector'>;

/** A group counts every instruction whose name matches. */
const GROUPS: Readonly<Record<NamedGroup, RegExp>> = {
  /** and, or, xor, shifts and rotations of integers */
  mixing: /^i(32|64)\.(and|or|xor|shl|shr_[su]|rot[lr])$/,
  /** instructions that change what a table holds or how long it is */
  tableChanges: /^table\.(set|grow|fill|copy|init)$/,
  memoryGrow: /^memory\.grow$/,
  calls: /^(return_)?call$/,
  indirectCalls: /^(return_)?call_indirect$/,
  referenceCalls: /^(return_)?call_ref$/,
  atomics: /atomic/,
  /** wait and notify, with which threads can block each other */
  atomicWaits: /^memory\.atomic\./,
  nops: /^nop$/,
  unreachables: /^unreachable$/,
  /** where the bits of a float leave the float types: stores, reinterpretations, lanes */
  floatBitsRead:
    /^(f(32|64)\.store|i(32|64)\.reinterpret_f(32|64)|v128\.(store|store\d+_lane)|v128\.(and|or|xor|not|andnot|bitselect)|f(32|64)\.copysign)$/,
};

/** All offsets are in bytes from the start of the file; `offset` is that of the module, 0 unless it is nested. */
export interface CodeFacts {
  readonly offset: number;
  readonly functions: number;
  readonly instructions: number;
  /** Bytes of the largest body. */
  readonly largestBody: number;
  /** The most locals of a function, parameters included. */
  readonly mostLocals: number;
  /** Blocks inside each other. */
  readonly deepestNesting: number;
  readonly longestNopRun: number;
  readonly longestUnreachableRun: number;
  /** Targets of the largest br_table, without its default. */
  readonly largestBranchTable: number;
  /** How often each instruction occurs, by name in opcode order; those that do not occur are left out. */
  readonly opcodes: Readonly<Record<string, number>>;
  readonly groups: Readonly<Record<InstructionGroup, number>>;
  /** Functions of at least 200 instructions of which a quarter or more mix bits, at most 64, in file order. */
  readonly mixingFunctions: readonly MixingFunction[];
  /** How many constants of published hash functions occur, by family. */
  readonly hashConstants: Readonly<Record<string, number>>;
}

export function codeFacts(module: CoreModule, counts: CodeCounts): CodeFacts {
  const opcodes: Record<string, number> = {};
  OPCODES.forEach((instruction, index) => {
    const count = counts.opcodes[index] as number;
    if (instruction !== undefined && count > 0) opcodes[instruction.name] = (opcodes[instruction.name] ?? 0) + count;
  });
  return {
    offset: module.offset,
    functions: module.bodies.length / 2,
    instructions: counts.instructions,
    largestBody: counts.largestBody,
    mostLocals: counts.locals,
    deepestNesting: counts.deepestNesting,
    longestNopRun: counts.longestNopRun,
    longestUnreachableRun: counts.longestUnreachableRun,
    largestBranchTable: counts.largestBranchTable,
    opcodes,
    groups: countGroups(counts),
    mixingFunctions: counts.mixingFunctions,
    hashConstants: Object.fromEntries(counts.hashConstants),
  };
}

const NAMES = Object.keys(GROUPS) as NamedGroup[];

/** Group -> indices in OPCODES. */
const MEMBERS: Readonly<Record<InstructionGroup, readonly number[]>> = {
  ...(Object.fromEntries(NAMES.map((group) => [group, indices((name) => GROUPS[group].test(name))])) as Record<
    NamedGroup,
    readonly number[]
  >),
  nanProducing: OPCODES.flatMap((instruction, index) => (instruction?.nan !== undefined ? [index] : [])),
  nanProducingVector: OPCODES.flatMap((instruction, index) => (instruction?.nan?.includes('x') ? [index] : [])),
};

function indices(matches: (name: string) => boolean): readonly number[] {
  return OPCODES.flatMap((instruction, index) =>
    instruction !== undefined && matches(instruction.name) ? [index] : [],
  );
}

function countGroups({ opcodes }: CodeCounts): Record<InstructionGroup, number> {
  const sum = (members: readonly number[]): number =>
    members.reduce((total, index) => total + (opcodes[index] as number), 0);
  return Object.fromEntries(Object.entries(MEMBERS).map(([group, members]) => [group, sum(members)])) as Record<
    InstructionGroup,
    number
  >;
}

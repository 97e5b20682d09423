/**
 * What the bodies of a module hold, as plain data for rules and reports. Counts of instructions, never of executions.
 */
import { type CodeCounts, MIXING_NAMES, type MixingFunction } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { type Instruction, OPCODES } from './opcodes.ts';

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
  mixing: MIXING_NAMES,
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
  const groups = noInstructions();
  counts.opcodes.forEach((count, index) => {
    const name = OPCODES[index]?.name;
    if (count === 0 || name === undefined) return;
    opcodes[name] = (opcodes[name] ?? 0) + count;
    for (const group of groupsOf(index)) groups[group] += count;
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
    groups,
    mixingFunctions: counts.mixingFunctions,
    hashConstants: Object.fromEntries(counts.hashConstants),
  };
}

const NAMED = Object.entries(GROUPS) as [NamedGroup, RegExp][];

/** The groups of each instruction, by index in OPCODES; filled as instructions are met, since few of them ever are. */
const GROUPS_OF: (readonly InstructionGroup[] | undefined)[] = [];

function groupsOf(index: number): readonly InstructionGroup[] {
  const known = GROUPS_OF[index];
  if (known !== undefined) return known;
  const { name, nan } = OPCODES[index] as Instruction;
  const groups: InstructionGroup[] = NAMED.flatMap(([group, names]) => (names.test(name) ? [group] : []));
  if (nan !== undefined) groups.push('nanProducing');
  if (nan?.includes('x')) groups.push('nanProducingVector');
  GROUPS_OF[index] = groups;
  return groups;
}

function noInstructions(): Record<InstructionGroup, number> {
  const names = [...NAMED.map(([group]) => group), 'nanProducing', 'nanProducingVector'] as const;
  return Object.fromEntries(names.map((group) => [group, 0])) as Record<InstructionGroup, number>;
}

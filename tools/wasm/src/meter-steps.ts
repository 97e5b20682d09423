/**
 * What the meter does at each instruction, as small numbers by index in OPCODES; derived from the table's fuel class
 * and flow. Numbers and not names for the same reason as in step-kinds.ts.
 */
import { FUEL_CLASSES, type Instruction, OPCODE_COUNT, OPCODES } from './opcodes.ts';

const COUNT = 0;
export const FREE = 1;
export const OPEN = 2;
export const LOOP = 3;
export const IF = 4;
export const ELSE = 5;
export const END = 6;
export const BRANCH = 7;
export const CALL = 8;
export const STOP = 9;
export const BULK = 10;
export const NAN = 11;
export const ACCESS = 12;
export const HANDLER = 13;
export const DELEGATE = 14;
export const JUMP = 15;
export const GROW = 16;

/** Flow -> step, where the flow decides. */
const STEPS_BY_FLOW: Readonly<Record<string, number>> = {
  open: OPEN,
  loop: LOOP,
  if: IF,
  else: ELSE,
  end: END,
  branch: BRANCH,
  handler: HANDLER,
  delegate: DELEGATE,
};

/** Instructions whose work grows with an operand. */
const BULK_INSTRUCTIONS: ReadonlySet<string> = new Set([
  'memory.copy',
  'memory.fill',
  'memory.init',
  'table.copy',
  'table.fill',
  'table.init',
  'table.grow',
]);

function stepOf(instruction: Instruction | undefined): number {
  if (instruction === undefined) return COUNT;
  const { flow, fuel, name, nan, access } = instruction;
  if (flow === 'stop') return FUEL_CLASSES[fuel].point === 'save' ? STOP : JUMP;
  if (flow !== undefined) return STEPS_BY_FLOW[flow] ?? COUNT;
  if (FUEL_CLASSES[fuel].point === 'call') return CALL;
  if (BULK_INSTRUCTIONS.has(name)) return BULK;
  if (name === 'memory.grow') return GROW;
  if (nan !== undefined) return NAN;
  if (access > 0) return ACCESS;
  return FUEL_CLASSES[fuel].cost === 0 ? FREE : COUNT;
}

export const STEPS: Uint8Array = Uint8Array.from({ length: OPCODE_COUNT }, (_, index) => stepOf(OPCODES[index]));

/** Units of fuel, by index in OPCODES. */
export const COSTS: Uint8Array = Uint8Array.from({ length: OPCODE_COUNT }, (_, index) => {
  const instruction = OPCODES[index];
  return instruction === undefined ? 0 : FUEL_CLASSES[instruction.fuel].cost;
});

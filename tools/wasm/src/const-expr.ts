/**
 * Constant expressions (core spec 3.3.13, 5.4.9), with extended-const, GC and SIMD: the initialisers of globals,
 * tables, elements and data. They are stepped over and their indices checked. Operand types are not checked: that is
 * the engine's validator's part.
 */
import type { ByteReader } from './byte-reader.ts';
import type { CoreModule } from './core-module.ts';
import { type InstructionScope, readImmediates } from './immediates.ts';
import type { ReaderLimits } from './limits.ts';
import { isPrefix, OPCODES, opcodeIndex } from './opcodes.ts';

const END = 0x0b;
const GLOBAL_GET = 0x23;

/** Steps over one constant expression and its `end`. */
export function skipConstExpr(reader: ByteReader, module: CoreModule, limits: ReaderLimits): void {
  const scope: InstructionScope = { module, limits, locals: 0, labels: 0 };
  const first = reader.offset;
  for (;;) {
    const start = reader.offset;
    const byte = reader.u8();
    if (byte === END) {
      if (start === first) throw reader.error('WASM_CONST_EXPR', 'an initialiser is empty', {}, start);
      return;
    }
    skipConstant(reader, isPrefix(byte) ? opcodeIndex(byte, reader.u32()) : byte, { scope, start });
  }
}

function skipConstant(
  reader: ByteReader,
  index: number,
  { scope, start }: { readonly scope: InstructionScope; readonly start: number },
): void {
  const instruction = OPCODES[index];
  if (instruction?.constant === undefined) {
    throw reader.error('WASM_CONST_EXPR', 'an instruction is not constant', { opcode: reader.bytes[start] }, start);
  }
  const { constant, feature } = instruction;
  if (constant !== 'always') reader.use(constant, start);
  if (feature !== undefined) reader.use(feature, start);
  if (index === GLOBAL_GET) checkConstGlobal(reader, scope, start);
  readImmediates(reader, index, scope);
}

/** Looks at the index that {@link readImmediates} reads afterwards. */
function checkConstGlobal(reader: ByteReader, { module: { globals } }: InstructionScope, start: number): void {
  const { offset } = reader;
  const index = reader.u32();
  const global = globals[index];
  if (global?.mutable) {
    throw reader.error('WASM_CONST_EXPR', `global ${index} can change and so is not constant`, { index }, offset);
  }
  // Only with GC may an initialiser read a global that the module defines itself (core spec 3.3.13).
  if (global?.imported === false) reader.use('gc', start);
  reader.offset = offset;
}

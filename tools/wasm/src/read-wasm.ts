import { ByteReader } from './byte-reader.ts';
import { readComponent } from './component.ts';
import { moduleFacts } from './core-module.ts';
import type { WasmFacts } from './facts.ts';
import { DEFAULT_LIMITS, newBudget, type ReaderLimits } from './limits.ts';
import { readModule } from './module.ts';
import { readPreamble } from './preamble.ts';

/**
 * Reads a core module or a component. The result is plain JSON data and a function of the bytes alone; time and
 * memory are linear in the file. Reading says nothing about instructions: `WebAssembly.validate` is the other half.
 *
 * @throws {WasmError} and nothing else; every code of WASM_ERROR_CODES can occur.
 */
export function readWasm(bytes: Uint8Array, limits: ReaderLimits = DEFAULT_LIMITS): WasmFacts {
  const open = (): ByteReader => new ByteReader(bytes, { start: 0, end: bytes.length, overrun: 'WASM_TRUNCATED' });
  const reader = open();
  if (bytes.length > limits.fileBytes) throw reader.limit('fileBytes', bytes.length, limits);
  const budget = newBudget(limits);
  return readPreamble(reader) === 'core' ? moduleFacts(readModule(open(), budget)) : readComponent(open(), budget);
}

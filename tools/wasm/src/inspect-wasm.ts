import { ByteReader } from './byte-reader.ts';
import { checkCode } from './check-code.ts';
import { CodeCounts } from './code-counts.ts';
import { type CodeFacts, codeFacts } from './code-facts.ts';
import { readComponent } from './component.ts';
import { type CoreModule, moduleFacts } from './core-module.ts';
import { detectFeatures } from './detect-features.ts';
import type { WasmFacts } from './facts.ts';
import { FEATURE_IDS, type FeatureUse } from './features.ts';
import { DEFAULT_LIMITS, newBudget, type ReaderLimits } from './limits.ts';
import { readModule } from './module.ts';
import { readPreamble } from './preamble.ts';

/** What {@link inspectWasm} says about a file: plain JSON data. */
export interface InspectedWasm {
  readonly facts: WasmFacts;
  /** The proposals that are used anywhere in the file, older ones first; each with its first use in the file. */
  readonly features: readonly FeatureUse[];
  /** One entry a core module: the file itself, or those inside a component in file order. */
  readonly code: readonly CodeFacts[];
}

/**
 * Reads a core module or a component with every instruction: what `readWasm` says, the features that are used, and
 * what the code holds. Refuses what the format refuses; operand types stay with `WebAssembly.validate`.
 * A function of the bytes alone; time is linear in the file, memory in its sections.
 *
 * @throws {WasmError} and nothing else; every code of WASM_ERROR_CODES can occur.
 */
export function inspectWasm(bytes: Uint8Array, limits: ReaderLimits = DEFAULT_LIMITS): InspectedWasm {
  const open = (): ByteReader => new ByteReader(bytes, { start: 0, end: bytes.length, overrun: 'WASM_TRUNCATED' });
  const reader = open();
  if (bytes.length > limits.fileBytes) throw reader.limit('fileBytes', bytes.length, limits);
  const budget = newBudget(limits);
  const code: CodeFacts[] = [];
  const uses: FeatureUse[] = [];
  const inspect = (module: CoreModule): void => {
    const counts = new CodeCounts();
    checkCode(module, counts, limits);
    code.push(codeFacts(module, counts));
    uses.push(...detectFeatures(module, counts));
  };
  if (readPreamble(reader) === 'component') {
    return { facts: readComponent(open(), budget, inspect), features: firstUses(uses), code };
  }
  const module = readModule(open(), budget);
  inspect(module);
  return { facts: moduleFacts(module), features: firstUses(uses), code };
}

function firstUses(uses: readonly FeatureUse[]): FeatureUse[] {
  return FEATURE_IDS.flatMap((feature) => uses.find((use) => use.feature === feature) ?? []);
}

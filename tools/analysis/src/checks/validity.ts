import { FEATURES, type FeatureId } from '@plugmark/wasm';
import { type Check, type Evidence, PASS, UNREADABLE } from '../check.ts';
import { isTooLargeToRead, type ReadWasm } from '../read-artifact.ts';

/**
 * Features that the oldest engine the analysis runs on (Node 22, V8 12.4) does not have, so that its answer would depend on where it
 * is asked. A report is the same for everyone: with one of these the engine is not asked.
 */
const NOT_EVERYWHERE: readonly FeatureId[] = [
  'memory64',
  'exceptions',
  'custom-page-sizes',
  'wide-arithmetic',
  'stack-switching',
];

/**
 * The strict reader accepts the file and so does the engine, which looks at core modules; of a component each module in it. What
 * reader or engine do not cover is no fault of the file, and no pass.
 */
export const wasmValid: Check = ({ module, bytes }) => {
  if ('error' in module) {
    if (isTooLargeToRead(module.error))
      return { outcome: 'inconclusive', reason: 'the file is far larger than the registry takes and was not read' };
    const { code, message, offset, details } = module.error;
    if (code === 'WASM_UNSUPPORTED_FEATURE') {
      const what = typeof details['feature'] === 'string' ? details['feature'] : message;
      return { outcome: 'inconclusive', reason: `the reader does not cover: ${what} (at byte ${offset})` };
    }
    return { findings: [{ ruleId: 'wasm.malformed', facts: { code, problem: message }, location: { offset } }] };
  }
  if ('process' in module) return UNREADABLE;
  const uncovered = module.features.filter(({ feature }) => NOT_EVERYWHERE.includes(feature));
  if (uncovered.length > 0) {
    const names = uncovered.map(({ feature }) => `${feature} (${FEATURES[feature].title})`);
    return { outcome: 'inconclusive', reason: `engines differ on: ${names.join(', ')}` };
  }
  const refused = refusedModule(module, bytes);
  return refused === undefined ? PASS : { findings: [refused] };
};

function refusedModule(
  { facts, cores }: ReadWasm,
  bytes: Evidence['bytes'],
): { ruleId: 'wasm.invalid'; facts: Record<string, number> } | undefined {
  if (facts.kind === 'core') return isValid(bytes) ? undefined : { ruleId: 'wasm.invalid', facts: {} };
  const refused = cores.find(
    ({ facts: { size }, code: { offset } }) => !isValid(bytes.subarray(offset, offset + size)),
  );
  return refused === undefined ? undefined : { ruleId: 'wasm.invalid', facts: { module: refused.index ?? 0 } };
}

const isValid = (bytes: Uint8Array): boolean => WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>);

// What must hold for any bytes. A problem is text; its first word is its kind, by which the same problem is known again.
import {
  FUEL_SCHEDULES,
  type FuelSchedule,
  inspectWasm,
  meterFuel,
  readWasm,
  WASM_ERROR_CODES,
  WasmError,
} from '@plugmark/wasm';

type Bytes = Uint8Array<ArrayBuffer>;
type Read<T> = { readonly value: T } | { readonly refusal: WasmError };

const SCHEDULES = Object.keys(FUEL_SCHEDULES) as FuelSchedule[];
/** Refusals the engine need not share: our limits, and proposals that we do not cover. */
const OURS: readonly string[] = ['WASM_LIMIT', 'WASM_UNSUPPORTED_FEATURE'];

// V8 takes more than the format allows: it reads the attribute of a tag, which is the byte 0, as an integer that may be padded.
const ENGINE_IS_LENIENT = (refusal: WasmError): boolean =>
  refusal.code === 'WASM_MALFORMED' && refusal.details['what'] === 'tag' && refusal.details['byte'] === 0x80;

export class Problem extends Error {}

/** Whether the file is taken, by the reader and, for a core module, by the engine too. Throws {@link Problem}. */
export function judge(bytes: Bytes): { readonly accepted: boolean; readonly readable: boolean } {
  const read = attempt('readWasm', bytes, () => readWasm(bytes));
  const inspected = attempt('inspectWasm', bytes, () => inspectWasm(bytes));
  if ('refusal' in read && 'value' in inspected)
    throw new Problem('two-readers: inspectWasm reads what readWasm refuses');
  if ('value' in read && 'value' in inspected && JSON.stringify(read.value) !== JSON.stringify(inspected.value.facts))
    throw new Problem('two-readers: readWasm and inspectWasm give different facts');
  const component = bytes[4] === 0x0d;
  const valid = !component && WebAssembly.validate(bytes);
  if (valid) againstEngine(bytes, inspected);
  if (!component) againstMeter(bytes, { valid, inspected });
  const readable = 'value' in read;
  return { readable, accepted: readable && (component || valid) };
}

function attempt<T>(name: string, bytes: Bytes, act: () => T): Read<T> {
  try {
    return { value: act() };
  } catch (error) {
    if (!(error instanceof WasmError)) throw new Problem(`${name}-throws: ${error}`, { cause: error });
    const { code, offset, details } = error;
    if (!Object.hasOwn(WASM_ERROR_CODES, code)) throw new Problem(`${name}-code: ${code}`);
    if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length)
      throw new Problem(`${name}-offset: ${offset} in ${bytes.length} bytes`);
    if (JSON.stringify(JSON.parse(JSON.stringify(details))) !== JSON.stringify(details))
      throw new Problem(`${name}-details: not plain data`);
    return { refusal: error };
  }
}

/** The engine takes it: so must we, and see the same imports and exports. */
function againstEngine(bytes: Bytes, inspected: Read<ReturnType<typeof inspectWasm>>): void {
  if ('refusal' in inspected) {
    const { code, message, offset } = inspected.refusal;
    if (!OURS.includes(code) && !ENGINE_IS_LENIENT(inspected.refusal))
      throw new Problem(`refused-though-valid: ${code} at ${offset}: ${message}`);
    return;
  }
  const { facts } = inspected.value;
  if (facts.kind !== 'core') throw new Problem('kind: the engine calls it a core module');
  const module = new WebAssembly.Module(bytes);
  const imports = facts.imports.map(({ module: from, name, kind }) => ({ module: from, name, kind }));
  const exports = facts.exports.map(({ name, kind }) => ({ name, kind }));
  if (JSON.stringify(imports) !== JSON.stringify(WebAssembly.Module.imports(module)))
    throw new Problem('imports: not those the engine lists');
  if (JSON.stringify(exports) !== JSON.stringify(WebAssembly.Module.exports(module)))
    throw new Problem('exports: not those the engine lists');
}

/** What can be walked can be metered, and stays valid where it was. */
function againstMeter(
  bytes: Bytes,
  { valid, inspected }: { readonly valid: boolean; readonly inspected: Read<unknown> },
): void {
  for (const schedule of SCHEDULES) {
    const canonicalizeNaNs = schedule === SCHEDULES[0];
    const metered = attempt('meterFuel', bytes, () => meterFuel(bytes, { schedule, canonicalizeNaNs }));
    if ('value' in metered !== 'value' in inspected && valid) throw new Problem('meter: refuses what can be walked');
    if (!('value' in metered) || !valid) continue;
    if (!WebAssembly.validate(metered.value.bytes)) throw new Problem(`meter-invalid: ${schedule}`);
  }
}

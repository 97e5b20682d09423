// One file of the corpus: read, walked, metered under both schedules, and held against the list and the engine. What
// does not agree is a problem; times and sizes are only told.
import { createHash } from 'node:crypto';
import {
  FUEL_SCHEDULES,
  type FuelReason,
  type FuelSchedule,
  inspectWasm,
  type MeteredModule,
  type ModuleFacts,
  meterFuel,
  readWasm,
  WasmError,
} from '@plugmark/wasm';
import type { CorpusFile } from '../corpus.ts';

interface MeterResult {
  /** Size of the metered module divided by that of the original. */
  readonly ratio: number;
  /** Why its totals may differ from wasmtime's; empty when they do not. */
  readonly reasons: readonly FuelReason[];
}

export interface CorpusRow {
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  readonly kind: string;
  readonly readMs: number;
  readonly walkMBps: number;
  readonly meter: Readonly<Partial<Record<FuelSchedule, MeterResult>>>;
  /** Whether imports, exports and validity are what the engine says. */
  readonly equalToV8: boolean;
  readonly notMetered?: string;
  /** Every disagreement, in words. */
  readonly problems: readonly string[];
}

const SCHEDULES = Object.keys(FUEL_SCHEDULES) as FuelSchedule[];

export function examineFile(entry: CorpusFile, bytes: Uint8Array<ArrayBuffer>): CorpusRow {
  const problems: string[] = [];
  if (bytes.length !== entry.bytes) problems.push(`${bytes.length} bytes, the list says ${entry.bytes}`);
  if (createHash('sha256').update(bytes).digest('hex') !== entry.sha256) problems.push('another sha256 than listed');
  const read = timed(() => readWasm(bytes));
  const walked = timed(() => inspectWasm(bytes));
  const facts = 'value' in read ? read.value : undefined;
  if (!('value' in walked) || JSON.stringify(walked.value.facts) !== JSON.stringify(facts))
    problems.push('readWasm and inspectWasm say different things');
  const engine = facts?.kind === 'component' ? [] : againstEngine(bytes, facts);
  const metered = facts?.kind === 'core' ? meterAll(bytes, facts, problems) : { meter: {}, notMetered: 'a component' };
  return {
    package: entry.package,
    version: entry.version,
    file: entry.file,
    bytes: bytes.length,
    kind: facts?.kind ?? 'unreadable',
    readMs: read.ms,
    walkMBps: bytes.length / 1e3 / walked.ms,
    ...metered,
    equalToV8: engine.length === 0,
    problems: [...problems, ...engine],
  };
}

type Timed<T> = ({ readonly value: T } | { readonly error: WasmError }) & { readonly ms: number };

/** CPU time: the cores may be shared. */
function timed<T>(act: () => T): Timed<T> {
  const start = process.cpuUsage();
  const ms = (): number => {
    const { user, system } = process.cpuUsage(start);
    return Math.max(user + system, 1) / 1e3;
  };
  try {
    return { value: act(), ms: ms() };
  } catch (error) {
    if (error instanceof WasmError) return { error, ms: ms() };
    throw error;
  }
}

/** Validity, and imports and exports by name, kind and order. */
function againstEngine(bytes: Uint8Array<ArrayBuffer>, facts: ModuleFacts | undefined): string[] {
  const valid = WebAssembly.validate(bytes);
  if (valid !== (facts !== undefined)) return [`V8 calls it ${valid ? 'valid' : 'invalid'}, the reader does not`];
  if (facts === undefined) return [];
  const module = new WebAssembly.Module(bytes);
  const same = (ours: readonly object[], theirs: readonly object[]): boolean =>
    JSON.stringify(ours) === JSON.stringify(theirs);
  const imports = facts.imports.map(({ module: from, name, kind }) => ({ module: from, name, kind }));
  const exports = facts.exports.map(({ name, kind }) => ({ name, kind }));
  return [
    ...(same(imports, WebAssembly.Module.imports(module)) ? [] : ['imports are not those V8 lists']),
    ...(same(exports, WebAssembly.Module.exports(module)) ? [] : ['exports are not those V8 lists']),
  ];
}

function meterAll(
  bytes: Uint8Array,
  facts: ModuleFacts,
  problems: string[],
): Pick<CorpusRow, 'meter'> & { notMetered?: string } {
  const meter: Partial<Record<FuelSchedule, MeterResult>> = {};
  for (const schedule of SCHEDULES) {
    const metered = timed(() => meterFuel(bytes, { schedule }));
    if ('error' in metered) {
      problems.push(`cannot be metered (${schedule})`);
      return { meter, notMetered: `${metered.error.code} at ${metered.error.offset}` };
    }
    const { bytes: output, comparable } = metered.value;
    meter[schedule] = { ratio: output.length / bytes.length, reasons: comparable.reasons };
    problems.push(...meterProblems(facts, metered.value).map((problem) => `${problem} (${schedule})`));
  }
  return { meter };
}

/** The metered module runs wherever the original did, and exports two globals more. */
function meterProblems(facts: ModuleFacts, { bytes, exports }: MeteredModule): string[] {
  if (!WebAssembly.validate(bytes)) return ['V8 refuses the metered module'];
  const metered = readWasm(bytes);
  if (metered.kind !== 'core') return ['the metered module is no core module'];
  const names = (of: ModuleFacts): string[] => of.exports.map(({ name, kind }) => `${kind} ${name}`);
  const wanted = [...names(facts), `global ${exports.fuel}`, `global ${exports.exhausted}`];
  const imports = (of: ModuleFacts): string[] =>
    of.imports.map(({ module, name, kind, type }) => JSON.stringify([module, name, kind, type]));
  return [
    ...(imports(metered).join() === imports(facts).join() ? [] : ['metering changed the imports']),
    ...(names(metered).join('\n') === wanted.join('\n') ? [] : ['metering changed the exports']),
  ];
}

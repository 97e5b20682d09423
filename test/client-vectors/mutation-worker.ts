// Loads one bundled mutant after another and says which case found it. Keys, hashes and signatures are the same for every mutant, so their
// results are remembered: what a mutant changes is what is done with them.
import { parentPort, workerData } from 'node:worker_threads';
import type { ClientCaseFile, Trees } from '../conformance/client-case.ts';

interface Entry {
  killer(cases: readonly ClientCaseFile[], trees: Trees, onCase: () => void): Promise<string | undefined>;
}

const { cases, trees } = workerData as { cases: readonly ClientCaseFile[]; trees: Trees };
const byName = new Map(cases.map((one) => [one.name, one]));

const numbers = new WeakMap<object, number>();
let count = 0;

/** Bytes by content, keys by identity, the rest as JSON. */
function describe(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === Object.prototype)
    return JSON.stringify(value);
  const number = numbers.get(value) ?? ++count;
  numbers.set(value, number);
  return `#${number}`;
}

function remember(name: 'importKey' | 'exportKey' | 'verify' | 'digest'): void {
  const known = new Map<string, Promise<unknown>>();
  const original = crypto.subtle[name].bind(crypto.subtle) as (...asked: unknown[]) => Promise<unknown>;
  const remembered = (...asked: unknown[]): Promise<unknown> => {
    const key = asked.map(describe).join('|');
    const result = known.get(key) ?? original(...asked);
    known.set(key, result);
    return result;
  };
  Object.defineProperty(crypto.subtle, name, { value: remembered });
}
for (const name of ['importKey', 'exportKey', 'verify', 'digest'] as const) remember(name);

parentPort?.on('message', async ({ code, names }: { code: string; names: readonly string[] }) => {
  const { killer } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Entry;
  const ordered = names.flatMap((name) => byName.get(name) ?? []);
  const by = await killer(ordered, trees, () => parentPort?.postMessage('case'));
  parentPort?.postMessage({ by });
});

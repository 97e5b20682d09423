import { type Check, findingsOf, type RawFinding, UNREADABLE } from '../check.ts';
import { importText } from '../import-text.ts';
import { printable } from '../printable.ts';
import type { Core } from '../read-artifact.ts';

/** How the module is set up: what runs when it is loaded, what of it others can change, how much memory it wants. */
export const structure: Check = ({ module }) => {
  if (!('facts' in module)) return UNREADABLE;
  const { facts, cores } = module;
  const outer = facts.kind === 'core' ? cores : [];
  return findingsOf([...outer.flatMap(startFinding), ...outer.flatMap(exportedTables), ...memories(cores)]);
};

function startFinding({ facts: { start, imports, importedFunctionCount, sections } }: Core): RawFinding[] {
  if (start === undefined) return [];
  const section = sections.find(({ name }) => name === 'start');
  const location = section === undefined ? {} : { location: { offset: section.offset, section: 'start' } };
  const imported = imports.filter(({ kind }) => kind === 'function')[start];
  if (start < importedFunctionCount && imported !== undefined)
    return [{ ruleId: 'wasm.start-imported', facts: { import: printable(importText(imported), 200) }, ...location }];
  return [{ ruleId: 'wasm.start-function', facts: { function: start }, ...location }];
}

function exportedTables({ facts: { exports } }: Core): RawFinding[] {
  const names = exports.filter(({ kind }) => kind === 'table').map(({ name }) => printable(name, 80));
  return names.length === 0 ? [] : [{ ruleId: 'wasm.table-exported', facts: { names: names.slice(0, MOST_NAMES) } }];
}
const MOST_NAMES = 100;

/** A thousand pages of 64 KiB; no plugin of the corpus starts with more. */
const LARGE_BYTES = 64 * 1024 * 1024;
/** What linkers write when nobody chose: 2 GiB, or all that 32 bits reach. */
const BOUNDLESS_BYTES = 2 ** 31;

function memories(cores: readonly Core[]): RawFinding[] {
  const all = cores.flatMap(({ facts }) => facts.memories);
  const start = Math.max(
    0,
    ...cores.map(({ facts }) => facts.memories.reduce((sum, one) => sum + one.minPages * one.pageSize, 0)),
  );
  const maxima = all.flatMap(({ maxPages, pageSize }) => (maxPages === undefined ? [] : [maxPages * pageSize]));
  const most = Math.max(0, ...maxima);
  return [
    ...(start > LARGE_BYTES ? [{ ruleId: 'wasm.memory-large', facts: { actual: exact(start) } } as const] : []),
    ...(most >= BOUNDLESS_BYTES
      ? [{ ruleId: 'wasm.memory-maximum-large', facts: { actual: exact(most) } } as const]
      : []),
  ];
}

// A memory of 64 bits may ask for 2^64 bytes, which JSON does not carry exactly.
const exact = (bytes: number): number => Math.min(bytes, Number.MAX_SAFE_INTEGER);

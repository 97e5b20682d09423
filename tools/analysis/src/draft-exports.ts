// The exports of a draft: what all plugins have is required, what some have is optional, what compilers add is left out.

import { type Abi, isValid, RequiredExport } from '@plugmark/schemas';
import type { DraftPlugin, OpenQuestion } from './draft-types.ts';

export const NOT_DESCRIBED = 'not yet described';

/** Exports that say nothing of a host: linkers add them. */
const LINKER_EXPORT = /^(?:__|_start$)/;

/** Exports with a meaning of their own in every host. */
const KNOWN: ReadonlyMap<string, Pick<RequiredExport, 'purpose' | 'required'>> = new Map([
  ['memory', { required: true, purpose: 'The linear memory through which texts and numbers are passed.' }],
  [
    '_initialize',
    {
      required: false,
      purpose: 'Start-up of a WASI reactor (C and Rust libraries have it); called once before anything else.',
    },
  ],
]);

/** A calling convention by an export that no other has; the first that fits. */
const SIGNS: readonly (readonly [Abi, readonly string[]])[] = [
  ['dprint', ['dprint_plugin_version_4']],
  ['hielements', ['library_name', 'library_check']],
  ['conductor', ['init', 'execute', 'alloc']],
  ['ddalab', ['analyze', 'alloc']],
  ['wasi-command', ['_start']],
];

export function recogniseAbi(plugins: readonly DraftPlugin[]): Abi | undefined {
  if (plugins.length === 0) return undefined;
  if (plugins.every(({ facts }) => facts.kind === 'component')) return 'component';
  const has = (names: readonly string[]): boolean =>
    plugins.every(({ facts }) => names.every((name) => facts.exports.some((exported) => exported.name === name)));
  return SIGNS.find(([, names]) => has(names))?.[0];
}

interface Seen {
  readonly name: string;
  readonly kind: string;
  readonly types: Set<string>;
  readonly by: Set<string>;
}

export function draftExports(plugins: readonly DraftPlugin[]): { exports: RequiredExport[]; open: OpenQuestion[] } {
  const all = new Map<string, Seen>();
  for (const { name: plugin, facts } of plugins) {
    for (const { name, kind, ...rest } of facts.exports) {
      if (LINKER_EXPORT.test(name) && !KNOWN.has(name)) continue;
      const key = JSON.stringify([name, kind]);
      const seen = all.get(key) ?? { name, kind, types: new Set(), by: new Set() };
      all.set(key, seen);
      seen.by.add(plugin);
      if (kind === 'function' && 'type' in rest) seen.types.add(String(rest.type));
    }
  }
  const open: OpenQuestion[] = [];
  const exports = [...all.values()].slice(0, MOST_EXPORTS).flatMap((seen) => drafted(seen, plugins.length, open));
  return { exports, open };
}

/** A plugin with more has no interface; the rest would only be noise. */
const MOST_EXPORTS = 500;

function drafted({ name, kind, types, by }: Seen, plugins: number, open: OpenQuestion[]): RequiredExport[] {
  const known = KNOWN.get(name);
  const required = known?.required ?? by.size === plugins;
  const rule = { name, kind, types: [...types].sort(), required, purpose: known?.purpose ?? NOT_DESCRIBED };
  if (!isExport(rule)) return [];
  if (known === undefined)
    open.push({ what: required ? 'export-purpose' : 'export-optional', name, in: required ? [] : [...by] });
  return [rule];
}

/** A name that a profile cannot hold cannot be required either. */
function isExport(rule: object): rule is RequiredExport {
  return isValid(RequiredExport, rule);
}

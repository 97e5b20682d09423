// Import rules of a draft. Known names get their known meaning; every other import is drafted as forbidden, because an import
// nobody has looked at must not become harmless by being written down.

import { type ComponentImportRule, CoreImportRule, type ImportMeaning, isValid } from '@plugmark/schemas';
import { parseInterfaceName } from '@plugmark/wasm';
import type { DraftImport, OpenQuestion } from './draft-types.ts';
import { COMPILER_IMPORTS, type DraftCapability, type KnownMeaning, WASI_02, WASI_PREVIEW1 } from './known-imports.ts';

/** Rules in a draft. Imports beyond are left out, and what a profile does not name is refused. */
const MOST_RULES = 2_000;
const NOT_DECIDED = 'not yet decided what having this means';

export interface DraftedImports {
  readonly imports: CoreImportRule[];
  readonly componentImports: ComponentImportRule[];
  readonly capabilities: ReadonlySet<DraftCapability>;
  readonly open: OpenQuestion[];
}

/** An import of a core module, and who has it with which type. */
interface Seen {
  readonly module: string;
  readonly name: string;
  readonly kind: DraftImport['kind'];
  readonly types: Set<string>;
  readonly by: Set<string>;
}

export function draftCoreImports(found: readonly DraftImport[]): Omit<DraftedImports, 'componentImports'> {
  const capabilities = new Set<DraftCapability>();
  const open: OpenQuestion[] = [];
  const imports: CoreImportRule[] = [];
  const all = [...union(found).values()].sort(byModuleAndName);
  for (const seen of all.slice(0, MOST_RULES)) {
    const { rule, known } = coreRule(seen);
    // A name that a profile cannot hold stays out of it, which refuses the plugins that have it.
    if (!isValid(CoreImportRule, rule)) {
      open.push(question('import-not-writable', seen));
      continue;
    }
    imports.push(rule);
    if (known === undefined)
      open.push(question(seen.types.size > 1 ? 'import-types-differ' : 'import-undecided', seen));
    else if ('capability' in known) capabilities.add(known.capability);
  }
  if (all.length > MOST_RULES) open.push({ what: 'too-many-imports', name: String(all.length - MOST_RULES), in: [] });
  return { imports, capabilities, open };
}

function union(found: readonly DraftImport[]): Map<string, Seen> {
  const all = new Map<string, Seen>();
  for (const { module, name, kind, type, plugin } of found) {
    const key = JSON.stringify([module, name, kind]);
    const seen = all.get(key) ?? { module, name, kind, types: new Set(), by: new Set() };
    all.set(key, seen);
    if (type !== undefined) seen.types.add(type);
    if (plugin !== undefined) seen.by.add(plugin);
  }
  return all;
}

function coreRule(seen: Seen): { rule: CoreImportRule; known: KnownMeaning | undefined } {
  const { module, name, kind } = seen;
  const [known, type] = knownCore(seen);
  const [only] = seen.types.size === 1 ? seen.types : [];
  const wanted = type ?? only;
  return {
    rule: { module, name, kind, ...(wanted !== undefined && { type: wanted }), meaning: meaningOf(known) },
    known,
  };
}

/** Only with the known type: a function of that name and another type is something else. */
function knownCore({ module, name, kind, types }: Seen): readonly [KnownMeaning, string] | readonly [] {
  if (kind !== 'function') return [];
  const [type, meaning] =
    (module === 'wasi_snapshot_preview1' ? WASI_PREVIEW1.get(name) : COMPILER_IMPORTS.get(`${module} ${name}`)) ?? [];
  return meaning !== undefined && type !== undefined && [...types].every((seen) => seen === type)
    ? [meaning, type]
    : [];
}

function meaningOf(known: KnownMeaning | undefined): ImportMeaning {
  if (known === undefined) return { as: 'forbidden', reason: NOT_DECIDED };
  if ('capability' in known) return { as: 'capability', capability: known.capability };
  return 'runtime' in known ? { as: 'runtime', purpose: known.runtime } : { as: 'forbidden', reason: known.forbidden };
}

/** Interfaces and functions that components import, by their names with version. */
export function draftComponentImports(
  found: readonly { readonly name: string; readonly plugin?: string }[],
): Omit<DraftedImports, 'imports'> {
  const rules = new Map<string, ComponentImportRule[]>();
  const capabilities = new Set<DraftCapability>();
  const questions = new Map<string, { name: string; by: Set<string> }>();
  for (const { name, plugin } of found) {
    const { base, range } = taken(name);
    const known = WASI_02.get(base);
    const key = JSON.stringify([base, range]);
    if (known === undefined) {
      const asked = questions.get(key) ?? { name, by: new Set<string>() };
      questions.set(key, asked);
      if (plugin !== undefined) asked.by.add(plugin);
    }
    if (rules.has(key) || !INTERFACE.test(base)) continue;
    const versions = range === undefined ? {} : { versions: range };
    rules.set(
      key,
      (known ?? [{ meaning: undefined }]).map(({ meaning, ...functions }) => ({
        interface: base,
        ...versions,
        ...functions,
        meaning: meaningOf(meaning),
      })),
    );
    for (const { meaning } of known ?? []) if ('capability' in meaning) capabilities.add(meaning.capability);
  }
  const sorted = [...rules].sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, MOST_RULES);
  const open = [...questions.values()].map(({ name, by }): OpenQuestion => {
    const writable = INTERFACE.test(taken(name).base);
    return { what: writable ? 'import-undecided' : 'import-not-writable', name, in: [...by] };
  });
  if (rules.size > MOST_RULES) open.push({ what: 'too-many-imports', name: String(rules.size - MOST_RULES), in: [] });
  return { componentImports: sorted.flatMap(([, list]) => list), capabilities, open };
}

/** What `ComponentImportRule` takes. */
const INTERFACE = /^[a-z][a-z0-9:/-]{0,199}$/;

/** `wasi:io/streams@0.2.3` as its name and the versions that may stand for it. */
function taken(name: string): { base: string; range?: string } {
  const parsed = parseInterfaceName(name);
  if (parsed?.version === undefined) return { base: name };
  const wasi = parsed.package.startsWith('wasi:') && /^0\.2\.\d+$/.test(parsed.version);
  return { base: `${parsed.package}/${parsed.name}`, range: wasi ? '^0.2.0' : `^${parsed.version}` };
}

function byModuleAndName(one: Seen, other: Seen): number {
  const [a, b] = [`${one.module}\0${one.name}`, `${other.module}\0${other.name}`];
  return a < b ? -1 : Number(a > b);
}

function question(what: OpenQuestion['what'], { module, name, by }: Seen): OpenQuestion {
  return { what, name: `${module} ${name}`, in: [...by] };
}

import type { WasmFacts } from '@plugmark/wasm';
import { type Check, findingsOf, type RawFinding, UNREADABLE } from '../check.ts';
import { editDistance, skeleton } from '../name-distance.ts';
import { WASI_FUNCTIONS, WASI_MODULES } from '../wasi-names.ts';

/** Names of imports and exports can be read and are what they seem. */
export const names: Check = ({ module }) => {
  if (!('facts' in module)) return UNREADABLE;
  const all = allNames(module.facts);
  const hidden = all.filter((name) => HIDDEN.test(name));
  const foreign = all.filter((name) => !HIDDEN.test(name) && BEYOND_ASCII.test(name));
  return findingsOf([
    ...bounded('names.hidden', hidden),
    ...bounded('names.non-ascii', foreign),
    ...minified(module.facts),
  ]);
};

/** Control and format characters, marks of direction, separators of lines, what is drawn as nothing, and spaces other than the usual. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}/u;
const EACH_HIDDEN = new RegExp(HIDDEN, 'gu');
const BEYOND_ASCII = /[^\0-\x7f]/;
const LISTED = 8;
const SHOWN = 80;

function bounded(ruleId: 'names.hidden' | 'names.non-ascii', list: readonly string[]): RawFinding[] {
  if (list.length === 0) return [];
  return [{ ruleId, facts: { found: list.slice(0, LISTED).map(written), count: list.length } }];
}

/** What cannot be seen is written as its number: U+202E as `\u{202e}`. */
function written(name: string): string {
  const cut = [...name.slice(0, 2 * SHOWN)].slice(0, SHOWN).join('');
  const text = cut.replace(EACH_HIDDEN, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
  return cut.length < name.length ? `${text}…` : text;
}

function allNames(facts: WasmFacts): string[] {
  const imported =
    facts.kind === 'core'
      ? facts.imports.flatMap(({ module, name }) => [module, name])
      : facts.imports.flatMap(({ name, implements: named = '' }) => [name, named]);
  return [...new Set([...imported, ...facts.exports.map(({ name }) => name)])];
}

/** From this many imports on short names are no accident. */
const FEWEST_MINIFIED = 5;

function minified(facts: WasmFacts): RawFinding[] {
  if (facts.kind !== 'core' || facts.imports.length < FEWEST_MINIFIED) return [];
  const short = facts.imports.map(({ name }) => name);
  if (short.some((name) => name.length > 2)) return [];
  return [{ ruleId: 'names.minified', facts: { found: short.slice(0, LISTED).map(written), count: short.length } }];
}

/** What stands under WASI's name is WASI. What the host's profile names is the host's to explain. */
export const wasiNames: Check = ({ module, profile }) => {
  if (!('facts' in module)) return UNREADABLE;
  const { facts } = module;
  if (facts.kind !== 'core')
    return { outcome: 'notApplicable', reason: 'only a core module imports WASI by module names' };
  const provided = new Set(profile?.imports.map((rule) => `${rule.module}\0${rule.name}`));
  const foreign = facts.imports.filter((item) => !provided.has(`${item.module}\0${item.name}`));
  return findingsOf([...lookAlikes(foreign), ...unknownFunctions(foreign)]);
};

type Imports = readonly { readonly module: string; readonly name: string }[];

/** An edit more than this is another name. */
const MOST_EDITS = 2;

function lookAlikes(imports: Imports): RawFinding[] {
  const modules = [...new Set(imports.map(({ module }) => module))].filter((name) => !WASI_MODULES.includes(name));
  return modules.slice(0, 100_000).flatMap((module): RawFinding[] => {
    const resembles = WASI_MODULES.find((known) => resemblesModule(module, known));
    return resembles === undefined
      ? []
      : [{ ruleId: 'wasm.wasi-lookalike', facts: { module: written(module), resembles } }];
  });
}

function resemblesModule(name: string, known: string): boolean {
  if (Math.abs(name.length - known.length) > 2 * MOST_EDITS) return false;
  return skeleton(name) === skeleton(known) || editDistance(name, known, MOST_EDITS) <= MOST_EDITS;
}

function unknownFunctions(imports: Imports): RawFinding[] {
  return WASI_MODULES.flatMap((module): RawFinding[] => {
    const unknown = [...new Set(imports.filter((item) => item.module === module).map(({ name }) => name))].filter(
      (name) => !WASI_FUNCTIONS.has(name),
    );
    if (unknown.length === 0) return [];
    return [
      {
        ruleId: 'wasm.wasi-unknown',
        facts: { module, found: unknown.slice(0, LISTED).map(written), count: unknown.length },
      },
    ];
  });
}

// The import object of a core module: for each import what the host's profile grants, or a stub that refuses. A plugin reaches
// nothing that is not in here, and everything in here is counted and logged.

import type { CallLog } from './call-log.ts';
import { Fault, trapped } from './faults.ts';
import type { HostFunction, HostModule } from './guest.ts';
import type { ImportRule } from './request.ts';

/** What a function answers when its capability was not granted: of its module, or of the function itself. */
export type Denials = Readonly<Record<string, number>>;

export interface Offer {
  /** By module, then by name. */
  readonly functions: Readonly<Record<string, HostModule>>;
  readonly denials: Denials;
}

/** Modules that stand for another, so that their functions are the same. */
const ALIASES: Readonly<Record<string, string>> = { wasi_unstable: 'wasi_snapshot_preview1' };
const NOT_GRANTED = -1;

/**
 * @throws {Fault} linkError for an import that the profile does not know or forbids, and for any that is no function.
 */
export function linkImports(
  rules: readonly ImportRule[],
  { offer, log, grants }: { readonly offer: Offer; readonly log: CallLog; readonly grants: ReadonlySet<string> },
): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module, name, kind, meaning } of rules) {
    const refusal = refuse({ kind, meaning });
    if (refusal !== undefined) throw new Fault('linkError', `${module}.${name}: ${refusal}`);
    const act = offer.functions[ALIASES[module] ?? module]?.[name];
    const denied = meaning?.as === 'capability' && !grants.has(meaning.capability);
    const answer = offer.denials[`${module}.${name}`] ?? offer.denials[module] ?? NOT_GRANTED;
    const behave = denied ? () => answer : (act ?? unavailable(`${module}.${name}`));
    imports[module] ??= {};
    imports[module][name] = logged(`${module}.${name}`, behave as HostFunction, log);
  }
  return imports;
}

function refuse({ kind, meaning }: Pick<ImportRule, 'kind' | 'meaning'>): string | undefined {
  if (meaning === undefined) return 'the host does not provide it';
  if (meaning.as === 'forbidden') return 'the host forbids it';
  return kind === 'function' ? undefined : `the sandbox provides no ${kind}`;
}

function unavailable(name: string): () => never {
  return () => {
    throw trapped('host-unavailable', `${name} has no behaviour in the sandbox`);
  };
}

/** Counted before it acts, noted with its result after; one that throws is noted without. */
function logged(name: string, act: HostFunction, log: CallLog): (...values: never[]) => number | bigint | undefined {
  return (...values) => {
    log.enter(name);
    let result: number | bigint | undefined;
    try {
      result = act(...values);
    } finally {
      log.note(name, values, result);
    }
    return result;
  };
}

// What a plugin can do for one host, as a set: declared and seen in the code together, with the parameters that narrow each. Consent
// is bound to its hash, so the hash is computed here and never taken from a document.
import type { AnalysisSummary } from '../documents/package-document.ts';
import { ClientError } from '../error.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';

/** Parameter name -> values, sorted. */
type Params = ReadonlyMap<string, readonly string[]>;

export interface CapabilitySet {
  readonly host: string;
  /** By capability id, in order; without parameters where nothing narrows it. */
  readonly capabilities: ReadonlyMap<string, Params | undefined>;
  readonly unbounded: boolean;
}

export function capabilitySet({ host, capabilities }: AnalysisSummary): CapabilitySet {
  const { declared = [], derived, unbounded } = capabilities;
  const found = new Map<string, Params | undefined>();
  for (const { id, params } of declared) found.set(id, found.has(id) ? either(found.get(id), params) : sorted(params));
  for (const { id } of derived) if (!found.has(id)) found.set(id, undefined);
  return {
    host,
    capabilities: new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
    unbounded: unbounded.length > 0,
  };
}

/** Declared twice, it gets what either allows: every value, and only the parameters that both have. */
function either(a: Params | undefined, b: Params | undefined): Params | undefined {
  if (a === undefined || b === undefined) return undefined;
  return sorted(
    new Map([...a].flatMap(([name, values]) => (b.has(name) ? [[name, [...values, ...(b.get(name) ?? [])]]] : []))),
  );
}

function sorted(params: Params | undefined): Params | undefined {
  if (params === undefined || params.size === 0) return undefined;
  return new Map([...params].map(([name, values]) => [name, [...new Set(values)].sort()]));
}

/** sha256 of the set's canonical JSON, as the analysis computes it. */
export async function hashOf(set: CapabilitySet): Promise<string> {
  return toHex(await sha256(canonicalJson(setJson(set))));
}

/** What is hashed. */
export function setJson({ host, capabilities, unbounded }: CapabilitySet): object {
  const list = [...capabilities].map(([id, params]) => (params ? { id, params: Object.fromEntries(params) } : { id }));
  return { host, capabilities: list, unbounded };
}

/**
 * The set whose hash the document names. A document that lists one thing and hashes another would show a user one screen and be
 * covered by the consent to another. Throws DOCUMENT_MISMATCH.
 */
export async function verifiedSet(
  summary: AnalysisSummary,
  plugin: string,
): Promise<CapabilitySet & { readonly hash: string }> {
  const set = capabilitySet(summary);
  const hash = await hashOf(set);
  const { hash: named } = summary.capabilities;
  if (hash === named) return { ...set, hash };
  throw new ClientError('DOCUMENT_MISMATCH', { path: plugin, what: 'capability hash', actual: named, expected: hash });
}

/**
 * One way in which a version reaches further: a capability that is `new`, a `parameter` with new `values`, one that was restricted and
 * is not (`unrestricted`), or a reach that no list bounds (`unbounded`).
 */
export interface Widening {
  /** A capability, or `unbounded`. */
  readonly id: string;
  readonly change: 'new' | 'parameter' | 'unrestricted' | 'unbounded';
  readonly parameter?: string;
  readonly values?: readonly string[];
}

/** How two sets of capabilities differ. */
export interface SetDifference {
  /** What the second can do and the first cannot. Empty: consent to the first covers the second. */
  readonly widened: readonly Widening[];
  /** Capabilities of the first that the second no longer has. */
  readonly removed: readonly string[];
}

export function compareSets(before: CapabilitySet | undefined, after: CapabilitySet): SetDifference {
  const had = before?.capabilities ?? new Map<string, Params | undefined>();
  const widened = [...after.capabilities].flatMap(([id, params]): Widening[] =>
    had.has(id) ? widenedParams(id, had.get(id), params) : [{ id, change: 'new' }],
  );
  const isUnbounded = after.unbounded && before?.unbounded !== true;
  return {
    widened: isUnbounded ? [...widened, { id: 'unbounded', change: 'unbounded' }] : widened,
    removed: [...had.keys()].filter((id) => !after.capabilities.has(id)),
  };
}

function widenedParams(id: string, before: Params | undefined, after: Params | undefined): Widening[] {
  return [...(before ?? [])].flatMap(([parameter, allowed]): Widening[] => {
    const now = after?.get(parameter);
    if (now === undefined) return [{ id, change: 'unrestricted', parameter }];
    const values = now.filter((value) => !allowed.includes(value));
    return values.length > 0 ? [{ id, change: 'parameter', parameter, values }] : [];
  });
}

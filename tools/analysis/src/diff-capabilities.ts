// Two truth panels compared. What can be reached is declared and seen together, as consent binds it: a capability, a value of a
// parameter or a way around the import section that is new makes the set wider; fewer of them narrow it.

import type { CapabilityChange, CapabilityFacts, CapabilityState, ReportDiff } from '@plugmark/schemas';
import { declaredParameters } from './capabilities.ts';
import { gainedAndLost } from './diff-items.ts';
import { becameProcess } from './process-capabilities.ts';

export type CapabilityDiff = NonNullable<ReportDiff['capabilities']>;

export function diffCapabilities(before: CapabilityFacts, after: CapabilityFacts): CapabilityDiff {
  const [had, has] = [statesOf(before), statesOf(after)];
  const ids = [...new Set([...had.keys(), ...has.keys()])].sort();
  return {
    changes: ids
      .flatMap((id) => changeOf(id, had.get(id), has.get(id)) ?? [])
      .map((change) => known(change, before, after)),
    undeclared: gainedAndLost([...before.undeclared].sort(), [...after.undeclared].sort()),
    unknown: gainedAndLost(before.unknown.map(nameOf), after.unknown.map(nameOf)),
    unbounded: gainedAndLost(before.unbounded.map(wayOut), after.unbounded.map(wayOut)),
    risk: { before: before.risk, after: after.risk },
    hash: { before: before.hash, after: after.hash },
  };
}

type Unknown = CapabilityDiff['unknown']['gained'][number];
type WayOut = CapabilityDiff['unbounded']['gained'][number];
// Compared by these members, in this order.
const nameOf = ({ module, name, kind }: Unknown): Unknown => ({ module, name, kind });
const wayOut = ({ cause, detail }: WayOut): WayOut => ({ cause, detail });

/** More can be reached than before. Once it was unbounded, another way around the imports adds nothing, but leaving the sandbox does. */
export function isWider(
  { changes, unknown }: CapabilityDiff,
  before: CapabilityFacts,
  after: CapabilityFacts,
): boolean {
  const wider = changes.some(({ change }) => change === 'added' || change === 'widened');
  const opened = (before.unbounded.length === 0 && after.unbounded.length > 0) || becameProcess(before, after);
  return wider || unknown.gained.length > 0 || opened;
}

function statesOf({ declared = [], derived }: CapabilityFacts): Map<string, CapabilityState> {
  const parameters = declaredParameters(declared);
  const seen = new Set(derived.map(({ id }) => id));
  const ids = [...new Set([...parameters.keys(), ...seen])];
  return new Map(
    ids.map((id) => {
      const params = parameters.get(id);
      return [id, { declared: parameters.has(id), seen: seen.has(id), ...(params === undefined ? {} : { params }) }];
    }),
  );
}

function changeOf(id: string, before?: CapabilityState, after?: CapabilityState): CapabilityChange | undefined {
  if (after === undefined) return before && { id, change: 'removed', before };
  if (before === undefined) return { id, change: 'added', after };
  if (allowsMore(after, before)) return { id, change: 'widened', before, after };
  if (allowsMore(before, after)) return { id, change: 'narrowed', before, after };
  const same = before.declared === after.declared && before.seen === after.seen;
  return same ? undefined : { id, change: 'changed', before, after };
}

/** A parameter that narrowed is gone, or has a value that was not there. */
function allowsMore({ params: now }: CapabilityState, { params: then }: CapabilityState): boolean {
  return Object.entries(then ?? {}).some(([name, values]) => {
    const given = now !== undefined && Object.hasOwn(now, name) ? now[name] : undefined;
    return given === undefined || given.some((value) => !values.includes(value));
  });
}

/** With class and risk, where the code shows the capability; the newer profile's word counts. */
function known(change: CapabilityChange, before: CapabilityFacts, after: CapabilityFacts): CapabilityChange {
  const found = [...after.derived, ...before.derived].find(({ id }) => id === change.id);
  return found === undefined ? change : { ...change, class: found.class, risk: found.risk };
}

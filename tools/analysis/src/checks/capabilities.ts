import type { HostCapability } from '@plugmark/schemas';
import { declaredParameters } from '../capabilities.ts';
import { type Check, findingsOf, NO_PROFILE, NO_RELEASE, PASS, type RawFinding, UNREADABLE } from '../check.ts';
import { importText } from '../import-text.ts';
import { becameProcess, isProcess } from '../process-capabilities.ts';

/** Every import is one the host provides, with its type, and none it forbids. Undecidable without a profile, never passed. */
export const importsKnown: Check = ({ module, profile, map }) => {
  if (!('facts' in module)) return UNREADABLE;
  if (profile === undefined || map === undefined) return NO_PROFILE;
  return findingsOf([
    ...map.unknown.map(
      ({ module: from, name, kind }): RawFinding => ({
        ruleId: 'wasm.import-unknown',
        facts: { module: from, name, kind, host: profile.title },
      }),
    ),
    ...map.forbidden.map(
      ({ module: from, name, kind, reason }): RawFinding => ({
        ruleId: 'wasm.import-forbidden',
        facts: { module: from, name, kind, reason },
      }),
    ),
    ...map.mistyped.map(
      ({ module: from, name, kind, type, expected }): RawFinding => ({
        ruleId: 'wasm.import-type',
        facts: { module: from, name, kind, actual: type ?? '', expected },
      }),
    ),
  ]);
};

/** What the bytes can do is declared; what is declared exists. */
export const capabilitiesDeclared: Check = ({ release, profile, map }) => {
  if (release === undefined) return NO_RELEASE;
  if (profile === undefined) return NO_PROFILE;
  if (map === undefined) return UNREADABLE;
  const declared = new Map(release.capabilities.map((capability) => [capability.id, capability]));
  const known = new Map(profile.capabilities.map((capability) => [capability.id, capability]));
  const findings: RawFinding[] = [];
  for (const [capability, imports] of map.derived) {
    if (declared.has(capability)) continue;
    findings.push({ ruleId: 'wasm.import-undeclared', facts: { capability, imports: imports.map(importText) } });
  }
  for (const { id, params } of release.capabilities) {
    const capability = known.get(id);
    if (capability === undefined)
      findings.push({ ruleId: 'manifest.capability-unknown', facts: { capability: id, host: profile.title } });
    else findings.push(...parameterFindings(capability, params ?? {}));
    // Of a process nothing can be seen, so nothing is missing.
    if (capability !== undefined && !map.derived.has(id) && !isProcess(map))
      findings.push({ ruleId: 'manifest.capability-unused', facts: { capability: id } });
  }
  return findingsOf(findings);
};

function parameterFindings({ id, params }: HostCapability, given: Readonly<Record<string, unknown>>): RawFinding[] {
  const missing = params
    .filter(({ name, required }) => required && !Object.hasOwn(given, name))
    .map(({ name }) => ({ problem: 'missing', parameter: name }));
  const names = new Set(params.map(({ name }) => name));
  const unknown = Object.keys(given)
    .filter((name) => !names.has(name))
    .map((name) => ({ problem: 'unknown', parameter: name }));
  return [...missing, ...unknown].map((facts) => ({
    ruleId: 'manifest.capability-parameter',
    facts: { capability: id, ...facts },
  }));
}

/** The import section bounds what the plugin can reach. */
export const capabilitiesBounded: Check = ({ profile, map }) => {
  if (profile === undefined) return NO_PROFILE;
  if (map === undefined) return UNREADABLE;
  return findingsOf(map.unbounded.map(({ cause, detail }) => ({ ruleId: 'wasm.unbounded', facts: { cause, detail } })));
};

/** Nothing was added since the last release of this plugin for this host. */
export const capabilitiesWidened: Check = ({ release, previous, profile, map }) => {
  if (release === undefined) return NO_RELEASE;
  if (previous === undefined) return { outcome: 'notApplicable', reason: 'there is no earlier release' };
  const before = previous.report.capabilities;
  if (before === undefined)
    return { outcome: 'inconclusive', reason: `the report of ${previous.version} has no capabilities to compare with` };
  if (profile === undefined) return NO_PROFILE;
  if (map === undefined) return UNREADABLE;
  const had = new Set([...(before.declared ?? []), ...before.derived].map(({ id }) => id));
  const now = new Set([...release.capabilities.map(({ id }) => id), ...map.derived.keys()]);
  const added = [...now].filter((id) => !had.has(id)).sort();
  if ((map.unbounded.length > 0 && before.unbounded.length === 0) || becameProcess(before, map))
    added.push('unbounded');
  added.push(...widenedParameters(release.capabilities, before.declared ?? []));
  return added.length === 0
    ? PASS
    : { findings: [{ ruleId: 'capability.widened', facts: { since: previous.version, added } }] };
};

type Declared = Parameters<typeof declaredParameters>[0];

/** Parameters of capabilities that were there before: a value that is new, or a parameter that narrowed and is gone. */
function widenedParameters(now: Declared, before: Declared): string[] {
  const old = declaredParameters(before);
  return [...declaredParameters(now)].flatMap(([id, params]) => {
    const narrowed = old.get(id);
    if (narrowed === undefined) return [];
    const gone = Object.keys(narrowed).filter((name) => params === undefined || !Object.hasOwn(params, name));
    const values = Object.entries(params ?? {}).flatMap(([name, list]) => {
      const had = Object.hasOwn(narrowed, name) ? narrowed[name] : undefined;
      return had === undefined
        ? []
        : list.filter((value) => !had.includes(value)).map((value) => `${id} ${name}=${value}`);
    });
    return [...gone.map((name) => `${id} without ${name}`), ...values];
  });
}

// A page for each rule, from the rule table, the policy of this registry and what was measured. Pure.

import { RULES, type Rule, type RuleClass, type RuleName, type RuleNeeds } from '@plugmark/analysis';
import type { Policy } from '@plugmark/schemas';
import type { Measurement, RuleMeasurements } from './rule-measurements.ts';

export interface RuleLine {
  readonly id: string;
  readonly title: string;
  readonly effect: string;
}

export interface RulePage extends RuleLine {
  readonly why: string;
  readonly fix: string;
  readonly facts: readonly { readonly name: string; readonly value: string; readonly note?: string }[];
}

type Effect = Rule['effect'];

const EFFECTS: Readonly<Record<Effect, { readonly word: string; readonly says: string }>> = {
  fail: { word: 'Refuses', says: 'A release it fires on is not listed.' },
  review: { word: 'Asks a person', says: 'A person decides whether the release is listed.' },
  note: { word: 'Remarks', says: 'It is shown and decides nothing.' },
};

const CLASSES: Readonly<Record<RuleClass, string>> = {
  integrity: 'Integrity',
  security: 'Security',
  'abi-compatibility': 'Fits its host',
  'resource-limit': 'Resources',
  quality: 'Quality',
  determinism: 'Same answer each time',
};

const NEEDS: Readonly<Record<RuleNeeds, string>> = {
  bytes: 'the file alone',
  zip: 'the zip of a process plugin',
  host: 'the file and the profile of a host',
  manifest: 'the file and its manifest',
  registry: 'the names that are taken in a registry',
  runs: 'the file and runs of its vectors',
};

/** Every rule by what it is about, in the order of the table. */
export function ruleGroups(policy: Policy): readonly { readonly title: string; readonly rules: readonly RuleLine[] }[] {
  return (Object.keys(CLASSES) as RuleClass[]).map((name) => ({
    title: CLASSES[name],
    rules: (Object.entries(RULES) as [RuleName, Rule][])
      .filter(([, rule]) => rule.class === name)
      .map(([id, rule]) => ({ id, title: rule.title, effect: EFFECTS[effectHere(id, rule, policy)].word })),
  }));
}

/** The page of one rule; undefined for an id that is not in the table. */
export function rulePage(
  id: string,
  {
    policy,
    measurements,
    registry,
  }: { readonly policy: Policy; readonly measurements: RuleMeasurements; readonly registry: string },
): RulePage | undefined {
  const rule: Rule | undefined = Object.hasOwn(RULES, id) ? RULES[id as RuleName] : undefined;
  if (rule === undefined) return undefined;
  const here = effectHere(id, rule, policy);
  return {
    id,
    title: rule.title,
    why: rule.why,
    fix: rule.fix,
    effect: EFFECTS[here].word,
    facts: [
      { name: 'Effect by default', value: EFFECTS[rule.effect].word, note: EFFECTS[rule.effect].says },
      {
        name: `Effect in ${registry}`,
        value: EFFECTS[here].word,
        note: here === rule.effect ? 'The policy of this registry leaves it as it is.' : EFFECTS[here].says,
      },
      { name: 'Shown as', value: rule.severity },
      { name: 'About', value: CLASSES[rule.class] },
      { name: 'Needs', value: NEEDS[rule.needs] },
      { name: 'On honest files', ...measuredWords(measurements.rules[id], measurements) },
    ],
  };
}

const effectHere = (id: string, { effect }: Rule, { rules }: Policy): Effect =>
  Object.hasOwn(rules, id) ? (rules[id] ?? effect) : effect;

function measuredWords(
  measurement: Measurement | undefined,
  { files, plugins, analyser }: RuleMeasurements,
): { readonly value: string; readonly note?: string } {
  if (measurement === undefined) return { value: 'not measured yet' };
  if (!measurement.measured)
    return { value: 'not measured', note: 'It needs more than a file, and the files of the corpus come alone.' };
  return {
    value: `fires on ${measurement.all} of ${files} files, ${measurement.plugins} of ${plugins} plugins`,
    note: `Counted by analyser ${analyser} on WebAssembly that other people publish on npm and that is presumed honest. How many hostile files it misses is not known.`,
  };
}

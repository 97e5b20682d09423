// What a rule is, and the words that rules of several subjects share. Reports carry ids and facts; the sentence for a finding is
// made here when it is shown. Policy may change effects, never words.

import type { Finding, Severity } from '@plugmark/schemas';
import { importText } from '../import-text.ts';

type RuleEffect = Finding['effect'];
export type RuleClass = 'integrity' | 'security' | 'abi-compatibility' | 'resource-limit' | 'quality' | 'determinism';

/** What has to be at hand before a rule can find anything: the file alone, a zip in its place, a host profile, the manifest, the registry's lists, or runs of its vectors. */
export type RuleNeeds = 'bytes' | 'zip' | 'host' | 'manifest' | 'registry' | 'runs';

export interface Rule {
  readonly severity: Severity;
  readonly effect: RuleEffect;
  readonly class: RuleClass;
  /** No policy makes it less and no exception covers it: what it says stays true whoever accepts it. */
  readonly atLeast?: 'review';
  readonly needs: RuleNeeds;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** One sentence about this finding, from its facts. */
  readonly say: (facts: Finding['facts']) => string;
}

type Words = Omit<Rule, 'severity' | 'effect' | 'class'>;

export const rule = (severity: Severity, effect: RuleEffect, ruleClass: RuleClass, words: Words): Rule => ({
  severity,
  effect,
  class: ruleClass,
  ...words,
});

export const error = (ruleClass: RuleClass, words: Words): Rule => rule('error', 'fail', ruleClass, words);

/** Asks a person; for what honest plugins were never seen to do. */
export const review = (ruleClass: RuleClass, words: Words): Rule => rule('warning', 'review', ruleClass, words);

/** Worth a look, decides nothing. */
export const remark = (ruleClass: RuleClass, words: Words): Rule => rule('warning', 'note', ruleClass, words);

/** Good to know, decides nothing. */
export const info = (ruleClass: RuleClass, words: Words): Rule => rule('info', 'note', ruleClass, words);

const LISTED = 8;

/** The first few, and how many more there are; a hostile file has a hundred thousand. */
export function list(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const rest = value.length - LISTED;
  return rest > 0 ? `${value.slice(0, LISTED).join(', ')} and ${grouped(rest)} more` : value.join(', ');
}

/** What was found, and how often when that is more than is listed. */
export function found({ found: items, count }: Finding['facts']): string {
  const listed = Array.isArray(items) ? items.length : 1;
  const more = typeof count === 'number' && count > listed ? ` (${grouped(count)} in all)` : '';
  return `${list(items)}${more}`;
}

/** `acme:host/log@1.0.0 write`, or the name of a function of the world itself. */
export function worldItem({ interface: from, name }: Finding['facts']): string {
  return [from, name].filter((part) => part !== undefined && part !== '').join(' ');
}

/** Where in the type the difference is, when it is not the whole type. */
export function placeOf({ place }: Finding['facts']): string {
  return place === undefined ? '' : ` (in ${place})`;
}

export function importOf({ module, name, kind }: Finding['facts']): string {
  return importText({ module: String(module), name: String(name), kind: String(kind) });
}

/** `1234567` as `1,234,567`. */
export function grouped(value: unknown): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

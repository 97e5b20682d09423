// registry/policy.json as what people edit: single values by dotted path, each with its reason.

import { isDeepStrictEqual } from 'node:util';
import { CHECKS, editDistance, RULES } from '@plugmark/analysis';
import { LAYERS } from '@plugmark/sandbox';
import { Policy, parse } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';

/** Every value by its path, such as `client.minimumReleaseAgeMinutes` or `rules.wasm.import-undeclared`. Lists are one value. */
export function policyLeaves({
  reasons: _,
  revision: _revision,
  schemaVersion: _version,
  ...policy
}: Policy): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    else leaves.set(path, value);
  };
  walk(policy, '');
  return leaves;
}

export interface PolicyEdit {
  readonly path: string;
  /** JSON, or a word that needs no quotes. */
  readonly text: string;
  readonly reason: string;
}

const OF_RULES = 'rules.';

/**
 * The policy with one value changed, its reason beside it and the revision after it; the very same one when it says so already.
 * Throws USAGE, SchemaError.
 */
export function editPolicy(policy: Policy, { path, text, reason }: PolicyEdit): Policy {
  requireLeaf(policy, path);
  const value = readValue(text);
  requireKnown(path, value);
  if (isDeepStrictEqual(policyLeaves(policy).get(path), value) && policy.reasons[path] === reason) return policy;
  const edited: Record<string, unknown> = structuredClone(policy);
  const [groups, name] = path.startsWith(OF_RULES) ? [['rules'], path.slice(OF_RULES.length)] : splitLast(path);
  let group = edited;
  for (const part of groups) group = group[part] as Record<string, unknown>;
  group[name] = value;
  const reasons = { ...policy.reasons, [path]: reason };
  return parse(Policy, { ...edited, revision: policy.revision + 1, reasons }, 'policy.json');
}

/** A name that is misspelt would change nothing, and nobody would notice. */
function requireLeaf(policy: Policy, path: string): void {
  const leaves = policyLeaves(policy);
  if (leaves.has(path) || (path.startsWith(OF_RULES) && Object.hasOwn(RULES, path.slice(OF_RULES.length)))) return;
  const ofRules = Object.keys(RULES).map((rule) => `${OF_RULES}${rule}`);
  const near = [...new Set([...leaves.keys(), ...ofRules])].filter((name) => isNear(name, path));
  throw new CliError('USAGE', `${path} is no single value of the policy`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(', ')}?`
        : 'plugmark registry policy lists them; what the file does not have yet is written into it by hand',
  });
}

/** Lists of names that a reader skips when it does not know them: a check that is misspelt would be required no more. */
const NAMES_IN: Readonly<Record<string, readonly string[]>> = {
  required: Object.keys(CHECKS),
  'sandbox.requiredLayers': Object.keys(LAYERS),
};

function requireKnown(path: string, value: unknown): void {
  const known = Object.hasOwn(NAMES_IN, path) ? NAMES_IN[path] : undefined;
  if (known === undefined || !Array.isArray(value)) return;
  const strange = value.filter((name) => !known.includes(name));
  if (strange.length === 0) return;
  throw new CliError('USAGE', `${path} cannot name ${strange.map((name) => JSON.stringify(name)).join(', ')}`, {
    hint: `it chooses from ${known.join(', ')}`,
  });
}

const MOST_TYPOS = 2;

const isNear = (known: string, typed: string): boolean =>
  (known.startsWith(`${typed}.`) && typed !== 'rules') ||
  known.endsWith(`.${typed}`) ||
  editDistance(known, typed, MOST_TYPOS) <= MOST_TYPOS;

function splitLast(path: string): [groups: string[], name: string] {
  const parts = path.split('.');
  return [parts.slice(0, -1), parts.at(-1) ?? ''];
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

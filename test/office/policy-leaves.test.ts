// policy.json edited by dotted paths: what is a value, what an edit changes and what it must not reach.
import { readFileSync } from 'node:fs';
import { RULES } from '@plugmark/analysis';
import { Policy, parseJson } from '@plugmark/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editPolicy, policyLeaves } from '../../tools/cli/src/policy-leaves.ts';

const FILE = new URL('../../registry/policy.json', import.meta.url);
const POLICY = parseJson(Policy, new Uint8Array(readFileSync(FILE)), 'policy.json');
const REASON = 'Because of the test.';
const edited = (path: string, text: string, policy: Policy = POLICY): Policy =>
  editPolicy(policy, { path, text, reason: REASON });
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('values are what the file holds, but for what every edit changes', () => {
  const leaves = policyLeaves(POLICY);
  expect(leaves.get('client.minimumReleaseAgeMinutes')).toBe(POLICY.client.minimumReleaseAgeMinutes);
  expect(leaves.get('required')).toEqual(POLICY.required);
  expect([...leaves.keys()].filter((path) => /^(?:reasons|revision|schemaVersion)/.test(path))).toEqual([]);
});

test('an edit changes its value, its reason and the revision, and nothing of the policy it was given', () => {
  const before = structuredClone(POLICY);
  const after = edited('waits.updateMinutes', '20');
  expect(POLICY).toEqual(before);
  expect(after).toEqual({
    ...POLICY,
    revision: POLICY.revision + 1,
    waits: { ...POLICY.waits, updateMinutes: 20 },
    reasons: { ...POLICY.reasons, 'waits.updateMinutes': REASON },
  });
});

test('an edit that says what the policy says already is the same policy', () => {
  const once = edited('merge.automatic', '["release"]');
  expect(edited('merge.automatic', '[ "release" ]', once)).toBe(once);
  expect(editPolicy(once, { path: 'merge.automatic', text: '["release"]', reason: 'Another.' }).revision).toBe(
    once.revision + 1,
  );
});

test('every value can be written back as it is, by its path', () => {
  for (const [path, value] of policyLeaves(POLICY)) {
    const after = edited(path, JSON.stringify(value));
    expect([path, policyLeaves(after).get(path), after.reasons[path]]).toEqual([path, value, REASON]);
  }
});

test('every rule can be given a consequence, although the file names none', () => {
  for (const rule of Object.keys(RULES)) expect(edited(`rules.${rule}`, 'review').rules[rule]).toBe('review');
});

describe('what is no single value', () => {
  test.each([
    ...['__proto__', '__proto__.polluted', 'rules.__proto__', 'constructor.prototype', 'rules.constructor', 'toString'],
    ...[
      '',
      '.',
      'waits',
      'waits.',
      '.updateMinutes',
      'required.0',
      'merge.automatic.0',
      'reasons.required',
      'revision',
    ],
    // The file has neither: an account is more than one value, and is written into it by hand.
    ...['merge.watcher', 'merge.watcher.login'],
  ])('%s is refused', (path) => {
    expect(codeOf(() => edited(path, '1'))).toBe('USAGE');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('any other name is refused as well', () => {
    const known = new Set([...policyLeaves(POLICY).keys(), ...Object.keys(RULES).map((rule) => `rules.${rule}`)]);
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (path) => {
        expect(codeOf(() => edited(path, '1'))).toBe(known.has(path) ? 'none' : 'USAGE');
      }),
      { numRuns: 200 },
    );
  });
});

test.each([
  ['waits.updateMinutes', '"20"'],
  ['waits.updateMinutes', '{"a":1}'],
  ['waits.updateMinutes', 'null'],
  ['merge.automatic', 'release'],
  ['rules.wasm.memory-large', '["fail"]'],
  ['sandbox.requiredLayers', '{"__proto__":[]}'],
])('%s is not set to %s', (path, text) => {
  expect(codeOf(() => edited(path, text))).toBe('SCHEMA_INVALID');
});

// A name that no check has is skipped by whoever reads the list: the check it was meant for would be required no more.
test.each([
  ['required', '["wasm-vaild"]'],
  ['required', '["artifact-digest", 7]'],
  ['sandbox.requiredLayers', '["containr"]'],
])('%s does not take %s', (path, text) => {
  expect(codeOf(() => edited(path, text))).toBe('USAGE');
});

test('a watcher that the file has is two values, each with its reason', () => {
  const watched = { ...POLICY, merge: { ...POLICY.merge, watcher: { github: 'watch', githubId: 1 } } } as Policy;
  expect(policyLeaves(watched).get('merge.watcher.githubId')).toBe(1);
  expect(edited('merge.watcher.githubId', '2', watched).merge?.watcher?.githubId).toBe(2);
});

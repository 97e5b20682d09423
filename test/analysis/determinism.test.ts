// The word about determinism from what the bytes say and what runs showed.

import { readdirSync, readFileSync } from 'node:fs';
import { determinismVerdict, type StaticDeterminism } from '@plugmark/analysis';
import { HostProfile, parseJson } from '@plugmark/schemas';
import { FEATURE_IDS } from '@plugmark/wasm';
import { expect, test } from 'vitest';

const HOLDS: StaticDeterminism = { holds: true, causes: [] };
const OPEN: StaticDeterminism = { holds: false, causes: ['determinism.nan-bits'] };

test.each([
  ['nothing is known', undefined, undefined, 'untested'],
  ['the bytes leave it open', OPEN, undefined, 'untested'],
  ['the bytes decide it', HOLDS, undefined, 'by-construction'],
  ['runs agree', OPEN, { inputs: 3, runs: 9 }, 'observed'],
  ['runs agree and the file has no profile', undefined, { inputs: 3, runs: 9 }, 'observed'],
  ['each input ran once', OPEN, { inputs: 3, runs: 3 }, 'untested'],
  ['there were no inputs', OPEN, { inputs: 0, runs: 0 }, 'untested'],
  ['the bytes decide it and runs agree', HOLDS, { inputs: 1, runs: 3 }, 'by-construction'],
  ['runs differ', OPEN, { inputs: 1, runs: 2, firstDifference: 'byte 0' }, 'nondeterministic'],
  ['runs differ against all reasoning', HOLDS, { inputs: 1, runs: 2, firstDifference: 'byte 0' }, 'nondeterministic'],
] as const)('%s', (_, decided, observed, word) => {
  const verdict = determinismVerdict(decided, observed);
  expect(verdict.word).toBe(word);
  expect(verdict.causes).toEqual(decided?.causes ?? []);
  expect(verdict.runs).toBe(observed?.runs ?? 0);
});

test('features that host profiles name exist, so that a typing error cannot switch a rule off', () => {
  const hosts = new URL('../../registry/hosts/', import.meta.url);
  for (const file of readdirSync(hosts)) {
    const profile = parseJson(HostProfile, new Uint8Array(readFileSync(new URL(file, hosts))), file);
    expect(profile.unsupportedFeatures.filter((id) => !(FEATURE_IDS as readonly string[]).includes(id))).toEqual([]);
  }
});

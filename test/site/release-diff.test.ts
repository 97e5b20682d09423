import { describe, expect, test } from 'vitest';
import { releaseDiff, type Signer } from '../../site/src/data/release-diff.ts';
import { hostProfile, sampleDocument, sampleRelease } from './sample-release.ts';

const OLD: Signer = { state: 'verified', name: 'a'.repeat(64) };
const NEW: Signer = { state: 'verified', name: 'https://github.com/acme/probe/.github/workflows/release.yml' };
const REFUSED: Signer = { state: 'verificationFailed', code: 'SIGNATURE_INVALID' };
const UNREAD: Signer = { state: 'notChecked', code: 'BUNDLE_KEYLESS' };

function compare(before: Signer, after: Signer, declared: { id: string; reason: string }[] = []) {
  const facts = declared.length === 0 ? {} : { declared, hash: 'c'.repeat(64) };
  const releases = [sampleRelease({ version: '1.1.0', facts }), sampleRelease()] as const;
  return releaseDiff({
    document: sampleDocument(releases),
    before: releases[1],
    after: releases[0],
    hosts: new Map([['ddalab', hostProfile('ddalab')]]),
    reports: new Map(),
    signers: { before, after },
  });
}

describe('whose signature', () => {
  test.each<[string, Signer, Signer, string, string]>([
    ['the same key', OLD, OLD, 'pass', 'It can do no more than before'],
    ['a key, then a workflow', OLD, NEW, 'review', 'Somebody else signed it'],
    ['one that does not fit', OLD, REFUSED, 'fail', 'A signature does not fit'],
    ['one that was not looked at is not the same', OLD, UNREAD, 'review', 'Somebody else signed it'],
  ])('%s', (_, before, after, state, title) => {
    expect(compare(before, after).verdict).toMatchObject({ state, title });
  });

  test('a capability comes before a new signer, a refused signature before both', () => {
    const panel = [{ id: 'ui:panel', reason: 'r' }];
    expect(compare(OLD, NEW, panel).verdict.title).toBe('It can do more');
    expect(compare(REFUSED, NEW, panel).verdict.title).toBe('A signature does not fit');
  });

  test('says who, or why not', () => {
    const said = [OLD, REFUSED, UNREAD].map((signer) => compare(OLD, signer).rows[0]?.after);
    expect(said).toEqual([OLD.name, 'refused (SIGNATURE_INVALID)', 'not checked (BUNDLE_KEYLESS)']);
  });
});

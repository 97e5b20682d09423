import { type Check, findingsOf, NO_RELEASE, PASS } from '../check.ts';

/** README and vectors are there and have the digests the manifest signs. */
export const releaseFiles: Check = ({ release, files }) => {
  if (release === undefined) return NO_RELEASE;
  const wrong = files.filter(({ expected, actual }) => expected !== actual);
  return findingsOf(
    wrong.map(({ file, expected, actual }) => ({
      ruleId: 'manifest.file-digest',
      facts: { file, problem: actual === undefined ? 'missing' : `sha256 is ${actual}, the manifest says ${expected}` },
    })),
  );
};

/** The publisher's statement verifies and names this release. */
export const publisherSignature: Check = ({ release, signature }) => {
  if (release === undefined) return NO_RELEASE;
  if (signature === undefined) return { outcome: 'inconclusive', reason: 'the signature was not checked here' };
  if (signature === 'missing') return { findings: [{ ruleId: 'signature.missing', facts: {} }] };
  if (signature.outcome === 'pass') return PASS;
  if (signature.outcome === 'inconclusive') return { outcome: 'inconclusive', reason: signature.reason };
  return { findings: [{ ruleId: 'signature.invalid', facts: { code: signature.code, problem: signature.problem } }] };
};

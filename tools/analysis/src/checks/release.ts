import { type Check, findingsOf, NO_RELEASE, PASS } from '../check.ts';

/** README and vectors are there and have the digests the manifest signs. */
export const releaseFiles: Check = ({ release, files }) => {
  if (release === undefined) return NO_RELEASE;
  const named = [...(release.readme === undefined ? [] : [release.readme]), ...release.vectors].map(
    ({ sha256 }) => sha256,
  );
  if (named.length === 0) return PASS;
  if (files === undefined)
    return { outcome: 'inconclusive', reason: 'the files of the release were not looked at here' };
  const seen = new Set(files.map(({ expected }) => expected));
  if (named.some((digest) => !seen.has(digest)))
    return { outcome: 'inconclusive', reason: 'not every file of the release was looked at' };
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
  if ('reason' in signature) return { outcome: signature.outcome, reason: signature.reason };
  return { findings: [{ ruleId: 'signature.invalid', facts: { code: signature.code, problem: signature.problem } }] };
};

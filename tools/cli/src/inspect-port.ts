// What the client asks about a plugin that no registry analysed: the same analysis, here, under the host's profile. What its author
// declares is compared with what the bytes import.

import { reviewRelease, type SignatureResult, summarizeReport } from '@plugmark/analysis';
import { type InspectPort, type InspectSubject, satisfies } from '@plugmark/client';
import { makeRelease, sha256 } from '@plugmark/publish';
import { canonicalBytes, HostProfile, Manifest, type Policy, parse, type Release } from '@plugmark/schemas';

const NOBODY_SIGNED: SignatureResult = {
  outcome: 'notApplicable',
  reason: 'installed from a place where nothing is signed',
};

/** `policy`: the registry's, for limits and rules. */
export function inspectPort({ policy, now }: { readonly policy: Policy; readonly now: () => Date }): InspectPort {
  // Whether an undeclared capability is refused or asked about is the host's policy to say, in a rule of its own.
  const rules = { ...policy.rules, 'wasm.import-undeclared': 'review' } as const;
  return async (subject) => {
    const profile = parse(HostProfile, subject.profile, 'profile');
    const release = subject.manifest === undefined ? undefined : releaseOf(subject, profile);
    const report = await reviewRelease(
      { host: profile.host, profile, policy: { ...policy, rules }, ...(release && { release }) },
      {
        artifact: async () => subject.bytes,
        files: async () => [],
        signature: async () => NOBODY_SIGNED,
        satisfies,
        now: now(),
      },
    );
    return summarizeReport(report);
  };
}

/** As it would be released. README and vectors lie elsewhere, and nothing is decided on them here. */
function releaseOf(
  { manifest, bytes, kind }: InspectSubject,
  profile: HostProfile,
): { readonly value: Release; readonly sha256: string } {
  const { readme: _, vectors: __, ...rest } = parse(Manifest, manifest, profile.manifest.file);
  const value = makeRelease(rest, { artifact: { kind, bytes }, vectors: [] }, profile);
  return { value, sha256: sha256(canonicalBytes(value)) };
}

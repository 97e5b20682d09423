import { type Check, findingsOf, NO_PROFILE, NO_RELEASE, type RawFinding, UNREADABLE } from '../check.ts';
import { kindOf } from '../read-artifact.ts';

/** The bytes are those the release names. */
export const artifactDigest: Check = ({ release, sha256, bytes }) => {
  if (release === undefined) return NO_RELEASE;
  const findings: RawFinding[] = [];
  const { artifact } = release;
  if (artifact.sha256 !== sha256)
    findings.push({ ruleId: 'artifact.digest-mismatch', facts: { expected: artifact.sha256, actual: sha256 } });
  if (artifact.size !== bytes.length)
    findings.push({ ruleId: 'artifact.size-mismatch', facts: { expected: artifact.size, actual: bytes.length } });
  return findingsOf(findings);
};

/** The kind of the bytes is what the release says and what the host runs. */
export const artifactKind: Check = ({ release, profile, module }) => {
  const actual = kindOf(module);
  if (actual === undefined) return UNREADABLE;
  const claims = [
    ...(release === undefined ? [] : [{ by: 'the release', expected: release.artifact.kind }]),
    ...(profile === undefined ? [] : [{ by: profile.title, expected: profile.artifact }]),
  ];
  const wrong = claims.filter(({ expected }) => expected !== actual);
  if (wrong.length === 0 && profile === undefined) return NO_PROFILE;
  return findingsOf(
    wrong.map(({ by, expected }) => ({ ruleId: 'artifact.kind-mismatch', facts: { by, expected, actual } })),
  );
};

/** The file is no larger than policy and host allow. */
export const artifactSize: Check = ({ bytes, policy, profile }) => {
  const limits = [{ by: 'the registry', limit: policy.limits.artifactBytes }];
  if (profile !== undefined) limits.push({ by: profile.title, limit: profile.limits.artifactBytes });
  const over = limits.filter(({ limit }) => bytes.length > limit);
  if (over.length === 0 && profile === undefined) return NO_PROFILE;
  return findingsOf(
    over.map(({ by, limit }) => ({
      ruleId: 'artifact.too-large',
      facts: { by, expected: limit, actual: bytes.length },
    })),
  );
};

/** The release targets a host this registry knows, in an API version that exists. */
export const target: Check = ({ release, host, profile, satisfies }) => {
  if (profile === undefined) return { findings: [{ ruleId: 'manifest.host-unknown', facts: { host } }] };
  if (release === undefined) return NO_RELEASE;
  const ranges = release.targets.filter((candidate) => candidate.host === host).map(({ api }) => api);
  if (ranges.length === 0)
    return {
      findings: [
        { ruleId: 'manifest.target-missing', facts: { host, targets: release.targets.map((other) => other.host) } },
      ],
    };
  const versions = profile.apiVersions;
  const unmatched = ranges.filter((range) => !versions.some((version) => satisfies(version, range)));
  return findingsOf(unmatched.map((range) => ({ ruleId: 'manifest.api-unknown', facts: { host, range, versions } })));
};

/** Exports the host calls are there with a type it can call. */
export const requiredExports: Check = ({ module, profile }) => {
  if (!('facts' in module)) return UNREADABLE;
  if (profile === undefined) return NO_PROFILE;
  const { facts } = module;
  const findings: RawFinding[] = [];
  for (const { name, kind, types, required, purpose } of profile.exports) {
    const found = facts.exports.find((candidate) => sameExport(candidate.name, name) && candidate.kind === kind);
    if (found === undefined) {
      if (required) findings.push({ ruleId: 'wasm.export-missing', facts: { name, purpose } });
    } else if (types.length > 0 && 'type' in found && !types.includes(found.type)) {
      findings.push({ ruleId: 'wasm.export-type', facts: { name, actual: found.type, expected: types.join(' or ') } });
    }
  }
  return findingsOf(findings);
};

/** An interface export may carry any version compatible with the named one; the host's world check compares the types. */
function sameExport(actual: string, wanted: string): boolean {
  return actual === wanted || (wanted.includes('/') && !wanted.includes('@') && actual.startsWith(`${wanted}@`));
}

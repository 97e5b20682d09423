import type { Release } from '@plugmark/schemas';
import {
  type Check,
  type Evidence,
  findingsOf,
  NO_PROFILE,
  NO_RELEASE,
  type RawFinding,
  UNREADABLE,
} from '../check.ts';
import { unknownLicences } from '../licences.ts';

/** Limits the author sets are within the host's, and the plugin is within them. */
export const authorLimits: Check = ({ release, profile, module }) => {
  if (release === undefined) return NO_RELEASE;
  const { fuel, memoryBytes } = release.limits ?? {};
  if (fuel === undefined && memoryBytes === undefined)
    return { outcome: 'notApplicable', reason: 'the release sets no limits' };
  if (profile === undefined) return NO_PROFILE;
  if (!('facts' in module)) return UNREADABLE;
  const { title: host, limits } = profile;
  const findings: RawFinding[] = [];
  if (fuel !== undefined && limits.fuel !== undefined && fuel > limits.fuel)
    findings.push({ ruleId: 'manifest.fuel-above-host', facts: { host, actual: fuel, expected: limits.fuel } });
  if (memoryBytes !== undefined && memoryBytes > limits.memoryBytes)
    findings.push({
      ruleId: 'manifest.memory-above-host',
      facts: { host, actual: memoryBytes, expected: limits.memoryBytes },
    });
  const start = module.cores
    .flatMap(({ facts }) => facts.memories)
    .reduce((sum, one) => sum + one.minPages * one.pageSize, 0);
  if (memoryBytes !== undefined && start > memoryBytes)
    findings.push({
      ruleId: 'manifest.memory-limit-low',
      facts: { actual: Math.min(start, Number.MAX_SAFE_INTEGER), expected: memoryBytes },
    });
  return findingsOf(findings);
};

/** Ranges of dependencies and targets contain versions, and not every one that will ever be. */
export const ranges: Check = ({ release, satisfies }) => {
  if (release === undefined) return NO_RELEASE;
  const { plugin, dependencies, targets } = release;
  const all = [
    ...Object.entries(dependencies).map(([name, range]) => ({ what: name, range })),
    ...targets.map(({ host, api }) => ({ what: host, range: api })),
  ];
  const self: RawFinding[] = Object.hasOwn(dependencies, plugin)
    ? [{ ruleId: 'dependency.self', facts: { plugin } }]
    : [];
  return findingsOf([...self, ...all.flatMap((item) => rangeFindings(item, satisfies))]);
};

/** The highest version the format of versions can write. */
const HIGHEST = '999999999.999999999.999999999';

function rangeFindings(
  { what, range }: { readonly what: string; readonly range: string },
  satisfies: Evidence['satisfies'],
): RawFinding[] {
  if (satisfies(HIGHEST, range))
    return [{ ruleId: 'dependency.open-range', facts: { what, range, contains: HIGHEST } }];
  return lowestVersions(range).some((version) => satisfies(version, range))
    ? []
    : [{ ruleId: 'dependency.empty-range', facts: { what, range } }];
}

/**
 * One of these lies in every range that is not empty: a range is made of intervals, and an interval begins at 0.0.0, at a version it
 * names, or at the next one after it.
 */
function lowestVersions(range: string): string[] {
  const named = range.matchAll(/(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?/g);
  const versions = [...named].flatMap(([, a = '0', b = '0', c = '0', prerelease]) => {
    const [major, minor, patch] = [Number(a), Number(b), Number(c)];
    const exact = `${major}.${minor}.${patch}`;
    const after = [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
    return [
      exact,
      ...after,
      ...(prerelease === undefined ? [] : [`${exact}-${prerelease}`, `${exact}-${prerelease}.0`]),
    ];
  });
  return ['0.0.0', ...versions];
}

/** What people need to decide: a README, a licence they know, the source it was made from. */
export const presentation: Check = ({ release }) => {
  if (release === undefined) return NO_RELEASE;
  const terms = unknownLicences(release.license);
  return findingsOf([
    ...(release.readme === undefined ? [{ ruleId: 'manifest.readme-missing', facts: {} } as const] : []),
    ...(terms.length === 0 ? [] : [{ ruleId: 'manifest.licence-unknown', facts: { terms } } as const]),
    ...missingSource(release),
  ]);
};

function missingSource({ source }: Release): RawFinding[] {
  if (source?.commit !== undefined) return [];
  return [{ ruleId: 'manifest.source-missing', facts: { missing: source === undefined ? 'repository' : 'commit' } }];
}

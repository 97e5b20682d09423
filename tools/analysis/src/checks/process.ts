import { type Check, findingsOf, NO_PROFILE, PASS, type RawFinding, UNREADABLE } from '../check.ts';
import { printable } from '../printable.ts';
import { PROCESS_MAP } from '../process-capabilities.ts';
import type { ProcessPackage } from '../process-package.ts';
import { ZIP_PROBLEMS, zipProblemText } from '../zip/zip-problem.ts';

/** As long as a name may be that is not refused. */
const SHOWN_PATH = 200;
const SHOWN_PROBLEM = 600;
const NOT_A_ZIP = { outcome: 'notApplicable', reason: 'only a process plugin is a zip' } as const;

/** The archive is a zip that everyone unpacks to the same files, inside its folder. */
export const zipSafe: Check = ({ module }) => {
  if (!('process' in module)) return NOT_A_ZIP;
  return findingsOf(
    module.process.problems.map((problem): RawFinding => {
      const { code, offset, path } = problem;
      const facts = { code, problem: zipProblemText(problem) };
      return {
        ruleId: ZIP_PROBLEMS[code].rule,
        facts: path === undefined ? facts : { ...facts, path: printable(path, SHOWN_PATH) },
        location: { offset },
      };
    }),
  );
};

/** plugin.json is there, is the host's, names a file of the archive and says what the release says. */
export const processManifest: Check = (evidence) => {
  const { module, profile, release } = evidence;
  if (!('process' in module)) return NOT_A_ZIP;
  const { manifest, problems, files } = module.process;
  if (problems.length > 0) return UNREADABLE;
  if ('missing' in manifest) {
    const instead = manifest.instead === undefined ? {} : { instead: printable(manifest.instead, SHOWN_PATH) };
    return { findings: [{ ruleId: 'process.manifest-missing', facts: instead }] };
  }
  const location = { offset: manifest.offset };
  if ('problem' in manifest)
    return {
      findings: [
        {
          ruleId: 'process.manifest-invalid',
          facts: { problem: printable(manifest.problem, SHOWN_PROBLEM) },
          location,
        },
      ],
    };
  if (profile === undefined) return NO_PROFILE;
  const { entry_point: entry, capabilities } = manifest.value;
  const known = new Set(profile.capabilities.map(({ id }) => id));
  const findings: RawFinding[] = [...new Set(capabilities)]
    .filter((id) => !known.has(id))
    .map((id) => ({ ruleId: 'manifest.capability-unknown', facts: { capability: id, host: profile.title }, location }));
  if (!files.some(({ path }) => path === entry))
    findings.push({ ruleId: 'process.entry-missing', facts: { entry }, location });
  for (const { field, actual, expected } of release === undefined ? [] : claims(manifest.value, release))
    if (actual !== expected)
      findings.push({ ruleId: 'process.manifest-mismatch', facts: { field, actual, expected }, location });
  return findingsOf(findings);
};

type Manifest = Extract<ProcessPackage['manifest'], { value: unknown }>['value'];
type Release = NonNullable<Parameters<Check>[0]['release']>;

function claims(manifest: Manifest, release: Release): { field: string; actual: string; expected: string }[] {
  const list = (ids: readonly string[]): string => [...new Set(ids)].sort().join(', ') || 'none';
  return [
    { field: 'id', actual: manifest.id, expected: release.plugin },
    { field: 'version', actual: manifest.version, expected: release.version },
    {
      field: 'capabilities',
      actual: list(manifest.capabilities),
      expected: list(release.capabilities.map(({ id }) => id)),
    },
  ];
}

/** Every file can be read by whoever reviews it. A remark only: some honest plugins need a library. */
export const sourceReadable: Check = ({ module }) => {
  if (!('process' in module)) return NOT_A_ZIP;
  if (module.process.problems.length > 0) return UNREADABLE;
  return findingsOf(
    module.process.files.flatMap(({ path, offset, opaque: kind }): RawFinding[] =>
      kind === undefined ? [] : [{ ruleId: 'process.opaque-file', facts: { path, kind }, location: { offset } }],
    ),
  );
};

/** It never is, and no policy or exception makes it so: the rule has a floor. */
export const processBounded: Check = ({ module }) => {
  if (!('process' in module)) return NOT_A_ZIP;
  if (module.process.problems.length > 0) return UNREADABLE;
  const findings = PROCESS_MAP.unbounded.map(
    ({ cause }): RawFinding => ({ ruleId: 'process.unbounded', facts: { cause } }),
  );
  return findings.length === 0 ? PASS : { findings };
};

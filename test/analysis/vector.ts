// The shape of test/vectors/analysis and the run of one of them: no Node in here, the same code runs in a page.
import { type ReviewPorts, reviewRelease, type SignatureResult, sha256 } from '@plugmark/analysis';
import {
  AnalysisReport,
  canonicalBytes,
  Exceptions,
  type HostProfile,
  type Policy,
  parse,
  Release,
} from '@plugmark/schemas';
import { satisfies } from 'semver';
import { COMPONENT_HOST, CORE_HOST } from '../testkit/host-profile.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { PROCESS_HOST } from '../testkit/process-host.ts';

/** What is submitted with the bytes. Without `release` it is a bare file. */
export interface AnalysisVector {
  readonly now?: string;
  readonly host?: string;
  /** The kind of host, `none` for one the registry does not know. */
  readonly profile?: 'core' | 'component' | 'process' | 'none';
  /** Members of the profile and the policy that are otherwise. */
  readonly profileWith?: Partial<HostProfile>;
  readonly policyWith?: Partial<Policy>;
  /** Members of the release that are not as they should be. */
  readonly release?: Partial<Release>;
  readonly exceptions?: readonly unknown[];
  readonly exceptionsFor?: string;
  /** The last release: its manifest's members; its bytes are `previous.wasm`, or the same. */
  readonly previous?: Partial<Release>;
  /** As the port answers; `unchecked` leaves the port out. */
  readonly signature?: SignatureResult | 'missing' | 'unchecked';
  readonly files?: Awaited<ReturnType<NonNullable<ReviewPorts['files']>>>;
}

export interface AnalysisExpectation {
  readonly verdict: string;
  readonly ruleIds: readonly string[];
  /** Every check that neither passes nor is not applicable. */
  readonly open: Readonly<Record<string, string>>;
  readonly capabilities?: {
    readonly derived: readonly string[];
    readonly runtime: readonly string[];
    readonly unbounded: readonly string[];
  };
  /** sha256 of the report's canonical JSON. */
  readonly reportSha256: string;
}

/** The release of a vector: right in everything but what the vector says. */
export async function releaseFor(
  bytes: Uint8Array,
  members: Partial<Release>,
  profile?: AnalysisVector['profile'],
): Promise<Release> {
  const isProcess = bytes[0] === 0x50 || (profile === 'process' && bytes[1] !== 0x61);
  const kind = isProcess ? 'process' : bytes[6] === 1 ? 'component' : 'core';
  return parse(
    Release,
    {
      schemaVersion: 1,
      plugin: 'acme/thing',
      version: '1.1.0',
      license: 'MIT',
      artifact: { kind, sha256: await sha256(bytes), size: bytes.length },
      targets: [{ host: 'bench', api: '^1.0.0' }],
      capabilities: [],
      dependencies: {},
      vectors: [],
      ...members,
    },
    'release',
  );
}

export async function runVector(
  vector: AnalysisVector,
  bytes: Uint8Array,
  previous: Uint8Array = bytes,
): Promise<AnalysisReport> {
  const { host = 'bench', release, policyWith, exceptions } = vector;
  const value = release && (await releaseFor(bytes, release, vector.profile));
  const { previous: last, ...others } = vector;
  const before = last && (await runVector({ ...others, release: last }, previous));
  const report = await reviewRelease(
    {
      host,
      profile: profileOf(vector),
      policy: { ...TEST_POLICY, ...policyWith },
      ...(value === undefined ? {} : { release: { value, sha256: await sha256(canonicalBytes(value)) } }),
      ...(exceptions === undefined
        ? {}
        : {
            exceptions: parse(
              Exceptions,
              { schemaVersion: 1, plugin: vector.exceptionsFor ?? 'acme/thing', exceptions },
              'exceptions',
            ),
          }),
      ...(before === undefined ? {} : { previous: { version: '1.0.0', report: before } }),
    },
    portsOf(vector, bytes),
  );
  return parse(AnalysisReport, report, 'report');
}

const PROFILES = { core: CORE_HOST, component: COMPONENT_HOST, process: PROCESS_HOST };

function profileOf({ profile = 'core', profileWith }: AnalysisVector): HostProfile | undefined {
  if (profile === 'none') return undefined;
  return { ...PROFILES[profile], ...profileWith };
}

function portsOf(
  { now = '2026-06-01T00:00:00Z', signature = { outcome: 'pass', signer: 'a key' }, files }: AnalysisVector,
  bytes: Uint8Array,
): ReviewPorts {
  return {
    artifact: async () => bytes,
    satisfies,
    now: new Date(now),
    ...(files === undefined ? {} : { files: async () => files }),
    ...(signature === 'unchecked' ? {} : { signature: async () => signature }),
  };
}

export async function expectationOf(report: AnalysisReport): Promise<AnalysisExpectation> {
  const { verdict, outcomes, capabilities } = report;
  const open = outcomes
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive')
    .map(({ check, outcome }) => [check, outcome] as const);
  return {
    verdict,
    ruleIds: [...new Set(outcomes.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId)))].sort(),
    open: Object.fromEntries(open),
    ...(capabilities === undefined
      ? {}
      : {
          capabilities: {
            derived: capabilities.derived.map(({ id }) => id),
            runtime: capabilities.runtime.map(({ module, name }) => (name === '' ? module : `${module} ${name}`)),
            unbounded: capabilities.unbounded.map(({ cause }) => cause),
          },
        }),
    reportSha256: await sha256(canonicalBytes(report)),
  };
}

// The shape of test/vectors/analysis and the run of one of them: no Node in here, the same code runs in a page.
import {
  type KnownNames,
  type ReviewPorts,
  reviewRelease,
  type SignatureResult,
  type SubmittedRun,
  sha256,
} from '@plugmark/analysis';
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
import { type RunCase, submittedRunOf, vectorsOf } from './run-vector-cases.ts';

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
  /** Members the release does not have. */
  readonly without?: readonly ('readme' | 'source')[];
  /** What the name is compared with; left out, no registry is at hand. */
  readonly names?: {
    readonly reserved: Omit<KnownNames['reserved'], 'schemaVersion'>;
    readonly listed: readonly string[];
  };
  readonly exceptions?: readonly unknown[];
  readonly exceptionsFor?: string;
  /** The last release: its manifest's members; its bytes are `previous.wasm`, or the same. */
  readonly previous?: Partial<Release>;
  /** As the port answers; `unchecked` leaves the port out. */
  readonly signature?: SignatureResult | 'missing' | 'unchecked';
  /** What running the vectors showed; the release names them. */
  readonly run?: RunCase;
  /** As the port answers; left out, every file is as named, and `unchecked` leaves the port out. */
  readonly files?: Awaited<ReturnType<NonNullable<ReviewPorts['files']>>> | 'unchecked';
}

/** README of the releases; no bytes are needed. */
const README = 'f0'.repeat(32);

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
  readonly determinism: { readonly word: string; readonly causes: readonly string[] };
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
      readme: { sha256: README },
      source: { repository: 'https://example.org/acme/thing', commit: '0'.repeat(40) },
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
  const { host = 'bench', release, policyWith, exceptions, without = [] } = vector;
  const members = { ...(await namedVectors(vector, host)), ...release, ...absent(without) };
  const value = release && (await releaseFor(bytes, members, vector.profile));
  const run = value && (await runOf(vector, value, host));
  const { previous: last, run: _, ...others } = vector;
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
      ...(run === undefined ? {} : { run }),
      ...(before === undefined ? {} : { previous: { version: '1.0.0', report: before } }),
    },
    portsOf(vector, bytes),
  );
  return parse(AnalysisReport, report, 'report');
}

async function namedVectors({ run }: AnalysisVector, host: string): Promise<Partial<Release>> {
  if (run === undefined) return {};
  const named = vectorsOf(run, host).map(async (one) => ({
    name: one.name,
    sha256: await sha256(canonicalBytes(one)),
  }));
  return { vectors: await Promise.all(named) };
}

async function runOf(vector: AnalysisVector, release: Release, host: string): Promise<SubmittedRun | undefined> {
  const profile = profileOf(vector);
  if (vector.run === undefined || profile === undefined) return undefined;
  const { sha256: artifactSha256, size } = release.artifact;
  const manifestSha256 = await sha256(canonicalBytes(release));
  return submittedRunOf(vector.run, { host, profile, artifactSha256, size, manifestSha256, sha256 });
}

const absent = (members: readonly string[]): Partial<Release> =>
  Object.fromEntries(members.map((member) => [member, undefined]));

const PROFILES = { core: CORE_HOST, component: COMPONENT_HOST, process: PROCESS_HOST };

function profileOf({ profile = 'core', profileWith }: AnalysisVector): HostProfile | undefined {
  if (profile === 'none') return undefined;
  return { ...PROFILES[profile], ...profileWith };
}

function portsOf(
  { now = '2026-06-01T00:00:00Z', signature = { outcome: 'pass', signer: 'a key' }, files, names }: AnalysisVector,
  bytes: Uint8Array,
): ReviewPorts {
  return {
    artifact: async () => bytes,
    satisfies,
    now: new Date(now),
    ...(files === 'unchecked' ? {} : { files: async (release) => filesFor(release, files) }),
    ...(names === undefined
      ? {}
      : { names: async () => ({ ...names, reserved: { schemaVersion: 1, ...names.reserved } }) }),
    ...(signature === 'unchecked' ? {} : { signature: async () => signature }),
  };
}

type Files = Awaited<ReturnType<NonNullable<ReviewPorts['files']>>>;

function filesFor({ readme, vectors }: Release, given: Files | undefined): Files {
  const named = [
    ...(readme === undefined ? [] : [{ file: 'README.md', expected: readme.sha256 }]),
    ...vectors.map(({ name, sha256: expected }) => ({ file: `vectors/${name}.json`, expected })),
  ].map((file) => ({ ...file, actual: file.expected }));
  return given === undefined ? named : [...given, ...named.filter(({ expected }) => expected === README)];
}

export async function expectationOf(report: AnalysisReport): Promise<AnalysisExpectation> {
  const { verdict, outcomes, capabilities, determinism } = report;
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
    determinism: { word: determinism.word, causes: determinism.causes },
    reportSha256: await sha256(canonicalBytes(report)),
  };
}

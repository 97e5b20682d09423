// The run of an analysis vector: what its submission says each configuration saw, filled up to a whole report. No Node in here.
import { ANALYSER_VERSION, type SubmittedRun } from '@plugmark/analysis';
import { canonicalBytes, type HostProfile, parse, RunReport, Vector } from '@plugmark/schemas';

/** One vector and what each configuration saw of it; members that are left out are those of an honest run. */
interface SeenVector {
  readonly vector?: Partial<Vector>;
  readonly seen: readonly SeenRun[];
}

interface SeenRun {
  readonly ending?: string;
  readonly calls?: readonly object[];
  readonly [member: string]: unknown;
}

export interface RunCase {
  readonly vectors: readonly SeenVector[];
  readonly layers?: readonly object[];
  /** A second engine was used after the three configurations. */
  readonly second?: boolean;
  /** A run of something else. */
  readonly of?: { readonly artifact?: string; readonly manifest?: string; readonly profile?: string };
}

const CONFIGURATIONS = ['Liftoff', 'Liftoff, other seed and time', 'TurboFan'];
const SECOND = {
  name: 'JavaScriptCore',
  version: 'Bun 1.4.4',
  configuration: 'tiering as Bun has it',
  without: ['permission', 'page-cap'],
};
const DIGEST = 'a'.repeat(64);

const call = (members: object): object => ({
  entry: 'run',
  ending: 'ok',
  output: 7,
  outputSha256: DIGEST,
  fuel: 12,
  budgetShare: 120,
  hostCalls: 0,
  milliseconds: 0.5,
  ...members,
});

/** Members set to null are left out. */
const without = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));

function seenRun({ calls = [{}], ...members }: SeenRun, engine: number, vector: string): object {
  const made = calls.map((one) => without(call(one)));
  return without({
    vector,
    engine,
    ending: 'ok',
    calls: made,
    outputSha256: DIGEST,
    memorySha256: DIGEST,
    hostCallLogSha256: DIGEST,
    hostCalls: 0,
    hostCallLog: [],
    fuel: 12,
    startFuel: 0,
    peakMemoryBytes: 65_536,
    startMilliseconds: 2,
    callMilliseconds: made.map(() => 0.5),
    ...members,
  });
}

export function vectorsOf({ vectors }: RunCase, host: string): Vector[] {
  return vectors.map(({ vector }, i) =>
    parse(
      Vector,
      {
        schemaVersion: 1,
        name: `v${i + 1}`,
        title: 'A vector',
        host,
        calls: [{ entry: 'run' }],
        grants: [],
        ...vector,
      },
      'vector',
    ),
  );
}

export interface RunOf {
  readonly host: string;
  readonly profile: HostProfile;
  readonly artifactSha256: string;
  readonly size: number;
  readonly manifestSha256: string;
  readonly sha256: (bytes: Uint8Array) => Promise<string>;
}

export async function submittedRunOf(run: RunCase, subject: RunOf): Promise<SubmittedRun> {
  const { host, profile, artifactSha256, manifestSha256, size, sha256 } = subject;
  const vectors = vectorsOf(run, host);
  const report = {
    schemaVersion: 1,
    analyser: { name: 'plugmark', version: ANALYSER_VERSION },
    subject: {
      artifact: { sha256: run.of?.artifact ?? artifactSha256, size },
      manifest: { sha256: run.of?.manifest ?? manifestSha256 },
    },
    host: { id: host, profileSha256: run.of?.profile ?? (await sha256(canonicalBytes(profile))) },
    observedAt: '2026-05-01T00:00:00Z',
    machine: { os: 'Linux', arch: 'x64' },
    engines: [
      ...CONFIGURATIONS.map((configuration) => ({ name: 'V8', version: '13.6', configuration })),
      ...(run.second === true ? [SECOND] : []),
    ],
    layers: run.layers ?? [],
    runs: run.vectors.flatMap(({ seen }, i) => seen.map((one, engine) => seenRun(one, engine, vectors[i]?.name ?? ''))),
  };
  const named = await Promise.all(
    vectors.map(async (vector) => [vector.name, { vector, sha256: await sha256(canonicalBytes(vector)) }] as const),
  );
  return { report: parse(RunReport, report, 'run'), vectors: new Map(named) };
}

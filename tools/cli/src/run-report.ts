// A run as a report: what the sandbox saw, of which bytes, under which profile, when and on what machine. The sandbox judges
// nothing, nor does this.

import { arch, release, type } from 'node:os';
import { ANALYSER_VERSION } from '@plugmark/analysis';
import { sha256 } from '@plugmark/publish';
import { type RunOptions, runVectors } from '@plugmark/sandbox';
import { canonicalBytes, type HostProfile, parse, RunReport, type Vector } from '@plugmark/schemas';

export interface RunInput {
  readonly artifact: Uint8Array;
  readonly kind: RunReport['subject']['artifact']['kind'];
  readonly profile: HostProfile;
  readonly vectors: readonly Vector[];
  /** Absent for a bare file. */
  readonly release?: { readonly plugin: string; readonly version: string; readonly manifestSha256: string };
  readonly now: Date;
}

/** Runs the vectors and says what was seen. Throws SandboxError when nothing could be run. */
export async function runReport(input: RunInput, options: RunOptions = {}): Promise<RunReport> {
  const { artifact, kind, profile, vectors, release: of, now } = input;
  const observation = await runVectors({ artifact, profile, vectors }, options);
  const report = {
    schemaVersion: 1,
    analyser: { name: 'plugmark', version: ANALYSER_VERSION },
    subject: {
      ...(of === undefined ? {} : { plugin: of.plugin, version: of.version }),
      artifact: { ...(kind === undefined ? {} : { kind }), sha256: sha256(artifact), size: artifact.length },
      ...(of === undefined ? {} : { manifest: { sha256: of.manifestSha256 } }),
    },
    host: { id: profile.host, profileSha256: sha256(canonicalBytes(profile)) },
    observedAt: `${now.toISOString().slice(0, 19)}Z`,
    machine: { os: `${type()} ${release()}`.slice(0, 60), arch: arch() },
    ...observation,
  };
  return parse(RunReport, report, 'run.json');
}

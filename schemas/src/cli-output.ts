// What the command prints with --json, where it is no file format of its own. Scripts rely on these shapes: fields are added, never
// renamed or removed.

import * as z from 'zod/mini';
import { Abi } from './host-profile.ts';
import { Tier } from './index-document.ts';
import { DirectSource } from './lockfile.ts';
import {
  ArtifactKind,
  CapabilityId,
  Count,
  HostId,
  HttpsUrl,
  Instant,
  line,
  PluginId,
  PublisherId,
  RegistryId,
  RelativePath,
  SemVer,
  Sha256,
  text,
} from './primitives.ts';
import { FileName } from './release.ts';
import { EngineCount, HostCall, LayerState, RunCall, RunEnding } from './report.ts';
import { VerifiedLevel } from './statement.ts';

/** Printed in place of a result when a command could not do its work. */
export const ErrorOutput = z.strictObject({
  error: z.strictObject({
    code: z.string().check(z.maxLength(60), z.regex(/^[A-Z][A-Z0-9_]*$/)),
    message: text(10_000),
    /** How to go on. */
    hint: z.optional(text(2000)),
  }),
});
export type ErrorOutput = z.output<typeof ErrorOutput>;

/** Path or address as the person named it, or as the system prints it. */
export const Place = line(4096);

export const SignResult = z.strictObject({
  plugin: PluginId,
  version: SemVer,
  sha256: Sha256,
  manifestSha256: Sha256,
  /** Of the key that signed; absent for a keyless signature, which `identity` describes. */
  keyId: z.optional(Sha256),
  /** The certificate's alternative name: workflow file and ref. */
  identity: z.optional(line(2000)),
  /** Whether `plugin.wasm.sig` was written, for hosts that read one. */
  detached: z.optional(z.boolean()),
  out: Place,
});
export type SignResult = z.output<typeof SignResult>;

/** Only `verified` counts as a signature; the others say why there is none. */
export const SignatureState = z.enum(['verified', 'notChecked', 'notSigned', 'verificationFailed']);

/** The two marks on a release: the publisher's and the registry's. */
const Marks = {
  publisher: z.strictObject({
    state: SignatureState,
    /** A key id, or the alternative name of a certificate. */
    signer: line(2000),
    /** What a keyless signature's certificate says about the run that made it. */
    workflow: z.optional(
      z.strictObject({
        issuer: z.optional(line(2000)),
        repository: z.optional(line(2000)),
        ref: z.optional(line(2000)),
        trigger: z.optional(line(200)),
        run: z.optional(line(2000)),
      }),
    ),
    /** A time that somebody else vouches for; absent for a key without timestamps. */
    signedAt: z.optional(Instant),
    /** Where the signature was made public. */
    log: z.optional(z.array(z.strictObject({ name: line(300), index: Count }))),
  }),
  registry: z.strictObject({ state: SignatureState, levels: z.array(VerifiedLevel) }),
};

/** Deprecated, or locked although yanked or quarantined, and why. Absent while active. */
const StandingNote = z.optional(
  z.strictObject({ state: z.enum(['deprecated', 'yanked', 'quarantined']), reason: text(1100) }),
);

/** Known weaknesses of this release. Absent when there is none. */
const Advisories = z.optional(z.array(z.strictObject({ id: line(60), summary: line(200), url: z.optional(HttpsUrl) })));

export const InstallResult = z.strictObject({
  plugin: PluginId,
  version: SemVer,
  sha256: Sha256,
  size: Count,
  /** A `process` can do anything the account can. */
  kind: ArtifactKind,
  tier: Tier,
  registry: Marks.registry,
  /** Without a signer where nobody signed it. */
  publisher: z.strictObject({ ...Marks.publisher.shape, signer: z.optional(line(2000)) }),
  /** Where it came from, when not from a registry. */
  source: z.optional(DirectSource),
  /** Of such a plugin: whether its code was looked into here. */
  analysed: z.optional(z.boolean()),
  /** By host: what consent is bound to. */
  capabilityHashes: z.record(z.string().check(z.maxLength(39)), Sha256),
  standing: StandingNote,
  /** Folder of the verified bytes. */
  store: Place,
  /** Where it was installed for a host: what it may do there, and what came with it. */
  grants: z.optional(z.array(CapabilityId)),
  dependencies: z.optional(z.array(z.strictObject({ plugin: PluginId, version: SemVer, sha256: Sha256 }))),
});
export type InstallResult = z.output<typeof InstallResult>;

/** What the answer rests on: the registry's signed metadata, checked from the root that was given. */
export const TrustState = z.strictObject({ registry: RegistryId, rootVersion: Count, expires: Instant });
export type TrustState = z.output<typeof TrustState>;

const Verified = {
  plugin: PluginId,
  version: SemVer,
  verified: z.literal(true),
  sha256: Sha256,
  size: Count,
  kind: ArtifactKind,
  tier: Tier,
  ...Marks,
  standing: StandingNote,
  advisories: Advisories,
};
const Refused = {
  plugin: PluginId,
  version: SemVer,
  verified: z.literal(false),
  code: line(60),
  problem: text(10_000),
};

/** One release of a whole registry. */
export const ReleaseVerification = z.discriminatedUnion('verified', [
  z.strictObject(Verified),
  z.strictObject(Refused),
]);
export type ReleaseVerification = z.output<typeof ReleaseVerification>;

/** `plugmark verify FILE --json`. */
export const VerifyResult = z.discriminatedUnion('verified', [
  z.strictObject({ ...Verified, trust: TrustState }),
  z.strictObject({ ...Refused, trust: TrustState }),
]);
export type VerifyResult = z.output<typeof VerifyResult>;

/** `plugmark verify --json`: every listed release. */
export const VerifyAllResult = z.strictObject({
  verified: z.boolean(),
  trust: TrustState,
  releases: z.array(ReleaseVerification),
});
export type VerifyAllResult = z.output<typeof VerifyAllResult>;

/** `plugmark watch`: each release that a registry lists in a publisher's name. */
export const WatchResult = z.strictObject({
  publisher: PublisherId,
  /** Whether it was judged by the publisher's own list, or only by what the registry says. */
  own: z.boolean(),
  /** A release is listed that the publisher did not sign. */
  alarmed: z.boolean(),
  releases: z.array(
    z.strictObject({
      plugin: PluginId,
      version: SemVer,
      state: SignatureState,
      signer: z.optional(line(2000)),
      code: z.optional(line(60)),
    }),
  ),
});
export type WatchResult = z.output<typeof WatchResult>;

/** What a metered copy is good for. `fuel` and `exhausted` name the exported globals a host reads. */
export const MeterResult = z.strictObject({
  out: Place,
  schedule: z.enum(['wasmtime/classic', 'wasmtime/46']),
  sha256: Sha256,
  size: Count,
  original: z.strictObject({ sha256: Sha256, size: Count }),
  exports: z.strictObject({ fuel: line(200), exhausted: line(200) }),
  /** Whether totals equal wasmtime's to the unit, and if not, why. */
  comparable: z.strictObject({ exact: z.boolean(), reasons: z.array(line(60)) }),
  canonicalizedNaNs: z.boolean(),
});
export type MeterResult = z.output<typeof MeterResult>;

/** `plugmark run --json`: one vector in one configuration. Totals first; `calls` has the figures of each call. */
export const RunResult = z.strictObject({
  /** Of all calls together; null when the module cannot be metered. */
  fuel: z.nullable(Count),
  /** Of the most expensive call, in parts per million of the host's budget; null when the host sets none. */
  budgetShare: z.nullable(Count),
  /** Of the last call; null when it did not end `ok`. */
  output: z.json(),
  peakMemoryBytes: Count,
  /** Kind of trap, when there was one. */
  trap: z.optional(line(120)),
  /** The first calls into the host, at most 200. */
  hostCalls: z.array(HostCall),
  hostCallCount: Count,
  ending: RunEnding,
  host: HostId,
  vector: FileName,
  sha256: Sha256,
  schedule: z.nullable(z.enum(['wasmtime/classic', 'wasmtime/46'])),
  configuration: line(120),
  calls: z.array(RunCall),
  /** Whether the outputs are those the vector expects; null when it expects nothing. */
  asExpected: z.nullable(z.boolean()),
  outputSha256: z.optional(Sha256),
  memorySha256: z.optional(Sha256),
  hostCallLogSha256: z.optional(Sha256),
  printed: z.string().check(z.maxLength(20_000)),
  startMilliseconds: z.number(),
  detail: z.optional(line(300)),
  layers: z.array(LayerState),
});
export type RunResult = z.output<typeof RunResult>;

/** `plugmark init --json`. */
export const InitResult = z.strictObject({
  out: Place,
  plugin: PluginId,
  host: HostId,
  template: z.enum(['rust', 'assemblyscript', 'c']),
  /** Path of the manifest in the folder. */
  manifest: RelativePath,
  /** Builds the artifact, in the folder. */
  build: line(200),
  /** Written. */
  files: z.array(RelativePath),
  /** Left as they were. */
  kept: z.array(RelativePath),
});
export type InitResult = z.output<typeof InitResult>;

/** `plugmark vectors record --json`. */
export const RecordResult = z.strictObject({
  file: Place,
  host: HostId,
  vector: FileName,
  /** Whether the file now has other bytes. */
  changed: z.boolean(),
  configurations: z.array(line(120)),
  engines: z.optional(z.array(EngineCount)),
  /** Of each call. */
  fuel: z.array(Count),
  endings: z.array(RunEnding),
});
export type RecordResult = z.output<typeof RecordResult>;

/** A drafted host profile: what it holds, and what a person has to decide before anybody may rely on it. */
export const HostDraftResult = z.strictObject({
  host: HostId,
  out: Place,
  artifact: ArtifactKind,
  abi: Abi,
  exports: z.strictObject({ required: Count, optional: Count }),
  imports: z.strictObject({ runtime: Count, capability: Count, forbidden: Count }),
  capabilities: z.array(CapabilityId),
  open: z.array(
    z.strictObject({
      what: z.string().check(z.maxLength(40), z.regex(/^[a-z][a-z-]*$/)),
      name: line(400),
      /** Plugins that show it. */
      in: z.array(line(400)),
    }),
  ),
});
export type HostDraftResult = z.output<typeof HostDraftResult>;

/** What a host offers, as a file a person writes or an engine prints. Without `type` it is not known. */
export const ImportList = z
  .array(
    z.strictObject({
      module: z.string().check(z.maxLength(1000)),
      name: z.string().check(z.maxLength(1000)),
      kind: z.optional(z.enum(['function', 'table', 'memory', 'global', 'tag'])),
      type: z.optional(z.string().check(z.maxLength(1000))),
    }),
  )
  .check(z.maxLength(100_000));
export type ImportList = z.output<typeof ImportList>;

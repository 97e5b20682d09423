// What one host application offers and asks of its plugins, as data: its calling convention, each import and what having it
// means, the texts shown to users, and limits. Analysis, sandbox, client and site all read it; none has host names in code.

import * as z from 'zod/mini';
import { CapabilityClass, Risk } from './capability.ts';
import {
  ArtifactKind,
  CapabilityId,
  Count,
  HostId,
  HttpsUrl,
  line,
  SchemaVersion,
  SemVer,
  text,
} from './primitives.ts';
import { WitWorld } from './wit.ts';

/** Text of a core type as `@plugmark/wasm` prints it: `(i32, i32) -> (i32)`, `i64`, `i32 mut`. */
const CoreType = z.string().check(z.maxLength(300), z.regex(/^[a-z0-9() ,>.-]+$/));
const CoreName = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[\x21-\x7e]+$/));

/** Of the host's API versions, those for which an import or export is as described; without it, all. */
const ApiRange = z.string().check(z.minLength(1), z.maxLength(60));

export const ABIS = [
  'ddalab',
  'conductor',
  'hielements',
  'dprint',
  'wasi-command',
  'component',
  'process',
  'raw',
] as const;
export const Abi = z.enum(ABIS);
export type Abi = z.output<typeof Abi>;

/**
 * Whether the import answers the same to the same call in every run of the same input. Without it the class of the capability
 * decides (network, filesystem, subprocess, system, clock and random do not), and a runtime import does.
 */
const deterministic = z.optional(z.boolean());

/** What it means that a plugin imports this. `capability` is declared and consented to; `runtime` carries no risk and is only shown; `forbidden` is refused. */
export const ImportMeaning = z.discriminatedUnion('as', [
  z.strictObject({ as: z.literal('capability'), capability: CapabilityId, deterministic }),
  z.strictObject({ as: z.literal('runtime'), purpose: line(200), deterministic }),
  z.strictObject({ as: z.literal('forbidden'), reason: line(300) }),
]);
export type ImportMeaning = z.output<typeof ImportMeaning>;

/** An import of a core module. Without `type` any type of that kind is accepted. */
export const CoreImportRule = z.strictObject({
  module: CoreName,
  name: CoreName,
  kind: z.enum(['function', 'table', 'memory', 'global', 'tag']),
  api: z.optional(ApiRange),
  type: z.optional(CoreType),
  meaning: ImportMeaning,
  /** The import forwards to functions named at run time, so what it reaches is not bounded by the import section. */
  dispatches: z.optional(z.boolean()),
});
export type CoreImportRule = z.output<typeof CoreImportRule>;

/**
 * An interface or function imported by a component; versions compare by semver compatibility, the name without its version
 * exactly. Of several rules for one interface the first that applies counts.
 */
export const ComponentImportRule = z.strictObject({
  interface: z.string().check(z.maxLength(200), z.regex(/^[a-z][a-z0-9:/-]*$/)),
  versions: z.optional(z.string().check(z.maxLength(60))),
  /** The rule applies only when the component's code can call one of these, named as in the binary: `[method]descriptor.open-at`. */
  functions: z.optional(z.array(z.string().check(z.maxLength(200), z.regex(/^[\x21-\x7e]+$/))).check(z.minLength(1))),
  meaning: ImportMeaning,
  dispatches: z.optional(z.boolean()),
});
export type ComponentImportRule = z.output<typeof ComponentImportRule>;

export const RequiredExport = z.strictObject({
  name: CoreName,
  kind: z.enum(['function', 'table', 'memory', 'global', 'instance']),
  api: z.optional(ApiRange),
  /** Any of these types is accepted; empty means any. */
  types: z.array(CoreType),
  required: z.boolean(),
  purpose: line(300),
});
export type RequiredExport = z.output<typeof RequiredExport>;

/** A parameter that narrows a capability, e.g. the hosts that may be reached. */
export const CapabilityParameter = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
  kind: z.enum(['hosts', 'paths', 'words']),
  title: line(80),
  required: z.boolean(),
});

export const HostCapability = z.strictObject({
  id: CapabilityId,
  class: CapabilityClass,
  risk: Risk,
  title: line(60),
  /** What a plugin with it can do: completes "This plugin can ...". */
  can: line(200),
  /** Shown when a plugin does not have it: completes "It cannot ...". */
  cannot: line(200),
  /** Shown in the red box before everything else. */
  prominent: z.boolean(),
  /** How the host asks: at once, once, or with a warning. */
  grant: z.enum(['auto', 'ask', 'explicit']),
  params: z.array(CapabilityParameter),
});
export type HostCapability = z.output<typeof HostCapability>;

/** Ceilings the host enforces. Bytes, wasmtime fuel units, milliseconds, table elements. */
export const HostLimits = z.strictObject({
  artifactBytes: Count,
  memoryBytes: Count,
  fuel: z.optional(Count),
  tableElements: Count,
  startMilliseconds: Count,
  callMilliseconds: Count,
  outputBytes: Count,
  hostCalls: Count,
});
export type HostLimits = z.output<typeof HostLimits>;

/** Ways out of the bound that the import section sets, which a host may close itself. */
const RESTORABLE_CAUSES = ['dispatcher', 'imported-table', 'reference-argument', 'dynamic-linking'] as const;
/** `process`: there is no import section at all, and no profile can say otherwise. */
export const UNBOUNDED_CAUSES = [...RESTORABLE_CAUSES, 'process'] as const;
export const UnboundedCause = z.enum(UNBOUNDED_CAUSES);
export type UnboundedCause = z.output<typeof UnboundedCause>;

/** How data crosses the boundary; prose for authors, with the ids that the sandbox's ABI table implements. */
export const Conventions = z.strictObject({
  strings: z.enum(['pointer-length', 'nul-terminated', 'shared-buffer', 'canonical-abi', 'json-lines']),
  allocation: text(600),
  input: text(600),
  output: text(600),
  errors: text(600),
  lifecycle: text(600),
  threads: z.boolean(),
});

export const InstallSnippet = z.strictObject({
  title: line(80),
  language: z.enum(['sh', 'toml', 'json', 'yaml', 'text']),
  /** `{plugin} {publisher} {name} {version} {sha256} {url}` are filled in. */
  template: text(2000),
});

/** The world of a host whose plugins are components: as its author wrote it, and what it means. */
export const HostWorld = z.strictObject({ wit: text(100_000), decoded: WitWorld });
export type HostWorld = z.output<typeof HostWorld>;

export const HostProfile = z.strictObject({
  schemaVersion: SchemaVersion,
  host: HostId,
  title: line(60),
  summary: line(300),
  url: z.optional(HttpsUrl),
  artifact: ArtifactKind,
  abi: Abi,
  /** Versions of the host's plugin API that exist, ascending; a release's `targets[].api` range selects among them. */
  apiVersions: z.array(SemVer).check(z.minLength(1)),
  /** The file an author writes, and the author's field names that stand for ours, e.g. `{"permissions": "capabilities"}`. */
  manifest: z.strictObject({ file: line(60), fields: z.record(line(60), line(60)) }),
  conventions: Conventions,
  exports: z.array(RequiredExport),
  imports: z.array(CoreImportRule),
  componentImports: z.array(ComponentImportRule),
  capabilities: z.array(HostCapability),
  bounds: z.array(z.strictObject({ cause: z.enum(RESTORABLE_CAUSES), restoredBy: line(300) })),
  limits: HostLimits,
  fuelSchedule: z.optional(z.enum(['wasmtime/classic', 'wasmtime/46'])),
  /** WebAssembly features the host's engine lacks; a module that uses one does not load there. */
  unsupportedFeatures: z.array(line(40)),
  world: z.optional(HostWorld),
  detachedSignature: z.optional(z.strictObject({ suffix: line(20), algorithm: z.literal('ed25519') })),
  install: z.array(InstallSnippet),
});
export type HostProfile = z.output<typeof HostProfile>;

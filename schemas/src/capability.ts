import * as z from 'zod/mini';
import { CapabilityId, HostId, line } from './primitives.ts';

/** Registry-wide classes; every host capability maps to one, so that hosts can be compared and policies written once. */
export const CAPABILITY_CLASSES = {
  network: { title: 'Network', sentence: 'send and receive data over a network' },
  filesystem: { title: 'Files', sentence: 'read or write files' },
  subprocess: { title: 'Programs', sentence: 'start other programs' },
  system: { title: 'System', sentence: 'change settings of the machine' },
  clock: { title: 'Clock', sentence: 'read the time' },
  random: { title: 'Randomness', sentence: 'obtain random numbers' },
  ui: { title: 'Interface', sentence: 'show something in the application' },
  data: { title: 'Application data', sentence: 'read or write data the application holds' },
} as const;

/** Said of every plugin that runs as a process, wherever it is shown. */
export const PROCESS_SENTENCE = 'Can do anything your account can';

export const CapabilityClass = z.enum(Object.keys(CAPABILITY_CLASSES) as [keyof typeof CAPABILITY_CLASSES]);
export type CapabilityClass = keyof typeof CAPABILITY_CLASSES;

export const RISKS = ['low', 'medium', 'high'] as const;
export const Risk = z.enum(RISKS);
export type Risk = z.output<typeof Risk>;

/** Parameters that narrow a capability, e.g. `{"hosts": ["api.example.org"]}`. Names are given by the host profile. */
export const CapabilityParams = z.record(
  z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
  z.array(line(300)).check(z.minLength(1), z.maxLength(50)),
);
export type CapabilityParams = z.output<typeof CapabilityParams>;

/** What an author asks for, and why; the reason is shown to users beside the capability. */
export const DeclaredCapability = z.strictObject({
  id: CapabilityId,
  params: z.optional(CapabilityParams),
  reason: line(300),
});
export type DeclaredCapability = z.output<typeof DeclaredCapability>;

/** What consent is bound to: the sha256 of this object's canonical JSON, capabilities sorted by id. Reasons are not part of it. */
export const CapabilitySet = z.strictObject({
  host: HostId,
  capabilities: z
    .array(z.strictObject({ id: CapabilityId, params: z.optional(CapabilityParams) }))
    .check(z.maxLength(50)),
  unbounded: z.boolean(),
});
export type CapabilitySet = z.output<typeof CapabilitySet>;

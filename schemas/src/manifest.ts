// What an author writes (plugin.yaml or the host's own file name, YAML or JSON). `plugmark sign` turns it and the bytes into
// release.json; nothing else reads it, so its convenience never weakens what is signed.

import * as z from 'zod/mini';
import { CapabilityParams } from './capability.ts';
import { Listing } from './listing.ts';
import {
  CapabilityId,
  HostId,
  LicenseExpression,
  line,
  PluginId,
  RelativePath,
  SemVer,
  SemVerRange,
  text,
} from './primitives.ts';
import { Citation, Dependencies, ReleaseLimits, Source, Target } from './release.ts';

/** `network`, or the object when there are parameters or a reason. */
export const ManifestCapability = z.union([
  CapabilityId,
  z.strictObject({ id: CapabilityId, params: z.optional(CapabilityParams), reason: z.optional(line(300)) }),
]);

export const Manifest = z.strictObject({
  schemaVersion: z.optional(z.literal(1)),
  plugin: PluginId,
  version: SemVer,
  license: LicenseExpression,
  title: z.optional(line(80)),
  summary: z.optional(line(200)),
  description: z.optional(text(4000)),
  categories: z.optional(Listing.shape.categories),
  keywords: z.optional(Listing.shape.keywords),
  links: z.optional(Listing.shape.links),
  /** The built file, relative to the manifest. */
  artifact: RelativePath,
  host: z.optional(HostId),
  api: z.optional(SemVerRange),
  targets: z.optional(z.array(Target)),
  capabilities: z.optional(z.array(ManifestCapability)),
  dependencies: z.optional(Dependencies),
  limits: z.optional(ReleaseLimits),
  readme: z.optional(RelativePath),
  vectors: z.optional(z.array(RelativePath)),
  source: z.optional(Source),
  citation: z.optional(Citation),
  notes: z.optional(text(4000)),
});
export type Manifest = z.output<typeof Manifest>;

/** `plugin.json` inside the zip of a process plugin (host project-ai). */
export const ProcessManifest = z.strictObject({
  name: line(80),
  version: SemVer,
  id: PluginId,
  capabilities: z.array(CapabilityId).check(z.maxLength(50)),
  entry_point: RelativePath,
});
export type ProcessManifest = z.output<typeof ProcessManifest>;

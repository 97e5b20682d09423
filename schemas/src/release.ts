// release.json: one immutable version of a plugin. The file on disk is canonical JSON; its sha256 is the manifest digest that
// the publisher signs, so nothing in it can change after release.

import * as z from 'zod/mini';
import { DeclaredCapability } from './capability.ts';
import {
  Artifact,
  Commit,
  Count,
  HostId,
  HttpsUrl,
  LicenseExpression,
  line,
  PluginId,
  SchemaVersion,
  SemVer,
  SemVerRange,
  Sha256,
  text,
} from './primitives.ts';

export const FileName = z.string().check(z.maxLength(64), z.regex(/^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/));

export const Target = z.strictObject({ host: HostId, api: SemVerRange });
export type Target = z.output<typeof Target>;

export const CitationAuthor = z.strictObject({
  name: line(120),
  orcid: z.optional(z.string().check(z.regex(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/))),
  affiliation: z.optional(line(200)),
});

export const Citation = z.strictObject({
  title: line(200),
  authors: z.array(CitationAuthor).check(z.minLength(1), z.maxLength(50)),
  doi: z.optional(z.string().check(z.maxLength(200), z.regex(/^10\.\d{4,9}\/[!#-;=?-~]+$/))),
  year: z.optional(z.int().check(z.minimum(1900), z.maximum(2200))),
  url: z.optional(HttpsUrl),
});
export type Citation = z.output<typeof Citation>;

/** Tighter ceilings than the host's, chosen by the author. Wasmtime fuel units per call; bytes. */
export const ReleaseLimits = z.strictObject({ fuel: z.optional(Count), memoryBytes: z.optional(Count) });

export const Source = z.strictObject({ repository: HttpsUrl, commit: z.optional(Commit) });

export const Dependencies = z.record(PluginId, SemVerRange);

export const Release = z.strictObject({
  schemaVersion: SchemaVersion,
  plugin: PluginId,
  version: SemVer,
  license: LicenseExpression,
  artifact: Artifact,
  targets: z.array(Target).check(z.minLength(1), z.maxLength(8)),
  capabilities: z.array(DeclaredCapability).check(z.maxLength(50)),
  dependencies: Dependencies,
  limits: z.optional(ReleaseLimits),
  readme: z.optional(z.strictObject({ sha256: Sha256 })),
  vectors: z.array(z.strictObject({ name: FileName, sha256: Sha256 })).check(z.maxLength(100)),
  source: z.optional(Source),
  citation: z.optional(Citation),
  notes: z.optional(text(4000)),
});
export type Release = z.output<typeof Release>;

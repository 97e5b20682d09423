import * as z from 'zod/mini';
import { DeclaredCapability } from './capability.ts';
import { DirectSource } from './lockfile.ts';
import { AnalysisSummary } from './package-document.ts';
import { ArtifactKind, Count, HostId, line, PluginId, SchemaVersion, SemVer, Sha256 } from './primitives.ts';
import { Dependencies } from './release.ts';

/**
 * hosts/<host>/sources/ in a client's store: what was seen of a plugin that no registry lists, when it was installed. Nobody signs it;
 * it keeps an edited lockfile from giving the bytes of one plugin what a person allowed another.
 */
export const SourceRecord = z.strictObject({
  schemaVersion: SchemaVersion,
  host: HostId,
  plugin: PluginId,
  version: SemVer,
  title: line(200),
  summary: z.optional(line(200)),
  source: DirectSource,
  kind: ArtifactKind,
  sha256: Sha256,
  size: Count,
  /** Of the author's file; absent where there is none. */
  manifestSha256: z.optional(Sha256),
  declared: z.optional(z.array(DeclaredCapability).check(z.maxLength(50))),
  dependencies: Dependencies,
  /** Absent where nobody looked into the bytes. */
  analysis: z.optional(AnalysisSummary),
  capabilityHash: Sha256,
});
export type SourceRecord = z.output<typeof SourceRecord>;

// What was seen of a plugin of no registry when it was installed. Nobody signs it: it keeps an edited lockfile from giving the bytes of
// one plugin what a person allowed another, and shows later what was agreed to.
import { count, type Decoder, object, oneOf, optional } from '../decode.ts';
import { type DirectSource, directSource } from './lockfile.ts';
import { type AnalysisSummary, analysisSummary } from './package-document.ts';
import { type ArtifactKind, type DeclaredCapability, declaredCapabilities, dependencies } from './release.ts';
import { hostId, line, pluginId, sha256, version } from './words.ts';

export interface SourceRecord {
  readonly host: string;
  readonly plugin: string;
  readonly version: string;
  readonly title: string;
  readonly summary?: string | undefined;
  readonly source: DirectSource;
  readonly kind: ArtifactKind;
  readonly sha256: string;
  readonly size: number;
  /** Of the author's file; absent where there is none. */
  readonly manifestSha256?: string | undefined;
  readonly declared?: readonly DeclaredCapability[] | undefined;
  readonly dependencies: ReadonlyMap<string, string>;
  /** Absent where nobody looked into the bytes. */
  readonly analysis?: AnalysisSummary | undefined;
  readonly capabilityHash: string;
}

export const sourceRecord: Decoder<SourceRecord> = object({
  schemaVersion: oneOf(1),
  host: hostId,
  plugin: pluginId,
  version,
  title: line(200),
  summary: optional(line(200)),
  source: directSource,
  kind: oneOf('core', 'component', 'process'),
  sha256,
  size: count,
  manifestSha256: optional(sha256),
  declared: optional(declaredCapabilities),
  dependencies,
  analysis: optional(analysisSummary),
  capabilityHash: sha256,
});

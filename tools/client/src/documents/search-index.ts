// v1/index.json: a plain list over TLS, signed by nobody. Good for finding names; nothing in it is decided on.
import { array, count, type Decoder, object, oneOf } from '../decode.ts';
import type { Tier } from '../verify-release.ts';
import type { DeterminismWord } from './capability-words.ts';
import type { Risk, VersionState } from './package-document.ts';
import type { ArtifactKind } from './release.ts';
import { hostId, instant, line, pluginId, registryId, sha256, version } from './words.ts';

/** A plugin in the plain index: signed by nobody, good for finding names. */
export interface IndexEntry {
  readonly plugin: string;
  readonly title: string;
  readonly summary: string;
  readonly hosts: readonly string[];
  readonly latest: string;
  readonly sha256: string;
  readonly size: number;
  readonly kind: ArtifactKind;
  readonly tier: Tier;
  readonly risk: Risk;
  readonly capabilities: readonly string[];
  readonly classes: readonly string[];
  readonly determinism: DeterminismWord;
  readonly license: string;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly publishedAt: string;
  readonly state: VersionState;
}

export interface SearchIndex {
  readonly registry: string;
  readonly generatedAt: string;
  readonly plugins: readonly IndexEntry[];
}

const entry: Decoder<IndexEntry> = object({
  plugin: pluginId,
  title: line(80),
  summary: line(200),
  hosts: array(hostId),
  host: hostId,
  latest: version,
  sha256,
  size: count,
  kind: oneOf('core', 'component', 'process'),
  tier: oneOf('built-in', 'verified', 'community', 'local'),
  risk: oneOf('none', 'low', 'medium', 'high'),
  capabilities: array(line(64)),
  classes: array(line(20)),
  determinism: oneOf('by-construction', 'observed', 'nondeterministic', 'untested'),
  license: line(200),
  categories: array(line(40)),
  keywords: array(line(40)),
  toolchain: array(line(200)),
  publishedAt: instant,
  state: oneOf('active', 'deprecated', 'yanked', 'quarantined', 'revoked'),
});

export const searchIndex: Decoder<SearchIndex> = object({
  schemaVersion: oneOf(1),
  registry: registryId,
  generatedAt: instant,
  verification: oneOf('none: plain JSON over TLS; use the client or the specification'),
  plugins: array(entry),
});

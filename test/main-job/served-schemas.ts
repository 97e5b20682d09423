// Which schema each served file is of, by its path.
import {
  ArtifactLookup,
  Changes,
  CosignKeys,
  HostProfile,
  Index,
  LedgerHead,
  PackageDocument,
  Policy,
  Publisher,
  PublisherList,
  type parseCanonical,
  Registry,
  Revocations,
  SearchIndex,
  TufMetadata,
  Upstreams,
  VerifiedPublishers,
} from '@plugmark/schemas';

export const SERVED_SCHEMAS: readonly (readonly [RegExp, Parameters<typeof parseCanonical>[0]])[] = [
  [/^v1\/index\.json$/, Index],
  [/^v1\/registry\.json$/, Registry],
  [/^v1\/ledger\.json$/, LedgerHead],
  [/^(?:v1\/|targets\/[0-9a-f]{64}\.)policy\.json$/, Policy],
  [/^v1\/changes\.json$/, Changes],
  [/^v1\/publishers\.json$/, PublisherList],
  [/^targets\/[0-9a-f]{64}\.publishers\.json$/, VerifiedPublishers],
  [/^(?:v1\/|targets\/[0-9a-f]{64}\.)revocations\.json$/, Revocations],
  [/^(?:v1\/|targets\/[0-9a-f]{64}\.)cosign-keys\.json$/, CosignKeys],
  [/^(?:v1\/|targets\/[0-9a-f]{64}\.)upstreams\.json$/, Upstreams],
  [/^(?:v1|targets)\/hosts\//, HostProfile],
  [/^(?:v1|targets)\/plugins\//, PackageDocument],
  [/^v1\/publishers\//, Publisher],
  [/^v1\/artifacts\//, ArtifactLookup],
  [/^search\.json$/, SearchIndex],
  [/^metadata\//, TufMetadata],
];
/** Checked by name, digest or elsewhere. */
export const OTHER_FILES = /^(?:schemas\/|blobs\/|readmes\/|vectors\/|attestations\/|\.nojekyll$)/;

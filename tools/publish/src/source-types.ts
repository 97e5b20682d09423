// What a registry is once its files were read. Types only, for those who read parts of it.

import type {
  Advisory,
  Approval,
  Exceptions,
  HostProfile,
  Listing,
  MirrorRecord,
  Origin,
  Policy,
  Publisher,
  Registry,
  Release,
  ReservedNames,
  Sources,
  Status,
} from '@plugmark/schemas';

export interface ReleaseSource {
  readonly release: Release;
  /** sha256 of release.json: what the publisher signed. */
  readonly manifestSha256: string;
  readonly sources: Sources;
  readonly bundle: Uint8Array | undefined;
  /** `plugin.wasm.sig`, for hosts that read one. */
  readonly detached: Uint8Array | undefined;
  readonly readme: Uint8Array | undefined;
  /** Vector files by name. */
  readonly vectors: ReadonlyMap<string, Uint8Array>;
  /** Where it was taken over from, with the co-signature it had there. */
  readonly mirror?: { readonly record: MirrorRecord; readonly cosignature: Uint8Array | undefined };
}

export interface PluginSource {
  readonly plugin: string;
  /** The registry it was published in first, when that is not this one. */
  readonly origin?: Origin;
  readonly listing: Listing;
  readonly status: Status | undefined;
  readonly exceptions: Exceptions | undefined;
  /** By version. */
  readonly releases: ReadonlyMap<string, ReleaseSource>;
}

export interface SourceIds {
  /** Of `plugins/<publisher>/<name>`, by plugin. Mirrored ones have none: a registry with any is built whole. */
  readonly plugins: ReadonlyMap<string, string>;
  /** Of `publishers/<publisher>.json`, and after a space of `publishers/<publisher>` where it is there. */
  readonly publishers: ReadonlyMap<string, string>;
}

/** Git's ids of `plugins/` and of `publishers/`. */
export interface SourceTrees {
  readonly plugins: string;
  readonly publishers: string;
}

export interface RegistrySource {
  readonly registry: Registry;
  readonly policy: Policy;
  readonly reservedNames: ReservedNames;
  readonly hosts: ReadonlyMap<string, HostProfile>;
  /** Those of mirrored plugins too, as upstream lists them. */
  readonly publishers: ReadonlyMap<string, Publisher>;
  /** Own ones and those taken over from upstream. */
  readonly plugins: ReadonlyMap<string, PluginSource>;
  /** What may be taken over, by `upstream/publisher/plugin`. */
  readonly approvals: ReadonlyMap<string, Approval>;
  readonly advisories: ReadonlyMap<string, Advisory>;
  /** Sigstore's trusted_root.json: without it no signature through a certificate counts here. */
  readonly trustedRoot: Uint8Array | undefined;
  /** What git calls the folders: equal ids, equal files. */
  readonly ids: SourceIds;
  /** By `publisher/keyId`: a statement over a release of the publisher, signed by a key that signed none yet. */
  readonly proofs: ReadonlyMap<string, Uint8Array>;
}

/** A file of the registry by its path, which counts as read from then on. */
export type Take = (path: string) => Uint8Array | undefined;

export interface EmbeddedPackage {
  readonly name: string;
  readonly version: string;
  /** Package URL; absent where the list does not say that it comes from the ecosystem's public registry. */
  readonly purl?: string;
  /** Only took part in the build, and is not in the file. */
  readonly buildOnly: boolean;
  /** Indices of packages in the same list. */
  readonly dependsOn: readonly number[];
  /** Where it came from, and checksums of the ecosystem's own kind. */
  readonly notes: Readonly<Record<string, string>>;
}

export interface EmbeddedList {
  readonly found: 'cargo-auditable' | 'go-modinfo';
  /** Byte offset in the file. */
  readonly offset: number;
  /** Empty when `problem` says why it could not be read. */
  readonly packages: readonly EmbeddedPackage[];
  /** Index of the package that was built. */
  readonly root?: number;
  readonly problem?: string;
}

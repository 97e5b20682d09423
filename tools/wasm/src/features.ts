/**
 * The proposals a module can use, and where it first does. The ids are stable: host profiles name them in
 * `unsupportedFeatures`. A feature is found by what the bytes contain, never by what a custom section claims.
 */

/** Id -> what it is, in the order in which they were standardised, roughly. */
export const FEATURES = {
  'mutable-globals': { title: 'Import and export of mutable globals' },
  'sign-extension': { title: 'Sign-extension instructions' },
  'saturating-float-to-int': { title: 'Conversions from float to integer that do not trap' },
  'multi-value': { title: 'Several results, and blocks with parameters' },
  'bulk-memory': { title: 'Bulk memory and table instructions, passive segments' },
  'reference-types': { title: 'References as values, several tables' },
  simd: { title: 'Vectors of 128 bits' },
  threads: { title: 'Shared memory and atomic instructions' },
  'tail-call': { title: 'Tail calls' },
  'extended-const': { title: 'Arithmetic in initialisers' },
  'multi-memory': { title: 'Several memories' },
  memory64: { title: 'Memories and tables addressed with 64 bits' },
  'legacy-exceptions': { title: 'Exceptions in their older form (try, catch)' },
  exceptions: { title: 'Exceptions in their standard form (try_table, exnref)' },
  'typed-function-references': { title: 'Typed references to functions' },
  gc: { title: 'Structs and arrays under garbage collection' },
  'relaxed-simd': { title: 'Vector instructions whose results differ between machines' },
  'custom-page-sizes': { title: 'Memories with pages of one byte' },
  'wide-arithmetic': { title: 'Addition and multiplication to 128 bits' },
  'stack-switching': { title: 'Continuations' },
} as const;

/** One of the keys of {@link FEATURES}. */
export type FeatureId = keyof typeof FEATURES;

/** Every id, in the order of {@link FEATURES}: older proposals first. */
export const FEATURE_IDS: readonly FeatureId[] = Object.keys(FEATURES) as FeatureId[];

/** A proposal that is used, and where it is met first: the offset in bytes from the start of the file. */
export interface FeatureUse {
  readonly feature: FeatureId;
  readonly offset: number;
}

/** Collects uses while a file is read; of several uses the one with the smallest offset stays. */
export class FeatureUses {
  readonly #offsets = new Map<FeatureId, number>();

  add(feature: FeatureId, offset: number): void {
    const known = this.#offsets.get(feature);
    if (known === undefined || offset < known) this.#offsets.set(feature, offset);
  }

  has(feature: FeatureId): boolean {
    return this.#offsets.has(feature);
  }

  /** In the order of {@link FEATURES}. */
  list(): FeatureUse[] {
    return FEATURE_IDS.flatMap((feature) => {
      const offset = this.#offsets.get(feature);
      return offset === undefined ? [] : [{ feature, offset }];
    });
  }
}

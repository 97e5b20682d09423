/**
 * How evenly byte values are spread, in windows of 16 KiB of data. Windows run on over the ends of segments, so that data cut
 * into small pieces counts as one. Whole numbers only, so that every engine decides alike.
 */
const WINDOW = 16_384;

/**
 * The sum of the squared counts: 1,048,576 when every value is as frequent as any other, about 16,000 more for random bytes, and
 * 268,435,456 when there is one value. This is 7.85 bits a byte (Rényi, order 2): compressed and encrypted data lies below it,
 * text, code and tables are far above.
 */
const DENSE = 1_160_000;

export class Entropy {
  /** How often each value occurs in the window so far; the scan counts here and says how far it came. */
  readonly counts: Uint32Array = new Uint32Array(256);
  #filled = 0;
  #start = 0;
  #module: number | undefined;
  dense: { windows: number; readonly offset: number; readonly module?: number } | undefined;

  /** Data of another module is other data. */
  begin(module: number | undefined): void {
    this.#module = module;
    this.counts.fill(0);
    this.#filled = 0;
  }

  /** How many bytes the window still takes; `offset` is where the next one stands in the file. */
  room(offset: number): number {
    if (this.#filled === 0) this.#start = offset;
    return WINDOW - this.#filled;
  }

  counted(bytes: number): void {
    this.#filled += bytes;
    if (this.#filled === WINDOW) this.#close();
  }

  #close(): void {
    if (this.counts.reduce((sum, count) => sum + count * count, 0) < DENSE) {
      if (this.dense === undefined)
        this.dense = {
          windows: 0,
          offset: this.#start,
          ...(this.#module === undefined ? {} : { module: this.#module }),
        };
      this.dense.windows += 1;
    }
    this.counts.fill(0);
    this.#filled = 0;
  }
}

/** A generator of random numbers that a seed decides (splitmix32); the same seed gives the same numbers anywhere. */
export class Random {
  #state: number;

  constructor(...seeds: readonly number[]) {
    this.#state = 0x9e3779b9;
    for (const seed of seeds) {
      this.#state = (this.#state ^ seed) | 0;
      this.#next();
    }
  }

  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    this.#state = (mixed ^ (mixed >>> 15)) | 0;
    return this.#state >>> 0;
  }

  /** An integer from 0 to `end` - 1; 0 where there is no choice. */
  below(end: number): number {
    return end <= 1 ? 0 : this.#next() % end;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** True once in so many times. */
  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }
}

// A trust store over a Map that can be killed: after a given number of writes every further one throws, as a process
// that ends there would leave it.
import type { TrustStore } from '@plugmark/client/trust';

export class PowerCut extends Error {}

export class MemoryTrustStore implements TrustStore {
  readonly files: Map<string, Uint8Array>;
  /** Writes and deletions that still happen. */
  remaining: number = Number.POSITIVE_INFINITY;

  constructor(files: Iterable<readonly [string, Uint8Array]> = []) {
    this.files = new Map(files);
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.files.get(name);
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    this.#spend();
    this.files.set(name, bytes);
  }

  async delete(name: string): Promise<void> {
    this.#spend();
    this.files.delete(name);
  }

  #spend(): void {
    if (this.remaining-- <= 0) throw new PowerCut('the power is gone');
  }
}

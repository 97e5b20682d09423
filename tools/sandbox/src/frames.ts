// Frames from a child: four bytes of length, little-endian, then the bytes. A length beyond the cap ends the conversation, so that a
// child cannot make its parent hold more than one answer.

export class FrameReader {
  readonly #cap: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted: number | undefined;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** The frames that a chunk completes; undefined when it breaks the cap. */
  push(chunk: Buffer): Buffer[] | undefined {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const frames: Buffer[] = [];
    for (;;) {
      if (this.#wanted === undefined) {
        if (this.#held < 4) return frames;
        this.#wanted = this.#take(4).readUInt32LE(0);
        if (this.#wanted > this.#cap) return undefined;
      }
      if (this.#held < this.#wanted) return frames;
      frames.push(this.#take(this.#wanted));
      this.#wanted = undefined;
    }
  }

  #take(length: number): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [all.subarray(length)];
    this.#held -= length;
    return all.subarray(0, length);
  }
}

export function frame(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(bytes.length);
  return Buffer.concat([head, bytes]);
}

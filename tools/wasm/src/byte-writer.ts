/**
 * A growing buffer with the encodings of the format. It never checks what it is told to write.
 */
const FIRST_SIZE = 4_096;
/** Below this length a loop beats the call of `set`, which needs a view of its source. */
const SHORT_SPAN = 48;
/** The same for copying by words. */
const LONG_SPAN = 200;
const WORD = 4;

export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  length = 0;

  constructor(capacity: number = FIRST_SIZE) {
    this.bytes = new Uint8Array(Math.max(capacity, FIRST_SIZE));
    this.view = new DataView(this.bytes.buffer);
  }

  clear(): void {
    this.length = 0;
  }

  /** Makes room for `more` bytes; what follows may write that many without asking again. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  u8(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  pair(first: number, second: number): void {
    const { length } = this;
    this.reserve(2);
    this.bytes[length] = first;
    this.bytes[length + 1] = second;
    this.length = length + 2;
  }

  triple(first: number, second: number, third: number): void {
    const { length } = this;
    this.reserve(3);
    this.bytes[length] = first;
    this.bytes[length + 1] = second;
    this.bytes[length + 2] = third;
    this.length = length + 3;
  }

  /** Unsigned LEB128. */
  u32(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  /** Signed LEB128 of a number that fits 53 bits. */
  signed(value: number): void {
    let rest = value;
    // Most numbers that are written are costs of a few instructions, or of some hundred.
    if (rest >= -0x2000 && rest < 0x2000) {
      if (rest >= -0x40 && rest < 0x40) this.u8(rest & 0x7f);
      else this.pair((rest & 0x7f) | 0x80, (rest >> 7) & 0x7f);
      return;
    }
    while (rest < -0x40 || rest >= 0x40) {
      this.u8((((rest % 0x80) + 0x80) % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest & 0x7f);
  }

  signedBig(value: bigint): void {
    let rest = value;
    while (rest < -0x40n || rest >= 0x40n) {
      this.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.u8(Number(rest & 0x7fn));
  }

  /** Copies `source[start, end)`. */
  span(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    if (end - start < SHORT_SPAN) {
      const { bytes } = this;
      let to = this.length;
      for (let at = start; at < end; at++) bytes[to++] = source[at] as number;
    } else {
      this.bytes.set(source.subarray(start, end), this.length);
    }
    this.length += end - start;
  }

  /** The same from a view, four bytes at a time: for the many short spans of one source. */
  words(source: DataView, start: number, end: number): void {
    this.reserve(end - start + WORD);
    if (end - start >= LONG_SPAN || end + WORD > source.byteLength) {
      this.span(new Uint8Array(source.buffer, source.byteOffset, source.byteLength), start, end);
      return;
    }
    const { view } = this;
    let to = this.length;
    // The last word may bring up to three bytes too many, which are written over next.
    for (let at = start; at < end; at += WORD, to += WORD) view.setUint32(to, source.getUint32(at));
    this.length += end - start;
  }

  list(bytes: readonly number[]): void {
    for (const byte of bytes) this.u8(byte);
  }

  /** A length-prefixed ASCII name. */
  name(text: string): void {
    this.u32(text.length);
    for (let at = 0; at < text.length; at++) this.u8(text.charCodeAt(at));
  }

  append(other: ByteWriter): void {
    this.span(other.bytes, 0, other.length);
  }

  /** Puts what another one wrote before everything that is here. */
  prepend(other: ByteWriter): void {
    this.reserve(other.length);
    this.bytes.copyWithin(other.length, 0, this.length);
    this.bytes.set(other.bytes.subarray(0, other.length));
    this.length += other.length;
  }

  /** What was written, as a view; the writer is of no further use. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }
}

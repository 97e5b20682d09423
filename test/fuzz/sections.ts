// Top-level sections of a module or component as the mutators see them: an id and bytes, without judgement.

export interface LooseSection {
  readonly id: number;
  readonly content: Uint8Array;
}

const PREAMBLE = 8;

/** As far as the lengths hold; whatever is left over becomes part of the last section. */
export function splitSections(bytes: Uint8Array): { readonly preamble: Uint8Array; readonly sections: LooseSection[] } {
  const sections: LooseSection[] = [];
  let at = PREAMBLE;
  while (at < bytes.length) {
    const id = bytes[at] as number;
    const { value, end } = readLength(bytes, at + 1);
    const stop = Math.min(bytes.length, end + value);
    sections.push({ id, content: bytes.subarray(end, stop) });
    at = Math.max(stop, at + 1);
  }
  return { preamble: bytes.subarray(0, PREAMBLE), sections };
}

function readLength(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  let at = start;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return { value, end: at };
}

/** Unsigned LEB128 in at least `width` bytes. */
export function leb(value: number, width = 1): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length < width; rest = Math.floor(rest / 0x80)) bytes.push(rest % 0x80);
  return bytes.map((byte, index) => (index === bytes.length - 1 ? byte : byte | 0x80));
}

/** The entries of a section whose entries say their length: bodies of functions. */
export function splitBodies(content: Uint8Array): Uint8Array[] {
  const { value: count, end } = readLength(content, 0);
  const bodies: Uint8Array[] = [];
  for (let at = end; bodies.length < count && at < content.length; ) {
    const length = readLength(content, at);
    at = Math.min(content.length, length.end + length.value);
    bodies.push(content.subarray(length.end, at));
  }
  return bodies;
}

export function joinBodies(bodies: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const withLengths = bodies.flatMap((body) => [Uint8Array.from(leb(body.length)), body]);
  return concat([Uint8Array.from(leb(bodies.length)), ...withLengths]);
}

export function joinSections(
  preamble: Uint8Array,
  sections: readonly LooseSection[],
  lengthOf: (section: LooseSection) => readonly number[] = ({ content }) => leb(content.length),
): Uint8Array<ArrayBuffer> {
  return concat([
    preamble,
    ...sections.flatMap((section) => [Uint8Array.from([section.id, ...lengthOf(section)]), section.content]),
  ]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

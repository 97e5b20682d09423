// Ways to spoil a file. Most of them know about sections, so that what they spoil lies deeper than the first length.
import type { Random } from './random.ts';
import { concat, joinBodies, joinSections, leb, splitBodies, splitSections } from './sections.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Mutator = (bytes: Bytes, random: Random, other: Bytes) => Bytes;

/** Bytes at which formats turn: limits of LEB128, type codes, opcodes of rare proposals. */
const TELLING = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0d, 0x0e, 0x10, 0x11, 0x12, 0x13, 0x14, 0x1f, 0x3f, 0x40, 0x4e, 0x4f,
  0x50, 0x5e, 0x5f, 0x60, 0x63, 0x64, 0x69, 0x6e, 0x6f, 0x70, 0x72, 0x79, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0xc0,
  0xfb, 0xfc, 0xfd, 0xfe, 0xff,
];
const HUGE = [0x7f, 0xff, 0xffff, 0x1_0000, 0xff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

const spanOf = (bytes: Bytes, random: Random, most = 32): [number, number] => {
  const start = random.below(bytes.length + 1);
  return [start, Math.min(bytes.length, start + 1 + random.below(most))];
};
const splice = (bytes: Bytes, [start, end]: readonly [number, number], middle: Uint8Array): Bytes =>
  concat([bytes.subarray(0, start), middle, bytes.subarray(end)]);

const PLAIN: readonly Mutator[] = [
  function flip(bytes, random) {
    const changed = bytes.slice();
    const at = random.below(bytes.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  function telling(bytes, random) {
    const changed = bytes.slice();
    changed[random.below(bytes.length)] = random.one(TELLING);
    return changed;
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length));
  },
  function cut(bytes, random) {
    return splice(bytes, spanOf(bytes, random), new Uint8Array());
  },
  function repeat(bytes, random) {
    const span = spanOf(bytes, random);
    const part = bytes.subarray(...span);
    return splice(bytes, [span[1], span[1]], concat(new Array(1 + random.below(8)).fill(part)));
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    return splice(
      bytes,
      [at, at],
      Uint8Array.from({ length: 1 + random.below(6) }, () => random.one(TELLING)),
    );
  },
  function overlong(bytes, random) {
    const at = random.below(bytes.length);
    return splice(bytes, [at, at + 1], Uint8Array.from(leb((bytes[at] ?? 0) & 0x7f, 2 + random.below(10))));
  },
  function hugeNumber(bytes, random) {
    const at = random.below(bytes.length);
    return splice(bytes, [at, at + 1], Uint8Array.from(leb(random.one(HUGE))));
  },
  function fromOther(bytes, random, other) {
    return splice(bytes, spanOf(bytes, random), other.subarray(...spanOf(other, random, 64)));
  },
];

/** One plain change inside a section, with a length that is right again. */
function inside(bytes: Bytes, random: Random, other: Bytes): Bytes {
  const { preamble, sections } = splitSections(bytes);
  const at = random.below(sections.length);
  const section = sections[at];
  if (section === undefined || section.content.length === 0) return bytes;
  const content = random.one(PLAIN)(section.content.slice(), random, other);
  return joinSections(preamble, sections.with(at, { ...section, content }));
}

const CODE_SECTION = 10;

/** A change in the instructions of one function, with the lengths of function and section right again. */
function insideBody(bytes: Bytes, random: Random, other: Bytes): Bytes {
  const { preamble, sections } = splitSections(bytes);
  const at = sections.findIndex(({ id }) => id === CODE_SECTION);
  const code = sections[at];
  if (code === undefined) return inside(bytes, random, other);
  const bodies = splitBodies(code.content);
  const which = random.below(bodies.length);
  const changed = random.one(PLAIN)(Uint8Array.from(bodies[which] ?? []), random, other);
  return joinSections(
    preamble,
    sections.with(at, { ...code, content: joinBodies(bodies.length === 0 ? [changed] : bodies.with(which, changed)) }),
  );
}

const IN_SECTIONS: readonly Mutator[] = [
  inside,
  inside,
  insideBody,
  insideBody,
  insideBody,
  function insideDeeper(bytes, random, other) {
    const { preamble, sections } = splitSections(bytes);
    const nested = sections.findIndex(({ content }) => content[0] === 0 && content[1] === 0x61 && content.length > 8);
    const section = sections[nested];
    if (section === undefined) return inside(bytes, random, other);
    return joinSections(
      preamble,
      sections.with(nested, { ...section, content: inside(section.content.slice(), random, other) }),
    );
  },
  function lyingLength(bytes, random) {
    const { preamble, sections } = splitSections(bytes);
    const liar = sections[random.below(sections.length)];
    return joinSections(preamble, sections, (section) => {
      if (section !== liar) return leb(section.content.length);
      const lie = random.one([section.content.length + 1, Math.max(0, section.content.length - 1), ...HUGE]);
      return leb(lie, random.one([1, 1, 5, 6]));
    });
  },
  function sectionAgain(bytes, random) {
    const { preamble, sections } = splitSections(bytes);
    const again = sections[random.below(sections.length)];
    if (again === undefined) return bytes;
    return joinSections(preamble, sections.toSpliced(random.below(sections.length + 1), 0, again));
  },
  function sectionMoved(bytes, random) {
    const { preamble, sections } = splitSections(bytes);
    const [moved] = sections.splice(random.below(sections.length), 1);
    if (moved === undefined) return bytes;
    return joinSections(preamble, sections.toSpliced(random.below(sections.length + 1), 0, moved));
  },
  function sectionOfOther(bytes, random, other) {
    const { preamble, sections } = splitSections(bytes);
    const foreign = splitSections(other).sections;
    const at = random.below(sections.length);
    const taken = foreign.find(({ id }) => id === sections[at]?.id) ?? foreign[random.below(foreign.length)];
    if (taken === undefined) return bytes;
    return joinSections(preamble, random.chance(2) ? sections.with(at, taken) : sections.toSpliced(at, 0, taken));
  },
  function countOff(bytes, random) {
    const { preamble, sections } = splitSections(bytes);
    const at = random.below(sections.length);
    const section = sections[at];
    if (section === undefined || section.content.length === 0) return bytes;
    const count = leb(random.one([0, 1, (section.content[0] ?? 0) + 1, ...HUGE]));
    return joinSections(
      preamble,
      sections.with(at, { ...section, content: concat([Uint8Array.from(count), section.content.subarray(1)]) }),
    );
  },
];

/** A file with one to three things wrong. At most a little larger than the larger of the two. */
export function mutate(bytes: Bytes, random: Random, other: Bytes): Bytes {
  let changed = bytes;
  for (let left = random.chance(2) ? 1 : 1 + random.below(3); left > 0; left--) {
    const mutator = random.one(random.chance(4) ? PLAIN : IN_SECTIONS);
    if (changed.length > 8) changed = mutator(changed, random, other);
  }
  return changed;
}

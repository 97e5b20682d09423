// Finds many words in one pass (Aho and Corasick, 1975): one table look-up a byte, whatever the words and whatever the text.
// Letters are folded to one case and all digits are one class, so a match is a candidate that still has to be looked at.

import { at } from './byte-sets.ts';

export interface Automaton {
  /** Byte -> class; class 0 is every byte that occurs in no word. */
  readonly classes: Uint8Array;
  /** State plus class -> state; states are multiples of 64. */
  readonly next: Uint16Array;
  /** States from here on end a word. */
  readonly accepting: number;
  /** State / 64 -> the words that end there, by their index. */
  readonly words: readonly (readonly number[])[];
}

/** More classes than the words of the table have; a power of two, so that a state can be added to a class. */
const STRIDE = 64;

interface Node {
  readonly children: Map<number, Node>;
  fail: Node | undefined;
  words: number[];
  id: number;
}

const newNode = (): Node => ({ children: new Map(), fail: undefined, words: [], id: 0 });

/** The automaton of these words. A word's characters are bytes; at most 1,024 states and 63 classes, which a test holds. */
export function automatonOf(words: readonly string[]): Automaton {
  const classes = classesOf(words);
  const root = newNode();
  words.forEach((word, index) => {
    let node = root;
    for (const byte of bytesOf(word)) {
      const label = at(classes, byte);
      const child = node.children.get(label) ?? newNode();
      node.children.set(label, child);
      node = child;
    }
    node.words.push(index);
  });
  const nodes = linked(root);
  // Those that end a word last: whether a state does is then a single comparison.
  const ordered = [
    ...nodes.filter(({ words: ends }) => ends.length === 0),
    ...nodes.filter(({ words: ends }) => ends.length > 0),
  ];
  ordered.forEach((node, index) => {
    node.id = index * STRIDE;
  });
  const accepting = ordered.filter(({ words: ends }) => ends.length === 0).length * STRIDE;
  return { classes, next: transitions(ordered, root), accepting, words: ordered.map(({ words: ends }) => ends) };
}

const bytesOf = (word: string): number[] => [...word].map((character) => character.charCodeAt(0));

function classesOf(words: readonly string[]): Uint8Array {
  const classes = new Uint8Array(256);
  const known = new Map<number, number>();
  for (const byte of words.flatMap(bytesOf)) {
    const folded = fold(byte);
    if (!known.has(folded)) known.set(folded, known.size + 1);
  }
  for (let byte = 0; byte < 256; byte++) classes[byte] = known.get(fold(byte)) ?? 0;
  return classes;
}

function fold(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  return byte >= 0x30 && byte <= 0x39 ? 0x30 : byte;
}

/** All nodes, nearer ones first, each with the node of its longest proper suffix and with the words that end in that. */
function linked(root: Node): Node[] {
  const nodes = [root];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as Node;
    for (const [label, child] of node.children) {
      let back = node.fail;
      while (back !== undefined && !back.children.has(label)) back = back.fail;
      child.fail = back?.children.get(label) ?? root;
      child.words = [...child.words, ...child.fail.words];
      nodes.push(child);
    }
  }
  return nodes;
}

function transitions(ordered: readonly Node[], root: Node): Uint16Array {
  const next = new Uint16Array(ordered.length * STRIDE);
  for (const node of ordered) {
    for (let label = 0; label < STRIDE; label++) {
      let from: Node | undefined = node;
      while (from !== undefined && !from.children.has(label)) from = from.fail;
      next[node.id + label] = (from?.children.get(label) ?? root).id;
    }
  }
  return next;
}

// How easily one name is taken for another.

/**
 * Edits from one text to the other: insertions, deletions, substitutions and exchanges of neighbours (Damerau and Levenshtein,
 * optimal string alignment); `most + 1` when there are more than `most`. Costs the product of the lengths, so a difference in
 * length is looked at first.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, above] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const exchanged = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (exchanged) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      line.push(cost);
    }
    [before, above] = [above, line];
  }
  return Math.min(above[b.length] ?? 0, most + 1);
}

/** Letters of other alphabets, digits and pairs that look like another letter, in their order of replacement. */
const LOOK_ALIKE: readonly (readonly [RegExp, string])[] = [
  [/[аɑ]/g, 'a'],
  [/[еė]/g, 'e'],
  [/[іıl1|]/g, 'i'],
  [/[оο0]/g, 'o'],
  [/[рρ]/g, 'p'],
  [/[сϲ]/g, 'c'],
  [/[ѕ5]/g, 's'],
  [/[хχ]/g, 'x'],
  [/[уγ]/g, 'y'],
  [/[ѡԝ]|vv/g, 'w'],
  [/ո/g, 'n'],
  [/rn/g, 'm'],
];

/** The same for names that look the same: case, accents, separators and a plural do not count. */
export function skeleton(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[-_.\s]/g, '');
  return LOOK_ALIKE.reduce((text, [pattern, letter]) => text.replace(pattern, letter), plain).replace(/s$/, '');
}

/** Edits that still count for names of this length: with three letters everything is two edits from everything. */
const allowedEdits = (length: number, most: number): number => Math.min(most, Math.max(1, Math.floor(length / 3)));

/** Whether one could be taken for the other. */
export function looksAlike(a: string, b: string, mostEdits: number): boolean {
  if (skeleton(a) === skeleton(b)) return true;
  const most = allowedEdits(Math.min(a.length, b.length), mostEdits);
  return editDistance(a, b, most) <= most;
}

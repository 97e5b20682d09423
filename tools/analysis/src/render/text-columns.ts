// Text laid out in terminal columns. Whatever a file calls itself, a line stays a line: what would move the cursor, turn the
// reading direction or take no room is spelled out, wide characters count two, and nothing is longer than it is given room for.

/** Characters that a terminal would act on or not show, spelled out. */
export function visible(text: string): string {
  // Nearly every text there is, and a hundredth of the work.
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(UNSEEN, (run) =>
    [...run].map((char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`).join(''),
  );
}

// Controls, format and private characters, lone surrogates, separators, everything a font may leave out (Hangul fillers, variation
// selectors), spaces that are not the space, and more than two accents on one letter, which would paint over other lines.
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}|(?<=\p{M}{2})\p{M}+|(?<![\p{L}\p{N}\p{M}])\p{M}+/gu;

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const MARK = /\p{M}/u;

/** Columns a text takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  if (char <= '\u02ff') return 1;
  if (MARK.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** The text followed by spaces, up to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** At most `width` columns, the middle left out: digests and names are told apart by both ends. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const chars = [...text];
  const tail = Math.floor((width - 1) / 2);
  return `${take(chars, width - 1 - tail).join('')}…${take(chars.reverse(), tail).reverse().join('')}`;
}

/** Lines of at most `width` columns, broken at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width);
    line = pieces.pop() ?? '';
    for (const piece of pieces) lines.push(piece);
  }
  return [...lines, line];
}

function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = [...word];
  while (rest.length > 0) {
    const piece = take(rest, width);
    pieces.push(piece.join(''));
    rest = rest.slice(piece.length);
  }
  return pieces;
}

/** The first characters that fit; at least one, so that breaking ends. */
function take(chars: readonly string[], width: number): string[] {
  let used = 0;
  let end = 0;
  for (const char of chars) {
    used += charWidth(char);
    if (used > width) break;
    end++;
  }
  return chars.slice(0, Math.max(1, end));
}

/** A long text cut at a length nobody reads on from, and how long it is. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${text.length} characters)`;
}

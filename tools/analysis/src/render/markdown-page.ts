// A Markdown page that fits into a comment: GitHub takes 65,536 characters, and a hostile file has more to say than that. What
// does not fit is counted, never cut in the middle of a table or a fold.

/** A part of the page: its frame is always shown, its rows as far as there is room. */
export interface Block {
  readonly open: readonly string[];
  readonly rows?: readonly string[];
  /** Rows there would be; more than `rows` has when the caller made only the first ROWS. */
  readonly total?: number;
  readonly close?: readonly string[];
}

const ROOM = 60_000;
/** Rows of one block that are shown at most. */
export const ROWS = 50;

export function layOut(blocks: readonly Block[]): string {
  const frame = blocks.flatMap(({ open, close = [] }) => [...open, ...close]);
  let room = ROOM - frame.reduce((sum, line) => sum + line.length + 1, 0);
  const lines = blocks.flatMap(({ open, rows = [], total = rows.length, close = [] }) => {
    const shown = rows.slice(0, ROWS).filter((row) => {
      room -= row.length + 1;
      return room >= 0;
    });
    const rest = total - shown.length;
    return [...open, ...shown, ...(rest > 0 ? ['', `*and ${rest} more, in the whole report*`] : []), ...close];
  });
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The two lines above the rows of a table. */
export function tableHead(titles: readonly string[]): string[] {
  return [tableRow(titles), tableRow(titles.map(() => '---'))];
}

export const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

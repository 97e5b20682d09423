const MAX_COLUMNS = 20;

/** A table with `|` between cells and a row of dashes below its head; `cell` renders one cell. Undefined when there is none here. */
export function readTable(
  lines: readonly string[],
  at: number,
  cell: (text: string) => string,
): { readonly html: string; readonly lines: number } | undefined {
  const [head = '', dashes = ''] = [lines[at], lines[at + 1]];
  if (!head.includes('|') || !dashes.includes('|') || !/^[ |:-]{3,400}$/.test(dashes) || !dashes.includes('-'))
    return undefined;
  const columns = splitRow(head);
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end += 1;
  const rows = lines.slice(at + 2, end).map((line) => rowHtml(splitRow(line).slice(0, columns.length), 'td', cell));
  const html = `<table><thead>${rowHtml(columns, 'th', cell)}</thead><tbody>${rows.join('')}</tbody></table>`;
  return { html, lines: end - at };
}

function rowHtml(cells: readonly string[], element: 'td' | 'th', cell: (text: string) => string): string {
  return `<tr>${cells.map((text) => `<${element}>${cell(text)}</${element}>`).join('')}</tr>`;
}

/** Cells of a row; `\|` is a bar in a cell. */
function splitRow(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner
    .split(/(?<!\\)\|/)
    .slice(0, MAX_COLUMNS)
    .map((text) => text.trim().replaceAll('\\|', '|'));
}

const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)]) {1,4}(?=\S)/;

/** Lists, ordered and not. `inside` renders the lines of one item, `endsItem` tells lines that begin something else. */
export interface ListContext {
  readonly inside: (lines: readonly string[]) => string;
  readonly endsItem: (line: string) => boolean;
  readonly isRule: (line: string) => boolean;
}

export function isListItem(line: string): boolean {
  return ITEM.test(line);
}

/** The list that begins at a line; undefined when none does. */
export function readList(
  lines: readonly string[],
  at: number,
  context: ListContext,
): { readonly html: string; readonly lines: number } | undefined {
  const isOrdered = isNumbered(lines[at]);
  let html = '';
  let end = at;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    const found = ITEM.exec(line);
    if (found === null || isNumbered(line) !== isOrdered || context.isRule(line)) break;
    const item = readItem(lines, end, { ...context, indent: found[0].length });
    html += `<li>${tight(context.inside(item.inner))}</li>`;
    end += item.lines;
  }
  if (end === at) return undefined;
  return { html: isOrdered ? `<ol>${html}</ol>` : `<ul>${html}</ul>`, lines: end - at };
}

function isNumbered(line: string | undefined): boolean {
  return /\d/.test(ITEM.exec(line ?? '')?.[2] ?? '');
}

interface Item {
  readonly inner: readonly string[];
  readonly lines: number;
}

/** The lines of one item: indented ones, and those that carry on its paragraph. */
function readItem(
  lines: readonly string[],
  at: number,
  { endsItem, indent }: ListContext & { readonly indent: number },
): Item {
  const inner = [(lines[at] ?? '').slice(indent)];
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const isIndented = /^ {2}/.test(line);
    const isBeforeIndented = isBlank(line) && /^ {2}/.test(lines[end + 1] ?? '');
    if (!isIndented && !isBeforeIndented && (isBlank(line) || endsItem(line))) break;
    inner.push(line.startsWith(' '.repeat(indent)) ? line.slice(indent) : line.trimStart());
  }
  while (end + 1 < lines.length && isBlank(lines[end]) && ITEM.test(lines[end + 1] ?? '')) end += 1;
  return { inner, lines: end - at };
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

/** An item that begins with its only paragraph is set without it. */
function tight(html: string): string {
  const end = html.indexOf('</p>');
  if (!html.startsWith('<p>') || end < 0 || html.includes('<p>', 3)) return html;
  return html.slice(3, end) + html.slice(end + 4);
}

// The boxes of a documentation page that a test types. Their marks, which no reader sees (CONTRIBUTING.md lists them): `sh` is typed and must
// succeed; `console` is typed where a line begins with `$ ` and must print what the other lines say; `offline` behind either one means
// without a network. A box without a mark needs what no test has. Any other mark is refused: it would be a box that nothing holds.

export interface PageBlock {
  readonly kind: 'sh' | 'console';
  readonly offline: boolean;
  /** Of the page, counted from one. */
  readonly line: number;
  readonly text: string;
}

export interface Typed {
  readonly command: string;
  /** What has to come back. */
  readonly shown: string;
}

const MARK = /^(sh|console)( offline)?$/;

/** In the order of the page. */
export function executableBlocks(page: string): readonly PageBlock[] {
  const lines = page.split('\n');
  const blocks: PageBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const mark = /^```(.*)$/.exec(lines[at] ?? '')?.[1];
    if (mark === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the box is not closed`);
    const [, kind, offline] = MARK.exec(mark) ?? [];
    if (kind === undefined && mark !== '') throw new Error(`line ${at + 1}: nothing runs a box that is marked ${mark}`);
    const text = lines.slice(at + 1, end).join('\n');
    if (kind !== undefined)
      blocks.push({ kind: kind as PageBlock['kind'], offline: offline !== undefined, line: at + 1, text });
    at = end;
  }
  return blocks;
}

/** A command goes on in the next line where it ends with a backslash. */
export function typedIn({ text, line }: PageBlock): readonly Typed[] {
  const typed: { command: string; shown: string[] }[] = [];
  for (const one of text.split('\n')) {
    const last = typed.at(-1);
    if (one.startsWith('$ ')) typed.push({ command: one.slice(2), shown: [] });
    else if (last === undefined) throw new Error(`line ${line}: the box begins with something nobody typed`);
    else if (last.shown.length === 0 && last.command.endsWith('\\')) last.command += `\n${one}`;
    else last.shown.push(one);
  }
  return typed.map(({ command, shown }) => ({ command, shown: shown.join('\n') }));
}

/** What a shown answer matches: itself, a line of `…` any lines, `…` inside a line any characters of it. */
export function asPattern(shown: string): RegExp {
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = shown
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(escaped).join('.*')}\\n`));
  return new RegExp(`^${shown === '' ? '' : lines.join('')}$`);
}

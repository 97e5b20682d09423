// The line of a host's configuration that names a plugin, put into the file where the host reads it. Only the two forms in which an
// entry stands alone are edited: a line of a TOML table, and an item of a JSON list; everything else in the file stays as it was.

import { CliError } from './cli-error.ts';
import type { Snippet } from './lay-out-plugin.ts';

/** The new content of the file. Throws CONFIG_INVALID, CONFIG_UNSUPPORTED. */
export function addToConfig(before: string | undefined, snippets: readonly Snippet[], path: string): string {
  for (const { language, text } of snippets) {
    const edited =
      language === 'toml'
        ? addToToml(before ?? '', text)
        : language === 'json'
          ? addToJson(before, text, path)
          : undefined;
    if (edited !== undefined) return edited;
  }
  throw new CliError('CONFIG_UNSUPPORTED', `this host’s configuration has no entry that could be added to ${path}`);
}

const TABLE_ENTRY = /^(\[[A-Za-z0-9_.-]+\])\n("[^"\n]+"|[A-Za-z0-9_-]+) = (\S.*)\n?$/;

/** `[table]` and one `key = value` below it; undefined for any other form. */
function addToToml(before: string, snippet: string): string | undefined {
  const match = TABLE_ENTRY.exec(snippet);
  if (match === null) return undefined;
  const [, table = '', key = '', value = ''] = match;
  const lines = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const start = lines.findIndex((line) => line.trim() === table);
  const entry = `${key} = ${value}`;
  if (start < 0) return `${[...lines, ...(lines.length > 0 ? [''] : []), table, entry].join('\n')}\n`;
  const next = lines.findIndex((line, i) => i > start && /^\s*\[/.test(line));
  const end = next < 0 ? lines.length : next;
  const bare = key.replaceAll('"', '');
  const old = lines.findIndex(
    (line, i) => i > start && i < end && new RegExp(`^\\s*"?${escaped(bare)}"?\\s*=`).test(line),
  );
  if (old >= 0) lines[old] = entry;
  else lines.splice(lastFilled(lines, start, end) + 1, 0, entry);
  return `${lines.join('\n')}\n`;
}

function lastFilled(lines: readonly string[], start: number, end: number): number {
  let last = start;
  for (let i = start; i < end; i++) if (lines[i]?.trim() !== '') last = i;
  return last;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

type Config = Record<string, unknown>;

/** One list with one item: `{"plugins": ["…"]}`. An item for the same file of another version is replaced. */
function addToJson(before: string | undefined, snippet: string, path: string): string | undefined {
  const [[member, added] = [], ...more] = Object.entries(JSON.parse(snippet) as Config);
  if (member === undefined || more.length > 0 || !Array.isArray(added)) return undefined;
  const config = readConfig(before, path);
  const present = config[member] ?? [];
  if (!Array.isArray(present)) throw new CliError('CONFIG_INVALID', `${path}: ${member} is not a list`);
  const items = [...present.filter((item) => !added.includes(item)), ...added];
  return `${JSON.stringify({ ...config, [member]: items }, null, 2)}\n`;
}

function readConfig(before: string | undefined, path: string): Config {
  try {
    const value: unknown = JSON.parse(before ?? '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Config;
  } catch {
    // Also JSON with comments, which writing it back would lose.
  }
  throw new CliError('CONFIG_INVALID', `${path} is not plain JSON, so it is not edited`);
}

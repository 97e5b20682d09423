import type { FuelSchedule } from '@plugmark/wasm';
import type { CorpusRow } from './examine-file.ts';

const COLUMNS: readonly { readonly title: string; readonly left?: true; of(row: CorpusRow): string }[] = [
  { title: 'file', left: true, of: ({ package: name, version, file }) => `${name}@${version} ${file}` },
  { title: 'bytes', of: ({ bytes }) => String(bytes) },
  { title: 'kind', left: true, of: ({ kind }) => kind },
  { title: 'read ms', of: ({ readMs }) => readMs.toFixed(2) },
  { title: 'walk MB/s', of: ({ walkMBps }) => walkMBps.toFixed(0) },
  { title: 'meter x', of: (row) => ratio(row, 'wasmtime/classic') },
  { title: 'meter/46 x', of: (row) => ratio(row, 'wasmtime/46') },
  { title: 'V8', left: true, of: ({ equalToV8 }) => (equalToV8 ? 'equal' : 'DIFFERS') },
  { title: 'not metered, or not to the unit', left: true, of: (row) => row.notMetered ?? reasons(row) },
];

const ratio = ({ meter }: CorpusRow, schedule: FuelSchedule): string => meter[schedule]?.ratio.toFixed(2) ?? '-';

function reasons({ meter }: CorpusRow): string {
  return [...new Set(Object.values(meter).flatMap((result) => result.reasons))].join(' ');
}

/** The table, what disagrees, and a line of sums. */
export function renderRows(rows: readonly CorpusRow[]): string {
  const cells = [COLUMNS.map(({ title }) => title), ...rows.map((row) => COLUMNS.map((column) => column.of(row)))];
  const widths = COLUMNS.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const table = cells.map((line) =>
    line
      .map((cell, at) => (COLUMNS[at]?.left ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const problems = rows.flatMap((row) =>
    row.problems.map((problem) => `DISAGREES ${row.package}@${row.version} ${row.file}: ${problem}`),
  );
  return `${[...table, ...problems, sums(rows)].join('\n')}\n`;
}

function sums(rows: readonly CorpusRow[]): string {
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const walkMs = rows.reduce((sum, row) => sum + row.bytes / 1e3 / row.walkMBps, 0);
  const ratios = rows.flatMap(({ meter }) => meter['wasmtime/classic']?.ratio ?? []).sort((a, b) => a - b);
  const middle = ratios[ratios.length >> 1];
  return [
    `${rows.length} files, ${(bytes / 1e6).toFixed(1)} MB`,
    `walked at ${(bytes / 1e3 / walkMs).toFixed(0)} MB/s`,
    `${ratios.length} metered, median x${middle?.toFixed(2) ?? '-'}, largest x${ratios.at(-1)?.toFixed(2) ?? '-'}`,
    `${rows.filter(({ equalToV8 }) => equalToV8).length} equal to V8`,
    `${rows.filter(({ problems }) => problems.length > 0).length} disagree`,
  ].join(', ');
}

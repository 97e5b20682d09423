import { wrap } from '@plugmark/analysis';
import type { DescribedError } from './describe-error.ts';
import { columnsOf, type Io, painter } from './io.ts';

/** Lines for stderr: the tool's name, what went wrong, its code, and below it how to go on. */
export function renderError({ code, message, hint }: DescribedError, io: Io): string {
  const columns = Math.max(40, Math.min(120, columnsOf(io, io.stderr) ?? 100));
  const [what = '', ...list] = message.split('\n');
  const [first = '', ...more] = wrap(`plugmark: ${what} [${code}]`, columns);
  const lines = [
    first.replace(/^plugmark:/, (name) => painter(io, io.stderr)('bad', name)),
    ...[...more, ...list.map((line) => line.trim()), ...(hint === undefined ? [] : [hint])]
      .flatMap((line) => wrap(line, columns - 2))
      .map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

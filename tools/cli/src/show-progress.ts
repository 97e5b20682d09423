import type { DownloadProgress } from '@plugmark/client';
import type { Io } from './io.ts';
import { fileSize } from './numbers.ts';

/** Smaller files are there before a line would be read. */
const WORTH_SHOWING = 2_000_000;

/** One line that is written over, on a terminal; nothing elsewhere. */
export function showProgress({ stderr }: Io): (progress: DownloadProgress) => void {
  let shown = -1;
  return ({ received, size, resumedFrom }) => {
    if (stderr.isTTY !== true || size < WORTH_SHOWING) return;
    const percent = Math.floor((100 * received) / size);
    if (percent === shown) return;
    shown = percent;
    const taken = resumedFrom > 0 ? `, ${fileSize(resumedFrom)} were here already` : '';
    stderr.write(
      `\r${`downloading: ${percent} % of ${fileSize(size)}${taken}`.padEnd(60)}${received === size ? '\r\n' : ''}`,
    );
  };
}

// The side panel: a table of the entropies, handed to DDALAB as a description that it draws itself.

import { listText, quote } from '../../guest/json-text';

@external('ddalab', 'panel_render')
declare function renderFrom(pointer: usize, length: i32): i32;

/** Without the capability the host answers a negative number; the result is complete all the same. */
export function renderPanel(title: string, rows: string[]): void {
  const bytes = String.UTF8.encode(
    `{"kind":"table","title":${quote(title)},"columns":["Channel","Spectral entropy"],"rows":${listText(rows)}}`,
  );
  renderFrom(changetype<usize>(bytes), bytes.byteLength);
}

/** Three decimals, as a table shows it; a dash where the value is not defined. */
export function shortNumber(value: f64): string {
  if (!isFinite(value)) return '-';
  const thousandths = <i32>Math.round(value * 1000);
  return (thousandths / 1000).toString() + '.' + (thousandths % 1000).toString().padStart(3, '0');
}

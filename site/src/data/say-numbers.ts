const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'] as const;

/** `15 bytes`, `14.1 KiB`, `512 MiB`: at most one decimal, none when it says nothing. */
export function sayBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  const rounded = unit === 0 ? value : Math.round(value * 10) / 10;
  return `${rounded} ${unit === 0 && rounded === 1 ? 'byte' : UNITS[unit]}`;
}

/** `20 000 000 000`, with spaces that do not break. */
export function sayCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, '\u00a0');
}

/** `1 plugin`, `3 plugins`. */
export function sayMany(count: number, noun: string): string {
  return `${sayCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1 s`, `250 ms`. */
export function sayMilliseconds(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${sayCount(milliseconds / 1000)} s` : `${sayCount(milliseconds)} ms`;
}

/** `20 November 2026` of an instant in UTC. */
export function sayDay(instant: string): string {
  const [year = '', month = '', day = ''] = instant.slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** `20 November 2026, 12:58 UTC`. */
export function sayInstant(instant: string): string {
  return `${sayDay(instant)}, ${instant.slice(11, 16)} UTC`;
}

/** `a`, `a and b`, `a, b and c`. */
export function sayList(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A date as files carry it: UTC, whole seconds. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

const HOUR_MS = 3_600_000;

export function hoursAfter(date: Date, hours: number): Date {
  return new Date(date.getTime() + hours * HOUR_MS);
}

export function daysAfter(date: Date, days: number): Date {
  return hoursAfter(date, days * 24);
}

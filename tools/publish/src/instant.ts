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

/**
 * What ends before this is renewed now. Never more than half a lifetime ahead: a look-ahead as long as the lifetime itself would
 * renew with every build.
 */
export function renewalLimit(now: Date, lifetimeDays: number, lookAheadDays: number): Date {
  return daysAfter(now, Math.min(lookAheadDays, lifetimeDays / 2));
}

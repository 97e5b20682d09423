/** Whether a version is within a caret range, the one form that host profiles use for interfaces: `^1.2.0`, `^0.2.0`, `^0.0.3`. */
export function satisfiesCaret(version: string, range: string): boolean {
  const [have, least] = [partsOf(version), range.startsWith('^') ? partsOf(range.slice(1)) : undefined];
  if (have === undefined || least === undefined) return false;
  // Up to and with the first part that is not zero nothing may differ (semver 2.0 section 4: below 1.0.0 the minor decides).
  const leading = least.findIndex((part) => part > 0);
  const fixed = leading < 0 ? least.length : leading + 1;
  if (have.slice(0, fixed).some((part, i) => part !== least[i])) return false;
  const differs = have.findIndex((part, i) => part !== least[i]);
  return differs < 0 || (have[differs] as number) > (least[differs] as number);
}

/** A version with a pre-release part is in no range here. */
function partsOf(version: string): number[] | undefined {
  return /^\d{1,9}(\.\d{1,9}){0,2}$/.test(version) ? [...version.split('.').map(Number), 0, 0].slice(0, 3) : undefined;
}

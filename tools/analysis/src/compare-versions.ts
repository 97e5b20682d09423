/** Order of two semantic versions without build metadata (SemVer 2.0, section 11): negative, 0 or positive. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [index, number] of left.core.entries())
    if (number !== right.core[index]) return number - (right.core[index] ?? 0);
  // 11.3: a version with a prerelease is lower than the one without.
  if (left.prerelease.length === 0 || right.prerelease.length === 0)
    return right.prerelease.length - left.prerelease.length;
  for (let index = 0; index < Math.max(left.prerelease.length, right.prerelease.length); index++) {
    const order = compareIdentifiers(left.prerelease[index], right.prerelease[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): { readonly core: readonly number[]; readonly prerelease: readonly string[] } {
  const dash = version.indexOf('-');
  const core = (dash < 0 ? version : version.slice(0, dash)).split('.').map(Number);
  return { core, prerelease: dash < 0 ? [] : version.slice(dash + 1).split('.') };
}

/** 11.4: numbers by value and below words, words by ASCII order, fewer before more. */
function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [aNumber, bNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aNumber && bNumber) return Number(a) - Number(b);
  if (aNumber !== bNumber) return aNumber ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

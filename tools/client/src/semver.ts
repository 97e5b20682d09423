// Semantic versions and npm's ranges, without build metadata (registry versions have none). A property test holds the answers
// equal to the `semver` package; this exists because that package is larger than the whole trust core.

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly prerelease: readonly (string | number)[];
}

const NUMBER = '(?:0|[1-9]\\d{0,8})';
// SemVer 2.0 section 9: no leading zeros in a number; at most 15 digits, which a double orders exactly.
const IDENTIFIER = '(?:0|[1-9]\\d{0,14}|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const PRERELEASE = `(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?`;
export const VERSION: RegExp = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})${PRERELEASE}$`);

function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, prerelease] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease: parsePrerelease(prerelease) };
}

function parsePrerelease(text: string | undefined): (string | number)[] {
  return text === undefined ? [] : text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b` (SemVer 2.0 section 11). Malformed versions rank lowest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  return compare(left, right);
}

function compare(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrerelease(a.prerelease, b.prerelease);
}

function comparePrerelease(a: Version['prerelease'], b: Version['prerelease']): number {
  if (a.length === 0 || b.length === 0) return Number(a.length === 0) - Number(b.length === 0);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

interface Comparator {
  readonly operator: '<' | '<=' | '>' | '>=' | '=';
  readonly version: Version;
}

/**
 * Whether `version` lies in `range` (npm's notation: `^1.2`, `~1.2.3`, `>=1 <2`, `1.x`, `1.2 - 2`, `||`). False for anything malformed, to which belong here also
 * build metadata, numbers of more than nine digits, a number after an x, more than one operator or `v` before a number, and an
 * operator within `a - b`.
 */
export function satisfies(version: string, range: string): boolean {
  const [parsed, alternatives] = [parseVersion(version), parseRange(range)];
  if (parsed === undefined || alternatives === undefined) return false;
  return alternatives.some((comparators) => meetsAll(parsed, comparators));
}

/** Whether `text` is a range at all. */
export function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/** Undefined when any alternative is malformed: half a range understood would admit what its author did not mean. */
function parseRange(text: string): Comparator[][] | undefined {
  const alternatives = text.split('||').map((part) => parseComparators(part.trim()));
  if (!alternatives.every((comparators) => comparators !== undefined)) return undefined;
  // npm's rule: an alternative that admits every release replaces all others, and with them the prereleases they name.
  return alternatives.find((comparators) => comparators.length === 0) === undefined ? alternatives : [[]];
}

function meetsAll(version: Version, comparators: readonly Comparator[]): boolean {
  if (!comparators.every((comparator) => meets(version, comparator))) return false;
  if (version.prerelease.length === 0) return true;
  // A prerelease is chosen only where the range names a prerelease of the same version (npm's rule).
  return comparators.some(
    ({ version: { numbers, prerelease } }) =>
      prerelease.length > 0 && numbers.every((number, i) => number === version.numbers[i]),
  );
}

function meets(version: Version, { operator, version: bound }: Comparator): boolean {
  const order = compare(version, bound);
  if (operator === '=') return order === 0;
  if (order === 0) return operator.length === 2;
  return operator.startsWith('<') === order < 0;
}

/** All comparators of one `||` alternative; an empty list admits every release; undefined when malformed. */
function parseComparators(text: string): Comparator[] | undefined {
  const hyphen = /^([^\s=<>^~]+)\s+-\s+([^\s=<>^~]+)$/.exec(text);
  const words = hyphen
    ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
    : text.replace(/([<>=^~])\s+(?=[^<>=^~\s])/g, '$1').split(/\s+/);
  const parsed = words.filter((word) => word !== '').map(parseWord);
  return parsed.every((comparators) => comparators !== undefined)
    ? parsed.flat().filter((comparator) => !isEveryRelease(comparator))
    : undefined;
}

/** `>=0.0.0` says nothing (npm's rule). */
function isEveryRelease({ operator, version: { numbers, prerelease } }: Comparator): boolean {
  return operator === '>=' && prerelease.length === 0 && numbers.every((number) => number === 0);
}

const WORD = new RegExp(
  `^(\\^|~>?|<=|>=|<|>|=)?v?(${NUMBER}|[xX*])(?:\\.(${NUMBER}|[xX*])(?:\\.(${NUMBER}|[xX*])${PRERELEASE})?)?$`,
);

function parseWord(word: string): Comparator[] | undefined {
  const match = WORD.exec(word);
  if (match === null) return undefined;
  const [, operator = '', ...parts] = match;
  const numbers = parts
    .slice(0, 3)
    .map((part) => (part === undefined || /[xX*]/.test(part) ? undefined : Number(part)));
  const open = numbers.indexOf(undefined);
  const count = open < 0 ? 3 : open;
  // After an x only another x makes sense: `1.x.2` would look narrower than it is.
  if (numbers.slice(count).some((number) => number !== undefined)) return undefined;
  const [major = 0, minor = 0, patch = 0] = numbers;
  const floor = release(major, minor, patch, count === 3 ? parsePrerelease(parts[3]) : []);
  return expand(operator, floor, count);
}

/** `count`: how many of the three numbers were given; the others are open. */
function expand(operator: string, floor: Version, count: number): Comparator[] {
  const [major, minor, patch] = floor.numbers;
  const from: Comparator = { operator: '>=', version: floor };
  if (count === 0)
    return operator === '<' || operator === '>' ? [{ operator: '<', version: release(0, 0, 0, [0]) }] : [];
  if (operator === '^') return [from, below(caretIndex(floor, count), floor)];
  if (operator.startsWith('~')) return [from, below(Math.min(count - 1, 1), floor)];
  if (count === 3) return [{ operator: (operator || '=') as Comparator['operator'], version: floor }];
  const next = below(count - 1, floor).version;
  if (operator === '<') return [{ operator: '<', version: release(major, minor, patch, [0]) }];
  if (operator === '>=') return [from];
  if (operator === '>') return [{ operator: '>=', version: release(...next.numbers) }];
  if (operator === '<=') return [{ operator: '<', version: next }];
  return [from, { operator: '<', version: next }];
}

/** The number a caret keeps fixed: the first that is not zero, or the last that was given. */
function caretIndex({ numbers }: Version, count: number): number {
  const first = numbers.slice(0, count).findIndex((number) => number > 0);
  return first < 0 ? count - 1 : first;
}

/** Below the next value of number `index`; the bound's own prereleases (`-0` and up) are outside too. */
function below(index: number, { numbers }: Version): Comparator {
  const next = numbers.map((number, i) => (i < index ? number : i === index ? number + 1 : 0));
  return { operator: '<', version: release(next[0] ?? 0, next[1] ?? 0, next[2] ?? 0, [0]) };
}

function release(major: number, minor: number, patch: number, prerelease: (string | number)[] = []): Version {
  return { numbers: [major, minor, patch], prerelease };
}

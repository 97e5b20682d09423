// Semantic versions and npm's ranges, without build metadata (registry versions have none). A property test holds the answers
// equal to the `semver` package; this exists because that package is larger than the whole trust core.

/** The three numbers, then what follows the hyphen. */
type Version = readonly (string | number)[];

const NUMBER = '(?:0|[1-9]\\d{0,8})';
// SemVer 2.0 section 9: no leading zeros in a number; at most 15 digits, which a double orders exactly.
const IDENTIFIER = '(?:0|[1-9]\\d{0,14}|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const PRERELEASE = `(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?`;
export const VERSION: RegExp = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})${PRERELEASE}$`);

function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  return match ? [...match.slice(1, 4).map(Number), ...parsePrerelease(match[4])] : undefined;
}

function parsePrerelease(text: string | undefined): (string | number)[] {
  return text?.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? [];
}

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b` (SemVer 2.0 section 11). Malformed versions rank lowest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left && right ? compare(left, right) : Number(!!left) - Number(!!right);
}

function compare(a: Version, b: Version): number {
  for (let i = 0; ; i++) {
    const [left, right] = [a[i], b[i]];
    if (left === right) {
      if (left === undefined) return 0;
      continue;
    }
    // A version without a prerelease is higher than one with; of two prereleases the longer one is.
    if (left === undefined || right === undefined) return (left === undefined) === (i === 3) ? 1 : -1;
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : 1;
  }
}

/** `>=`, `<` and the like, with the version it is compared to. */
type Comparator = readonly [operator: string, bound: Version];

/**
 * Whether `version` lies in `range` (npm's notation: `^1.2`, `~1.2.3`, `>=1 <2`, `1.x`, `1.2 - 2`, `||`). False for anything malformed, to which belong here also
 * build metadata, numbers of more than nine digits, a number after an x, more than one operator or `v` before a number, and an
 * operator within `a - b`.
 */
export function satisfies(version: string, range: string): boolean {
  const parsed = parseVersion(version);
  return !!parsed && !!parseRange(range)?.some((comparators) => meetsAll(parsed, comparators));
}

/** Whether `text` is a range at all. */
export function isRange(text: string): boolean {
  return !!parseRange(text);
}

/** Undefined when any alternative is malformed: half a range understood would admit what its author did not mean. */
function parseRange(text: string): Comparator[][] | undefined {
  const alternatives = text.split('||').map((part) => parseComparators(part.trim()));
  if (!alternatives.every((comparators) => !!comparators)) return undefined;
  // npm's rule: an alternative that admits every release replaces all others, and with them the prereleases they name.
  return alternatives.every(({ length }) => length > 0) ? alternatives : [[]];
}

function meetsAll(version: Version, comparators: readonly Comparator[]): boolean {
  const isInside = comparators.every(([operator, bound]) => {
    const order = compare(version, bound);
    return order === 0 ? /=/.test(operator) : operator !== '=' && /</.test(operator) === order < 0;
  });
  // A prerelease is chosen only where the range names a prerelease of the same version (npm's rule).
  const isNamed = ([, bound]: Comparator): boolean =>
    bound.length > 3 && [0, 1, 2].every((i) => bound[i] === version[i]);
  return isInside && (version.length === 3 || comparators.some(isNamed));
}

/** All comparators of one `||` alternative; an empty list admits every release; undefined when malformed. */
function parseComparators(text: string): Comparator[] | undefined {
  const hyphen = /^([^\s=<>^~]+)\s+-\s+([^\s=<>^~]+)$/.exec(text);
  const words = hyphen ? `>=${hyphen[1]} <=${hyphen[2]}` : text.replace(/([<>=^~])\s+(?=[^<>=^~\s])/g, '$1');
  const parsed = words.split(/\s+/).map((word) => (word === '' ? [] : parseWord(word)));
  // `>=0.0.0` says nothing (npm's rule).
  return parsed.every((comparators) => !!comparators)
    ? parsed.flat().filter(([operator, bound]) => operator !== '>=' || bound.join() !== '0,0,0')
    : undefined;
}

const PART = `(${NUMBER}|[xX*])`;
const WORD = new RegExp(`^(\\^|~>?|<=|>=|<|>|=)?v?${PART}(?:\\.${PART}(?:\\.${PART}${PRERELEASE})?)?$`);

function parseWord(word: string): Comparator[] | undefined {
  const match = WORD.exec(word);
  if (!match) return undefined;
  const [, operator = '', ...parts] = match;
  const numbers = parts.slice(0, 3).map((part) => Number(part ?? 'x'));
  const open = numbers.findIndex(Number.isNaN);
  const count = open < 0 ? 3 : open;
  // After an x only another x makes sense: `1.x.2` would look narrower than it is.
  if (!numbers.slice(count).every(Number.isNaN)) return undefined;
  const floor = [...numbers.map((number) => number || 0), ...(open < 0 ? parsePrerelease(parts[3]) : [])];
  return expand(operator[0] === '~' ? '~' : operator, floor, count);
}

/** `count`: how many of the three numbers were given; the others are open. */
function expand(operator: string, floor: Version, count: number): Comparator[] {
  const from: Comparator = ['>=', floor];
  // Nothing is below or above everything.
  if (count === 0) return /^[<>]$/.test(operator) ? [['<', [0, 0, 0, 0]]] : [];
  if (operator === '^') return [from, below(caretIndex(floor, count), floor)];
  if (operator === '~') return [from, below(Math.min(count - 1, 1), floor)];
  if (count === 3) return [[operator || '=', floor]];
  const next = below(count - 1, floor);
  if (operator === '<') return [['<', [...floor, 0]]];
  if (operator === '>=') return [from];
  if (operator === '>') return [['>=', next[1].slice(0, 3)]];
  return operator === '<=' ? [next] : [from, next];
}

/** The number a caret keeps fixed: the first that is not zero, or the last that was given. */
function caretIndex(floor: Version, count: number): number {
  const first = floor.slice(0, count).findIndex((number) => number !== 0);
  return first < 0 ? count - 1 : first;
}

/** Below the next value of number `index`; the bound's own prereleases (`-0` and up) are outside too. */
function below(index: number, floor: Version): Comparator {
  return ['<', [0, 1, 2, 3].map((i) => (i < index ? (floor[i] ?? 0) : i === index ? Number(floor[i]) + 1 : 0))];
}

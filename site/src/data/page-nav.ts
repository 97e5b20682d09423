// Ways through a list that is too long for one page: the next one, some further off, and where each letter begins. Pure.

export interface PageNav {
  readonly number: number;
  readonly pages: number;
  /** Below this site. */
  readonly before?: string;
  readonly next?: string;
  /** Pages by their number, the own one without a path. */
  readonly numbers: readonly PageJump[];
  readonly letters: readonly PageJump[];
}

interface PageJump {
  readonly words: string;
  readonly path?: string;
}

export interface PagedList {
  /** In the order of the list. */
  readonly titles: readonly string[];
  /** Of one page. */
  readonly length: number;
  readonly path: (number: number) => string;
}

/** One for each page, at least one. */
export function pageNavs({ titles, length, path }: PagedList): readonly PageNav[] {
  const pages = Math.max(1, Math.ceil(titles.length / length));
  const letters = letterPages(titles, length).map(([words, page]) => ({ words, path: path(page) }));
  return Array.from({ length: pages }, (_, i) => i + 1).map((number) => ({
    number,
    pages,
    ...(number > 1 ? { before: path(number - 1) } : {}),
    ...(number < pages ? { next: path(number + 1) } : {}),
    numbers: nearNumbers(number, pages).map((each) => ({
      words: `${each}`,
      ...(each === number ? {} : { path: path(each) }),
    })),
    letters,
  }));
}

/** Steps that reach any of a few hundred pages in three. */
const STEPS = [1, 2, 10, 20, 50];

function nearNumbers(number: number, pages: number): readonly number[] {
  const near = STEPS.flatMap((step) => [number - step, number + step]);
  const wanted = new Set([1, number, pages, ...near.filter((each) => each >= 1 && each <= pages)]);
  return [...wanted].sort((a, b) => a - b);
}

/** What is no letter of the Latin alphabet stands under one sign. */
function letterPages(titles: readonly string[], length: number): readonly (readonly [string, number])[] {
  const first = new Map<string, number>();
  for (const [i, title] of titles.entries()) {
    const letter = title.charAt(0).toUpperCase();
    const words = letter >= 'A' && letter <= 'Z' ? letter : '#';
    if (!first.has(words)) first.set(words, Math.floor(i / length) + 1);
  }
  return [...first];
}

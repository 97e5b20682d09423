// Looking at something that the token may not see. GitHub says "not found" for both, so what is not found counts as missing only for a
// token that sees everything.

import { CliError } from '../cli-error.ts';

export type Seen<T> = { readonly value: T } | { readonly missing: true } | { readonly hidden: string };

export async function look<T>(isAdmin: boolean, ask: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (error.code === 'GITHUB_NOT_FOUND') return isAdmin ? { missing: true } : { hidden: 'the token may not see it' };
    if (error.code === 'GITHUB_FORBIDDEN') return { hidden: 'the token may not see it' };
    return { hidden: `GitHub did not say: ${error.message}` };
  }
}

export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'inconclusive' | 'notApplicable';
  readonly found: string;
}

export const pass = (found: string): Verdict => ({ outcome: 'pass', found });
export const fail = (found: string): Verdict => ({ outcome: 'fail', found });
export const inconclusive = (found: string): Verdict => ({ outcome: 'inconclusive', found });
export const notApplicable = (found: string): Verdict => ({ outcome: 'notApplicable', found });

/** What is missing is wrong, what is hidden is unknown, and only what was seen is judged. */
export function judged<T>(seen: Seen<T>, missing: string, judge: (value: T) => Verdict): Verdict {
  if ('value' in seen) return judge(seen.value);
  return 'missing' in seen ? fail(missing) : inconclusive(seen.hidden);
}

/** Problems, or that there are none. */
export const unless = (problems: readonly string[], good: string): Verdict =>
  problems.length === 0 ? pass(good) : fail(problems.join('; '));

// What a host's libraries cannot do, in the host's own folder: each entry gives vectors and the library's limit. A list is exact: an entry
// that is not needed any more is as wrong as one that is missing.
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { CaseResult } from '../../conformance/client-case.ts';

/**
 * `otherCode`: refused, as it must be, with another code. `refusesHonest`: an honest case is refused, which is safe and a limit.
 * `unsupported`: the client says that it lacks what the case needs, and installs nothing. That something is accepted which must be refused has no name here, so that no list can excuse it.
 */
export const Limits = z.strictObject({
  vectors: z.array(
    z.strictObject({
      outcome: z.enum(['otherCode', 'refusesHonest', 'unsupported']),
      limit: z.string().check(z.minLength(20)),
      names: z.array(z.string()).check(z.minLength(1)),
    }),
  ),
  fuel: z.array(z.strictObject({ plugin: z.string(), vector: z.string(), limit: z.string().check(z.minLength(20)) })),
});
export type Limits = z.output<typeof Limits>;

export const readLimits = (host: string): Limits =>
  Limits.parse(JSON.parse(readFileSync(new URL(`../../hosts/${host}/limits.json`, import.meta.url), 'utf8')));

export type Outcome = 'pass' | Limits['vectors'][number]['outcome'] | 'wrong';

/** Where a refusal was expected and none came, and after a crash, it is wrong whatever the runner calls it. */
export function outcomeOf({ outcome, detail = '' }: CaseResult, expectsCodeAt: (step: number) => boolean): Outcome {
  if (outcome !== 'fail') return outcome;
  const [, step, answer = ''] = /^step (\d+): (.*)$/.exec(detail) ?? [];
  const refused = answer.includes('"error":{"code":"') && !answer.includes('"FAULT"');
  const honestStep = step !== undefined && !expectsCodeAt(Number(step) - 1);
  return refused && honestStep ? 'refusesHonest' : 'wrong';
}

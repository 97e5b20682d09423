import type { CheckOutcome, Verdict } from '@plugmark/schemas';

/**
 * The verdict over all checks. A finding whose effect is `fail` refuses; one that asks for review, or a required check that could
 * not be decided, asks a human. Optional and inconclusive changes nothing: its level is simply not claimed.
 */
export function verdictOf(outcomes: readonly CheckOutcome[]): Verdict {
  const open = outcomes.flatMap(({ findings }) => findings).filter(({ exception }) => exception === undefined);
  if (open.some(({ effect }) => effect === 'fail')) return 'fail';
  const undecided = outcomes.some(({ required, outcome }) => required && outcome === 'inconclusive');
  return undecided || open.some(({ effect }) => effect === 'review') ? 'review' : 'pass';
}

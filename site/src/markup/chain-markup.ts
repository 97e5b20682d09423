// A verification as a list of steps, each with its state in a word and a shape, and its values.

import { CHAIN_STEPS, type StepState, type StepView } from '../data/chain-steps.ts';
import { el, type Markup } from './element.ts';
import { icon } from './risk-icon.ts';
import { verdictSeal } from './verdict-seal.ts';

const STATES: Readonly<Record<StepState, { readonly word: string; readonly shape: string }>> = {
  waiting: { word: 'Waiting', shape: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1m0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3' },
  working: { word: 'Checking', shape: 'M1 6.500h3v3H1zM6.500 6.500h3v3h-3zM12 6.500h3v3h-3z' },
  pass: { word: 'Checked', shape: 'M1 8l2-2 3.500 3.500L13 3l2 2-8.500 8.500z' },
  fail: { word: 'Refused', shape: 'M3 1l5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5-5-5z' },
  inconclusive: { word: 'Undecided', shape: 'M7 1h2v9H7zM7 12h2v3H7z' },
  notReached: { word: 'Not reached', shape: 'M1 6.500h14v3H1z' },
  notApplicable: { word: 'None', shape: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1m0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3' },
};

export function chainMarkup(steps: readonly StepView[]): Markup {
  return el('ol', { class: 'chain' }, ...steps.map(stepMarkup));
}

function stepMarkup({ step, state, values, refusal }: StepView): Markup {
  const { title, says } = CHAIN_STEPS[step];
  const { word, shape } = STATES[state];
  return el(
    'li',
    { 'data-step': step, 'data-state': state },
    el('h3', {}, title, ' ', el('span', { class: `tag step-${state}` }, icon(shape), word)),
    el('p', {}, state === 'notApplicable' ? 'This registry strikes no mark of its own on this release.' : says),
    refusal !== undefined && el('p', { class: 'refusal' }, el('strong', {}, refusal.code), `: ${refusal.says}`),
    values.length > 0 &&
      el(
        'dl',
        { class: 'facts' },
        ...values.flatMap(({ name, value }) => [el('dt', {}, name), el('dd', { class: 'digest' }, value)]),
      ),
  );
}

export interface ChainVerdict {
  readonly state: 'pass' | 'fail' | 'inconclusive';
  readonly title: string;
  readonly says: string;
}

export function verdictMarkup({ state, title, says }: ChainVerdict): Markup {
  return el(
    'section',
    { class: 'result-head', id: 'verdict', 'data-state': state },
    verdictSeal(state === 'inconclusive' ? 'review' : state),
    el('div', {}, el('h2', {}, title), el('p', {}, says)),
  );
}

// A verification as a list of steps, each with its state in a word and a shape, and its values.

import { CHAIN_STEPS, type StepState, type StepView } from '../data/chain-steps.ts';
import { el, type Markup } from './element.ts';
import { icon, type Shape } from './risk-icon.ts';
import { verdictSeal } from './verdict-seal.ts';

const STATES: Readonly<Record<StepState, { readonly word: string; readonly shape: Shape }>> = {
  waiting: { word: 'Waiting', shape: 'none' },
  working: { word: 'Checking', shape: 'dots' },
  pass: { word: 'Checked', shape: 'tick' },
  fail: { word: 'Refused', shape: 'cross' },
  inconclusive: { word: 'Undecided', shape: 'mark' },
  notReached: { word: 'Not reached', shape: 'dash' },
  notApplicable: { word: 'None', shape: 'none' },
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

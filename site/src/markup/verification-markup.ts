import type { MarkState, VerificationPanel } from '../data/verification-panel.ts';
import { el, type Link, type Markup } from './element.ts';
import { icon, type Shape } from './risk-icon.ts';

const SHAPES: Readonly<Record<MarkState, Shape>> = {
  verified: 'tick',
  notChecked: 'dash',
  notSigned: 'none',
  verificationFailed: 'cross',
};

/** What was verified when the page was built, and how to do it oneself. */
export function verificationMarkup(panel: VerificationPanel, link: Link): Markup {
  return el(
    'section',
    { id: 'verification' },
    el('h2', {}, 'What was verified'),
    el('ul', { class: 'marks' }, panel.marks.map(markMarkup)),
    panel.code !== undefined && el('p', {}, el('strong', {}, `The client answered ${panel.code}.`)),
    el(
      'p',
      {},
      `Checked when this page was built on ${panel.checkedAt}. `,
      el('a', { href: link(panel.here) }, 'Check it in your browser'),
      ', step by step, or on the command line:',
    ),
    el('pre', {}, el('code', {}, panel.command)),
    el(
      'p',
      { class: 'small soft' },
      'ROOT is the ',
      el('a', { href: link('metadata/1.root.json') }, 'root file'),
      ' of this registry that you already trust: from your host application, or compared by another way than this page.',
    ),
  );
}

function markMarkup({ title, state, word, says, values, points }: VerificationPanel['marks'][number]): Markup {
  return el(
    'li',
    {},
    el('h3', {}, title, ' ', el('span', { class: `tag state-${state}` }, icon(SHAPES[state]), word)),
    el('p', {}, says),
    points.length > 0 &&
      el(
        'ul',
        {},
        points.map((point) => el('li', {}, point)),
      ),
    values.map(({ name, value }) =>
      el('p', { class: 'small soft' }, `${name} `, el('span', { class: 'digest' }, value)),
    ),
  );
}

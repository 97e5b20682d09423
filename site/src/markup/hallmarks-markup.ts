import type { Hallmark } from '../data/hallmarks.ts';
import { el, type Markup } from './element.ts';

/** The outlines of real punches: a maker's lozenge-cut shield, an oval, a fineness hexagon, the office's octagon, the year's shield. */
const OUTLINES: Readonly<Record<Hallmark['shape'], string>> = {
  maker: 'M4 8h40v24l-6 8H10l-6-8z',
  kind: 'M24 4a17 20 0 1 0 .1 0z',
  assay: 'M14 5h20l11 19-11 19H14L3 24z',
  office: 'M15 3h18l12 12v18L33 45H15L3 33V15z',
  year: 'M6 5h36v22c0 9-8 14-18 18C14 41 6 36 6 27z',
};

export function hallmarksMarkup(marks: readonly Hallmark[]): Markup {
  return el('ul', { class: 'hallmarks' }, marks.map(hallmark));
}

function hallmark({ shape, letters, title, says, isStruck }: Hallmark): Markup {
  return el(
    'li',
    { class: isStruck ? undefined : 'blank' },
    el(
      'svg',
      { viewBox: '0 0 48 48', 'aria-hidden': 'true' },
      el('path', { d: OUTLINES[shape] }),
      letters === '' ? el('path', { class: 'tick', d: 'M15 25l6 6 12-14' }) : el('text', { x: '24', y: '31' }, letters),
    ),
    el('b', {}, title),
    el('span', {}, says),
  );
}

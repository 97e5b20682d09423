// What a plugin can do, before it is installed. The rows are the client's, in its order; text goes into the page as text and never as
// markup, since a reason is a stranger's. A high-risk capability has a box of its own, empty at first: left empty, the plugin goes without.
import type { AskConsent, ConsentAnswer, ConsentQuestion, PermissionRow } from '@plugmark/client';

export const askInDialog: AskConsent = (question) => {
  const dialog = document.querySelector('#consent') as HTMLDialogElement;
  const boxes = new Map(question.decision.explicit.map((id) => [id, element('input', { type: 'checkbox' })]));
  dialog.replaceChildren(
    ...heading(question),
    ...question.screen.rows.map((row) => rowOf(row, boxes.get(row.id))),
    element('p', { className: 'fine' }, question.screen.cannot.join(' ')),
    element(
      'form',
      { method: 'dialog', className: 'line' },
      element('button', { value: 'no' }, 'Cancel'),
      element('button', { value: 'yes' }, question.installed === undefined ? 'Install' : 'Update'),
    ),
  );
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener('close', () => answer(answerOf(dialog.returnValue, boxes)), { once: true });
  });
};

/** Escape closes a dialog without a value, which is a no. */
function answerOf(pressed: string, boxes: ReadonlyMap<string, HTMLInputElement>): ConsentAnswer {
  if (pressed !== 'yes') return { allow: false };
  const named = (checked: boolean): string[] =>
    [...boxes].flatMap(([id, box]) => (box.checked === checked ? [id] : []));
  return { allow: true, explicitly: named(true), denied: named(false) };
}

function heading({ title, plugin, version, publisher, tier, installed, screen }: ConsentQuestion): HTMLElement[] {
  const instead = installed === undefined ? '' : `, instead of ${installed.version}`;
  return [
    element('h2', { id: 'consent-title' }, `${title} ${version}`),
    element('p', { className: 'fine' }, `${plugin} by ${publisher.title} (${tier})${instead}`),
    element('p', {}, element('strong', {}, screen.headline)),
  ];
}

function rowOf(
  { risk, prominent, title, sentence, reason, params, seenInCode, isNew }: PermissionRow,
  box?: HTMLInputElement,
): HTMLElement {
  const marks = [`${risk} risk`, ...(isNew ? ['new in this version'] : [])].join(', ');
  const lines = [
    ...params.map(({ title: of, values }) => `${of}: ${values.join(', ')}`),
    ...(reason === undefined ? [] : [`The publisher says: ${reason}`]),
    seenInCode.length === 0 ? 'Not seen in the code.' : `Seen in the code: ${seenInCode.join(', ')}`,
  ];
  return element(
    'div',
    { className: prominent ? 'row prominent' : 'row' },
    element('p', {}, element('strong', {}, `${title} (${marks})`)),
    element('p', {}, sentence),
    ...lines.map((line) => element('p', { className: 'fine' }, line)),
    ...(box === undefined ? [] : [element('label', {}, box, ` Allow: ${title.toLowerCase()}`)]),
  );
}

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

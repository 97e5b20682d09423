import { el, type Markup, type MarkupElement } from './element.ts';

interface VerifyDesk {
  readonly base: string;
  readonly registry: { readonly title: string; readonly url: string };
  /** Of the root that is used unless another is given. */
  readonly rootSays: string;
}

/** The form of /verify/ and of the saved page. Hidden until the script is there, since without it it does nothing. */
export function verifyDesk({ base, registry, rootSays }: VerifyDesk): Markup {
  return el(
    'div',
    { id: 'verify', class: 'desk', 'data-base': base },
    el(
      'form',
      { class: 'desk-form', id: 'desk', hidden: '' },
      field('plugin', 'A plugin', {
        type: 'text',
        placeholder: 'publisher/name or publisher/name@1.2.0',
        autocomplete: 'off',
        spellcheck: 'false',
      }),
      el(
        'div',
        { class: 'drop' },
        el(
          'label',
          { for: 'file' },
          'or ',
          el('strong', {}, 'drop a file'),
          ' you have, to see whether it is a release',
        ),
        el('input', { id: 'file', name: 'file', type: 'file' }),
      ),
      el(
        'details',
        { id: 'elsewhere' },
        el('summary', {}, `Of ${registry.title}, or of another registry`),
        field('registry', 'Where the registry is served', { type: 'url', value: registry.url, autocomplete: 'off' }),
        el(
          'div',
          { class: 'field' },
          el('label', { for: 'root' }, 'Its root.json, from somebody you trust'),
          el('input', { id: 'root', name: 'root', type: 'file', accept: '.json,application/json' }),
        ),
        el('p', { class: 'small soft', id: 'root-says' }, rootSays),
      ),
      el('div', {}, el('button', { type: 'submit' }, 'Verify')),
      el(
        'p',
        { class: 'small soft' },
        'Nothing is uploaded. Files are fetched from the registry you name and from nowhere else.',
      ),
    ),
    el('p', { id: 'status', role: 'status', class: 'status' }),
    el('div', { id: 'result', class: 'stack' }),
    el('div', { id: 'chain' }),
    el(
      'section',
      { id: 'after', hidden: '' },
      el('h2', {}, 'What this shows'),
      el('p', { id: 'claim' }),
      el('p', {}, 'The same on the command line, with a root that you have from elsewhere:'),
      el('pre', {}, el('code', { id: 'command' })),
    ),
  );
}

function field(id: string, words: string, attributes: MarkupElement['attributes']): Markup {
  return el('div', { class: 'field' }, el('label', { for: id }, words), el('input', { id, name: id, ...attributes }));
}

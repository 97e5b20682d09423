// The page of the client's API: everything public says what it is, and every code that a comment names exists.
import { readFileSync } from 'node:fs';
import { CLIENT_ERROR_CODES } from '@plugmark/client';
import { expect, test } from 'vitest';
import { placeExports, renderClientApi, throwersOf } from './client-api.ts';

const EXPORTS = placeExports().flatMap(({ exports }) => exports);

test('every export and every method says what it is', () => {
  expect(EXPORTS.length).toBeGreaterThan(150);
  expect(EXPORTS.filter(({ doc }) => doc === undefined).map(({ name }) => name)).toEqual([]);
  const silent = EXPORTS.flatMap(({ name, members }) =>
    members.filter(({ isMethod, doc }) => isMethod && doc === undefined).map((member) => `${name}.${member.name}`),
  );
  expect(silent).toEqual([]);
});

test('what comments say is thrown can be thrown', () => {
  const docs = EXPORTS.flatMap(({ doc, members }) => [doc, ...members.map((member) => member.doc)]);
  const named = docs.flatMap((doc) => doc?.match(/(?<=Throws )[^.]*/g) ?? []).join(' ');
  const codes = Object.keys(CLIENT_ERROR_CODES);
  const unknown = (named.match(/\b[A-Z]+_[A-Z_]*\*?(?![\w-])/g) ?? []).filter(
    (word) => !codes.some((code) => code === word || (word.endsWith('*') && code.startsWith(word.slice(0, -1)))),
  );
  expect(unknown).toEqual([]);
  const throwers = throwersOf(EXPORTS);
  expect(codes.filter((code) => !throwers.has(code))).toEqual([]);
});

test('a method, an inherited member and a code are where one looks for them', () => {
  const page = renderClientApi();
  expect(page).toContain('| `load(named: string, options?: ActOptions)` |');
  expect(page.split('### PluginsOptions')[1]?.split('###')[0]).toContain('| `root` | `Uint8Array` |');
  expect(throwersOf(EXPORTS).get('REVOKED')).toContain('Plugins.load');
  // An export without its file would be a page about nothing.
  expect(readFileSync(new URL('../../site/src/content/docs/embed.md', import.meta.url), 'utf8')).toContain(
    'client-api.md',
  );
});

import { expect, test } from 'vitest';
import { replaceBetween } from './generators.ts';

test('replaces what lies between the markers and nothing else', () => {
  const text = 'a\n<!-- generated:x -->\nold\n<!-- /generated:x -->\nb\n';
  expect(replaceBetween(text, 'x', 'new\n')).toBe('a\n<!-- generated:x -->\nnew\n<!-- /generated:x -->\nb\n');
});

test('refuses a document without its markers', () => {
  expect(() => replaceBetween('a', 'x', 'new')).toThrow('<!-- generated:x -->');
});

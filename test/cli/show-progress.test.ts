// Progress of a download: one line that is written over, on a terminal and for files that are worth it.
import { expect, test } from 'vitest';
import { showProgress } from '../../tools/cli/src/show-progress.ts';
import { captured } from './fixtures.ts';

function shown(isTTY: boolean, steps: readonly number[], size: number, resumedFrom = 0): string {
  const { io, err } = captured('/');
  const show = showProgress({ ...io, stderr: { ...io.stderr, isTTY } });
  for (const received of steps) show({ sha256: '', received, size, resumedFrom });
  return err();
}

test('is one line that ends when the file is whole', () => {
  const text = shown(true, [1_000_000, 1_000_001, 2_000_000, 4_000_000], 4_000_000);
  expect(text.split('\r').map((line) => line.trim())).toEqual([
    '',
    'downloading: 25 % of 3.8 MiB',
    'downloading: 50 % of 3.8 MiB',
    'downloading: 100 % of 3.8 MiB',
    '',
  ]);
  expect(text.endsWith('\r\n')).toBe(true);
});

test('says what had come before', () => {
  expect(shown(true, [3_000_000], 4_000_000, 2_000_000)).toContain('1.9 MiB were here already');
});

test('is nothing for small files, and nothing where nobody looks', () => {
  expect(shown(true, [1_000_000], 1_000_000)).toBe('');
  expect(shown(false, [4_000_000], 4_000_000)).toBe('');
});

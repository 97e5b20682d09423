import { expect, test } from 'vitest';
import { submissionOf } from '../../tools/cli/src/submission-words.ts';

// The registry's own account opens both from one fork: a shared branch would put one publisher's files into the other's pull request.
test('two plugins whose names read alike have branches of their own', () => {
  const version = '1.2.0';
  const branches = ['acme-fast/filter', 'acme/fast-filter'].map((plugin) => submissionOf({ plugin, version }).branch);
  expect(new Set(branches).size).toBe(2);
  expect(submissionOf({ plugin: 'acme/fast-filter', version })).toEqual({
    branch: 'plugmark/acme.fast-filter-1.2.0',
    title: 'Release acme/fast-filter 1.2.0',
  });
});

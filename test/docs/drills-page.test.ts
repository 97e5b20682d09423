// The drills page promises that its steps are tested. Each test it names has to be there, under that name: in a file, or as the folder
// of a vector.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const PAGE = readFileSync(new URL('../../site/src/content/docs/drills.md', import.meta.url), 'utf8');
const DRILLS = PAGE.split(/^## /m).slice(1);

function namedTests(drill: string): readonly (readonly [file: string, title: string])[] {
  const [, tested = ''] = /^Tested: ([\s\S]+)/m.exec(drill) ?? [];
  return tested.split('; ').flatMap((part) => {
    const [, file = ''] = /`([^`]+)`/.exec(part) ?? [];
    return [...part.matchAll(/"([^"]+)"/g)].map(([, title = '']) => [file, title] as const);
  });
}

describe('every drill', () => {
  test.each(DRILLS.map((drill) => [drill.split('\n')[0] ?? '', drill] as const))('%s', (_, drill) => {
    const named = namedTests(drill);
    expect(named.length).toBeGreaterThan(0);
    for (const [file, title] of named) {
      const at = new URL(`../../${file}`, import.meta.url);
      const isThere = file.endsWith('.ts')
        ? existsSync(at) && readFileSync(at, 'utf8').includes(`'${title}'`)
        : existsSync(new URL(`../../${file}/${title}/`, import.meta.url));
      expect(isThere, `${file}: ${title}`).toBe(true);
    }
  });
});

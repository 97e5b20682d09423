// Holds the specification to the code and the vectors: every requirement has a number and a vector or a reason, every code stands in it and
// is brought about by a vector or has a reason, and nothing is named that does not exist.
import { readFileSync } from 'node:fs';
import { CLIENT_ERROR_CODES } from '@plugmark/client';
import { describe, expect, test } from 'vitest';
import { LEVELS } from '../../tools/client/src/documents/package-document.ts';
import { readCase, readIndex } from '../conformance/client-vectors.ts';

const SPEC = readFileSync(new URL('../../site/src/content/docs/client-spec.md', import.meta.url), 'utf8');
const paragraphs = SPEC.split(/\n\n+/);
const CLAUSE = /^\*\*([A-Z]+\d+)\.\*\* /;
const clauses = paragraphs.flatMap((paragraph) => CLAUSE.exec(paragraph)?.[1] ?? []);
const cases = readIndex().cases.map(({ name }) => readCase(name));

/** The first column of the table below a sentence. */
function firstColumn(sentence: string): string[] {
  const [, rest = ''] = SPEC.split(sentence);
  const [table = ''] = /\n(?:\|.*\n)+/.exec(rest) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => row.split('|')[1]?.trim().replaceAll('`', '') ?? '');
}

const untested = firstColumn('## Appendix B: requirements without a vector');
const unreachable = firstColumn('These codes no vector can bring about:');

describe('requirements', () => {
  test('each has a number of its own, and numbers of a chapter have no gap', () => {
    expect(clauses.length).toBeGreaterThan(100);
    expect(new Set(clauses).size).toBe(clauses.length);
    for (const prefix of new Set(clauses.map((clause) => clause.replace(/\d+/, '')))) {
      const numbers = clauses.filter((clause) => clause.startsWith(prefix)).map((clause) => Number(/\d+/.exec(clause)));
      expect([prefix, numbers.sort((a, b) => a - b)]).toEqual([prefix, numbers.map((_, i) => i + 1)]);
    }
  });

  test('a MUST stands nowhere else', () => {
    const outside = paragraphs.filter((paragraph) => /\bMUST\b/.test(paragraph) && !CLAUSE.test(paragraph));
    expect(outside.filter((paragraph) => !paragraph.includes('RFC 2119'))).toEqual([]);
  });

  test('each is named by a vector or listed with a reason, and not both', () => {
    const tested = new Set(cases.flatMap((one) => one.clauses));
    expect(clauses.filter((clause) => !tested.has(clause)).sort()).toEqual([...untested].sort());
  });

  test('vectors name no others', () => {
    const known = new Set(clauses);
    expect(
      cases.flatMap(({ name, clauses: named }) =>
        named.filter((clause) => !known.has(clause)).map((clause) => `${name} ${clause}`),
      ),
    ).toEqual([]);
    expect(cases.filter((one) => one.clauses.length === 0)).toEqual([]);
  });
});

describe('codes', () => {
  const above = firstColumn('## Appendix C: codes of what is built on this');
  const all = Object.keys(CLIENT_ERROR_CODES).filter((code) => !above.includes(code));
  const expected = cases.flatMap(({ steps }) =>
    steps.flatMap(({ expect: wanted }) => ('code' in wanted ? [wanted.code] : [])),
  );

  test('the tables have those of the client, and each stands in one of them', () => {
    expect(firstColumn('## 12. Error codes').sort()).toEqual([...all].sort());
    expect(above.filter((code) => !Object.hasOwn(CLIENT_ERROR_CODES, code))).toEqual([]);
    expect(above.filter((code) => expected.includes(code))).toEqual([]);
  });

  test('each is expected by a vector or listed with a reason, and not both', () => {
    const reached = new Set(expected);
    expect(all.filter((code) => !reached.has(code)).sort()).toEqual([...unreachable].sort());
  });

  test('the requirements in the table exist', () => {
    const [, rest = ''] = SPEC.split('## 12. Error codes');
    const [table = ''] = rest.split('## Appendix A');
    const named = table.match(/\b[A-Z]{3,4}\d+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter((clause) => !clauses.includes(clause))).toEqual([]);
  });

  test('what a vector expects is what the table says of its requirements', () => {
    const [, rest = ''] = SPEC.split('## 12. Error codes');
    const rows = new Map(
      [...rest.matchAll(/\| `([A-Z_]+)` \| (.*) \|/g)].map(([, code = '', named = '']) => [code, named]),
    );
    const strangers = cases.filter(({ clauses: named, steps }) => {
      const codes = steps.flatMap(({ expect: wanted }) => ('code' in wanted ? [wanted.code] : []));
      return codes.some((code) => !named.some((clause) => new RegExp(`\\b${clause}\\b`).test(rows.get(code) ?? '')));
    });
    expect(strangers.map(({ name, clauses: named }) => `${name} ${named.join()}`)).toEqual([]);
  });
});

test('the levels are those of the client', () => {
  for (const level of LEVELS) expect(SPEC).toContain(`\`${level}\``);
});

test('there are more vectors than were promised, and honest ones among them', () => {
  expect(cases.length).toBeGreaterThan(150);
  expect(cases.filter(({ name }) => !name.endsWith('_fail')).length).toBeGreaterThan(60);
});

// The search in data: the automaton against a naive search, credentials by their formats, and what a scan keeps.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { automatonOf } from '../../tools/analysis/src/scan/automaton.ts';
import { scanData } from '../../tools/analysis/src/scan/scan-data.ts';
import { AUTOMATON, ROWS } from '../../tools/analysis/src/scan/sightings.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const scan = (text: string): ReturnType<typeof scanData> => {
  const bytes = latin(text);
  return scanData(bytes, [{ segments: [{ offset: 0, size: bytes.length, passive: false }] }]);
};
const seen = (text: string, ruleId: (typeof ROWS)[number]['ruleId']): readonly string[] =>
  scan(text).seen.get(ruleId)?.found ?? [];

describe('the automaton', () => {
  const fold = (text: string): string => text.toLowerCase().replace(/\d/g, '0');
  const naive = (text: string, words: readonly string[]): string[] =>
    [...text].flatMap((_, at) =>
      words.flatMap((word, index) =>
        fold(text)
          .slice(0, at + 1)
          .endsWith(fold(word))
          ? [`${index}@${at + 1}`]
          : [],
      ),
    );
  const found = (text: string, words: readonly string[]): string[] => {
    const { classes, next, accepting, words: ends } = automatonOf(words);
    let state = 0;
    return [...latin(text)].flatMap((byte, at) => {
      state = next[state + (classes[byte] ?? 0)] ?? 0;
      return state < accepting ? [] : (ends[state / 64] ?? []).map((index) => `${index}@${at + 1}`);
    });
  };

  test('finds what a naive search finds, words inside of words too', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', '7', '\0', 'é'), maxLength: 60 });
    const words = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom('a', 'b', '.', '0', '\0'), minLength: 1, maxLength: 5 }),
    );
    fc.assert(
      fc.property(text, words, (haystack, needles) => {
        expect(found(haystack, needles).sort()).toEqual(naive(haystack, needles).sort());
      }),
    );
  });

  test('the table of words fits its numbers: every word is found, alone and inside of others', () => {
    expect(AUTOMATON.next.length).toBeLessThanOrEqual(65_536);
    const all = ROWS.map(({ word }) => word);
    const hay = all.join('\x80');
    expect(found(hay, all).sort()).toEqual(naive(hay, all).sort());
    for (const [index, word] of all.entries()) expect(found(word, all)).toContain(`${index}@${word.length}`);
  });
});

describe('credentials', () => {
  const fill = (length: number): string => 'aB3'.repeat(length).slice(0, length);
  const jwt = `eyJ${fill(20)}.eyJ${fill(30)}.${fill(43)}`;
  test.each([
    ['AKIA', `AKIA${'Q2W3'.repeat(4)}`],
    ['ghp_', `ghp_${fill(36)}`],
    ['github_pat_', `github_pat_${fill(82)}`],
    ['npm_', `npm_${fill(36)}`],
    ['xoxb-', `xoxb-${fill(40)}`],
    ['AIza', `AIza${fill(35)}`],
    ['sk_live_', `sk_live_${fill(24)}`],
    ['eyJ', jwt],
    ['-----BEGIN … PRIVATE KEY-----', `-----BEGIN OPENSSH PRIVATE KEY-----\n${fill(64)}`],
  ])('%s… is found and never shown whole', (prefix, secret) => {
    const [text = ''] = seen(`key="${secret}";`, 'strings.secret');
    expect(text).toBe(`${prefix}… (${secret.length} characters)`);
    expect(JSON.stringify([...scan(secret).seen])).not.toContain(fill(12));
  });

  test.each([
    ['in the wrong case', `akia${'Q2W3'.repeat(4)}`],
    ['too short', `ghp_${fill(35)}`],
    ['too long', `npm_${fill(37)}`],
    ['inside of a word', `xAKIA${'Q2W3'.repeat(4)}`.replace('x', 'X')],
    ['a token of two parts', `eyJ${fill(20)}.eyJ${fill(30)}`],
    ['a marker without a body', '-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----'],
    ['a public key', `-----BEGIN PUBLIC KEY-----\n${fill(64)}`],
  ])('%s is none', (_, text) => {
    expect(seen(text, 'strings.secret')).toEqual([]);
  });
});

describe('addresses', () => {
  test.each(['8.8.4.4:53', 'http://1.1.1.1/', '93.184.216.34', '198.20.0.1', '172.32.0.1', '100.128.0.1'])(
    '%s is one',
    (text) => {
      expect(seen(`(${text})`, 'strings.ip-address')).toEqual([/[\d.]+/.exec(text)?.[0].replace(/\.$/, '')]);
    },
  );
  test.each([
    '8.8.4.4',
    '256.1.1.99',
    '093.184.216.34',
    '198.51.100.77',
    '172.16.200.1',
    '169.254.169.254',
    '224.0.0.99',
    '93.184.216.34.5',
    '93.184.216',
  ])('%s is none', (text) => {
    expect(seen(`(${text})`, 'strings.ip-address')).toEqual([]);
  });
});

describe('what is kept', () => {
  test('offsets are those of the file, whatever the segments', () => {
    const bytes = latin(`....http://a.example ....${'\0'.repeat(10)}https://b.example`);
    const found = scanData(bytes, [
      {
        segments: [
          { offset: 2, size: 23, passive: false },
          { offset: 30, size: bytes.length - 30, passive: true },
        ],
        module: 3,
      },
    ]);
    expect(found.seen.get('strings.url')).toEqual({
      found: ['a.example', 'b.example'],
      count: 2,
      offset: 4,
      length: 16,
      module: 3,
    });
  });

  test('a text over the end of a segment is not one', () => {
    const bytes = latin('https://a.example');
    const cut = [5, bytes.length - 5].map((size, index) => ({ offset: index * 5, size, passive: false }));
    expect(scanData(bytes, [{ segments: cut }]).seen.size).toBe(0);
  });

  test('100,000 different addresses are counted to a thousand and a few are listed', () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `http://h${index}.example`).join(' ');
    const urls = scan(text).seen.get('strings.url');
    expect([urls?.found.length, urls?.count]).toEqual([8, 1000]);
  });

  test('dense data is found when it is cut into a thousand segments', () => {
    let state = 1;
    const bytes = Uint8Array.from({ length: 20_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 20;
    });
    const segments = Array.from({ length: 1000 }, (_, index) => ({ offset: index * 20, size: 20, passive: false }));
    expect(scanData(bytes, [{ segments }]).dense).toEqual({ windows: 1, offset: 0 });
    const halves = [bytes.subarray(0, 10_000), bytes.subarray(10_000)].map((_, module) => ({
      segments: [{ offset: module * 10_000, size: 10_000, passive: false }],
      module,
    }));
    expect(scanData(bytes, halves).dense).toBeUndefined();
  });

  test('any bytes: the same answer twice, bounded, in ASCII', () => {
    const piece = fc.constantFrom(...ROWS.map(({ word }) => word), '\0', 'a', '.', '1', '://', '\xff', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        const text = pieces.join('');
        const result = scan(text);
        expect(scan(text)).toEqual(result);
        for (const { found, offset, length } of result.seen.values()) {
          expect(offset + length).toBeLessThanOrEqual(text.length);
          for (const item of found) expect(item).toMatch(/^[\x20-\x7e…]{1,200}$/);
        }
      }),
    );
  });
});

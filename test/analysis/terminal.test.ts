// The report in a terminal, as a person sees it: whole texts compared at two widths, and no line wider than the terminal.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { renderTerminal, textWidth, visible, wrap } from '@plugmark/analysis';
import type { AnalysisReport } from '@plugmark/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnalysisVector, runVector } from './vector.ts';

const GOLDEN = new URL('./terminal/', import.meta.url);
const SHOWN = [
  'honest',
  'widened_fail',
  'digest_fail',
  'malformed_fail',
  'import-hostile-names_fail',
  'shape-filesystem_fail',
  'exception',
  'component-unknown_fail',
  'memory-too-large_fail',
  'unbounded-imported-table_fail',
  'capability-unused',
  'process-honest',
  'process-path-bidi_fail',
  'process-native-code',
];

function report(name: string): Promise<AnalysisReport> {
  const directory = new URL(`../vectors/analysis/${name}/`, import.meta.url);
  const bytes = (file: string): Uint8Array | undefined =>
    existsSync(new URL(file, directory)) ? new Uint8Array(readFileSync(new URL(file, directory))) : undefined;
  const vector = JSON.parse(readFileSync(new URL('submission.json', directory), 'utf8')) as AnalysisVector;
  const input = bytes('input.wasm') ?? bytes('input.zip') ?? new Uint8Array();
  return runVector(vector, input, bytes('previous.wasm') ?? bytes('previous.zip'));
}

describe.each([80, 120])('%i columns', (columns) => {
  test.each(SHOWN)('%s', async (name) => {
    const text = renderTerminal(await report(name), { columns });
    const file = new URL(`${name}-${columns}.txt`, GOLDEN);
    if (process.env['BLESS'] === '1') {
      mkdirSync(GOLDEN, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
    expect(widest(text)).toBeLessThanOrEqual(columns);
  });
});

const widest = (text: string): number => Math.max(...text.split('\n').map(textWidth));

test('whatever the names, lines fit, nothing controls the terminal, and no line is added', async () => {
  const base = await report('import-unknown_fail');
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(
      '\u001b[2J',
      'a\nb',
      '\u202e',
      'x'.repeat(5000),
      '字'.repeat(3000),
      `e${'\u0301'.repeat(500)}`,
      '👩‍👩‍👧',
      '\u3164',
      '',
      ' ',
    ),
  );
  fc.assert(
    fc.property(name, name, fc.integer({ min: 0, max: 200 }), (module, field, columns) => {
      const named = JSON.parse(JSON.stringify(base)) as AnalysisReport;
      for (const { findings } of named.outcomes)
        for (const { facts } of findings) Object.assign(facts, { module, name: field, expected: field });
      named.capabilities?.derived.push({
        id: 'network',
        class: 'network',
        risk: 'high',
        imports: [{ module, name: field }],
      });
      const text = renderTerminal(named, { columns });
      const page = Math.min(160, Math.max(60, columns));
      // The digest of the file stands whole on its line: it is there to be compared or copied.
      const lines = text.split('\n').filter((line) => !line.startsWith('sha256:'));
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(page);
      expect(text).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}/u);
      expect(lines.filter((line) => /^[✓✗?–!]/u.test(line)).length).toBe(named.outcomes.length);
    }),
    { numRuns: 200 },
  );
});

test('paint gets whole lines, so that colour never changes the layout', async () => {
  const plain = renderTerminal(await report('digest_fail'), { columns: 90 });
  const painted = renderTerminal(await report('digest_fail'), {
    columns: 90,
    paint: (style, text) => `<${style}>${text}</>`,
  });
  expect(painted).toContain('<bad>✗ fail');
  expect(painted).toContain('verdict  <bad>FAIL</>');
  expect(painted.replace(/<\/?[a-z]*>/g, '')).toBe(plain);
});

test('wrapping loses nothing but the spaces at the breaks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 2, max: 60 }), (text, width) => {
      const shown = visible(text);
      const lines = wrap(shown, width);
      expect(lines.join('').replaceAll(' ', '')).toBe(shown.replaceAll(' ', ''));
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width);
    }),
  );
});

test.each([
  ['abc', 3],
  ['字', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['✓', 1],
  ['👍', 2],
  ['ＡＢ', 4],
])('%s takes %i columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

// A longer run in a watched child, and the watchdog itself: a child that hangs or dies is named and passed over.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runRange } from './watchdog.ts';

const silent = (): void => undefined;
const scratch = mkdtempSync(join(tmpdir(), 'plugmark-fuzz-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('200,000 spoiled files', { timeout: 3_000_000 }, async () => {
  const folder = process.env['PLUGMARK_CORPUS_DIR'];
  const { found, run, readable } = await runRange({ seed: 5, from: 0, to: 200_000, folder }, silent);
  expect(found).toEqual([]);
  expect(run).toBe(200_000);
  expect(readable).toBeGreaterThan(10_000);
});

/** A child that does `act` at the input 3. */
function childThat(act: string): string {
  const file = join(scratch, `${Math.abs(act.length)}.mjs`);
  writeFileSync(
    file,
    `import { writeSync } from 'node:fs';
const [, from, to] = process.argv.slice(2).map(Number);
for (let at = from; at < to; at++) {
  writeSync(3, JSON.stringify({ at }) + '\\n');
  if (at === 3) { ${act} }
}
writeSync(3, JSON.stringify({ counts: { run: to - from, readable: 0, accepted: 0 } }) + '\\n');
`,
  );
  return file;
}

describe('the watchdog', () => {
  test.each([
    ['hangs', 'for (;;);', 'hang'],
    ['ends', 'process.exit(7);', 'crash'],
    ['fills the memory', 'const all = []; for (;;) all.push(new Array(1000).fill(all.length));', 'crash'],
  ])('a child that %s', async (_, act, kind) => {
    const options = { hangMs: kind === 'hang' ? 4_000 : 60_000, child: childThat(act) };
    const { found, run } = await runRange({ seed: 1, from: 0, to: 6, folder: undefined }, silent, options);
    expect(found.map(({ index, problem }) => [index, problem.split(':')[0]])).toEqual([[3, kind]]);
    expect(run).toBe(6);
  });
});

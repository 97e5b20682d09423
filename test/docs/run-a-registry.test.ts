// "Run your own registry in fifteen minutes" is what its title says: its own boxes, typed in order by a newcomer with an empty home, lead from
// a clone to an application that installs one plugin and is refused another, and then the same behind a gap. Here the clone gets the
// checkout's packages by links instead of `npm ci`, and a plain npx; run-a-registry.slow.test.ts types the same with npm.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { behindTheGap } from './page/behind-the-gap.ts';
import { asPattern, executableBlocks, typedIn } from './page/page-blocks.ts';
import { CHECKOUT, runIn } from './page/page-terminal.ts';
import { inScratch, requireInstalled, requireStranger, requireTree } from './page/promises.ts';
import { type Journey, startJourney } from './page/registry-journey.ts';

let journey: Journey;
let printed: string;

beforeAll(async () => {
  journey = await startJourney('linked');
}, 240_000);
afterAll(() => journey?.world.close());

test('every box is typed, succeeds, and prints what is shown', { timeout: 480_000 }, async () => {
  const answers = await journey.type(journey.blocks.filter(({ offline }) => !offline));
  printed = answers.map((answer) => answer.printed).join('\n');
  expect(journey.terminal.cwd).toBe(inScratch(journey, 'lab'));
  // The clone’s own tools, not the checkout’s.
  const tools = await runIn(journey.terminal, false, ['realpath', 'node_modules/.bin/plugmark']);
  expect(tools).toEqual({ exit: 0, printed: `${inScratch(journey, 'lab/tools/cli/bin/plugmark.js')}\n` });
});

test('the root that a reader compares is upstream’s', () => {
  const sha256 = createHash('sha256').update(journey.world.root).digest('hex');
  expect(printed).toContain(`${sha256}  registry/trust/metadata/1.root.json`);
});

test('three plugins, verified, with the lab’s own mark over the publisher’s and upstream’s', () =>
  requireTree(journey, '.'));

test('the installed bytes are those that upstream lists', () => requireInstalled(journey, '.'));

test('whoever has the upstream’s root is refused by the lab’s tree', () => requireStranger(journey, '.'));

test('what the page says to commit is all there is', async () => {
  const status = await runIn(journey.terminal, false, ['git', 'status', '--porcelain']);
  expect(status).toEqual({ exit: 0, printed: '' });
  const changed = await runIn(journey.terminal, false, ['git', 'show', '--name-only', '--format=', 'HEAD']);
  const paths = changed.printed.trim().split('\n');
  const folders = new Set(paths.map((path) => path.split('/').slice(0, 2).join('/')));
  expect([...folders].filter((path) => !/^(?:registry|artifacts)\//.test(path))).toEqual(['.github/workflows']);
  for (const folder of ['approvals', 'mirrors', 'policy.json', 'registry.json', 'trust', 'upstreams'])
    expect(folders).toContain(`registry/${folder}`);
});

test('what is deployed is the tree', async () => {
  expect(await readFile(inScratch(journey, 'site/metadata/timestamp.json'))).toEqual(
    await readFile(inScratch(journey, 'tree/metadata/timestamp.json')),
  );
});

test('where this machine can keep a process from writing elsewhere, the boxes were kept', async () => {
  const elsewhere = join(CHECKOUT, '.plugmark/test/written-by-the-page');
  const probe = await runIn(journey.terminal, false, ['touch', elsewhere]);
  expect(probe.exit === 0).toBe(!journey.terminal.isConfined);
});

behindTheGap(() => journey);

describe('a page', () => {
  test.each([
    ['a mark that nobody runs', '```bash\nls\n```', /nothing runs a box that is marked bash/],
    ['a box that is not closed', '```sh\nls\n', /not closed/],
  ])('with %s is refused', (_, page, message) => {
    expect(() => executableBlocks(page)).toThrow(message);
  });

  test('typed lines go on behind a backslash; what nobody typed has no place before them', () => {
    const [block] = executableBlocks('```console\n$ a \\\n  b\nshown \\\n$ c\n```');
    expect(block && typedIn(block)).toEqual([
      { command: 'a \\\n  b', shown: 'shown \\' },
      { command: 'c', shown: '' },
    ]);
    const [stray] = executableBlocks('```console\nshown\n```');
    expect(() => stray && typedIn(stray)).toThrow(/nobody typed/);
  });

  test('`…` stands for lines or for a part of one, and for nothing else', () => {
    const pattern = asPattern('one\n…\nlast …');
    expect(['one\nlast 1\n', 'one\ntwo\nthree\nlast one\n'].map((text) => pattern.test(text))).toEqual([true, true]);
    expect(
      ['last 1\n', 'one\ntwo\n', 'one\nlast 1\nmore\n', 'zero\none\nlast 1\n'].some((text) => pattern.test(text)),
    ).toBe(false);
    expect([asPattern('').test(''), asPattern('').test('something\n')]).toEqual([true, false]);
  });
});

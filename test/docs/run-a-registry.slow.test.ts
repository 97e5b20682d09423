// All boxes of "Run your own registry in fifteen minutes", with npm's own `npm ci` and npx where a package registry answers, and those behind
// the gap in a network namespace without a network: from the tar alone to an application that installs one plugin and is refused another.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canIsolate, runIn } from './page/page-terminal.ts';
import { inScratch, requireInstalled, requireStranger, requireTree } from './page/promises.ts';
import { hasPackageRegistry, type Journey, startJourney } from './page/registry-journey.ts';

const hasRegistry = hasPackageRegistry();
const packages = hasRegistry ? 'with npm ci' : 'with the checkout’s packages: no package registry answers';

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney(hasRegistry ? 'npm ci' : 'linked');
}, 240_000);
afterAll(() => journey?.world.close());

test(`every box with a network, ${packages}`, { timeout: 1_200_000 }, async () => {
  await journey.type(journey.blocks.filter(({ offline }) => !offline));
  await requireTree(journey, '.');
  await requireInstalled(journey, '.');
});

const noNamespaces = canIsolate() ? '' : ': this machine makes no network namespaces';

describe.skipIf(noNamespaces !== '')(`behind the gap${noNamespaces}`, () => {
  test('upstream cannot be reached from there', async () => {
    const reach = `fetch(${JSON.stringify(journey.world.url)}).then(() => console.log('reached'), () => console.log('not'))`;
    const ask = (offline: boolean) => runIn(journey.terminal, offline, [process.execPath, '-e', reach]);
    expect([(await ask(false)).printed, (await ask(true)).printed]).toEqual(['reached\n', 'not\n']);
  });

  test('every box is typed, succeeds, and prints what is shown', { timeout: 1_200_000 }, async () => {
    const blocks = journey.blocks.filter(({ offline }) => offline);
    expect(blocks.length).toBeGreaterThan(2);
    await journey.type(blocks);
    expect(journey.terminal.cwd).toBe(inScratch(journey, 'carry/lab'));
  });

  test('three plugins, verified, with the lab’s own mark over the publisher’s and upstream’s', () =>
    requireTree(journey, 'carry'));

  test('the installed bytes are those that upstream lists', () => requireInstalled(journey, 'carry'));

  test('its keys were made behind the gap, and upstream’s root opens nothing there', async () => {
    const mark = (place: string): Promise<string> => readFile(inScratch(journey, place, 'lab-keys/cosign.pem'), 'utf8');
    expect(await mark('carry')).not.toBe(await mark('.'));
    await requireStranger(journey, 'carry');
  });
});

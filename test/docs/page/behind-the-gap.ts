// What the page does behind a gap: from the tar alone, in a network namespace without a network, to an application that installs one plugin
// and is refused another.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { canIsolate, runIn } from './page-terminal.ts';
import { inScratch, requireInstalled, requireStranger, requireTree } from './promises.ts';
import type { Journey } from './registry-journey.ts';

const noNamespaces = canIsolate() ? '' : ': this machine makes no network namespaces';

/** The connected boxes have been typed. */
export function behindTheGap(journeyOf: () => Journey): void {
  describe.skipIf(noNamespaces !== '')(`behind the gap${noNamespaces}`, () => {
    test('upstream cannot be reached from there', async () => {
      const reach = `fetch(${JSON.stringify(journeyOf().world.url)}).then(() => console.log('reached'), () => console.log('not'))`;
      const ask = (offline: boolean) => runIn(journeyOf().terminal, offline, [process.execPath, '-e', reach]);
      expect([(await ask(false)).printed, (await ask(true)).printed]).toEqual(['reached\n', 'not\n']);
    });

    test('every box is typed, succeeds, and prints what is shown', { timeout: 1_200_000 }, async () => {
      const blocks = journeyOf().blocks.filter(({ offline }) => offline);
      expect(blocks.length).toBeGreaterThan(2);
      await journeyOf().type(blocks);
      expect(journeyOf().terminal.cwd).toBe(inScratch(journeyOf(), 'carry/lab'));
    });

    test('three plugins, verified, with the lab’s own mark over the publisher’s and upstream’s', () =>
      requireTree(journeyOf(), 'carry'));

    test('the installed bytes are those that upstream lists', () => requireInstalled(journeyOf(), 'carry'));

    test('its keys were made behind the gap, and upstream’s root opens nothing there', async () => {
      const mark = (place: string): Promise<string> =>
        readFile(inScratch(journeyOf(), place, 'lab-keys/cosign.pem'), 'utf8');
      expect(await mark('carry')).not.toBe(await mark('.'));
      await requireStranger(journeyOf(), 'carry');
    });
  });
}

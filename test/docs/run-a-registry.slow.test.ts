// All boxes of "Run your own registry in fifteen minutes", with npm's own `npm ci` and npx where a package registry answers, and those behind
// the gap in a network namespace without a network: from the tar alone to an application that installs one plugin and is refused another.
import { afterAll, beforeAll, test } from 'vitest';
import { behindTheGap } from './page/behind-the-gap.ts';
import { requireInstalled, requireTree } from './page/promises.ts';
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

behindTheGap(() => journey);

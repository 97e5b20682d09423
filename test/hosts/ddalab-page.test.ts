// The example page in a real browser: consent on screen, a real plugin in Rust computed in a blob worker, an update that has to be agreed
// to, and a plugin that calls what it was not granted. Nothing is asked of any other origin. Its rules for one run are also held in Node.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chromiumProblem, launchChromium } from '../testkit/chromium.ts';
import { DDALAB, hostRegistry } from '../testkit/host-plugins.ts';
import { type Built, build, rootOf } from '../testkit/office.ts';
import { permutationEntropy } from '../testkit/permutation-entropy.ts';
import { addRelease } from '../testkit/registry-folder.ts';
import { serveTree } from '../testkit/registry-server.ts';
import { WasmBuilder } from '../testkit/wasm-builder.ts';
import { bundlePage } from './ddalab-page/bundle.ts';
import { RECORDING } from './ddalab-page/recording.ts';
import { runInstance } from './ddalab-page/run-instance.ts';

const problem = await chromiumProblem();
const ENTROPY = new Uint8Array(
  readFileSync(new URL('../plugins/permutation-entropy/permutation-entropy.wasm', import.meta.url)),
);
const I32 = 'i32' as const;
/** `i32.const 0; i32.const 0; call 0` */
const CALLS_ITS_IMPORT = [0x41, 0, 0x41, 0, 0x10, 0];
/** `loop; br 0; end; i32.const 0` */
const FOR_EVER = [0x03, 0x40, 0x0c, 0, 0x0b, 0x41, 0];

function plugin(imported: readonly [string, string] | undefined, analyze: readonly number[]): Uint8Array {
  const builder = new WasmBuilder();
  if (imported !== undefined) builder.importFunction(...imported, [I32, I32], [I32]);
  return builder
    .memory({ min: 1, max: 2 }, { export: 'memory' })
    .function({ parameters: [I32], results: [I32], body: [0x41, 8], export: 'alloc' })
    .function({ parameters: [I32, I32], results: [I32], body: analyze, export: 'analyze' })
    .build();
}

test('what was not granted is not there', () => {
  const run = (bytes: Uint8Array, grants: string[], limits = DDALAB.limits) =>
    runInstance({ bytes, grants, profile: { ...DDALAB, limits }, channels: RECORDING, options: {} });
  const asks = plugin(['ddalab', 'http_request'], CALLS_ITS_IMPORT);
  expect(run(asks, [])).toMatchObject({ ending: 'ok', status: -1, refused: ['ddalab.http_request'] });
  expect(run(asks, ['network'])).toMatchObject({ ending: 'ok', status: -5, refused: [] });
  // Neither what the host does not know nor what an object inherits.
  for (const name of ['steal', 'constructor'])
    expect(run(plugin(['ddalab', name], [0x41, 0]), ['network'])).toMatchObject({ ending: 'notStarted' });
  expect(run(plugin(undefined, FOR_EVER), [], { ...DDALAB.limits, fuel: 10_000 })).toMatchObject({
    ending: 'outOfFuel',
  });
  expect(run(ENTROPY, ['write:results'])).toMatchObject({ refused: ['ddalab.channel_count'] });
  // One call more than the host takes ends the run.
  expect(run(asks, [], { ...DDALAB.limits, hostCalls: 0 })).toMatchObject({ ending: 'trap' });
});

test.skipIf(problem !== undefined)('install with consent, run, update, refused', { timeout: 180_000 }, async () => {
  const registry = await hostRegistry();
  const publish = (name: string, version: string, bytes: Uint8Array, capabilities: readonly string[]) =>
    addRelease(registry, {
      plugin: `acme/${name}`,
      version,
      host: DDALAB,
      bytes,
      manifest: { capabilities: capabilities.map((id) => ({ id, reason: `It needs ${id}.` })) } as never,
    });
  await publish('entropy', '1.0.0', ENTROPY, ['read:channel_data', 'write:results']);
  await publish('endless', '1.0.0', plugin(undefined, FOR_EVER), []);
  const first: Built = await build(registry, { now: new Date() });
  await publish('entropy', '1.1.0', plugin(['ddalab', 'http_request'], CALLS_ITS_IMPORT), ['network']);
  const second = await build(registry, { previous: first, now: new Date() });
  expect([...first.refusals, ...second.refusals]).toEqual([]);

  const files = await bundlePage({ root: rootOf(first), profile: DDALAB });
  const page = [...files].map(([name, bytes]): [string, Uint8Array] => [`app/${name}`, bytes]);
  const server = await serveTree(new Map([...first.tree, ...page]));
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage({ viewport: { width: 900, height: 900 } });
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    tab.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(server.url)) elsewhere.push(request.url());
    });
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    const status = tab.locator('#status');
    const says = (text: RegExp) => status.filter({ hasText: text }).waitFor();
    const result = async () => JSON.parse((await tab.locator('#output').textContent()) ?? '');
    const install = async (name: string): Promise<void> => {
      await tab.getByLabel('Name of a plugin').fill(name);
      await tab.getByRole('button', { name: 'Install', exact: true }).first().click();
    };
    await tab.goto(`${server.url}app/index.html`);

    await install('acme/entropy');
    await tab.getByText('Seen in the code: ddalab.channel_count').waitFor();
    await tab.keyboard.press('Escape');
    await says(/CONSENT_DENIED/);
    await install('acme/entropy');
    await tab.getByRole('dialog').getByRole('button', { name: 'Install' }).click();
    await says(/acme\/entropy 1\.0\.0 is installed/);
    await tab.getByRole('button', { name: 'Run acme/entropy' }).click();
    await says(/ended: ok/);
    const { result: computed } = await result();
    expect(computed.channels.map(({ label }: { label: string }) => label)).toEqual(['O1', 'Fz']);
    for (const [i, { samples }] of RECORDING.entries())
      expect(computed.channels[i].bits).toBeCloseTo(permutationEntropy(samples, { order: 3, delay: 1 }).bits ?? -1, 9);

    // A new visit; the new version reaches further, and goes without what is not ticked.
    server.tree = new Map([...second.tree, ...page]);
    await tab.reload();
    await tab.getByRole('button', { name: 'Look for updates' }).click();
    const box = tab.getByLabel('Allow: use the network');
    await box.waitFor();
    await screenshots(tab);
    expect(await box.isChecked()).toBe(false);
    await tab.getByRole('dialog').getByRole('button', { name: 'Update' }).click();
    await says(/1\.0\.0 to 1\.1\.0: updated/);
    await tab.getByRole('button', { name: 'Run acme/entropy' }).click();
    await says(/It was refused ddalab\.http_request/);
    expect(await result()).toMatchObject({ status: -1, refused: ['ddalab.http_request'] });

    await install('acme/endless');
    await says(/is installed/);
    // The page's clock, not the worker's: its minute is over as soon as it is asked for.
    await tab.clock.install();
    await tab.getByRole('button', { name: 'Run acme/endless' }).click();
    while (!/ended/.test((await status.textContent()) ?? ''))
      await tab.clock.fastForward(DDALAB.limits.callMilliseconds);
    expect(await status.textContent()).toContain('ended: outOfTime');
    expect(elsewhere).toEqual([]);
    // Whether there is a next root is asked each time.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
});

/** `PLUGMARK_SCREENSHOTS=FOLDER` keeps the consent screen in both schemes, to be looked at. */
async function screenshots(tab: import('playwright-core').Page): Promise<void> {
  const folder = process.env['PLUGMARK_SCREENSHOTS'];
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.emulateMedia({ colorScheme });
    await tab.screenshot({ path: `${folder}/ddalab-page-${colorScheme}.png` });
  }
}

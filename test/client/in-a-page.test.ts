// The whole of it in a real browser: a page under a strict policy that keeps plugins in IndexedDB, from the first install to an update
// that has to wait, with the network pulled out in between and the page loaded anew.
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { expect, test } from 'vitest';
import { chromiumProblem, launchChromium } from '../testkit/chromium.ts';
import { addHostRelease, DDALAB, hostRegistry } from '../testkit/host-plugins.ts';
import { build, HOUR, later, NOW, rootOf } from '../testkit/office.ts';
import { serveTree } from '../testkit/registry-server.ts';

const problem = await chromiumProblem();

const HOST = `
import { browserStore, openPlugins } from '@plugmark/client';
globalThis.host = ({ root, at, offline, answer }) => openPlugins({
  url: location.origin + '/',
  root: Uint8Array.from(atob(root), (char) => char.charCodeAt(0)),
  store: browserStore({ name: 'plugins', now: () => new Date(at) }),
  fetch: offline ? () => Promise.reject(new TypeError('no network')) : (...request) => fetch(...request),
  now: () => new Date(at),
  host: { id: 'ddalab', api: '1.0.0' },
  policy: { minimumReleaseAgeMinutes: 0 },
  ...(answer ? { consent: async () => answer } : {}),
});`;

async function script(): Promise<Uint8Array> {
  const { outputFiles } = await bundle({
    stdin: { contents: HOST, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['@plugmark/source'],
  });
  return outputFiles[0]?.contents as Uint8Array;
}

const PAGE = `<!doctype html><meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'self'; connect-src 'self'"><script type="module" src="/host.js"></script>`;

test.skipIf(problem !== undefined)(
  'a page installs, works offline, and holds an update',
  { timeout: 60_000 },
  async () => {
    const registry = await hostRegistry();
    const add = (version: string, capabilities: ['read:channel_data', ...'network'[]]) =>
      addHostRelease(registry, { host: DDALAB, plugin: 'acme/entropy', version, capabilities });
    const digest = await add('1.0.0', ['read:channel_data']);
    const first = await build(registry);
    await add('1.1.0', ['read:channel_data', 'network']);
    const second = await build(registry, { previous: first, now: later(HOUR) });
    const pages = new Map([
      ['index.html', new TextEncoder().encode(PAGE)],
      ['host.js', await script()],
    ]);
    const server = await serveTree(new Map([...first.tree, ...pages]));
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      const root = Buffer.from(rootOf(first)).toString('base64');
      const at = NOW.toISOString();
      // biome-ignore lint/suspicious/noExplicitAny: what the page defined, called there and answered as JSON
      const inPage = (options: object, act: (host: any) => Promise<any>): Promise<any> =>
        page.evaluate(`(${String(act)})(globalThis.host(${JSON.stringify({ root, at, ...options })}))`);
      const open = async (): Promise<void> => {
        await page.goto(`${server.url}index.html`);
        await page.waitForFunction('typeof globalThis.host === "function"');
      };

      await open();
      const [installed] = await inPage({}, (host) => host.install('acme/entropy'));
      expect(installed).toMatchObject({ version: '1.0.0', sha256: digest, grants: ['read:channel_data'] });

      await open();
      const size = await inPage({ offline: true }, async (host) => (await host.load('acme/entropy')).bytes.length);
      expect(size).toBe(first.tree.get(`blobs/sha256/${digest}.wasm`)?.length);
      const proved = await inPage({ offline: true }, (host) => host.restore({ frozen: true }));
      expect(proved).toMatchObject([{ state: 'proved', sha256: digest }]);

      server.tree = new Map([...second.tree, ...pages]);
      const later1 = { at: later(HOUR).toISOString() };
      const [held] = await inPage(later1, (host) => host.update());
      expect(held).toMatchObject({
        state: 'held',
        code: 'CONSENT_REQUIRED',
        difference: { widened: [{ id: 'network', change: 'new' }] },
      });
      const yes = { allow: true, explicitly: ['network'] };
      const [updated] = await inPage({ ...later1, answer: yes }, (host) =>
        host.update('acme/entropy', { health: async () => true }),
      );
      expect(updated).toMatchObject({ state: 'updated', to: '1.1.0' });
      expect(await inPage(later1, (host) => host.log.verify())).toMatchObject({ records: 5 });
      // Whether there is a next root is asked each time.
      expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  },
);

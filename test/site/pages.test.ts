// The site as a visitor meets it: built by the real commands, served below a base path as GitHub Pages would, opened in Chromium
// under its own content security policy.

import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { PackageDocument, parseJson } from '@plugmark/schemas';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, serveFolder } from '../../tools/cli/src/static-server.ts';
import { chromiumProblem, launchChromium } from '../testkit/chromium.ts';
import { BASE, type BuiltSite, buildPages, buildSite, REPOSITORY } from './built-site.ts';
import { brokenLinks, readPages } from './site-links.ts';

const HTTP_TRIGGER = 'plugins/plugmark-examples/http-trigger/';
const SPECTRAL = 'plugins/plugmark-examples/spectral-entropy/';
const PROCESS = 'plugins/plugmark-examples/text-statistics/';
const COMMUNITY = 'plugins/third-party-examples/dprint-json/';
const PAGES = [
  '',
  'about/',
  'plugins/',
  HTTP_TRIGGER,
  SPECTRAL,
  PROCESS,
  COMMUNITY,
  'hosts/',
  'hosts/ddalab/',
  'publishers/',
  'publishers/third-party-examples/',
  'rules/',
  'rules/strings.secret/',
];
const MAX_PAGE_BYTES = 16_000;
/** The one page that names every rule. */
const MAX_LIST_BYTES = 24_000;

let site: BuiltSite;
let server: RunningServer;

beforeAll(async () => {
  site = await buildSite();
  server = await serveFolder({ folder: site.dist, port: 0, base: BASE });
}, 240_000);

afterAll(async () => {
  await server?.close();
  if (site !== undefined) await rm(site.folder, { recursive: true, force: true });
});

describe('the files', () => {
  test('every link, script and style leads to a file of the tree under the base path, every anchor to an id', async () => {
    const pages = await readPages(site.pages);
    expect(pages.size).toBeGreaterThan(15);
    expect(await brokenLinks(pages, { dist: site.dist, base: BASE })).toEqual([]);
    const damaged = new Map([
      ['index.html', `<a href="${BASE}plugins/nobody/">x</a><a href="/plugins/">y</a><a href="#none">z</a>`],
    ]);
    expect(await brokenLinks(damaged, { dist: site.dist, base: BASE })).toHaveLength(3);
  });

  test('a second build has the same bytes', async () => {
    const again = join(site.folder, 'again');
    await buildPages(site.tree, again);
    expect(await readPages(again)).toEqual(await readPages(site.pages));
  }, 60_000);

  test('each page is small, carries the policy and no script', async () => {
    for (const [path, html] of await readPages(site.pages)) {
      if (!path.endsWith('.html')) continue;
      expect(html, path).toMatch(
        /<meta http-equiv="content-security-policy" content="default-src 'none'[^"]*script-src 'self'/,
      );
      expect(html, path).not.toMatch(/<script|<style| style="| on[a-z]+="/i);
      expect(Buffer.byteLength(html), path).toBeLessThan(
        path.startsWith('rules/index') ? MAX_LIST_BYTES : MAX_PAGE_BYTES,
      );
    }
  });
});

const problem = await chromiumProblem();

describe.skipIf(problem !== undefined)('in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => browser?.close());

  test.each(['light', 'dark'] as const)(
    'every page in the %s scheme: no complaint, no foreign request, no axe violation, nothing beside a phone',
    async (colorScheme) => {
      await withPage({ colorScheme, viewport: { width: 390, height: 800 } }, async (page, seen) => {
        for (const path of PAGES) {
          await page.goto(server.url + path);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(
            violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
            path,
          ).toEqual([]);
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
            path,
          ).toBeLessThanOrEqual(0);
        }
        expect(seen.complaints).toEqual([]);
        expect(seen.requests.size).toBeGreaterThan(PAGES.length);
        expect([...seen.requests].filter((url) => !url.startsWith(server.url))).toEqual([]);
      });
    },
    120_000,
  );

  test('from the home page through the list to what HTTP trigger can do', async () => {
    await withPage({}, async (page) => {
      await page.goto(server.url);
      await page.getByRole('link', { name: 'All plugins' }).click();
      await page.getByRole('link', { name: 'HTTP trigger' }).click();
      expect(page.url()).toBe(server.url + HTTP_TRIGGER);
      const panel = page.locator('#permissions-conductor');
      expect(await panel.locator('.verdict').innerText()).toBe('Reaches outside Conductor: it can use the network');
      const box = panel.locator('.outside');
      expect(
        await box.evaluate((element) => Number.parseFloat(getComputedStyle(element).borderTopWidth)),
      ).toBeGreaterThanOrEqual(2);
      const text = await box.innerText();
      for (const part of [
        'Use the network',
        'It can send requests to other computers',
        'api.example.org',
        'It sends the request that the mapping names',
        'conductor.http_request',
      ])
        expect(text).toContain(part);
      expect(await panel.locator('.cannot li').allInnerTexts()).toEqual([
        'read or write files',
        'run other programs',
        'change anything about your computer',
      ]);
      expect(await panel.innerText()).toContain('conductor.set_result: hands its answer back');
    });
  });

  test('a process: what it can do in the red box, no promise beside it', async () => {
    await withPage({}, async (page) => {
      await page.goto(server.url + PROCESS);
      const panel = page.locator('#permissions-project-ai');
      expect(await panel.locator('.verdict').innerText()).toBe('Can do anything your account can');
      const box = panel.locator('.outside').first();
      expect(await box.innerText()).toContain('Can do anything your account can');
      expect(
        await box.evaluate((element) => Number.parseFloat(getComputedStyle(element).borderTopWidth)),
      ).toBeGreaterThanOrEqual(2);
      expect(await panel.innerText()).toContain('nothing holds the program to it');
      expect(await panel.locator('.cannot').count()).toBe(0);
      const text = await page.locator('main').innerText();
      expect(text).toContain('a plugin that runs as a process is never more, whoever publishes it');
      expect(text).not.toContain('nobody here has checked who publishes this');
      expect(await page.locator('#verification .tag').allInnerTexts()).toEqual(['Verified', 'Verified', 'Not signed']);
    });
  });

  test('the marks of a verified and of a community publisher, and what is new', async () => {
    await withPage({}, async (page) => {
      await page.goto(server.url + SPECTRAL);
      expect(await page.locator('#verification .tag').allInnerTexts()).toEqual(['Verified', 'Verified', 'Verified']);
      expect(await page.locator('#permissions-ddalab .new').allInnerTexts()).toEqual(['New in this version']);
      expect(await page.locator('#versions').innerText()).toContain('+ Show a side panel');
      await page.goto(server.url + COMMUNITY);
      expect(await page.locator('#verification .tag').allInnerTexts()).toEqual(['Verified', 'Verified', 'Not signed']);
      expect(await page.locator('main').innerText()).toContain('nobody here has checked who publishes this');
      expect(await page.locator('.upstream').innerText()).toContain('by the dprint project');
    });
  });

  test('a page that is not there says so and leads back', async () => {
    await withPage({}, async (page) => {
      const response = await page.goto(`${server.url}plugins/no/such/page/`);
      expect(response?.status()).toBe(404);
      await page.getByRole('link', { name: 'All plugins' }).click();
      expect(page.url()).toBe(`${server.url}plugins/`);
    });
  });

  test('without JavaScript every page says the same', async () => {
    const texts = async (javaScriptEnabled: boolean): Promise<string[]> => {
      const found: string[] = [];
      await withPage({ javaScriptEnabled }, async (page) => {
        for (const path of PAGES) {
          await page.goto(server.url + path);
          found.push(await page.locator('body').innerText());
        }
      });
      return found;
    };
    const without = await texts(false);
    expect(without).toEqual(await texts(true));
    expect(without.every((text) => text.length > 200)).toBe(true);
  });

  test('the client runs in the page: it installs a plugin, and refuses one changed byte', async () => {
    const digest = await artifactDigest('plugmark-examples/http-trigger');
    expect(await installInPage(server, 'plugmark-examples/http-trigger')).toEqual({
      sha256: digest,
      tier: 'verified',
      publisher: 'verified',
      registry: 'verified',
    });
    const damaged = join(site.folder, 'damaged');
    await cp(site.dist, damaged, { recursive: true });
    await flipByte(join(damaged, `blobs/sha256/${digest}.wasm`));
    const other = await serveFolder({ folder: damaged, port: 0, base: BASE });
    try {
      expect(await installInPage(other, 'plugmark-examples/http-trigger')).toEqual({ code: 'ARTIFACT_DIGEST' });
    } finally {
      await other.close();
    }
  });

  test('a tree with changed files: the panel says which check refused, and hostile text stays text', async () => {
    const tree = join(site.folder, 'hostile-tree');
    await cp(site.tree, tree, { recursive: true });
    await flipByte(join(tree, `blobs/sha256/${await artifactDigest('plugmark-examples/http-trigger')}.wasm`));
    await makeHostile(join(tree, 'v1/plugins/plugmark-examples/spectral-entropy.json'));
    const pages = join(site.folder, 'hostile-pages');
    await buildPages(tree, pages);
    const other = await serveFolder({ folder: pages, port: 0, base: BASE });
    try {
      await withPage({}, async (page, seen) => {
        await page.goto(other.url + HTTP_TRIGGER);
        expect(await page.locator('#verification .tag').allInnerTexts()).toEqual(['Failed', 'Failed', 'Failed']);
        expect(await page.locator('#verification').innerText()).toContain('The client answered ARTIFACT_DIGEST');
        await page.goto(other.url + SPECTRAL);
        expect(await page.locator('#verification').innerText()).toContain('The client answered TARGET_DIGEST');
        expect(await page.locator('script, iframe, img:not([src$="mark.svg"]), [onerror], [onload]').count()).toBe(0);
        expect(await page.locator('main').innerText()).toContain('<img src=x onerror=alert(1)>');
        expect(seen.complaints).toEqual([]);
      });
    } finally {
      await other.close();
    }
  }, 60_000);

  interface Seen {
    readonly complaints: string[];
    readonly requests: Set<string>;
  }

  async function withPage(
    options: BrowserContextOptions,
    use: (page: Page, seen: Seen) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options);
    const seen: Seen = { complaints: [], requests: new Set() };
    try {
      const page = await context.newPage();
      page.on('console', (message) => seen.complaints.push(message.text()));
      page.on('pageerror', (error) => seen.complaints.push(String(error)));
      context.on('request', (request) => seen.requests.add(request.url()));
      await use(page, seen);
    } finally {
      await context.close();
    }
  }

  /** As a script of the page's own origin, so under its policy. */
  async function installInPage({ url }: RunningServer, plugin: string): Promise<unknown> {
    const script = await bundledClient();
    const root = [...(await readFile(join(site.tree, 'metadata/1.root.json')))];
    let result: unknown;
    await withPage({}, async (page) => {
      await page.route(`${url}client.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
      await page.goto(url);
      await page.addScriptTag({ url: `${url}client.js` });
      result = await page.evaluate(
        async (given) => {
          const { memoryStore, openRegistry } = (
            globalThis as unknown as { plugmark: typeof import('@plugmark/client') }
          ).plugmark;
          const client = openRegistry({
            url: given.url,
            root: new Uint8Array(given.root),
            store: memoryStore(),
            fetch: (...request) => fetch(...request),
            now: () => new Date(),
            policy: { minimumReleaseAgeMinutes: 0 },
          });
          try {
            const { sha256, tier, publisher, registry } = await client.install(given.plugin);
            return { sha256, tier, publisher: publisher.state, registry: registry.state };
          } catch (error) {
            return { code: (error as { code: string }).code };
          }
        },
        { url, root, plugin },
      );
    });
    return result;
  }
});

async function bundledClient(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(REPOSITORY, 'tools/client/src/index.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'plugmark',
    conditions: ['@plugmark/source'],
  });
  return outputFiles[0]?.text ?? '';
}

async function artifactDigest(plugin: string): Promise<string> {
  const path = `v1/plugins/${plugin}.json`;
  const { releases } = parseJson(PackageDocument, new Uint8Array(await readFile(join(site.tree, path))), path);
  return releases[0]?.release.artifact.sha256 ?? '';
}

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

/** Every text a publisher writes. */
async function makeHostile(path: string): Promise<void> {
  const attack = '"><img src=x onerror=alert(1)></p><script>alert(1)</script>';
  const json = JSON.parse(await readFile(path, 'utf8')) as PackageDocument;
  const { listing, publisher, releases } = json;
  Object.assign(listing, { title: attack, summary: attack, description: `${attack}\n[x](javascript:alert(1))` });
  Object.assign(listing, {
    upstream: {
      title: attack,
      authors: attack,
      url: 'https://a.example/?"&lt'.replace('"', ''),
      license: 'MIT',
      notice: attack,
    },
  });
  Object.assign(publisher, { title: attack });
  for (const { release, analysis } of releases) {
    Object.assign(release, { notes: attack });
    for (const declared of [
      ...release.capabilities,
      ...analysis.flatMap(({ capabilities }) => capabilities.declared ?? []),
    ])
      Object.assign(declared, { reason: attack });
    for (const { capabilities, toolchain } of analysis) {
      toolchain.push(attack);
      for (const { imports } of capabilities.derived) imports.push({ module: attack, name: attack });
    }
  }
  await writeFile(path, JSON.stringify(json));
}

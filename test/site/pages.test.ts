// The site as a visitor meets it: built by the real commands, served below a base path as GitHub Pages would, opened in Chromium
// under its own content security policy.

import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PackageDocument, parseJson } from '@plugmark/schemas';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, serveFolder } from '../../tools/cli/src/static-server.ts';
import { chromiumProblem, launchChromium } from '../testkit/chromium.ts';
import { analyseCases } from './analyse-cases.ts';
import { BASE, type BuiltSite, buildPages, buildSite } from './built-site.ts';
import { deskCases } from './desk-cases.ts';
import { makeHostile } from './hostile-tree.ts';
import { keylessCases } from './keyless-cases.ts';
import { overBudget, weighSite } from './site-budget.ts';
import { brokenLinks, changedFolders, readPages } from './site-links.ts';
import { verifyCases } from './verify-cases.ts';
import { pageFaults, visitPage, type WithPage } from './visit.ts';

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
  'analyse/',
  'verify/',
  'diff/',
  'permissions/',
  'advisories/',
  'history/',
  'status/',
  'feeds/',
  'docs/',
  'docs/security-model/',
  'docs/cli/',
  'docs/api/',
];
/** Of a page without the README on it, which is as long as its author likes. */
const MAX_PAGE_BYTES = 15_360;
/** Pages that name every rule, command or format, or carry every host profile. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  'analyse/index.html': 130_000,
  'docs/cli/index.html': 100_000,
  'docs/client-api/index.html': 240_000,
  'docs/client-spec/index.html': 200_000,
  'permissions/index.html': 40_000,
  'rules/index.html': 24_000,
};
/** A page of the documentation is as long as its subject. */
const MAX_DOCS_BYTES = 40_000;
/** Where a visitor does something; everywhere else there is no script at all. */
const DESKS = ['analyse/', 'diff/', 'docs/', 'plugins/', 'status/', 'verify/'];
const isScripted = (path: string): boolean => DESKS.some((name) => path === `${name}index.html`);
/** Those that cannot say the same without JavaScript. */
const NEED_SCRIPTS = ['analyse/', 'diff/', 'verify/'];

/** What no page has but through a text that was taken for markup. */
const INJECTED =
  'script, iframe, img:not([src$="mark.svg"]), [onerror], [onload], [onmouseover], [href^="javascript:"]';

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

  test('the whole of it stays within its budget, and what does not is named', async () => {
    const weight = await weighSite(site.dist);
    expect(overBudget(weight)).toEqual([]);
    expect(weight).toMatchObject({ pluginPages: { count: 4, scripts: 0 } });
    expect(weight.files).toBeGreaterThan(200);
    const { largest } = weight.pluginPages;
    const heavy = {
      ...weight,
      archiveBytes: 2e9,
      pluginPages: { ...weight.pluginPages, scripts: 1, largest: { ...largest, bytes: 15_001 } },
    };
    expect(overBudget(heavy)).toEqual([
      `${largest.path}: 15001, allowed 15000`,
      'scripts on the pages of plugins: 1, allowed 0',
      'its archive: 2000000000, allowed 1000000000',
    ]);
  });

  test('each page is small, carries the policy, and has a script only where a visitor does something', async () => {
    for (const [path, html] of await readPages(site.pages)) {
      // The saved page has a policy and a test of its own.
      if (!path.endsWith('.html') || path === 'verify.html') continue;
      expect(html, path).toMatch(
        /<meta http-equiv="content-security-policy" content="default-src 'none'[^"]*script-src '(self|none)'/,
      );
      expect(html, path).not.toMatch(/<style| style="| on[a-z]+="/i);
      const isDesk = isScripted(path);
      const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
      expect(
        scripts.every((tag) => /type="application\/json"| src="\/plugmark\/assets\//.test(tag)),
        path,
      ).toBe(true);
      expect(scripts.length > 0, path).toBe(isDesk);
      expect(Buffer.byteLength(html.replace(/<div class="readme">.*<\/div>/s, '')), path).toBeLessThan(
        MAX_BYTES[path] ?? (path.startsWith('docs/') ? MAX_DOCS_BYTES : MAX_PAGE_BYTES),
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

  const withPage: WithPage = (options, use) => visitPage(browser, options, use);
  analyseCases(() => ({ site, server, withPage }));
  verifyCases(() => ({ site, server, withPage }));
  keylessCases(() => ({ site, server, withPage }));
  deskCases(() => ({ site, server, withPage }));

  test('every page in both schemes: no complaint, no foreign request, no axe violation, nothing beside a phone', async () => {
    const colorScheme = 'light';
    await withPage({ colorScheme, viewport: { width: 390, height: 800 } }, async (page, seen) => {
      for (const path of PAGES) {
        await page.emulateMedia({ colorScheme });
        await page.goto(server.url + path);
        expect(await pageFaults(page), path).toEqual([]);
        // What is not colour was looked for in the light.
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await pageFaults(page, ['color-contrast']), `${path} in the dark`).toEqual([]);
        expect((await page.locator('body').innerText()).length, path).toBeGreaterThan(200);
      }
      expect(seen.complaints).toEqual([]);
      expect(seen.requests.size).toBeGreaterThan(PAGES.length);
      expect([...seen.requests].filter((request) => !request.startsWith(`GET ${server.url}`))).toEqual([]);
    });
  }, 240_000);

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

  // A page without a script says the same either way, and which those are is looked at above.
  test('without JavaScript every page says the same', async () => {
    const texts = async (javaScriptEnabled: boolean): Promise<string[]> => {
      const found: string[] = [];
      await withPage({ javaScriptEnabled }, async (page) => {
        for (const path of DESKS.filter((name) => !NEED_SCRIPTS.includes(name))) {
          await page.goto(server.url + path);
          // What only a script can do is there only with one.
          await page.evaluate(() => {
            for (const part of document.querySelectorAll('form, #docs-search, button, noscript')) part.remove();
          });
          found.push(await page.locator('body').innerText());
        }
      });
      return found;
    };
    const without = await texts(false);
    expect(without.length).toBeGreaterThan(2);
    expect(without).toEqual(await texts(true));
    expect(without.every((text) => text.length > 200)).toBe(true);
  });

  test('a tree with changed files: the panel says which check refused, hostile text stays text, all else has the same bytes', async () => {
    const tree = join(site.folder, 'hostile-tree');
    await cp(site.tree, tree, { recursive: true });
    await flipByte(join(tree, `blobs/sha256/${await artifactDigest('plugmark-examples/http-trigger')}.wasm`));
    await makeHostile(tree, 'plugmark-examples/spectral-entropy');
    const pages = join(site.folder, 'hostile-pages');
    await buildPages(tree, pages);
    // Built from the same, every other page has the same bytes.
    const changed = await changedFolders(site.pages, pages);
    expect(changed.filter((path) => /^(?:plugins\/.|docs|rules|hosts\/.)/.test(path))).toEqual([
      'hosts/ddalab/',
      HTTP_TRIGGER,
      SPECTRAL,
    ]);
    const other = await serveFolder({ folder: pages, port: 0, base: BASE });
    try {
      await withPage({}, async (page, seen) => {
        await page.goto(other.url + HTTP_TRIGGER);
        expect(await page.locator('#verification .tag').allInnerTexts()).toEqual(['Failed', 'Failed', 'Failed']);
        expect(await page.locator('#verification').innerText()).toContain('The client answered ARTIFACT_DIGEST');
        await page.goto(other.url + SPECTRAL);
        expect(await page.locator('#verification').innerText()).toContain('The client answered TARGET_DIGEST');
        for (const path of [SPECTRAL, 'advisories/', 'history/', 'publishers/', 'publishers/plugmark-examples/']) {
          await page.goto(other.url + path);
          expect(await page.locator(INJECTED).count(), path).toBe(0);
          expect(await page.locator('main').innerText(), path).toContain('<img src=x onerror=alert(1)>');
        }
        expect(seen.complaints).toEqual([]);
      });
    } finally {
      await other.close();
    }
  }, 180_000);
});

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

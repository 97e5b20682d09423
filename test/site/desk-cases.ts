// The other desks: searching the list, comparing versions, searching the documentation, measuring the server.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { pageFaults, type SharedSite } from './visit.ts';

export function deskCases(shared: () => SharedSite): void {
  const titles = (page: Page): Promise<string[]> => page.locator('#found .title').allInnerTexts();

  describe('searching the list', () => {
    test('what is asked stands in the address, and an address is an answer', async () => {
      await shared().withPage({}, async (page, seen) => {
        await page.goto(`${shared().server.url}plugins/`);
        expect([...seen.requests].some((request) => request.endsWith('search.json'))).toBe(false);
        await page.keyboard.press('/');
        await page.keyboard.type('entropy');
        await page.locator('#found:not([hidden])').waitFor();
        expect(await titles(page)).toEqual(['Spectral entropy']);
        expect(await page.locator('#all').isHidden()).toBe(true);
        expect(new URL(page.url()).search).toBe('?q=entropy');
        await page.getByRole('button', { name: 'Clear' }).click();
        await page.locator('#all:not([hidden])').waitFor();
        expect(new URL(page.url()).search).toBe('');
        await page.goto(`${shared().server.url}plugins/?class=network&sort=size`);
        await page.locator('#found .title').first().waitFor();
        expect(await titles(page)).toEqual(['Text statistics', 'HTTP trigger']);
        expect(await page.getByRole('checkbox', { name: 'Network' }).first().isChecked()).toBe(true);
        await page.getByLabel('For', { exact: true }).selectOption('conductor');
        await page.locator('#status', { hasText: '1 plugin' }).waitFor();
        expect(await titles(page)).toEqual(['HTTP trigger']);
        expect(seen.complaints).toEqual([]);
      });
    });

    test('with everything open: no axe violation, nothing beside a phone; what fits nothing says so', async () => {
      await shared().withPage({ viewport: { width: 390, height: 800 } }, async (page) => {
        await page.goto(`${shared().server.url}plugins/?q=nobodyhasthis&tier=verified`);
        await page.locator('#status', { hasText: 'No plugin fits.' }).waitFor();
        expect(await page.locator('details[open]').count()).toBe(1);
        expect(await pageFaults(page)).toEqual([]);
      });
    });

    test('a list that does not come leaves the one that is there', async () => {
      await shared().withPage({}, async (page) => {
        await page.route('**/search.json', (route) => route.fulfill({ status: 503 }));
        await page.goto(`${shared().server.url}plugins/?q=entropy`);
        await page.locator('#status', { hasText: 'could not be searched' }).waitFor();
        expect(await page.locator('#all').isVisible()).toBe(true);
      });
    });
  });

  test('two versions side by side: what the later can do more, in imports too', async () => {
    await shared().withPage({ viewport: { width: 390, height: 800 } }, async (page, seen) => {
      await page.goto(`${shared().server.url}plugins/plugmark-examples/spectral-entropy/`);
      await page.getByRole('link', { name: 'Compare with 1.0.0' }).click();
      await page.locator('#verdict').waitFor();
      expect(await page.locator('#verdict h2').innerText()).toBe('It can do more');
      expect(await page.locator('#permissions-ddalab .new').allInnerTexts()).toEqual(['New in this version']);
      expect(await page.locator('#items-ddalab').innerText()).toContain('+ ddalab.panel_render');
      expect(await page.locator('#facts tr', { hasText: 'Signed by' }).innerText()).toMatch(/[0-9a-f]{64}/);
      expect(await page.locator('#facts tr[data-state="changed"]').count()).toBeGreaterThan(2);
      expect(await pageFaults(page)).toEqual([]);
      await page.locator('#b').selectOption('1.0.0');
      await page.locator('#status', { hasText: 'It can do no more than before' }).waitFor();
      expect(new URL(page.url()).search).toContain('b=1.0.0');
      expect(await page.locator('#facts tr[data-state="changed"]').count()).toBe(0);
      expect(seen.complaints).toEqual([]);
    });
  });

  test.each(['no/such', '../../v1/index', '<img src=x onerror=alert(1)>'])(
    'comparing %s: says why not',
    async (plugin) => {
      await shared().withPage({}, async (page) => {
        await page.goto(`${shared().server.url}diff/?plugin=${encodeURIComponent(plugin)}`);
        await page.locator('#status', { hasText: 'could not be compared' }).waitFor();
        expect(await page.locator('#result').innerText()).toBe('');
      });
    },
  );

  test('the documentation is searched to the section, and the server measured', async () => {
    await shared().withPage({}, async (page, seen) => {
      await page.goto(`${shared().server.url}docs/?q=stolen+timestamp`);
      await page.goto(`${shared().server.url}docs/`);
      await page.getByLabel('Search the documentation').fill('revocations key');
      await page.locator('#found .title a').first().click();
      expect(new URL(page.url()).pathname).toMatch(/\/docs\/[a-z-]+\/$/);
      await page.goto(`${shared().server.url}status/`);
      await page.getByRole('button', { name: 'Measure' }).click();
      await page.locator('#result tbody tr').first().waitFor();
      expect(await page.locator('#status').innerText()).toMatch(/^The timestamp is (fresh|aging): signed until/);
      expect(await page.locator('#result').innerText()).toMatch(/metadata\/timestamp\.json\s+\S+ KiB\s+\d+ ms|bytes/);
      expect(seen.complaints).toEqual([]);
    });
  });

  test('the files beside a plugin’s page are served and named by it', async () => {
    const { site, server } = shared();
    const html = await readFile(join(site.pages, 'plugins/plugmark-examples/http-trigger/index.html'), 'utf8');
    for (const [name, starts] of [
      ['badge.svg', '<svg'],
      ['feed.atom', '<?xml'],
      ['CITATION.cff', 'cff-version: 1.2.0'],
    ] as const) {
      expect(html).toContain(`plugins/plugmark-examples/http-trigger/${name}"`);
      expect(await (await fetch(`${server.url}plugins/plugmark-examples/http-trigger/${name}`)).text()).toMatch(
        new RegExp(`^${starts.replace(/[?.]/g, '\\$&')}`),
      );
    }
  });
}

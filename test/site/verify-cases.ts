// The desk of /verify/ and the saved page: the chain as it is, and every kind of file with one byte changed on its way.

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { CHAIN_STEPS } from '../../site/src/data/chain-steps.ts';
import { HONEST_CLAIM, SAVED_CLAIM } from '../../site/src/data/chain-verdict.ts';
import { newestArtifact } from './published.ts';
import { pageFaults, type SharedSite } from './visit.ts';

const PLUGIN = 'plugmark-examples/http-trigger';
/** The probe for a newer root, which is how a client learns that there is none. */
const ROOT_PROBE = /404 \(Not Found\)/;

export function verifyCases(shared: () => SharedSite): void {
  describe('/verify/', () => {
    const steps = Object.keys(CHAIN_STEPS).filter((step) => step !== 'file');

    test('shows every step of a release of this registry, with its values', async () => {
      await shared().withPage({ viewport: { width: 390, height: 800 } }, async (page, seen) => {
        await page.goto(`${shared().server.url}verify/?plugin=${PLUGIN}`);
        expect(await verdict(page)).toEqual({ state: 'pass', title: `Verified: ${PLUGIN} 1.0.0` });
        expect(await states(page)).toEqual(Object.fromEntries(steps.map((step) => [step, 'pass'])));
        const { sha256 } = JSON.parse(await readFile(join(shared().site.tree, 'v1/index.json'), 'utf8')).plugins[0];
        const text = await page.locator('#chain').innerText();
        expect(text).toContain(sha256);
        for (const part of ['1 of 1 must sign', 'Good until', 'every import is known']) expect(text).toContain(part);
        expect(await page.locator('#claim').innerText()).toBe(HONEST_CLAIM);
        expect(await page.locator('#command').innerText()).toContain(`plugmark verify ${sha256}`);
        expect(await pageFaults(page)).toEqual([]);
        expect(seen.complaints.filter((text) => !ROOT_PROBE.test(text))).toEqual([]);
        expect([...seen.requests].filter((request) => !request.startsWith(`GET ${shared().server.url}`))).toEqual([]);
      });
    });

    test('finds whose release a dropped file is; one byte off it is nobody’s', async () => {
      const { site, server, withPage } = shared();
      const bytes = await readFile(
        join(site.tree, await newestArtifact(site.tree, 'third-party-examples/dprint-json')),
      );
      const damaged = join(site.folder, 'damaged.wasm');
      await writeFile(join(site.folder, 'mine.wasm'), bytes);
      await writeFile(damaged, flipped(bytes));
      await withPage({}, async (page) => {
        await page.goto(`${server.url}verify/`);
        await page.setInputFiles('#file', join(site.folder, 'mine.wasm'));
        expect(await verdict(page)).toMatchObject({ state: 'pass', title: expect.stringContaining('dprint-json') });
        expect(await states(page)).toMatchObject({
          file: 'pass',
          bytes: 'pass',
          publisher: 'pass',
          registry: 'notApplicable',
        });
        expect(await page.locator('#command').innerText()).toContain('plugmark verify mine.wasm --registry');
        await page.setInputFiles('#file', damaged);
        await page.locator('#verdict[data-state="fail"]').waitFor();
        expect(await states(page)).toMatchObject({ file: 'fail', root: 'notReached', bytes: 'notReached' });
      });
    });

    // What is changed, where it shows, and what stands after it.
    test.each<[string, RegExp, string]>([
      ['the timestamp', /metadata\/timestamp\.json$/, 'timestamp'],
      ['the snapshot', /metadata\/\d+\.snapshot\.json$/, 'snapshot'],
      ['the offline targets', /metadata\/\d+\.targets\.json$/, 'targets'],
      ['the list of publishers', /[0-9a-f]{64}\.publishers\.json$/, 'publishers'],
      ['the revocations', /[0-9a-f]{64}\.revocations\.json$/, 'revocations'],
      ['the list of documents', /metadata\/\d+\.documents\.json$/, 'documents'],
      ['the plugin’s document', /targets\/plugins\//, 'document'],
      ['the artifact', /blobs\/sha256\//, 'bytes'],
    ])('one byte of %s changed: refused at that step', async (_, path, step) => {
      await shared().withPage({}, async (page) => {
        const changed = await changeServed(page, path);
        await page.goto(`${shared().server.url}verify/?plugin=${PLUGIN}`);
        expect(await verdict(page)).toMatchObject({ state: 'fail' });
        expect(changed()).toBe(true);
        expect((await states(page))[step]).toBe('fail');
        expect(Object.values(await states(page)).filter((state) => state === 'fail')).toHaveLength(1);
        expect(await page.locator('#verdict').innerText()).toContain('Do not use it.');
      });
    });

    test.each(['publisher', 'registry'] as const)(
      'one byte of the %s’s bundle changed: that mark is refused',
      async (mark) => {
        const { server, site, withPage } = shared();
        const [publisher = '', registry = ''] = await bundlesOf(site.tree);
        await withPage({}, async (page) => {
          await changeServed(page, new RegExp(mark === 'publisher' ? publisher : registry));
          await page.goto(`${server.url}verify/?plugin=${PLUGIN}`);
          await verdict(page);
          expect(await states(page)).toMatchObject({ [mark]: 'fail', document: 'pass' });
          expect(await page.locator(`[data-step="${mark}"]`).innerText()).toContain('ATTESTATION_DIGEST');
        });
      },
    );

    test('a server that does not answer decides nothing', async () => {
      await shared().withPage({}, async (page) => {
        await page.route(/blobs\//, (route) => route.fulfill({ status: 503 }));
        await page.goto(`${shared().server.url}verify/?plugin=${PLUGIN}`);
        expect(await verdict(page)).toMatchObject({ state: 'inconclusive' });
        expect(await states(page)).toMatchObject({ bytes: 'inconclusive' });
        expect(await page.locator('#verdict').innerText()).toContain('It does not count as verified.');
      });
    });

    test('another registry is asked only with its own root, and only by a person', async () => {
      const { server, site, withPage } = shared();
      await withPage({}, async (page, seen) => {
        const other = server.url.replace('127.0.0.1', 'localhost');
        await page.goto(`${server.url}verify/?plugin=${PLUGIN}&registry=${encodeURIComponent(other)}`);
        await page.getByRole('button', { name: 'Verify' }).click();
        expect(await page.locator('#status').innerText()).toContain('needs its own root.json');
        expect([...seen.requests].filter((request) => request.includes(other))).toEqual([]);
        // The server listens on one address only, so the name is answered here.
        await page.route(`${other}**`, async (route) =>
          route.fulfill(await served(site.tree, route.request().url().slice(other.length))),
        );
        await page.setInputFiles('#root', join(site.tree, 'metadata/1.root.json'));
        await page.getByRole('button', { name: 'Verify' }).click();
        expect(await verdict(page)).toMatchObject({ state: 'pass' });
      });
    });

    test('verify.html is one file that says its digest, runs from a disk, and refuses a changed byte', async () => {
      const { server, site, withPage } = shared();
      const file = join(site.dist, 'verify.html');
      const html = await readFile(file);
      const digest = createHash('sha256').update(html).digest('hex');
      expect(await readFile(`${file}.sha256`, 'utf8')).toBe(`${digest}  verify.html\n`);
      expect(html.toString()).not.toMatch(/<link|src="|@import|url\((?!"data:)/);
      for (const path of [undefined, /blobs\/sha256\//]) {
        await withPage({}, async (page, seen) => {
          if (path !== undefined) await changeServed(page, path);
          await page.goto(pathToFileURL(file).href);
          await page.locator('summary').click();
          await page.fill('#registry', server.url);
          await page.setInputFiles('#root', join(site.tree, 'metadata/1.root.json'));
          await page.fill('#plugin', PLUGIN);
          await page.getByRole('button', { name: 'Verify' }).click();
          expect(await verdict(page)).toMatchObject({ state: path === undefined ? 'pass' : 'fail' });
          expect(await page.locator('#claim').innerText()).toBe(SAVED_CLAIM);
          expect(await pageFaults(page)).toEqual([]);
          expect(seen.complaints.filter((text) => !ROOT_PROBE.test(text))).toEqual([]);
        });
      }
      const page = await readFile(join(site.pages, 'verify/index.html'), 'utf8');
      expect(page).toContain(digest);
    });
  });
}

async function verdict(page: Page): Promise<{ readonly state: string | null; readonly title: string }> {
  const section = page.locator('#verdict');
  return { state: await section.getAttribute('data-state'), title: await section.locator('h2').innerText() };
}

async function states(page: Page): Promise<Record<string, string>> {
  const found = await page
    .locator('.chain > li')
    .evaluateAll((items) => items.map((item) => [item.getAttribute('data-step'), item.getAttribute('data-state')]));
  return Object.fromEntries(found);
}

/** Flips one bit in the middle of what the server answers. */
async function changeServed(page: Page, path: RegExp): Promise<() => boolean> {
  let isChanged = false;
  await page.route(path, async (route) => {
    const response = await route.fetch();
    isChanged = true;
    await route.fulfill({ response, body: flipped(await response.body()) });
  });
  return () => isChanged;
}

function flipped(bytes: Uint8Array): Buffer {
  const changed = Buffer.from(bytes);
  const middle = changed.length >> 1;
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}

async function bundlesOf(tree: string): Promise<(string | undefined)[]> {
  const { releases } = JSON.parse(await readFile(join(tree, `v1/plugins/${PLUGIN}.json`), 'utf8'));
  const { publisher, registry } = releases[0].attestations;
  return [publisher.sha256, registry?.sha256];
}

async function served(
  tree: string,
  path: string,
): Promise<{ status: number; body?: Buffer; headers: Record<string, string> }> {
  const headers = { 'access-control-allow-origin': '*' };
  const body = await readFile(join(tree, path)).catch(() => undefined);
  return body === undefined ? { status: 404, headers } : { status: 200, body, headers };
}

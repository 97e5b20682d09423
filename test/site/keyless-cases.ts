// /verify/ over other people's registries that sign without keys: two vectors of the client specification, served as a registry on
// another origin at the time the vector names.

import type { Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runCase, type Served } from '../conformance/client-case.ts';
import { readCase, readIndex, readTrees } from '../conformance/client-vectors.ts';
import type { SharedSite } from './visit.ts';

interface VectorStep {
  readonly files: Served;
  readonly root: Buffer;
  readonly now: string;
  readonly request: string;
}

/** What a client is asked to verify, and what it meets. The answers before it do not matter here. */
async function verifyStep(name: string): Promise<VectorStep> {
  let root = Buffer.alloc(0);
  let found: VectorStep | undefined;
  await runCase(readCase(name), readTrees(readIndex()), async (files, request) => {
    if (request.root !== undefined) root = Buffer.from(request.root, 'base64');
    const { action, now, request: asked } = request as { action: string; now?: string; request?: string };
    if (action === 'verify' && now !== undefined && asked !== undefined) found = { files, root, now, request: asked };
    return { id: 0, result: {} };
  });
  if (found === undefined) throw new Error(`${name} verifies nothing`);
  return found;
}

export function keylessCases(shared: () => SharedSite): void {
  const open = async (page: Page, { files, root, now, request }: VectorStep): Promise<void> => {
    const other = shared().server.url.replace('127.0.0.1', 'localhost');
    await page.clock.setFixedTime(now);
    await page.goto(`${shared().server.url}verify/?plugin=${request}&registry=${encodeURIComponent(other)}`);
    // The server listens on one address only, so the name is answered here.
    await page.route(`${other}**`, (route) => fulfil(route, files.get(route.request().url().slice(other.length))));
    await page.setInputFiles('#root', { name: 'root.json', mimeType: 'application/json', buffer: root });
    await page.getByRole('button', { name: 'Verify' }).click();
  };

  describe('/verify/ of a release that a workflow signed', () => {
    test('shows the workflow, its run and the log entry', async () => {
      await shared().withPage({}, async (page) => {
        const step = await verifyStep('keyless-branch');
        await open(page, step);
        await page.locator('#verdict[data-state="pass"]').waitFor();
        const text = await page.locator('[data-step="publisher"]').innerText();
        for (const part of ['Workflow', 'Certificate for', 'Signed, by trusted time', 'Public log entry'])
          expect(text).toContain(part);
      });
    });

    test.each([
      ['keyless-certificate-unlogged_fail', /CERTIFICATE_/],
      ['keyless-another-owner_fail', /IDENTITY_/],
    ])('%s: refused at the publisher', async (name, code) => {
      await shared().withPage({}, async (page) => {
        await open(page, await verifyStep(name));
        await page.locator('#verdict[data-state="fail"]').waitFor();
        const step = page.locator('[data-step="publisher"]');
        expect(await step.getAttribute('data-state')).toBe('fail');
        expect(await step.innerText()).toMatch(code);
      });
    });
  });
}

function fulfil(route: Route, file: unknown): Promise<void> {
  const headers = { 'access-control-allow-origin': '*' };
  return file instanceof Uint8Array
    ? route.fulfill({ status: 200, headers, body: Buffer.from(file) })
    : route.fulfill({ status: 404, headers });
}

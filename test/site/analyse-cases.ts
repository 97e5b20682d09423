// The desk of /analyse/ as a publisher meets it: his file, the same answer as on the command line, and no way out for the bytes.

import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Manifest, parse } from '@plugmark/schemas';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { packProcess } from '../testkit/pack-process.ts';
import { WasmBuilder } from '../testkit/wasm-builder.ts';
import { REPOSITORY } from './built-site.ts';
import { newestArtifact } from './published.ts';
import { pageFaults, type SharedSite } from './visit.ts';

const TRIGGER = 'http-trigger.wasm';

export function analyseCases(shared: () => SharedSite): void {
  describe('/analyse/', () => {
    /** Named as a publisher would name it. */
    const trigger = async (): Promise<string> => {
      const { site } = shared();
      const path = join(site.folder, TRIGGER);
      await copyFile(join(site.tree, await newestArtifact(site.tree, 'plugmark-examples/http-trigger')), path);
      return path;
    };

    const open = async (page: Page, file: string, host = ''): Promise<void> => {
      await page.goto(`${shared().server.url}analyse/${host === '' ? '' : `?host=${host}`}`);
      await drop(page, file);
    };

    test('says what a file can do, as its page would, and gives the JSON and SARIF of the command line', async () => {
      const file = await trigger();
      await shared().withPage({ acceptDownloads: true }, async (page, seen) => {
        await open(page, file, 'conductor');
        expect(await page.locator('#verdict h2').innerText()).toBe('It would pass for Conductor');
        const panel = page.locator('#permissions-conductor');
        expect(await panel.locator('.verdict').innerText()).toBe('Reaches outside Conductor: it can use the network');
        expect(await panel.locator('.outside').innerText()).toContain('conductor.http_request');
        expect(await panel.innerText()).not.toContain('Not declared');
        for (const [name, format] of [
          ['analysis.json', 'json'],
          ['analysis.sarif', 'sarif'],
        ] as const)
          expect(await saved(page, name)).toBe(await plugmarkCheck(shared(), file, 'conductor', format));
        const manifest = parse(Manifest, parseYaml(await saved(page, 'plugin.yaml')), 'plugin.yaml');
        expect(manifest).toMatchObject({ artifact: TRIGGER, host: 'conductor', capabilities: [{ id: 'network' }] });
        const workflow = await saved(page, 'release.yml');
        expect(workflow.trimEnd().split('\n')).toHaveLength(12);
        expect(workflow).toContain(`artifact: ${TRIGGER} }`);
        expect(await pageFaults(page)).toEqual([]);
        expect(seen.complaints).toEqual([]);
      });
    });

    test('finds the host a file fits when nobody says, keeps it when another is chosen, and needs no network', async () => {
      const file = await trigger();
      await shared().withPage({ colorScheme: 'dark' }, async (page, seen) => {
        await page.goto(`${shared().server.url}analyse/`);
        await page.context().setOffline(true);
        await drop(page, file);
        expect(await page.locator('#fits tbody tr').first().innerText()).toMatch(/Conductor\s+Pass/);
        expect(await page.locator('#fits tbody tr').count()).toBe(6);
        await page.getByRole('link', { name: 'DDALAB' }).click();
        await page.locator('#verdict h2', { hasText: 'for DDALAB' }).waitFor();
        expect(await page.locator('#verdict').innerText()).toContain('It would be refused');
        expect(new URL(page.url()).search).toBe('?host=ddalab');
        expect(seen.complaints).toEqual([]);
      });
    });

    test.each<[string, () => Promise<Uint8Array>, string, RegExp]>([
      ['a text', async () => new TextEncoder().encode('(module)'), 'dprint', /It would be refused/],
      ['nothing', async () => new Uint8Array(), 'dprint', /It would be refused/],
      [
        'a truncated module',
        async () => (await readFile(await trigger())).subarray(0, 700),
        'conductor',
        /It would be refused/,
      ],
      [
        'a process plugin',
        () => packProcess(join(REPOSITORY, 'test/plugins/text-statistics')),
        'project-ai',
        /Can do anything your account can/,
      ],
    ])('%s', async (name, make, host, expected) => {
      const file = join(shared().site.folder, `${name.replaceAll(' ', '-')}.bin`);
      await writeFile(file, await make());
      await shared().withPage({}, async (page, seen) => {
        await open(page, file, host);
        expect(await page.locator('#result').innerText()).toMatch(expected);
        expect(await saved(page, 'analysis.json')).toBe(await plugmarkCheck(shared(), file, host, 'json'));
        expect(seen.complaints).toEqual([]);
      });
    });

    test('names in a file are text, whatever they are', async () => {
      const attack = '<img src=x onerror=document.title="hit">"></td><script>document.title="hit"</script>';
      const file = join(shared().site.folder, '<img src=x onerror=alert(1)>.wasm');
      await writeFile(file, new WasmBuilder().importFunction(attack, attack).function({ export: attack }).build());
      await shared().withPage({ viewport: { width: 390, height: 800 } }, async (page, seen) => {
        await open(page, file);
        expect(await page.locator('#result').innerText()).toContain('<img src=x onerror=');
        expect(await page.locator('#result img, #result script, #result iframe, [onerror]').count()).toBe(0);
        expect(await page.title()).not.toBe('hit');
        expect(await page.locator('#command').innerText()).toContain("'./<img src=x onerror=alert(1)>.wasm'");
        expect(await pageFaults(page)).toEqual([]);
        expect(seen.complaints).toEqual([]);
      });
    });

    test('a worker that tries to send the bytes away is refused; one with an address of its own would not be', async () => {
      const file = await trigger();
      const { server } = shared();
      const planted = `fetch(${JSON.stringify(`${server.url}stolen`)},{method:'POST',body:'x'}).then(()=>'sent',()=>'refused').then(w=>new BroadcastChannel('planted').postMessage(w));`;
      await shared().withPage({}, async (page, seen) => {
        await page.addInitScript((code) => {
          const Real = Blob;
          const blobs = (parts: BlobPart[], options: BlobPropertyBag): Blob =>
            new Real(options.type === 'text/javascript' ? [code, ...parts] : parts, options);
          Object.assign(globalThis, {
            Blob: new Proxy(Real, { construct: (_, [parts, options]) => blobs(parts, options) }),
          });
          new BroadcastChannel('planted').onmessage = ({ data }) => Object.assign(globalThis, { planted: data });
        }, planted);
        await page.route(`${server.url}planted.js`, (route) =>
          route.fulfill({ contentType: 'text/javascript', body: planted }),
        );
        await open(page, file, 'conductor');
        await page.waitForFunction(() => 'planted' in globalThis);
        expect(await page.evaluate('planted')).toBe('refused');
        expect([...seen.requests].filter((request) => request.startsWith('POST'))).toEqual([]);
        // The control: the same lines, from an address, are sent.
        await page.evaluate((url) => {
          Reflect.deleteProperty(globalThis, 'planted');
          new Worker(url);
        }, `${server.url}planted.js`);
        await page.waitForFunction(() => 'planted' in globalThis);
        expect(await page.evaluate('planted')).toBe('sent');
      });
    });
  });
}

async function drop(page: Page, file: string): Promise<void> {
  await page.setInputFiles('#file', file);
  await page.locator('#take:not([hidden])').waitFor();
}

async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name, exact: true }).click(),
  ]);
  return readFile(await download.path(), 'utf8');
}

/** What the command prints, whatever the verdict; its exit code says that. */
async function plugmarkCheck({ site }: SharedSite, file: string, host: string, format: string): Promise<string> {
  // By the policy and profiles that are in force, as the page has them; a development registry signs a policy of its own.
  const registry = join(site.tree, 'v1');
  const command = [join(REPOSITORY, 'tools/cli/bin/plugmark.js'), 'check', file, '--host', host, '--format', format];
  command.push('--registry', registry);
  try {
    return (await promisify(execFile)(process.execPath, command, { cwd: dirname(file), maxBuffer: 1e8 })).stdout;
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

// One Chromium with the bundled client in a page, behind a loopback address that takes the suite's commands. The page verifies and
// fetches; this side only reads and writes the two folders for it.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { chromiumLaunchOptions } from '../testkit/chromium.ts';
import { metadataFolder, saveTarget, shippedRoot } from './metadata-folder.ts';

const ENTRY = fileURLToPath(new URL('./in-page.ts', import.meta.url));

interface Request {
  readonly command: Record<string, unknown>;
  readonly folders: { readonly metadata: string; readonly targets: string };
}

export interface ChromiumPage {
  readonly url: string;
  close(): Promise<void>;
}

export async function openChromiumPage(): Promise<ChromiumPage> {
  const script = await bundle();
  const options = await chromiumLaunchOptions();
  // The suite's server sends no CORS header; a registry's server must, and its tests hold ours to it.
  const browser = await chromium.launch({ ...options, args: [...(options.args ?? []), '--disable-web-security'] });
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') return void response.setHeader('content-type', 'text/html').end('<!doctype html>');
    const problem = await inPage(request).catch(String);
    response.writeHead(problem === undefined ? 200 : 422).end(problem);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  async function inPage(request: IncomingMessage): Promise<string | undefined> {
    const { command, folders } = JSON.parse(await text(request)) as Request;
    const page = await browser.newPage();
    try {
      // WebCrypto is there in secure contexts only, which loopback is.
      await page.goto(url);
      await exposeFolders(page, folders);
      await page.addScriptTag({ content: script });
      const root = base64(await readFile(shippedRoot(folders.metadata)));
      return await page.evaluate(`runInPage(${JSON.stringify(command)}, ${JSON.stringify(root)})`);
    } finally {
      await page.close();
    }
  }

  return {
    url,
    async close() {
      server.close();
      await browser.close();
    },
  };
}

async function exposeFolders(page: Page, { metadata, targets }: Request['folders']): Promise<void> {
  const store = metadataFolder(metadata);
  await page.exposeFunction('storeGet', async (name: string) => {
    const bytes = await store.get(name);
    return bytes && base64(bytes);
  });
  await page.exposeFunction('storePut', (name: string, content: string) => store.put(name, fromBase64(content)));
  await page.exposeFunction('storeDelete', (name: string) => store.delete(name));
  await page.exposeFunction('save', (name: string, content: string) => saveTarget(targets, name, fromBase64(content)));
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    conditions: ['@plugmark/source'],
  });
  return outputFiles[0]?.text ?? '';
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (content: string): Uint8Array => new Uint8Array(Buffer.from(content, 'base64'));

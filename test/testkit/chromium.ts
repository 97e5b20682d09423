// A real Chromium for tests, from npm alone: @sparticuz/chromium carries the browser, the few shared libraries
// it links (NSS, NSPR, expat) and a font, so a machine with nothing but Node and glibc 2.34 can run it.
// Unpacked once per version under node_modules/.cache. It must never use the package's own launch arguments:
// they switch off web security, site isolation and the process model, which is what our tests are about.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, LaunchOptions } from 'playwright-core';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGE = join(REPOSITORY, 'node_modules/@sparticuz/chromium');
const UNPACK = fileURLToPath(new URL('./unpack-chromium.ts', import.meta.url));

const ARGS = [
  '--headless',
  // Containers run as root and without user namespaces; the pages opened are our own, from loopback.
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
];

/** Absolute path of an executable Chromium. `PLUGMARK_CHROMIUM` names another one than npm's. */
export async function chromiumPath(): Promise<string> {
  return process.env['PLUGMARK_CHROMIUM'] ?? join(await unpacked(), 'chromium');
}

/** Playwright launch options with our arguments; `env` points Chromium at the libraries and font it came with. */
export async function chromiumLaunchOptions(): Promise<LaunchOptions> {
  const executablePath = await chromiumPath();
  if (process.env['PLUGMARK_CHROMIUM'] !== undefined) return { executablePath, args: ARGS };
  const directory = await unpacked();
  const env = { FONTCONFIG_FILE: join(directory, 'fonts.conf'), ...ownLibraries(directory) };
  return { executablePath, args: ARGS, env: { ...process.env, ...env } };
}

/** Chromium needs glibc 2.25, the libraries beside it 2.34; below that the system must have NSS and expat. */
function ownLibraries(directory: string): { LD_LIBRARY_PATH?: string } {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const [major = 0, minor = 0] = (header.glibcVersionRuntime ?? '').split('.').map(Number);
  return major > 2 || minor >= 34 ? { LD_LIBRARY_PATH: join(directory, 'al2023/lib') } : {};
}

/** Starts Chromium for a test in the `node` project; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch(await chromiumLaunchOptions());
}

/** Why Chromium cannot start here, or undefined when it can. A success is remembered beside the binary. */
export async function chromiumProblem(): Promise<string | undefined> {
  if (process.env['PLUGMARK_CHROMIUM'] === undefined) {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      return `npm has no Chromium for ${process.platform} ${process.arch}; set PLUGMARK_CHROMIUM to an installed one`;
    }
    if (existsSync(join(cacheDirectory(), 'started'))) return undefined;
  }
  try {
    const browser = await launchChromium();
    await browser.close();
  } catch (error) {
    return loaderComplaint(error);
  }
  if (process.env['PLUGMARK_CHROMIUM'] === undefined) writeFileSync(join(cacheDirectory(), 'started'), '');
  return undefined;
}

function cacheDirectory(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  return join(REPOSITORY, 'node_modules/.cache/plugmark', `chromium-${version}`);
}

/** Unpacks beside the final place and renames: two processes at once never see (or execute) a half-written file. */
async function unpacked(): Promise<string> {
  const directory = cacheDirectory();
  if (existsSync(directory)) return directory;
  await mkdir(join(directory, '..'), { recursive: true });
  const temporary = mkdtempSync(`${directory}-`);
  try {
    await promisify(execFile)(process.execPath, [UNPACK, join(PACKAGE, 'bin')], {
      env: { ...process.env, TMPDIR: temporary },
    });
    writeFileSync(join(temporary, 'fonts.conf'), fontConfiguration(join(directory, 'fonts/fonts')));
    renameSync(temporary, directory);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
  return directory;
}

// The package's own fonts.conf names /tmp/fonts; without a font every line of text is 0 pixels high.
function fontConfiguration(fonts: string): string {
  const path = fonts.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${path}</dir><cachedir>${path}/../cache</cachedir></fontconfig>\n`;
}

// Playwright's message holds pages of arguments; the dynamic loader's one line is what a person can act on.
function loaderComplaint(error: unknown): string {
  const lines = String(error).split('\n');
  return (lines.find((line) => line.includes('error while loading')) ?? lines[0] ?? '')
    .replace(/^\[pid=\d+\]\[err\] /, '')
    .trim();
}

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { RunningServer } from '../../tools/cli/src/static-server.ts';
import type { BuiltSite } from './built-site.ts';

/** What a visit left behind. */
export interface Seen {
  /** Whatever the console said, and errors. */
  readonly complaints: string[];
  readonly requests: Set<string>;
}

export type WithPage = (
  options: BrowserContextOptions,
  use: (page: Page, seen: Seen) => Promise<void>,
) => Promise<void>;

/** The one built site that all cases of a test file share. */
export interface SharedSite {
  readonly site: BuiltSite;
  readonly server: RunningServer;
  readonly withPage: WithPage;
}

export async function visitPage(
  browser: Browser,
  options: BrowserContextOptions,
  use: (page: Page, seen: Seen) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  const seen: Seen = { complaints: [], requests: new Set() };
  try {
    const page = await context.newPage();
    page.on('console', (message) => seen.complaints.push(message.text()));
    page.on('pageerror', (error) => seen.complaints.push(String(error)));
    context.on('request', (request) => seen.requests.add(`${request.method()} ${request.url()}`));
    await use(page, seen);
  } finally {
    await context.close();
  }
}

/** Axe's complaints about the page as it stands, and how far it is wider than its window. */
export async function pageFaults(page: Page, rules: readonly string[] = []): Promise<readonly unknown[]> {
  const { AxeBuilder } = await import('@axe-core/playwright');
  // No page has a frame, so axe runs in the page alone and needs none of its own.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (rules.length > 0 ? builder.withRules([...rules]) : builder).analyze();
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  return wider > 0 ? [...found, `${wider} pixels wider than the window`] : found;
}

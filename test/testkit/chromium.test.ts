import { accessSync, constants } from 'node:fs';
import { expect, test } from 'vitest';
import { chromiumPath, chromiumProblem, launchChromium } from './chromium.ts';

const problem = await chromiumProblem();

test.skipIf(problem !== undefined)('Chromium starts with its own libraries and font', async () => {
  accessSync(await chromiumPath(), constants.X_OK);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent('<p>text</p>');
    expect(await page.evaluate(() => document.querySelector('p')?.offsetHeight)).toBeGreaterThan(8);
    expect(browser.version()).toMatch(/^\d+\./);
  } finally {
    await browser.close();
  }
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../server/running-server.ts';
import { openBrowser } from '../console/console-page.ts';
import { openPanel, orgOf, picture, settled } from './panel-page.ts';
import { type Preview, servePreview } from './preview/serve.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let browser: Browser;
let server: TestServer;
let preview: Preview;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer({ demo: true });
  preview = await servePreview(orgOf(server));
});
afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await server?.stop();
});

test('look', async () => {
  for (const theme of [2, 1] as const) {
    const { page, faults } = await openPanel(browser, preview, { theme });
    await picture(page, `${theme}-overview`);
    await page.getByRole('button', { name: 'Not Matched', exact: true }).first().click();
    await settled(page);
    await picture(page, `${theme}-people`);
    await page.locator('tbody th button').first().click();
    await settled(page);
    await page.getByRole('heading', { name: 'How we got there' }).waitFor();
    await picture(page, `${theme}-person`);
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: /^Repair 37/u }).first().click();
    await page.getByRole('heading', { name: 'What will happen' }).waitFor();
    await picture(page, `${theme}-plan`);
    await page.getByRole('button', { name: 'Approve …' }).click();
    await picture(page, `${theme}-approve`);
    console.log(faults);
  }
});

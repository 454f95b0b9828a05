/**
 * Makes docs/salesforce-*.png from the demo: `node_modules/.bin/node scripts/make-panel-screenshots.ts`, after `npm test` was run once (it installs
 * what compiles the panel and finds a browser). Everything else is made and thrown away here.
 */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { people } from '../server/api.ts';
import { launchChromium } from '../test/chromium.ts';
import { startOwnServer } from '../test/ui-extensions/salesforce/preview/own-server.ts';
import { servePreview } from '../test/ui-extensions/salesforce/preview/serve.ts';

const docs = resolve(import.meta.dirname, '../docs');
const server = await startOwnServer({ demo: true });
const preview = await servePreview(server.org);
const browser = await launchChromium();
try {
  const open = async (query: string, width: number): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(`${preview.url}/${query}`);
    return page;
  };
  const shoot = async (page: Page, name: string, isCard = false) => {
    await page.mouse.move(0, 0);
    const options = { path: resolve(docs, `salesforce-${name}.png`), animations: 'disabled' } as const;
    await (isCard ? page.locator('main').screenshot(options) : page.screenshot(options));
  };

  const page = await open('', 1280);
  await page.getByRole('heading', { name: 'Root causes' }).waitFor();
  await shoot(page, 'panel');
  await page.getByRole('button', { name: 'Not Matched', exact: true }).click();
  await page.getByRole('button', { name: 'Pierre Bauer' }).click();
  await page.getByRole('heading', { name: 'How we got there' }).waitFor();
  await shoot(page, 'person');
  for (const heading of ['People', 'Sales Navigator']) {
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  }
  await page.getByRole('button', { name: /^Repair 37/u }).click();
  await page.getByRole('button', { name: 'Approve …' }).click();
  await page.getByRole('alertdialog').waitFor();
  await shoot(page, 'plan');

  const home = await open('?place=summary', 700);
  await home.getByRole('heading', { name: 'To do for you' }).waitFor();
  await shoot(home, 'home', true);

  const { rows } = people.parse(await server.ask('GET', '/api/people?search=bauer'));
  const record = await open(`?place=record&recordId=${rows[0]!.crmUser!.id}`, 480);
  await record.getByText('Next step').waitFor();
  await shoot(record, 'user', true);
} finally {
  await browser.close();
  await preview.stop();
  await server.stop();
}

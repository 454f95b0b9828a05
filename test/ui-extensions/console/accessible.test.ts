import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../chromium.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { type ConsoleView, openConsole, settledPage } from './console-page.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let empty: TestServer;
let server: TestServer;
let runId: string;
let personKey: string;

beforeAll(async () => {
  browser = await launchChromium();
  [empty, server] = await Promise.all([startTestServer(), startTestServer()]);
  const people = testPeople(36, (index) => index % 4 === 0);
  people[1] = { ...people[1]!, family: 'van Aartsen-Bijleveld-Featherstonehaugh-Cholmondeley-Wolfeschlegelsteinhausen' };
  people[2] = { ...people[2]!, given: 'محمد', family: 'الأحمد' };
  people[3] = { ...people[3]!, license: `${people[3]!.license!.split('@')[0]}\u200b@acme.example` };
  // Two runs, so that there is a trend and a "since the last run".
  const more = { adminCenterCount: 36, answers: { oddRun: 'release' } };
  await server.compare(licensesCsv(people.slice(0, 30)), crmCsv(people), more);
  const run = await server.compare(licensesCsv(people), crmCsv(people), more);
  expect(run.state).toBe('done');
  runId = run.id;
  const { rows } = await server.ok<{ rows: { key: string }[] }>('listPeople', { query: { status: 'not-matched' } });
  personKey = rows[0]!.key;
});
afterAll(async () => {
  await browser?.close();
  await empty?.stop();
  await server?.stop();
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
}

const views: readonly (readonly [string, ConsoleView])[] = [
  ['on a desk, light', { width: 1280, scheme: 'light' }],
  ['on a desk, dark', { width: 1280, scheme: 'dark' }],
  ['on a phone of 360 pixels', { width: 360, scheme: 'light' }],
];

describe.each(views)('%s', (_name, view) => {
  test('no page breaks an accessibility rule, runs over the edge, or asks a foreign host', { timeout: 120_000 }, async () => {
    const { page, context, faults } = await openConsole(browser, server, view);
    const addresses = [
      '/',
      '/people',
      '/people?status=not-matched&search=anna',
      '/people?search=nobody-is-called-this',
      `/people/${encodeURIComponent(personKey)}`,
      '/people/license%3Anobody',
      '/root-causes',
      '/compare',
      '/runs',
      `/runs/${runId}`,
      '/settings',
      '/no-such-page',
    ];
    for (const address of addresses) {
      await settledPage(page, address);
      expect(await violations(page), address).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), address).toBeLessThanOrEqual(0);
      expect(await page.title(), address).toMatch(/^.+ · Seatmatch$/u);
      expect(await page.locator('h1').count(), address).toBe(1);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  test('neither do the pages of an empty workspace, and each leads to the comparison', { timeout: 60_000 }, async () => {
    const { page, context, faults } = await openConsole(browser, empty, view);
    for (const address of ['/', '/people', '/root-causes', '/runs']) {
      await settledPage(page, address);
      expect(await violations(page), address).toEqual([]);
      await page.getByRole('main').getByRole('link', { name: 'Compare files' }).first().waitFor();
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});

test('whoever has not signed in is asked for the admin link, and a wrong code is refused', async () => {
  const other = await startTestServer();
  const { page, context, faults } = await openConsole(browser, other, { signedIn: false });
  await page.goto('/people');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Code').fill('not-a-code');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
  await other.stop();
});

test('the colours are chosen before the first paint, without an inline script', async () => {
  const { page, context, faults } = await openConsole(browser, server, { scheme: 'dark' });
  await page.route('**/assets/**', (route) => route.abort());
  await page.goto('/').catch(() => {});
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  expect(faults).toEqual([]);
  await context.close();
});

test('a keyboard alone reaches the content, the navigation and a person', async () => {
  const { page, context } = await openConsole(browser, server);
  await settledPage(page, '/people');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.locator('.person-link').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/people\/.+/u);
  await page.getByRole('heading', { level: 2, name: 'How we got there' }).waitFor();
  // A new page takes the focus to its own title.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  await context.close();
});

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { nextPage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

let browser: Browser;
let server: TestServer;
let page: Page;
let context: BrowserContext;
let faults: readonly string[];

beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
  ({ page, context, faults } = await openConsole(browser, server));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('no page of an empty workspace has a fault, and each leads to the comparison', { timeout: 60_000 }, async () => {
  await settledPage(page, '/');
  for (const address of ['/', '/people', '/licenses', '/root-causes', '/runs']) {
    if (address !== '/') await nextPage(page, address);
    expect(await faultsOf(page), address).toEqual([]);
    await page.getByRole('main').getByRole('link', { name: 'Compare files' }).first().waitFor();
  }
  expect(faults).toEqual([]);
});

describe('after two comparisons', () => {
  let runId: string;
  let personKey: string;

  beforeAll(async () => {
    const people = testPeople(18, (index) => index % 4 === 0);
    people[1] = { ...people[1]!, family: 'van Aartsen-Bijleveld-Featherstonehaugh-Cholmondeley-Wolfeschlegelsteinhausen' };
    people[2] = { ...people[2]!, given: 'محمد', family: 'الأحمد' };
    people[3] = { ...people[3]!, license: `${people[3]!.license!.split('@')[0]}\u200b@acme.example` };
    // Two runs, so that there is a trend and a "since the last run".
    const more = { adminCenterCount: 18, answers: { oddRun: 'release' } };
    await server.compare(licensesCsv(people.slice(0, 15)), crmCsv(people), more);
    const run = await server.compare(licensesCsv(people), crmCsv(people), more);
    expect(run.state).toBe('done');
    runId = run.id;
    const { rows } = await server.ok<{ rows: { key: string }[] }>('listPeople', { query: { status: 'not-matched' } });
    personKey = rows[0]!.key;
  });

  test('no page breaks an accessibility rule in light or dark, runs over the edge of desk or phone, or asks a foreign host', {
    timeout: 240_000,
  }, async () => {
    // Never two of the same kind in a row, so that each is seen to come.
    const addresses = [
      '/',
      '/people',
      '/root-causes',
      '/people?status=not-matched&search=anna',
      '/licenses',
      '/plans',
      '/licenses/people',
      '/licenses/new',
      '/people?search=nobody-is-called-this',
      `/people/${encodeURIComponent(personKey)}`,
      '/compare',
      '/people/license%3Anobody',
      '/runs',
      `/runs/${runId}`,
      '/schedule',
      '/connections',
      '/outbox',
      '/settings',
      '/no-such-page',
    ];
    await settledPage(page, '/');
    for (const address of addresses) {
      if (address !== '/') await nextPage(page, address);
      expect(await faultsOf(page), address).toEqual([]);
      expect(await page.title(), address).toMatch(/^.+ · Seatmatch$/u);
      expect(await page.locator('h1').count(), address).toBe(1);
    }
    expect(faults).toEqual([]);
  });

  test('a page is the same whether a link leads to it or its address is opened', async () => {
    for (const address of ['/root-causes', `/runs/${runId}`, '/people/license%3Anobody', '/no-such-page']) {
      await nextPage(page, address);
      const title = await page.title();
      await settledPage(page, address);
      expect(await page.title(), address).toBe(title);
    }
    expect(faults).toEqual([]);
  });

  test('a keyboard alone reaches the content, the navigation and a person', async () => {
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
  });

  test('the colours are chosen before the first paint, without an inline script', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.route('**/assets/**', (route) => route.abort());
    await page.goto('/').catch(() => {});
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.unroute('**/assets/**');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(faults).toEqual([]);
  });
});

test('whoever has not signed in is asked for the admin link, and a wrong code is refused', async () => {
  await context.clearCookies();
  await page.goto('/people');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByLabel('Code').fill('not-a-code');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

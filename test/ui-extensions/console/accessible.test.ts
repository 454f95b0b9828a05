import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MismatchPeople } from '../../../server/api.ts';
import { pages } from '../../../ui-extensions/console/src/routes.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { nextPage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf, violations } from './inspect-page.ts';

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
  /** Where a page's address names somebody or something. */
  let addressOf: Record<string, string>;

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
    const { rows } = await server.ok<{ rows: { key: string; license: { id: string } }[] }>('listPeople', {
      query: { status: 'not-matched' },
    });
    personKey = rows[0]!.key;
    const { id: planId } = await server.ok<{ id: string }>('createPlan', { body: { licenseIds: [rows[0]!.license.id] } });
    const { seal } = await server.ok<{ seal: string }>('getPlan', { params: { id: planId } });
    await server.ok('approvePlan', { params: { id: planId }, body: { seal } });
    const mail = await server.ok<{ id: string }>('sendTestMail', { body: { to: 'ann@acme.example' } });
    addressOf = {
      '/people/:key': `/people/${encodeURIComponent(personKey)}`,
      '/runs/:id': `/runs/${runId}`,
      '/plans/:id': `/plans/${planId}`,
      '/plans/:id/job': `/plans/${planId}/job`,
      // A batch with people in it is looked at where one is made.
      '/invitations/batches/:id': '/invitations/batches/none',
      '/outbox/:id': `/outbox/${mail.id}`,
    };
  });

  test('no page that the router knows breaks an accessibility rule in light or dark, runs over the edge of desk or phone, or asks a foreign host', {
    timeout: 300_000,
  }, async () => {
    const states = [
      '/people?status=not-matched&search=anna',
      '/no-such-page',
      '/people?search=nobody-is-called-this',
      '/people/license%3Anobody',
    ];
    const addresses = Object.keys(pages).map((path) => (path.includes(':') ? addressOf[path] : path));
    expect(addresses, 'a page whose address names something has an example of it above').not.toContain(undefined);
    await settledPage(page, '/');
    const found: Record<string, string[]> = {};
    for (const address of [...addresses, ...states] as string[]) {
      if (address !== '/') await nextPage(page, address);
      const wrong = await faultsOf(page);
      if (wrong.length > 0) found[address] = wrong;
      expect(await page.title(), address).toMatch(/^.+ · Seatmatch$/u);
      expect(await page.locator('h1').count(), address).toBe(1);
    }
    expect(found).toEqual({});
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

  test('the report is shared by its link: a part of it is chosen by keyboard, opened again by its address, and its price is asked once', async () => {
    await settledPage(page, '/report');
    await page.getByText(/with a license are Not Matched: nothing they do reaches/u).waitFor();
    await page.getByRole('combobox', { name: 'Cut by' }).click();
    await page.getByRole('option', { name: 'Reason', exact: true }).click();
    const cut = page.getByRole('table', { name: 'Where it happens' });
    await cut.getByRole('columnheader', { name: 'Reason' }).waitFor();
    await cut.getByRole('link').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/by=reason&reason=|reason=.*by=reason/u);
    const shared = new URL(page.url());
    await settledPage(page, `${shared.pathname}${shared.search}`);
    const list = page.getByRole('region', { name: /Not Matched$/u });
    await list.getByRole('table').waitFor();
    const shown = await list.getByRole('row').count();
    expect(shown).toBeGreaterThan(1);
    const reason = shared.searchParams.get('reason')!;
    const { rows, total } = await server.ok<MismatchPeople>('listMismatch', { query: { reason } });
    expect([rows.length, total]).toEqual([shown - 1, shown - 1]);
    expect(rows.map((row) => [row.reason, row.cost])).toEqual(rows.map(() => [reason, null]));

    await page.getByRole('button', { name: 'What a license costs' }).click();
    const dialog = page.getByRole('dialog', { name: 'What a license costs' });
    await dialog.getByLabel('Currency').fill('eur');
    await dialog.getByLabel('Advanced Plus').fill('1200');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save prices' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Change prices' }).waitFor();
    await page.getByText(/^EUR [\d,]+ for each month in which it stays so/u).waitFor();
    await page.getByRole('button', { name: 'Mark as reviewed' }).click();
    await page.getByText('Nobody changed.').or(page.getByText('Two runs are needed')).first().waitFor();
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

  test('a person or a page is found and opened by keyboard alone, and single keys can be switched off', async () => {
    await settledPage(page, '/runs');
    await page.keyboard.press('Control+k');
    const finder = page.getByRole('combobox', { name: 'Search people and pages' });
    await finder.fill('wolfeschlegel');
    const found = page.getByRole('option', { name: /^Bo van Aartsen/u });
    await found.waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await finder.getAttribute('aria-activedescendant')).toBe(await found.getAttribute('id'));
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /van Aartsen/u }).waitFor();

    await page.keyboard.press('/');
    await finder.fill('decis');
    await page.getByRole('option', { name: 'Decisions' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Decisions' }).waitFor();

    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByRole('switch', { name: 'Shortcuts of one key' }).uncheck();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.keyboard.press('Control+k');
    await finder.waitFor();
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).pathname).toBe('/runs');
    expect(faults).toEqual([]);
  });

  test('on a phone the navigation is a drawer that keeps the focus until it is closed', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await settledPage(page, '/people');
    const menu = page.getByRole('button', { name: 'Navigation' });
    await menu.click();
    const drawer = page.getByRole('dialog', { name: 'Navigation' });
    expect(await drawer.getByRole('link', { name: 'People' }).getAttribute('aria-current')).toBe('page');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);
    await menu.click();
    await drawer.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await drawer.waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(faults).toEqual([]);
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

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Contract } from '../../../server/api.ts';
import { clientOf, crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { type ConsolePage, contentOf, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

const ours = testPeople(12, (index) => index < 2);
const theirs = testPeople(20, (index) => index < 5);

let browser: Browser;
let server: TestServer;
let view: ConsolePage;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
  await server.compare(licensesCsv(ours), crmCsv(ours));
  view = await openConsole(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('a second contract is added, chosen from the header by keyboard, and every page, link and live event is its own', {
  timeout: 120_000,
}, async () => {
  const { page, faults } = view;
  await settledPage(page, '/');
  const place = page.getByRole('banner').getByRole('button', { name: /switch contract/u });
  await page.getByRole('banner').getByText('Sales Navigator').waitFor();
  expect(await place.count()).toBe(0);

  await settledPage(page, '/settings');
  const adding = page.getByRole('form', { name: 'Add a contract' });
  await adding.getByLabel('Name of the new contract').fill('EMEA');
  await adding.getByRole('button', { name: 'Add a contract' }).click();
  await page.getByRole('form', { name: 'EMEA' }).waitFor();
  // With two of them each has to say its CRM.
  expect(await page.getByText('Nothing is planned before.').count()).toBe(2);
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('form', { name: 'EMEA' }).getByRole('combobox', { name: 'CRM Sync connects to' }).click();
  await page.getByRole('option', { name: 'Salesforce' }).click();
  await page.getByRole('button', { name: /^Save\s*: EMEA/u }).click();
  await expect.poll(() => page.getByText('Nothing is planned before.').count()).toBe(1);

  await settledPage(page, '/people');
  await place.click();
  await page.getByRole('menuitem', { name: 'EMEA' }).waitFor();
  // Nothing lies over its beginning, where the navigation is.
  await page.getByRole('menuitem', { name: 'EMEA' }).click({ position: { x: 6, y: 12 }, trial: true });
  expect(await page.getByRole('menuitem', { name: 'Sales Navigator' }).getAttribute('aria-current')).toBe('true');
  expect(await faultsOf(page)).toEqual([]);
  await settledPage(page, '/people');
  await place.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'EMEA' }).waitFor();
  await expect.poll(() => page.locator(':focus').getAttribute('role')).toBe('menuitem');
  await page.keyboard.press('End');
  expect(await page.locator(':focus').textContent()).toBe('EMEA');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/contracts\/[0-9a-f-]{36}\/people$/u);
  const { rows } = await server.ok<{ rows: Contract[] }>('listContracts');
  const { href, id } = rows[1]!;
  await page.getByRole('banner').getByText('EMEA').waitFor();

  // A comparison of this contract shows itself here while it is made, and nowhere else.
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
  await page.waitForURL(`**${href}`);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  const there = clientOf(server.url, server.cookie, id);
  await there.compare(licensesCsv(theirs), crmCsv(theirs));
  await page.getByRole('link', { name: /^5\s*Not Matched/u }).click();
  await page.getByText('5 people fit').waitFor();
  expect(page.url()).toContain(`${href}/people?`);
  await page.locator('.person-link').first().click();
  await page.getByRole('heading', { level: 2, name: 'How we got there' }).waitFor();
  expect(page.url()).toContain(`${href}/people/`);
  expect(await faultsOf(page)).toEqual([]);

  await settledPage(page, `${href}/people`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download report (CSV)' }).click()]);
  expect((await contentOf(download)).toString().trim().split('\n')).toHaveLength(21);

  await settledPage(page, '/people');
  await expect.poll(() => page.locator('.person-link').count()).toBe(12);
  expect(faults).toEqual([]);
});

test('an address of a contract that is not here says so and leads back', async () => {
  const { page } = view;
  await page.goto('/contracts/00000000-0000-4000-8000-000000000000/people');
  await page.getByText('This contract could not be opened').waitFor();
  await page.getByRole('link', { name: 'Go to the overview' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
});

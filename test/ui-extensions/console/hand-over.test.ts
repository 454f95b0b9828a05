import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { nextPage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('a license is handed from the page of whoever left, and a schedule says what it may do by itself', { timeout: 180_000 }, async () => {
  const people = testPeople(40);
  const licenses = licensesCsv(people).replace(
    /"LIC-0040",(?<rest>.*),"active","Activated","[^"]*"/u,
    '"LIC-0040",$<rest>,"inactive","Unassigned","No license"',
  );
  await server.compare(licenses, crmCsv(people), { adminCenterCount: 40 });
  const { page, faults } = await openConsole(browser, server);

  await settledPage(page, `/people/${encodeURIComponent('license:LIC-0039')}`);
  await page.getByRole('button', { name: 'Hand this license to …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Search by email or ID').fill('E0040');
  await dialog.getByRole('radio').first().check();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Plan the hand-over' }).click();
  await page.getByRole('heading', { level: 1, name: /^Hand-over: / }).waitFor();
  await page.getByText('loses the license for good').first().waitFor();

  await nextPage(page, '/schedule');
  await page.getByRole('button', { name: 'New schedule' }).first().click();
  await page.getByRole('dialog').getByLabel('Correct emails by itself').check();
  await page.getByText('it never touches a license').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { type ConsolePage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

const people = testPeople(8);
const [first, second] = [people[0]!, people[1]!];
const licenses = licensesCsv(people)
  .replace(first.license!, 'one@elsewhere.example')
  .replace(second.license!, 'two@elsewhere.example')
  .replace(`E${first.id}`, '')
  .replace(`E${second.id}`, '');

let browser: Browser;
let server: TestServer;
let view: ConsolePage;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
  view = await openConsole(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('a directory and another CRM are brought beside the two lists, and the person page says what they told', {
  timeout: 90_000,
}, async () => {
  const { page, faults } = view;
  await settledPage(page, '/compare');
  const choose = (name: string) => page.locator(`input[type="file"][aria-label="${name}"]`);
  await choose('Choose the LinkedIn export').setInputFiles(file('linkedin.csv', licenses));
  await choose('Choose the CRM export').setInputFiles(file('salesforce.csv', crmCsv(people)));
  await choose('Choose the directory export').setInputFiles(
    file('okta.csv', `login,email,secondEmail\nx,${first.crm},one@elsewhere.example\n`),
  );
  await page.getByText('1 person, file from').waitFor();
  await choose('Choose the export of another CRM').setInputFiles(
    file('zoho.csv', 'id,email,full_name,status\n4150868000000225007,two@elsewhere.example,Bo Elsewhere,active\n'),
  );
  await page.getByText('Zoho users · 1 row').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

  await settledPage(page, `/people/${encodeURIComponent(`license:LIC-${first.id}`)}`);
  await page.getByText('Second address of the person').first().waitFor();
  await settledPage(page, `/people/${encodeURIComponent(`license:LIC-${second.id}`)}`);
  await page.getByText('This email is in Zoho CRM, but LinkedIn syncs with Salesforce.').first().waitFor();
  await page.getByText('Also a user of Zoho CRM').waitFor();
  await page.getByText('Bo Elsewhere · two@elsewhere.example · 4150868000000225007').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  // Both are there for the next comparison, and can be taken away.
  await settledPage(page, '/compare');
  await page.getByText('Zoho users · 1 row').waitFor();
  await page.getByRole('button', { name: 'Remove zoho.csv' }).click();
  await page.getByRole('button', { name: 'Remove okta.csv' }).click();
  await page.getByRole('button', { name: 'Choose the directory export' }).waitFor();
  expect(await page.getByText('Zoho users · 1 row').count()).toBe(0);
  expect(faults).toEqual([]);
});

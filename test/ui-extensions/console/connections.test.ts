import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { salesforceUser } from '../../../connectors/salesforce/simulator/org.ts';
import { type SalesforceSimulator, startSalesforceSimulator } from '../../../connectors/salesforce/simulator.ts';
import type { Connections, Contract, Settings } from '../../../server/api.ts';
import { app, orgId, stateOf } from '../../connectors/salesforce/start.ts';
import { clientOf, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { type ConsolePage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

const people = testPeople(12, (index) => index < 4);

let browser: Browser;
let server: TestServer;
let view: ConsolePage;
let salesforce: SalesforceSimulator;
beforeAll(async () => {
  browser = await openBrowser();
  const users = people.map((person, index) =>
    salesforceUser(index, { FirstName: person.given, LastName: person.family, Email: person.crm!, EmployeeNumber: `E${person.id}` }),
  );
  salesforce = await startSalesforceSimulator({ state: stateOf(users), smallestPage: 1 });
  server = await startTestServer();
  view = await openConsole(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await salesforce?.close();
});

test('Salesforce is connected, tested before and after it is saved, compared with a LinkedIn export, and the result is seen', {
  timeout: 120_000,
}, async () => {
  const { page, faults } = view;
  await settledPage(page, '/connections');
  await page.getByRole('heading', { name: 'No system is connected yet' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^LinkedIn SCIM/u }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Salesforce/u }).click();
  await dialog.getByText('Permission: View All Users').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await dialog.getByLabel('Name').fill('acme-salesforce');
  await dialog.getByLabel('My Domain').fill(salesforce.url);
  await dialog.getByLabel('Consumer key').fill(app.clientId);
  await dialog.getByLabel('Consumer secret').fill('wrong');
  await dialog.getByRole('button', { name: 'Test these settings' }).click();
  await dialog.getByText('The test found something to mend.').waitFor();
  await dialog.getByText('Salesforce does not accept the client ID or the client secret').first().waitFor();
  await dialog.getByLabel('Consumer secret').fill(app.clientSecret);
  // What was found of other settings says nothing of these.
  await dialog.getByText('The test found something to mend.').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Test these settings' }).click();
  await dialog.getByText('The test went well.').waitFor();
  await dialog.getByText('Salesforce lets us read its 12 users.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });

  const card = page.getByRole('region', { name: 'acme-salesforce' });
  await card.getByText('Works').waitFor();
  await card.getByText(orgId, { exact: true }).waitFor();
  await card.getByText('4 points checked, nothing to mend').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await card.getByRole('button', { name: /^Test/u }).click();
  await card
    .getByRole('list', { name: 'What the last test of acme-salesforce found' })
    .getByText('Salesforce lets us read its 12 users.')
    .waitFor();

  await settledPage(page, '/compare');
  await page.locator('section[data-side=licenses] input[type=file]').setInputFiles({
    name: 'export.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(licensesCsv(people)),
  });
  await page.getByText('LinkedIn Admin Center export · 12 rows').waitFor();
  await page.getByRole('button', { name: 'Read from acme-salesforce' }).click();
  await page.getByText('Salesforce: Acme, read when you compare').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.reload();
  await page.getByText('Both lists are ready.').waitFor();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByRole('heading', { name: 'Why people do or do not match' }).waitFor();
  await page.getByText('8 of 12').first().waitFor();

  const { rows } = await server.ok<{ rows: { id: string }[] }>('listReconciliations');
  await settledPage(page, `/runs/${rows[0]!.id}`);
  const proof = page.getByRole('region', { name: 'Was everything read?' });
  await proof.getByText('Complete: read to the last page').waitFor();
  await proof.getByText(`Acme (${orgId})`).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test('a connection is changed without typing its secret again, scheduled, and not deleted while the schedule needs it', {
  timeout: 120_000,
}, async () => {
  const { page, faults } = view;
  await settledPage(page, '/connections');
  await page.getByRole('button', { name: /^Change\s*: acme-salesforce$/u }).click();
  const dialog = page.getByRole('dialog');
  const secret = dialog.getByLabel('Consumer secret');
  expect(await secret.inputValue()).toBe('');
  expect(await secret.getAttribute('placeholder')).toBe('Stored. Type here only to replace it.');
  await dialog.getByLabel('Name').fill('acme-crm');
  await dialog.getByRole('button', { name: 'More settings' }).click();
  await dialog.getByLabel('People a page').fill('500');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('region', { name: 'acme-crm' }).getByText('Works').waitFor();
  const { rows } = await server.ok<Connections>('listConnections');
  expect(rows[0]!.settings).toMatchObject({ options: { pageSize: 500 } });

  await settledPage(page, '/schedule');
  await page.getByRole('button', { name: 'New schedule' }).click();
  await dialog.getByLabel('The CRM itself, by a connection').click();
  expect(await dialog.getByLabel('CRM connection').locator('option:checked').textContent()).toBe('acme-crm');
  await dialog.getByRole('button', { name: 'New schedule' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('acme-crm and the last LinkedIn export that was brought').waitFor();
  await page.getByRole('button', { name: /^Run now/u }).click();
  await page.getByRole('list', { name: 'Last runs of Weekday mornings' }).getByRole('listitem').first().getByText('Done').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await settledPage(page, '/connections');
  await page.getByRole('link', { name: 'Weekday mornings' }).waitFor();
  await page.getByRole('button', { name: /^Delete\s*: acme-crm$/u }).click();
  await dialog.getByText('“Weekday mornings” compares with it.').waitFor();
  expect(await dialog.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  const { rows: schedules } = await server.ok<{ rows: { id: string }[] }>('listSchedules');
  await server.ok('deleteSchedule', { params: { id: schedules[0]!.id } });
  await settledPage(page, '/connections');
  await page.getByRole('button', { name: /^Delete\s*: acme-crm$/u }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'No system is connected yet' }).waitFor();
  expect(faults).toEqual([]);
});

test.each([
  ['the default contract', false],
  ['another contract', true],
])('an admin of %s agrees at Salesforce and comes back to a connection that works there', { timeout: 60_000 }, async (_, isOther) => {
  const other = isOther ? await server.ok<Contract>('createContract', { body: { name: 'EMEA' } }) : null;
  const base = other?.href ?? '';
  const client = other ? clientOf(server.url, server.cookie, other.id) : server;
  // A window of its own: the browser leaves for the vendor.
  const { page, context, faults } = await openConsole(browser, server);
  const redirectUri = new URL('/connections/callback', server.url).href;
  const ours = stateOf([salesforceUser(1), salesforceUser(2)]);
  const consenting = await startSalesforceSimulator({
    state: { ...ours, apps: ours.apps.map((one) => ({ ...one, redirectUris: [redirectUri] })) },
    smallestPage: 1,
  });
  await settledPage(page, `${base}/connections`);
  await page.getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Salesforce/u }).click();
  await dialog.getByText('Sign in there').click();
  expect(await dialog.getByLabel('Callback address').inputValue()).toBe(redirectUri);
  await dialog.getByLabel('Name').fill('agreed');
  await dialog.getByLabel('My Domain').fill(consenting.url);
  await dialog.getByLabel('Consumer key').fill(app.clientId);
  await dialog.getByLabel('Consumer secret').fill(app.clientSecret);
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Sign in at Salesforce' }).click();
  const card = page.getByRole('region', { name: 'agreed' });
  await card.getByText('Works').waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`${base}/connections`);
  expect(consenting.requests.slice(0, 2)).toEqual(['authorize', 'token']);

  // What came back is good once.
  await settledPage(page, '/connections/callback?code=made-up&state=made-up');
  await page.getByRole('alert').filter({ hasText: 'This sign-in was used already' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  // What nobody here asked for, as after the install button of an app, is good for nothing.
  await settledPage(page, '/connections/callback?code=made-up');
  await page.getByRole('alert').filter({ hasText: 'This began at the vendor and not here' }).waitFor();

  await settledPage(page, `${base}/connections`);
  await page.getByRole('button', { name: /^Delete\s*: agreed$/u }).click();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('agreed was deleted. Its access to Salesforce was ended there as well.').waitFor();
  expect((await client.ok<Connections>('listConnections')).rows).toEqual([]);
  await consenting.close();
  expect(faults).toEqual([`asked a foreign host: ${consenting.url}`]);
  await context.close();
});

test('what the server refuses stands beside the field, and a keyboard alone makes a connection', { timeout: 60_000 }, async () => {
  const { page, faults } = view;
  await settledPage(page, '/connections');
  await page.getByRole('button', { name: 'New connection' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^HubSpot/u }).focus();
  await page.keyboard.press('Enter');
  // The step that comes takes the focus.
  await dialog.getByLabel('Name').and(page.locator(':focus')).waitFor();
  await dialog.getByRole('textbox', { name: 'Token', exact: true }).fill('pat-of-nobody');
  await dialog.getByRole('button', { name: 'More settings' }).click();
  await dialog.getByLabel('Portal ID').fill('not-a-number');
  await dialog.getByRole('textbox', { name: 'Token', exact: true }).focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('is the number of a portal, in quotes').first().waitFor();
  expect(await dialog.getByLabel('Portal ID').getAttribute('aria-invalid')).toBe('true');
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(faults).toEqual([]);
});

test('LinkedIn by hand is connected, chosen for plans, named on its card, and not deleted while plans need it', {
  timeout: 60_000,
}, async () => {
  const { page, faults } = view;
  await settledPage(page, '/connections');
  await page.getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog');
  // What is wrong is shown where it stands, wherever the reader is.
  await dialog.getByRole('button', { name: /^LinkedIn SFTP/u }).click();
  const written = {
    'Folder of exports': 'in',
    'Folder for uploads': 'out',
    Server: '127.0.0.1',
    'User name': 'acme',
    Fingerprint: 'wrong',
  };
  for (const [label, value] of Object.entries(written))
    await dialog.getByRole('textbox', { name: new RegExp(`^${label}`, 'u') }).fill(value);
  await dialog.getByRole('button', { name: 'Test these settings' }).click();
  await dialog.getByLabel('Private key').and(page.locator(':focus')).waitFor();
  await dialog.getByText('is needed, or else a password; not both').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Other system' }).click();
  await dialog.getByRole('button', { name: /^LinkedIn by hand/u }).click();
  await dialog.getByRole('button', { name: 'Test these settings' }).click();
  await dialog.getByText('A full admin makes each change in Admin Center').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  const card = page.getByRole('region', { name: 'navigator-by-hand' });
  await card.getByText('By hand', { exact: true }).waitFor();

  await settledPage(page, '/settings');
  const form = page.getByRole('region', { name: 'How plans change LinkedIn' });
  // The server was started with nothing, so that it has no way of its own.
  expect(await form.getByRole('radio').count()).toBe(2);
  await form.getByLabel('By hand, step by step (navigator-by-hand)').click();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('Last changed by Admin').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await settledPage(page, '/connections');
  await card.getByRole('link', { name: 'Plans change LinkedIn over it' }).waitFor();
  await card.getByRole('button', { name: /^Delete/u }).click();
  await dialog.getByText('Choose another way under Settings first.').waitFor();
  expect(await dialog.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await settledPage(page, '/compare');
  // It lists nobody, so that it cannot take the place of an export.
  expect(await page.getByRole('button', { name: /^Read from/u }).count()).toBe(0);

  await settledPage(page, '/settings');
  await form.getByLabel('By people, with upload files').click();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await server.ok<Settings>('getSettings')).delivery).not.toHaveProperty('connection');
  const { rows } = await server.ok<Connections>('listConnections');
  for (const { id } of rows) await server.ok('deleteConnection', { params: { id } });
  expect(faults).toEqual([]);
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, type PanelHosts, problem, type Settings } from '../../../server/api.ts';
import { salesforceId } from '../../../server/core/salesforce-id.ts';
import { askServer, publicUrl, told } from '../../server/ask-panel.ts';
import { startTestServer, type TestServer } from '../../server/running-server.ts';
import { type ConsolePage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

const org = salesforceId('00D5e000000ProD', '00D')!;

let browser: Browser;
let server: TestServer;
let view: ConsolePage;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer({ publicUrl });
  view = await openConsole(browser, server);
  await view.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const asked = (token: string) =>
  askServer(server.url, '/panels/salesforce/api/settings', {
    headers: {
      authorization: `Bearer ${token}`,
      'x-seatmatch-org': org,
      'x-seatmatch-user': salesforceId('0055e000000AnnE', '005')!,
      'x-seatmatch-user-name': 'Ann',
    },
  });

test('an org is given access, its tokens are copied once, used, seen as used, and taken back', { timeout: 60_000 }, async () => {
  const { page, faults } = view;
  await settledPage(page, '/connections');
  const panels = page.getByRole('region', { name: 'Panels in your CRM' });
  await panels.getByText('No org has access yet.').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await panels.getByRole('button', { name: 'Give an org access' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Organization ID').fill('acme');
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').getByText('“acme” is not the id of a Salesforce org.').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByLabel('Organization ID').fill(org.slice(0, 15));
  await dialog.getByRole('button', { name: 'Make the tokens' }).click();
  await dialog.getByText('These two tokens are shown once.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  // What is shown once is not lost by a slip.
  await page.keyboard.press('Escape');
  const tokens = { act: '', read: '' };
  for (const [role, label] of [
    ['act', 'Token of Seatmatch_Act'],
    ['read', 'Token of Seatmatch_Read'],
  ] as const) {
    await dialog.getByRole('button', { name: new RegExp(`^Copy\\s*: ${label}$`, 'u') }).click();
    await dialog.getByRole('button', { name: new RegExp(`^Copied\\s*: ${label}$`, 'u') }).waitFor();
    tokens[role] = await page.evaluate(() => navigator.clipboard.readText());
    expect(tokens[role]).toBe(await dialog.getByRole('textbox', { name: label }).inputValue());
  }
  expect(tokens.act).not.toBe(tokens.read);
  await dialog.getByRole('button', { name: 'I have pasted both' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await panels.getByText(org, { exact: true }).waitFor();
  await panels.getByText('never used').waitFor();
  expect(await page.content()).not.toContain(tokens.read);

  expect((await asked(tokens.read)).status).toBe(200);
  await settledPage(page, '/connections');
  await panels.getByText('last used').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await panels.getByRole('button', { name: /^Take back/u }).click();
  await dialog.getByText('Its panel stops at once').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await panels.getByText('taken back by Admin').waitFor();
  expect(told(await asked(tokens.read)).kind).toBe('not-connected');
  expect((await server.ok<PanelHosts>('getPanelHosts')).salesforce).toHaveLength(1);
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test('portals of HubSpot are shown with what keeps their panel out, and who may act there is said in the settings', {
  timeout: 60_000,
}, async () => {
  const { page, faults } = view;
  const settings = { baseUrl: 'http://127.0.0.1:9', auth: { token: 'pat-1' } };
  await server.ok<Connection>('createConnection', { body: { name: 'acme-hubspot', type: 'hubspot', settings } });
  await settledPage(page, '/connections');
  const panels = page.getByRole('region', { name: 'Panels in your CRM' });
  await panels.getByText('Test this connection: it is not known yet which portal answers.').waitFor();
  await panels.getByText('Super admins of the portal may act, nobody else may look.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await panels.getByRole('link', { name: 'Change who may' }).click();
  const form = page.getByRole('region', { name: 'Panel in HubSpot' });
  await expect.poll(() => form.evaluate((one) => one.getBoundingClientRect().top < innerHeight)).toBe(true);
  await form.getByLabel('May look').fill('nobody');
  await page.keyboard.press('Enter');
  await form.getByText('Neither an email address nor the number of a user: nobody.').waitFor();
  expect(await form.getByRole('button', { name: /^Save/u }).isDisabled()).toBe(true);
  expect(await faultsOf(page)).toEqual([]);
  await form.getByLabel('May look').press('Backspace');
  await form.getByLabel('May look').fill('Cora@acme.example');
  await page.keyboard.press('Enter');
  await form.getByLabel('May repair').fill('1234567');
  await page.keyboard.press('Enter');
  await form.getByRole('button', { name: /^Save/u }).click();
  await page.getByText('Panel in HubSpot: saved.').waitFor();
  expect((await server.ok<Settings>('getSettings')).panelUsers).toEqual({ mayAct: ['1234567'], mayRead: ['cora@acme.example'] });
  await settledPage(page, '/connections');
  await panels.getByText('Super admins of the portal may act, and 1 more person; 1 person may look.').waitFor();
  expect(faults).toEqual([]);
});

test('a server without a public address says that no CRM reaches it, and how one does', { timeout: 60_000 }, async () => {
  const inside = await startTestServer();
  const { page, context, faults } = await openConsole(browser, inside);
  await settledPage(page, '/connections');
  await page.getByText('No CRM reaches this server').waitFor();
  await page.getByText('SEATMATCH_PUBLIC_URL').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const { status, body } = await askServer(inside.url, '/panels/salesforce/api/settings');
  expect([status, problem.parse(body).kind]).toEqual([421, 'refused']);
  expect(faults).toEqual([]);
  await context.close();
  await inside.stop();
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alerts } from '../../../server/api.ts';
import { askPerson } from '../../../server/jobs/ask-person.ts';
import { endAlarm, type NewAlarm, raiseAlarm } from '../../../server/store/alarm.ts';
import { transaction } from '../../../server/store/database.ts';
import { listMails, queueMail } from '../../../server/store/mail.ts';
import { type OtherProcess, openOtherProcess } from '../../server/other-process.ts';
import { startTestServer, type TestServer } from '../../server/running-server.ts';
import { insertRematchRow } from '../../server/store/plan-rows.ts';
import { type ConsolePage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf, violations } from './inspect-page.ts';

let browser: Browser;
let server: TestServer;
let other: OtherProcess;
let view: ConsolePage;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
  other = await openOtherProcess(server);
  view = await openConsole(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await other?.close();
  await server?.stop();
});

const noLicense = (subject: string): NewAlarm => ({
  kind: 'no-license',
  subject,
  level: 'red',
  sentence: 'Anna, Bo and Cem have no license since {since}.',
  label: 'Give everyone back',
  href: '/settings',
  since: new Date(Date.now() - 6 * 60_000 - 5_000).toISOString(),
});
const raise = (alarm: NewAlarm) => transaction(other.pool, (tx) => raiseAlarm(tx, other.engine, other.scope, alarm));
const end = (alarm: NewAlarm) => transaction(other.pool, (tx) => endAlarm(tx, other.engine, other.scope, alarm.kind, alarm.subject));

async function ask(): Promise<string> {
  const ids = await insertRematchRow(other.pool, other.scope);
  const person = { name: 'Anna Ahlund', newEmail: 'anna@acme.example', company: 'Acme', crmName: 'Salesforce' };
  await transaction(other.pool, (tx) =>
    askPerson(tx, other.engine, other.scope, {
      ...ids,
      ...person,
      findingKey: 'license:1',
      moveOn: '2099-12-01',
      until: '2099-12-01T00:00:00.000Z',
    }),
  );
  const [mail] = await listMails(other.pool, other.scope, { before: null, limit: 1 });
  return mail!.action!.href!;
}

test('an alarm stands on top of every page, counts by the server’s clock, and goes away by itself', { timeout: 60_000 }, async () => {
  const { page, faults } = view;
  await settledPage(page, '/');
  const bar = page.getByRole('list', { name: 'Alarms' }).getByRole('listitem');
  expect(await bar.count()).toBe(0);
  const alarm = noLicense('1');
  await raise(alarm);
  await bar.getByText('have no license since').waitFor();
  expect(await bar.textContent()).toMatch(/Anna, Bo and Cem have no license since (\d+ \w+ \d{4}, )?\d\d:\d\d \(6 min\)\./u);
  for (const address of ['/people', '/outbox', '/runs']) {
    await settledPage(page, address);
    await bar.waitFor();
  }
  expect(await faultsOf(page)).toEqual([]);
  const action = page.getByRole('link', { name: 'Give everyone back' });
  await action.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/settings$/u);
  await end(alarm);
  await bar.waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

test('the outbox shows every mail, and a mail what its recipient sees, in a sandbox', { timeout: 60_000 }, async () => {
  const { page, faults } = view;
  await ask();
  await settledPage(page, '/outbox');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByText('no mail server is set up, nothing leaves this machine').waitFor();
  await page.locator('.person-link').first().click();
  await page.getByRole('heading', { level: 1, name: 'Your Sales Navigator license moves on 1 December' }).waitFor();
  const frame = page.frameLocator('iframe[sandbox=""]');
  await frame.getByText('How to add it, best on a computer').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  // The link answers for whoever has it: an admin doesn't get it.
  expect(await frame.getByRole('link').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Open its link' }).count()).toBe(0);
  await page.getByRole('tab', { name: 'As plain text' }).click();
  await page.locator('.mail-text').getByText('Enter the address this mail came to').waitFor();
  expect(faults).toEqual([]);
});

test('the page behind a question’s link works without script, and breaks no accessibility rule', { timeout: 60_000 }, async () => {
  const link = await ask();
  await view.page.goto(link);
  expect(await faultsOf(view.page)).toEqual([]);

  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('button', { name: 'Yes, I have added it' }).click();
  await page.getByRole('heading', { name: 'Thank you, that is noted' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'You already answered' }).waitFor();
  expect(await context.cookies()).toEqual([]);
  await context.close();
});

test('more alarms than would leave room for the page are folded, red ones first', async () => {
  const { page } = view;
  const alarms = Array.from({ length: 5 }, (_, n): NewAlarm => ({ ...noLicense(`many ${n}`), level: n === 4 ? 'red' : 'orange' }));
  for (const alarm of alarms) await raise(alarm);
  await settledPage(page, '/');
  const bar = page.locator('.alarm');
  await bar.first().waitFor();
  expect(await bar.count()).toBe(3);
  expect(await bar.first().getAttribute('data-level')).toBe('red');
  await page.getByRole('button', { name: 'Show 2 more alarms' }).click();
  expect(await bar.count()).toBe(5);
  expect(await faultsOf(page)).toEqual([]);
  for (const alarm of alarms) await end(alarm);
  await bar.first().waitFor({ state: 'detached' });
});

test('a mail that failed says why; sent again it leaves the list of failures', async () => {
  const { page, faults } = view;
  const id = await transaction(other.pool, (tx) =>
    queueMail(tx, other.engine, other.scope, { kind: 'reminder', to: { address: 'not an address' }, subject: 'Reminder', text: 'Hello.' }),
  );
  await settledPage(page, `/outbox/${id}`);
  await page.getByText('The address of the recipient is not an email address.').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('Captured', { exact: true }).first().waitFor();
  expect(faults).toEqual([]);
});

test('recipients of alarms, quiet hours and a test mail are a matter of one card', { timeout: 60_000 }, async () => {
  const { page, faults } = view;
  await settledPage(page, '/settings');
  const recipients = page.getByLabel('Mail alarms to').first();
  await recipients.fill('nobody');
  await recipients.press('Enter');
  await page.getByText('Not an email address: nobody.').waitFor();
  const save = page.getByRole('button', { name: 'Save : Alarms and mail' });
  expect(await save.isDisabled()).toBe(true);
  await recipients.press('Backspace');
  await recipients.fill('ops@acme.example');
  await recipients.press('Enter');
  await page.getByRole('switch', { name: 'Keep quiet hours' }).press('Space');
  await page.getByLabel(/^From/u).fill('21:30');
  expect(await violations(page)).toEqual([]);
  await save.click();
  await page.getByText('Alarms and mail: saved.').waitFor();
  const { alarmRecipients, quietHours } = await server.ok<{ alarmRecipients: string[]; quietHours: object }>('getSettings');
  expect(alarmRecipients).toEqual(['ops@acme.example']);
  expect(quietHours).toMatchObject({ from: '21:30', to: '07:00' });
  await page.getByLabel('Send a test mail to').fill('me@acme.example');
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('The test mail is on its way.').waitFor();
  expect(faults).toEqual([]);
});

test('an event of alerts is set, a signed webhook added with its secret shown once, and a message sent again', {
  timeout: 60_000,
}, async () => {
  const { page, faults } = view;
  await settledPage(page, '/alerts');
  const fell = page.getByRole('listitem').filter({ has: page.getByRole('switch', { name: 'Match rate fell' }) });
  await fell.getByRole('textbox', { name: 'Match rate fell: By at least' }).fill('12');
  await fell.getByRole('button', { name: /^Match rate fell\. A comparison shows/u }).focus();
  await page.getByRole('tooltip').getByText('Over when the share is back.').waitFor();
  await page.getByRole('button', { name: 'Save: What is watched' }).click();
  await page.getByText('What is watched: saved').or(page.getByText('Saved')).first().waitFor();
  await page.getByPlaceholder('On-call').fill('Pager');
  await page.getByLabel('Address').fill('https://192.168.0.1/hook');
  await page.getByRole('button', { name: 'Add the channel' }).click();
  await page.getByText('The webhook leads to an address inside a network.').waitFor();
  await page.getByLabel('Address').fill('https://hooks.example.com/hook');
  await page.getByRole('button', { name: 'Add the channel' }).click();
  const secret = page.getByRole('textbox', { name: 'Secret' });
  await secret.waitFor();
  expect(await secret.inputValue()).toMatch(/^whsec_/u);
  await page.getByRole('button', { name: 'I have it' }).click();
  await secret.waitFor({ state: 'detached' });
  expect(await faultsOf(page)).toEqual([]);
  const told = await server.ok<Alerts>('getAlerts');
  expect(told.events.find(({ event }) => event === 'match-rate')?.threshold?.value).toBe(12);
  expect(told.channels.map(({ name, target }) => [name, target]).at(-1)).toEqual(['Pager', 'hooks.example.com']);
  await page.getByRole('button', { name: 'Delete: Pager' }).click();
  await page.getByRole('button', { name: 'Delete: Pager' }).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { FirstInvitations, Invitations, Mail, Mails, Messages } from '../../../server/api.ts';
import { messageKinds } from '../../../server/core/message-kinds.ts';
import { startTestServer, type TestServer } from '../../server/running-server.ts';
import { type ConsolePage, nextPage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

// The demo company is made here: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let browser: Browser;
let server: TestServer;
let view: ConsolePage;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer({ demo: true });
  view = await openConsole(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const pictures = process.env.SEATMATCH_PICTURES;
const picture = async (page: Page, name: string) => {
  if (pictures) await page.screenshot({ path: `${pictures}/invitations-${name}.png`, fullPage: true });
};
const open = async () => (await server.ok<Invitations>('listInvitations')).rows;
const compareAgain = async (page: Page) => {
  await settledPage(page, '/act-as-linkedin');
  await page.getByRole('button', { name: 'Compare again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
};

/** One row of docs/admin-center-tasks.md: a page, what to click there, and words that stand there then. */
interface Task {
  readonly address: string;
  readonly clicks: readonly string[];
  readonly words: readonly string[];
}

function tasksOf(table: string): Task[] {
  return table.split('\n').flatMap((line) => {
    const [, where, shown] = line.split(' | ');
    const [, address, more] = /^`(\/[^`]*)`(.*)$/u.exec(where ?? '') ?? [];
    if (address === undefined || shown === undefined) return [];
    const words = [...shown.matchAll(/`([^`]+)`/gu)].map(([, one]) => one!);
    const clicks = more!.split(' → ').filter((one) => one !== '');
    return [{ address, clicks, words }];
  });
}

test('every sentence of LinkedIn’s and Zoho’s pages for admins is done or guided, on a desk, in the dark and on a phone', {
  // A dozen pages, each looked at in four ways: a machine that others use as well takes its time.
  timeout: 400_000,
}, async () => {
  const { page, faults } = view;
  const tasks = tasksOf(readFileSync(path.resolve(import.meta.dirname, '../../../docs/admin-center-tasks.md'), 'utf8'));
  expect(tasks.length).toBeGreaterThan(30);
  const places = Map.groupBy(tasks, ({ address, clicks }) => [address, ...clicks].join(' → '));
  // The first of those who would be added; the others are held until they say that they find their LinkedIn account.
  const [first] = (await server.ok<FirstInvitations>('listFirstInvitations')).rows.filter(({ canGoOn }) => canGoOn);
  await server.ok('goOnFirst', { body: { keys: [first!.key], reason: 'Asked in the team meeting' } });
  let isOpen = false;
  for (const [place, rows] of places) {
    const { address, clicks } = rows[0]!;
    await (isOpen && !page.url().endsWith(address) ? nextPage : settledPage)(page, address);
    isOpen = true;
    for (const click of clicks) {
      const name = new RegExp(`^${click}`, 'u');
      const main = page.getByRole('main');
      await main
        .getByRole('button', { name })
        .or(page.getByRole('menuitem', { name }))
        .or(main.getByRole('link', { name }))
        .or(main.getByRole('checkbox', { name }))
        .first()
        .click();
    }
    for (const words of rows.flatMap((row) => row.words)) await page.getByText(words).filter({ visible: true }).first().waitFor();
    if (place.endsWith('Send again')) continue;
    expect(await faultsOf(page), place).toEqual([]);
    await picture(page, `task-${address.slice(1).replaceAll(/\W/gu, '-')}-${clicks.at(-1) ?? ''}`);
    if (!page.url().includes('/batches/')) continue;
    // What is done in Admin Center is told to go to a desktop, and its link goes there by mail.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Send me the link' }).waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('button', { name: 'Throw it away' }).click();
    await page.getByText('Thrown away').first().waitFor();
  }
  expect(faults).toEqual([]);
});

test('every message there is can be looked at before anybody gets it', async () => {
  const { page, faults } = view;
  await settledPage(page, '/outbox');
  await page.getByRole('link', { name: 'Messages and previews' }).click();
  await page.getByRole('heading', { level: 1, name: 'Messages and previews' }).waitFor();
  const { rows } = await server.ok<Messages>('listMessages');
  const main = page.getByRole('main');
  for (const { label } of rows) await main.getByRole('button', { name: label }).first().waitFor();
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(messageKinds).sort());
  const first = rows[0]!;
  await main.getByRole('button', { name: first.label }).click();
  await main.frameLocator('iframe[sandbox=""]').getByRole('heading', { name: first.subject }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'messages');
  await main.getByRole('tab', { name: 'As plain text' }).click();
  await main.getByText('-- Sent by Seatmatch').waitFor();
  expect(faults).toEqual([]);
});

test('invitations are sent again by the user queue, step by step, and close by what the next list shows', async () => {
  const { page, faults } = view;
  const before = await open();
  expect(before.find(({ name }) => name === 'Aisha Rahman')).toMatchObject({ age: 'due', manager: expect.stringMatching(/./u) });

  await settledPage(page, '/invitations');
  await page.getByRole('link', { name: 'Aisha Rahman' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'list');

  // Using the user queue.
  await page.getByRole('button', { name: `Send again: ${before.length} people` }).click();
  await page.getByRole('menuitem', { name: /^User queue/u }).click();
  await page.getByRole('heading', { level: 1, name: /^User queue/u }).waitFor();
  const queue = page.url();
  const boxes = page.getByRole('main').getByRole('checkbox');
  const steps = await boxes.count();
  for (let k = 0; k < steps; k++) {
    await boxes.nth(k).click();
    await page.getByRole('progressbar', { name: `${k + 1} of ${steps} steps are done` }).waitFor();
  }
  await page.getByText(`0 of ${before.length} seen in a list: bring a new export.`).waitFor();
  await picture(page, 'queue');

  // The other side presses what the steps name; the next list shows it.
  await settledPage(page, '/act-as-linkedin');
  await page.getByRole('button', { name: 'Resend Invite to everybody' }).click();
  await page.getByRole('button', { name: 'Resend Invite to everybody' }).and(page.locator(':enabled')).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await compareAgain(page);
  await settledPage(page, queue);
  await page.getByText(`${before.length} of ${before.length} seen in a list.`).waitFor();
  expect(await page.getByText('LinkedIn shows a new invitation.').count()).toBe(before.length);
  await picture(page, 'seen');

  expect(faults).toEqual([]);
});

test('a reminder with the universal link is looked at, sent once, and stops when the person accepts', async () => {
  const { page, faults } = view;
  await settledPage(page, '/invitations?search=aisha');
  await page.getByRole('button', { name: 'Remind by mail' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.frameLocator('iframe[sandbox=""]').getByText('Hello Aisha Rahman').waitFor();
  await dialog.frameLocator('iframe[sandbox=""]').getByText('Activate Sales Navigator').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'reminder');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('1 message in the outbox.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('1 reminder').waitFor();
  const [mail] = (await server.ok<Mails>('listMails')).rows;
  const sent = await server.ok<Mail>('getMail', { params: { id: mail!.id } });
  expect(sent.link).toBe('https://www.linkedin.com/sales/activate/northwind-example');

  await page.getByRole('button', { name: 'Remind by mail' }).click();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText(/again after 7 days/u).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await settledPage(page, '/act-as-linkedin');
  await page
    .getByRole('button', { name: /^Accept\s?: Aisha Rahman/u })
    .first()
    .click();
  await page.getByRole('button', { name: /^Accept\s?: Aisha Rahman/u }).waitFor({ state: 'detached' });
  await compareAgain(page);
  expect((await open()).map(({ name }) => name)).not.toContain('Aisha Rahman');
  expect(faults).toEqual([]);
});

test('Zoho’s page on re-inviting users, sentence by sentence', async () => {
  const { page, faults } = view;
  await settledPage(page, '/invitations');
  const zoho = page.getByRole('region', { name: 'Invitations to Zoho CRM itself' });
  await zoho.getByText('Invited to Zoho CRM 9 days ago. The invitation lives 7 days. Re-invite them in Zoho CRM.').waitFor();
  await zoho.getByText('Deactivated in Zoho CRM, and never confirmed. Activate them in Zoho CRM first, then re-invite them.').waitFor();
  for (const sentence of [
    'Log in to Zoho CRM with Administrator privileges.',
    'Click Setup > Users & Permissions > Users.',
    'In the Users page, point your mouse to the user and click the Settings icon. Click Re-invite.',
    'Or go to the Unconfirmed Users view and select the user to re-invite.',
    'In the Users page, select the Inactive Users view, move your mouse pointer to the user and click Activate.',
  ])
    await zoho.getByText(sentence).first().waitFor();
  await zoho.getByRole('button', { name: /^I re-invited them\s?: Uwe Lorenz/u }).click();
  await zoho.getByText('Re-invited today, you said. Not confirmed in the newest list.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'zoho');
  expect(faults).toEqual([]);
});

test('people are asked to add their work email before a first invitation, and say by the link that they have', async () => {
  const { page, context, faults } = view;
  await settledPage(page, '/invitations');
  const first = page.getByRole('region', { name: 'Before the first invitation' });
  await first.getByRole('checkbox', { name: 'Choose Simon Achterberg' }).check();
  await first.getByRole('button', { name: 'Ask 1 person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.frameLocator('iframe[sandbox=""]').getByText('add this address to the LinkedIn account you already have').waitFor();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('1 message in the outbox.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await first.getByText('no answer yet. Hold the invitation.').waitFor();

  const [mail] = (await server.ok<Mails>('listMails')).rows;
  const { link } = await server.ok<Mail>('getMail', { params: { id: mail!.id } });
  const theirs = await context.newPage();
  await theirs.goto(link!);
  await theirs.getByRole('button', { name: 'Yes, I have added it' }).click();
  await theirs.getByText('Thank you, that is noted').waitFor();
  await theirs.close();
  await first.getByText('Has added the work email to LinkedIn: ready to be invited.').waitFor();
  expect(faults).toEqual([]);
});

test('the settings hold the rules, the universal link and the chat, whose webhook is not shown again', async () => {
  const { page, faults } = view;
  await settledPage(page, '/settings');
  const rules = page.getByRole('region', { name: 'Invitations', exact: true });
  await rules.getByLabel('Universal invite link').fill('https://evil.example/x');
  await rules.getByText('A link of LinkedIn begins with https://').waitFor();
  await rules.getByLabel('Universal invite link').fill('https://www.linkedin.com/sales/activate/other');
  await rules.getByLabel('Remind people by themselves').focus();
  await rules.getByRole('button', { name: /^Save/u }).click();
  await page
    .getByText('Invitations: saved')
    .or(page.getByText(/Invitations.*saved/u))
    .first()
    .waitFor();

  const chat = page.getByRole('region', { name: 'Team chat' });
  await chat.getByLabel('Channel').fill('#sales');
  await chat.getByRole('textbox', { name: 'Address of the webhook' }).fill('https://example.com/services/T0/B0/x');
  await chat.getByRole('button', { name: 'Save the chat' }).click();
  await chat.getByText('This is no incoming webhook of Slack.', { exact: false }).first().waitFor();
  await chat.getByRole('textbox', { name: 'Address of the webhook' }).fill('https://hooks.slack.com/services/T0/B0/secret-of-the-webhook');
  await chat.getByRole('button', { name: 'Save the chat' }).click();
  await chat.getByText('Slack: #sales, by hooks.slack.com.').waitFor();
  expect(await page.content()).not.toContain('secret-of-the-webhook');
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'settings');

  await settledPage(page, '/invitations');
  await page.getByRole('button', { name: 'Post to the chat' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page
    .getByRole('dialog')
    .getByText(/named; the post is in the outbox\./u)
    .waitFor();
  const posts = (await server.ok<Mails>('listMails')).rows.filter(({ kind }) => kind === 'post');
  expect(posts).toMatchObject([{ channel: 'chat', to: { address: '#sales' } }]);
  // The demo posts nowhere.
  await expect.poll(async () => (await server.ok<Mails>('listMails')).rows.find(({ kind }) => kind === 'post')!.state).toBe('captured');
  expect(faults).toEqual([]);
});

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Licenses, NewUserFiles, Usage } from '../../../server/api.ts';
import { startTestServer, type TestServer } from '../../server/running-server.ts';
import { type ConsolePage, contentOf, openBrowser, openConsole, settledPage } from './console-page.ts';
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

async function downloaded(page: Page, link: Locator) {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: download.suggestedFilename(), mimeType: 'text/csv', buffer: await contentOf(download) };
}

const licenses = () => server.ok<Licenses>('getLicenses');
const numberOf = async (id: string) => (await licenses()).numbers.find((one) => one.id === id)!.value;

/** Gives the file to the simulated Admin Center, as its admin would, and compares again with what it then shows. */
async function uploadAndCompare(page: Page, file: Awaited<ReturnType<typeof downloaded>>, rows: number): Promise<void> {
  await settledPage(page, '/act-as-linkedin');
  await page.locator('input[type="file"][aria-label="Choose the upload file"]').setInputFiles(file);
  await page
    .getByText(`${rows} ${rows === 1 ? 'row' : 'rows'} · ${rows} done`)
    .first()
    .waitFor();
}

test('licenses are counted, admins without one are not, and what only a person can say is asked once', async () => {
  const { page, faults } = view;
  await settledPage(page, '/');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Licenses' }).click();
  await page.getByRole('heading', { level: 1, name: 'Licenses' }).waitFor();
  const numbers = page.getByRole('region', { name: 'In numbers' });
  const [assigned, purchased] = [await numberOf('assigned'), await numberOf('purchased')];
  await numbers.getByText(String(purchased), { exact: true }).waitFor();
  expect(purchased! - assigned!).toBe(6);
  await page.getByText('2 admins without a license and 1 person without one stand in Admin Center too. They count against none.').waitFor();
  await page.getByRole('row', { name: /^Sales Navigator Advanced 1 1 1 0 Can’t sync$/u }).waitFor();
  expect(await faultsOf(page)).toEqual([]);

  const form = page.getByRole('region', { name: 'About the contract' });
  await form.getByText('Is SCIM set up? Then changes belong in the identity provider.').waitFor();
  await form.getByRole('radiogroup', { name: 'Is SCIM set up?' }).getByRole('radio', { name: 'Yes' }).check();
  await form.getByLabel('Who looks after SCIM?').fill('the identity team');
  await form
    .getByRole('radiogroup', { name: 'How was it bought?' })
    .getByRole('radio', { name: /^Online/u })
    .check();
  await form.getByRole('checkbox', { name: 'Recruiter' }).check();
  await form.getByRole('button', { name: /^Save/u }).click();
  await form.getByText('The enterprise profile is shared with Recruiter: the new email holds there too.').waitFor();
  await form.getByText('SCIM is set up, and the identity team looks after it.').waitFor();
  expect(await form.getByText('Nobody said yet').count()).toBe(0);
  await page.getByRole('region', { name: 'Buy or return' }).getByText('You bought online', { exact: false }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test('a CRM user without a license is added by file, or by an address to paste, and leaves the list once an export shows them', async () => {
  const { page, faults } = view;
  await settledPage(page, '/licenses');
  await page.getByRole('link', { name: 'Add them' }).click();
  await page.getByRole('heading', { level: 1, name: 'Add users' }).waitFor();
  // LinkedIn's own advice for the time before.
  const first = page.getByRole('region', { name: 'Before the first invitation' });
  await page.getByText('Nobody asked them to add their work email', { exact: false }).first().waitFor();
  expect(await page.getByRole('link', { name: /^add-users-/u }).count()).toBe(0);
  await first.getByRole('button', { name: /^Go on without \d+ answers?$/u }).click();
  await page.getByRole('dialog').getByLabel('Why are they not asked, or not waited for?').fill('Asked in the team meeting');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Go on without' }).click();
  await page.getByText('Ask them to add their work email to their LinkedIn account, so that no second profile is made.').waitFor();
  await page
    .getByRole('cell', { name: /says .*: Asked in the team meeting\.$/u })
    .first()
    .waitFor();
  await page.getByText('Paste one block: Admin Center takes 50 addresses at once.').waitFor();
  await page.getByRole('row', { name: /Leila Benali/u }).waitFor();
  const offered = await server.ok<NewUserFiles>('getNewUsers');
  const block = page.getByRole('region', { name: 'By email, 50 at a time' }).getByRole('textbox');
  expect(await block.inputValue()).toBe(offered.rows.map(({ email }) => email).join('\n'));
  // Whoever pays for it alone, and whoever may have a license already, is not added.
  await page.getByRole('listitem').filter({ hasText: 'Vera Kolb' }).getByText('They said they pay', { exact: false }).waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await page.getByRole('checkbox', { name: 'Leave out Leila Benali' }).click();
  await page.getByRole('button', { name: /^Take in again\s?: Leila Benali$/u }).waitFor();
  const file = await downloaded(page, page.getByRole('link', { name: /^add-users-.*\.csv \(\d+ rows?\)$/u }));
  const rows = file.buffer.toString().trim().split('\r\n');
  expect(rows[0]).toBe('invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status');
  expect(rows.some((row) => row.includes('Leila'))).toBe(false);
  expect(rows.some((row) => /^simon\.achterberg@.*,Simon,Achterberg,E\d+,active$/u.test(row))).toBe(true);

  const invited = await numberOf('invited');
  await uploadAndCompare(page, file, rows.length - 1);
  await page.getByRole('button', { name: 'Compare again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await expect.poll(() => numberOf('invited')).toBe(invited! + rows.length - 1);
  await settledPage(page, '/licenses/new');
  await page.getByRole('row', { name: /Leila Benali/u }).waitFor();
  expect(await page.getByRole('row', { name: /Simon Achterberg/u }).count()).toBe(0);
  expect(faults).toEqual([]);
});

test('the license of a leaver is taken back by a plan, whose tasks are handed to who may upload', async () => {
  const { page, faults } = view;
  await settledPage(page, '/licenses');
  const free = await numberOf('free');
  await page.getByRole('button', { name: 'Plan taking them back' }).click();
  await page.getByRole('heading', { level: 1, name: 'Take licenses back: 1 leaver' }).waitFor();
  await page.getByText('Saved leads, lists and notes belong to one dashboard.', { exact: false }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Approve …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('One person loses the license for good, and it is free then.', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Approve: take 1 license back' }).click();
  await page.waitForURL(/\/job$/u);

  await page.getByRole('button', { name: 'Send this page' }).click();
  const link = await page.getByRole('dialog').getByLabel('Link to the tasks').inputValue();
  await page.getByRole('dialog').getByText('Whoever has this link may carry out the tasks of this repair until then').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.locator('.job-task').getByText('Not you? Send this page to Fiona Boyle.', { exact: false }).waitFor();

  // Fiona has no account here: she opens the link, and takes the file from there.
  const fiona = await openConsole(browser, server, { signedIn: false });
  await fiona.page.goto(link);
  const file = await downloaded(fiona.page, fiona.page.getByRole('link', { name: /Download/u }).first());
  expect(file.buffer.toString()).toMatch(/^invited_email_address,unique_user_id,sales_license_current_status\r\n\S+,inactive\r\n$/u);
  await fiona.context.close();
  const job = page.url();
  await uploadAndCompare(page, file, 1);
  await page.getByRole('button', { name: 'Let a day pass' }).click();
  await page.getByText('a day ahead of today').or(page.getByText('24 hours ahead of today')).waitFor();
  const proof = await downloaded(page, page.getByRole('link', { name: /^All \d+ users$/u }));
  await settledPage(page, job);
  await page.locator('input[type="file"][aria-label="Choose the result file or the export"]').setInputFiles(proof);
  await page.getByText('license taken, free for somebody else').or(page.getByText('1 person is without the license')).first().waitFor();
  await page.getByRole('button', { name: /^Plan the way back/u }).waitFor();

  await settledPage(page, '/act-as-linkedin');
  await page.getByRole('button', { name: 'Compare again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await expect.poll(() => numberOf('free')).toBe(free! + 1);
  expect(faults).toEqual([]);
});

test('groups stand beside teams, permissions in LinkedIn’s words, and each opens the list of its people', async () => {
  const { page, faults } = view;
  await settledPage(page, '/licenses/groups');
  await page
    .getByText('In Sales Navigator a sub admin only sees and makes reports.')
    .or(page.getByText('Sees and makes reports.'))
    .first()
    .waitFor();
  await page.getByText('Without one: Fiona Boyle').waitFor();
  await page.getByText('Shown only. Seatmatch never writes groups or permissions', { exact: false }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Pilot 2025' }).click();
  await page.getByRole('heading', { level: 1, name: 'License holders' }).waitFor();
  await page.getByRole('cell', { name: 'Pilot 2025' }).first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await settledPage(page, '/licenses/people?view=idle');
  await page
    .getByRole('status')
    .filter({ hasText: /^\d+ license holders?$/u })
    .waitFor();
  const csv = await downloaded(page, page.getByRole('link', { name: 'Download this list (CSV)' }));
  expect(csv.name).toMatch(/^licenses-idle-\d{4}-\d\d-\d\d\.csv$/u);
  expect(await page.getByRole('table').getByRole('row').count()).toBe(csv.buffer.toString().trim().split('\r\n').length);

  // The same list is an audience: who gets a message and who does not stands there before it is sent.
  await page.getByRole('button', { name: /^Write to \d+ (?:person|people)$/u }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Subject').fill('Your license is not used');
  await dialog.getByLabel('Text').fill('Do you still need Sales Navigator?');
  await dialog.getByLabel('The day it is about').fill('2099-12-03');
  await dialog.getByText(/^\d+ (?:person gets|people get) it/u).waitFor();
  await dialog.frameLocator('iframe[sandbox=""]').getByText('Do you still need Sales Navigator?').waitFor();
  await dialog.frameLocator('iframe[sandbox=""]').getByText('The day: 3 December.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Send to \d+/u }).click();
  await dialog.getByText(/^\d+ (?:person has|people have) it\.$/u).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('link').click();
  const sent = page.getByRole('region', { name: 'Messages to several people' });
  await sent.getByText('Your license is not used (3 December)').waitFor();
  await sent.getByText('Not used lately', { exact: false }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test('usage stands beside match status: filters stand in the address, a report is taken in and undone, and a person shows theirs', async () => {
  const { page, faults } = view;
  await settledPage(page, '/usage');
  expect(await faultsOf(page)).toEqual([]);
  const { headline } = await server.ok<Usage>('getUsage');
  const active = headline.find((one) => one.view === 'not-matched-active')!;
  expect(active.count).toBeGreaterThan(0);
  await page
    .getByRole('region', { name: 'In short' })
    .getByRole('link', { name: /^Not Matched, yet active/u })
    .click();
  await page.waitForURL(/[?&]view=not-matched-active/u);
  const people = page.locator('#people');
  await people.getByRole('status').getByText(`${active.count} people`, { exact: true }).waitFor();
  await people.getByRole('button', { name: 'Download' }).click();
  const { name } = await downloaded(page, page.getByRole('menuitem', { name: 'Excel' }));
  expect(name).toMatch(/^seatmatch-usage-.*\.xlsx$/u);

  await settledPage(page, '/compare');
  const text = 'Mail,Days active,Searches performed\nnobody@northwind.example,,\n';
  const report = { name: 'usage-2026-01-01-to-2026-01-31.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.locator('input[type="file"]').first().setInputFiles(report);
  await page.getByRole('link', { name: 'Take it in under Usage' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bring a report' });
  await dialog.getByText(/No column holds the email/u).waitFor();
  await dialog.getByRole('combobox', { name: 'What is the column Mail?' }).click();
  await page.getByRole('option', { name: /^Email/u }).click();
  await dialog.getByRole('button', { name: 'Use these columns' }).click();
  await dialog.getByText('As the report says. Correct it if that is wrong.').waitFor();
  expect(await dialog.getByLabel('First day').inputValue()).toBe('2026-01-01');
  await dialog.getByRole('button', { name: 'Keep this report' }).click();
  await page.getByText('1 person from 2026-01-01 to 2026-01-31.').waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /^Undo ?: 1 Jan 2026/u }).click();
  await page.getByText(`The usage report ${report.name} is gone.`).waitFor();

  await page.locator('#people tbody').getByRole('link').first().click();
  await page.getByRole('region', { name: 'Usage', exact: true }).getByRole('rowheader', { name: 'InMail acceptance rate' }).waitFor();
  expect(faults).toEqual([]);
});

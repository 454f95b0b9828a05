import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { contentOf, openBrowser } from '../console/console-page.ts';
import { violations } from '../console/inspect-page.ts';
import {
  type HubSpotCompany,
  matched,
  moved,
  peopleWhoMoved,
  reader,
  startCompany,
  stranger,
  superAdmin,
  withoutLicense,
} from './hubspot-company.ts';
import { type HostPage, type HostView, type HubSpotHost, missingStandIns, startHubSpotHost } from './hubspot-page.ts';

// Two servers, a bundler and a browser start here: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let company: HubSpotCompany;
let host: HubSpotHost;
let browser: Browser;
beforeAll(async () => {
  [company, browser] = await Promise.all([startCompany(), openBrowser()]);
  host = await startHubSpotHost(company);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  await company?.stop();
});

const open = (view: Partial<HostView> = {}): Promise<HostPage> => host.open(browser, { entry: 'Home', userId: superAdmin, ...view });
/** A table with so many people. HubSpot's way to draw brings it piece by piece. */
async function rows(page: Page, count: number): Promise<void> {
  await page
    .locator('tbody tr')
    .nth(count - 1)
    .waitFor();
  await page.locator('tbody tr').nth(count).waitFor({ state: 'detached' });
}
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });

/** What is shown, for whoever looks at pictures: only where a folder for them is named. The page is a stand-in, and says so. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SEATMATCH_PICTURES;
  if (!folder) return;
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${folder}/hubspot-${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** What is wrong with what is shown: accessibility, components that nobody stands in for, and what runs over the edge of a phone. */
async function faultsOf(page: Page): Promise<unknown[]> {
  const found: unknown[] = [...(await violations(page)), ...(await missingStandIns(page))];
  await page.setViewportSize({ width: 360, height: 900 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  found.push(...(await violations(page, { runOnly: ['label', 'button-name', 'scrollable-region-focusable', 'color-contrast'] })));
  await page.setViewportSize({ width: 1280, height: 900 });
  return over > 0 ? [...found, `runs ${over} px over the edge of a phone`] : found;
}

/** A view is shown, looked at, and closed. */
async function shows(view: Partial<HostView>, name: string, ...texts: string[]): Promise<void> {
  const { page, faults } = await open(view);
  for (const text of texts) await page.getByText(text, { exact: false }).first().waitFor();
  await picture(page, name);
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
  await page.context().close();
}

test('before anything was compared the panel says so; who has no right, or no connection, reads what to do', async () => {
  await shows({}, 'empty', 'Nothing compared yet');
  await shows({ entry: 'OwnerCard', ownerId: moved.ownerId }, 'card-empty', 'Nothing compared yet');
  await shows({ userId: stranger }, 'no-rights', 'Your HubSpot user has no access to Seatmatch.', 'Ask an admin of Seatmatch');
  await shows({ portalId: 999 }, 'not-connected', 'This HubSpot account is not connected to Seatmatch.', 'under Connections');
  await company.compare();
});

test('where no server answers the panel says so, and tries again when it is told to', async () => {
  company.cutOff(true);
  const { page } = await open();
  await page.getByText('Seatmatch does not answer.').waitFor();
  await picture(page, 'no-answer');
  expect(await faultsOf(page)).toEqual([]);
  company.cutOff(false);
  await button(page, 'Try again').click();
  await page.getByText('Seats that sync').first().waitFor();
  await page.context().close();
});

test('a record shows its owner’s status, reason and next step', async () => {
  const card = { entry: 'OwnerCard' } as const;
  await shows({ ...card, ownerId: moved.ownerId }, 'card', 'Not Matched', 'Old domain', 'Next step', 'differs:');
  await shows({ ...card, ownerId: withoutLicense.ownerId }, 'card-nobody', 'Not part of the comparison');
  await shows(card, 'card-no-owner', 'This record has no owner');
});

test('a record warns once HubSpot has another email for its owner than the comparison had', async () => {
  const { portal } = company;
  const before = portal.users;
  portal.users = before.map((user) => (user.id === String(matched.userId) ? { ...user, email: 'renamed@acme.example' } : user));
  const view = { entry: 'OwnerCard', ownerId: matched.ownerId } as const;
  await shows(view, 'card-warning', 'LinkedIn stops syncing this person until the license has it too.', 'Emails agree');
  portal.users = before;
});

test('whoever may only look sees everything and can press nothing that changes anything', async () => {
  const { page, faults } = await open({ userId: reader });
  await page.getByText('You may look').first().waitFor();
  await page.getByRole('heading', { name: 'Connections' }).waitFor();
  await picture(page, 'read-only');
  for (const name of [/^Repair \d/u, 'Compare now']) expect(await button(page, name).count()).toBe(0);
  await button(page, 'Not Matched').click();
  await rows(page, 25);
  expect(await button(page, 'Repair this person').count()).toBe(0);
  const settings = await open({ userId: reader, entry: 'Settings' });
  await settings.page.getByLabel(/^Life of a plan/u).waitFor();
  expect(await settings.page.locator('input:not([readonly])').count()).toBe(0);
  expect(await button(settings.page, 'Save').count()).toBe(0);
  expect([...faults, ...settings.faults]).toEqual([]);
  await Promise.all([page, settings.page].map((each) => each.context().close()));
});

test('an admin sees connection, schedule and limits, changes a limit, and the server has it', async () => {
  const { page, faults } = await open({ entry: 'Settings' });
  await page.getByText('HubSpot: acme-hubspot').waitFor();
  const days = page.getByLabel(/^Time to answer/u);
  await days.fill('0');
  await button(page, 'Save').click();
  await page.locator('.alert').waitFor();
  expect(await days.inputValue()).toBe('0');
  await days.fill('5');
  await button(page, 'Save').click();
  await page.getByText('Limits: saved.').waitFor();
  expect(await page.locator('.alert').count()).toBe(0);
  const { limits } = await company.server.ok<{ limits: { answerDays: number } }>('getSettings');
  expect(limits.answerDays).toBe(5);
  await picture(page, 'settings');
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
  await page.context().close();
});

test('an admin goes from the overview to a person, plans, approves by keyboard, brings the proof and sees everybody repaired', async () => {
  const { page, faults } = await open();
  await page.getByText('Seats that sync').first().waitFor();
  await picture(page, 'home');
  expect(await faultsOf(page)).toEqual([]);

  await button(page, 'Not Matched').click();
  await page.getByText(`${peopleWhoMoved} people`).waitFor();
  await rows(page, 25);
  await picture(page, 'people');
  expect(await faultsOf(page)).toEqual([]);
  await button(page, 'Next').click();
  await button(page, 'Previous').waitFor();
  await rows(page, peopleWhoMoved - 25);
  await page.getByLabel('Search').fill('dmitri');
  await rows(page, 5);
  await page.locator('tbody button').first().click();
  await page.getByText('How we got there').click();
  await page.getByText('Same stable ID').first().waitFor();
  await picture(page, 'person');
  expect(await faultsOf(page)).toEqual([]);
  await button(page, 'Back').click();
  expect(await page.getByLabel('Search').inputValue()).toBe('dmitri');
  await button(page, 'Back').click();

  await button(page, `Repair ${peopleWhoMoved} people`).click();
  await page.getByText('What will happen').waitFor();
  await picture(page, 'plan');
  expect(await faultsOf(page)).toEqual([]);

  // By keyboard alone: the question takes the focus, Escape leaves it, Enter answers it.
  const approve = button(page, 'Approve …');
  await approve.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await approve.focus();
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Approve this plan?' });
  const confirm = question.getByRole('button', { name: `Approve: change ${peopleWhoMoved} emails` });
  await confirm.waitFor();
  await picture(page, 'approve');
  expect(await faultsOf(page)).toEqual([]);
  while (!(await confirm.evaluate((node) => node === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('How far it is').waitFor();
  await question.waitFor({ state: 'hidden' });
  await picture(page, 'progress');
  expect(await faultsOf(page)).toEqual([]);

  // The file goes to LinkedIn, and what it answers comes back, by the page that the panel leads to.
  const [tasks] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Get the file and bring the proof' }).click(),
  ]);
  // Three people first, then the others.
  for (const seen of [3, peopleWhoMoved - 3]) {
    await tasks.locator('form:has(input[value="make"]) button, a[download]').first().waitFor();
    const make = tasks.locator('form:has(input[value="make"]) button');
    if ((await make.count()) > 0) await make.click();
    // It looks again by itself once the file was fetched.
    const link = tasks.locator('a[download]');
    const [download] = await Promise.all([tasks.waitForEvent('download'), tasks.waitForEvent('load'), link.click()]);
    const { result } = uploadFile(company.center, download.suggestedFilename(), await contentOf(download));
    await tasks.locator('form:has(input[value="uploaded"]) button').click();
    await tasks.getByText('Uploaded, you said').first().waitFor();
    await tasks.locator('#file').setInputFiles({ name: 'result.csv', mimeType: 'text/csv', buffer: Buffer.from(result) });
    await tasks.getByText(`: ${seen} seen in LinkedIn`).first().waitFor();
    await tasks.getByRole('button', { name: 'Go on' }).click();
  }
  await tasks.close();

  await button(page, 'Look again').click();
  await page.getByText(`${peopleWhoMoved} emails agree.`).waitFor();
  company.center.nextCrmJob = Date.now();
  await company.compare();
  await button(page, 'Look again').click();
  await page.getByText(`${peopleWhoMoved} of ${peopleWhoMoved} repaired`).waitFor();
  await picture(page, 'repaired');
  expect(await faultsOf(page)).toEqual([]);
  await button(page, 'Back').click();
  await page.getByText('Everyone is matched.').waitFor();
  await picture(page, 'everyone');
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

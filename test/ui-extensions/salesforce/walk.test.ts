import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { DemoUpload, Job, Overview, PanelPeople } from '../../../server/api.ts';
import { startTestServer, type TestServer } from '../../server/running-server.ts';
import { openBrowser } from '../console/console-page.ts';
import { violations } from '../console/inspect-page.ts';
import { faultsOf, openPanel, orgOf, picture, settled } from './panel-page.ts';
import { type Preview, servePreview } from './preview/serve.ts';

// The demo company is made here, and the base components are compiled: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let browser: Browser;
let server: TestServer;
let preview: Preview;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer({ demo: true });
  preview = await servePreview(await orgOf(server));
});
afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await server?.stop();
});

beforeEach(() => {
  preview.org.permission = 'act';
});

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const title = (page: Page) => page.getByRole('heading', { level: 1 });
const isFocused = (page: Page) => page.locator('h1:focus').waitFor();

/** The panel looks again after some seconds by itself; here they pass at once. */
const lookAgain = (page: Page) => page.clock.fastForward(61_000);

test('somebody who may only look sees the same people, whatever they open, and nothing to press that changes anything', async () => {
  preview.org.permission = 'read';
  const { page, faults, context } = await openPanel(browser, preview);
  await page.getByText('You may look at this, not change it.').waitFor();
  expect(await button(page, /^Repair \d/u).count()).toBe(0);
  expect(await button(page, 'Compare now').count()).toBe(0);
  await picture(page, 'read-only');
  expect(await violations(page)).toEqual([]);
  await button(page, 'Not Matched').click();
  await page.getByRole('table', { name: 'People' }).getByRole('button', { name: 'Pierre Bauer' }).click();
  await page.getByRole('heading', { name: 'How we got there' }).waitFor();
  expect(await button(page, /^Repair/u).count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

test('an admin finds out why 37 people do not match, repairs them and sees what LinkedIn then says, all on one page of Salesforce', async () => {
  const { page, faults, context } = await openPanel(browser, preview);
  const { rootCauses } = await server.ok<Overview>('getOverview');
  await picture(page, 'overview');
  expect(await faultsOf(page)).toEqual([]);

  // From a number to its people, to one of them, and back to the same list.
  await button(page, 'Not Matched').click();
  await isFocused(page);
  const table = page.getByRole('table', { name: 'People' });
  await table.waitFor();
  expect(await table.getByRole('row').count()).toBe(26);
  await picture(page, 'people');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('searchbox').fill('bauer');
  await page.getByRole('searchbox').press('Enter');
  await page.getByText('1 person', { exact: true }).waitFor();
  await table.getByRole('button', { name: 'Pierre Bauer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Pierre Bauer' }).waitFor();
  await isFocused(page);
  const marks = await page.locator('mark').evaluateAll((all) => all.map(({ textContent }) => textContent));
  expect(marks.join(' ')).toContain('differs: -group');
  await page.getByRole('heading', { name: 'How we got there' }).waitFor();
  await picture(page, 'person');
  expect(await faultsOf(page)).toEqual([]);
  await button(page, 'Back').click();
  await page.getByText('1 person', { exact: true }).waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('bauer');
  await button(page, 'Back').click();

  // To the plan. Nothing has happened so far; saying no leaves it so, with the focus where it was.
  await button(page, /^Repair 37/u).click();
  await page.getByRole('heading', { name: 'What will happen' }).waitFor();
  await picture(page, 'plan');
  await button(page, 'Approve …').click();
  const question = page.getByRole('alertdialog', { name: 'Approve this plan?' });
  await question.getByText('37 license emails change. No invitation is sent and no license is removed.').waitFor();
  await picture(page, 'approve');
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await page.locator('button:focus', { hasText: 'Approve …' }).waitFor();
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Approve: change 37 emails' }).click();
  await page.getByRole('heading', { name: 'How far it is' }).waitFor();
  await isFocused(page);
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  await picture(page, 'running');
  expect(await faultsOf(page)).toEqual([]);

  // Somebody carries the file and brings the result; the panel sees it by itself.
  const plans = await server.ok<{ rows: { id: string; title: string }[] }>('listPlans', { query: { limit: '1' } });
  const { id } = plans.rows[0]!;
  const { tasks } = await server.ok<Job>('getJob', { params: { id } });
  const { name } = tasks[0]!;
  const file = await server.ok<string>('downloadFile', { params: { id, name } });
  const { number } = await server.ok<DemoUpload>('uploadToDemo', { query: { name }, raw: file });
  const result = await server.ok<string>('getDemoResult', { params: { number: String(number) } });
  await server.ok('bringProofAnywhere', { query: { name: 'result.csv' }, raw: result });
  await lookAgain(page);
  await page
    .getByText(/37 emails agree/u)
    .first()
    .waitFor();
  await picture(page, 'seen');

  // A day later LinkedIn's own status is there.
  await server.ok('passDemoTime', { body: { hours: 24 } });
  const run = await server.ok<{ id: string }>('compareDemo');
  await server.settled(run.id);
  const end = async () => (await server.ok<Job>('getJob', { params: { id } })).state;
  await expect.poll(end, { timeout: 60_000 }).toBe('done');
  await lookAgain(page);
  await page.getByText('Repaired: Matched in LinkedIn').first().waitFor();
  await picture(page, 'repaired');
  expect(await faultsOf(page)).toEqual([]);
  await button(page, 'Back').click();
  await lookAgain(page);
  const cause = rootCauses[0]!.title;
  await page.getByRole('heading', { name: 'Root causes' }).waitFor();
  await button(page, /^Repair 37/u).waitFor({ state: 'detached' });
  expect(cause).toContain('northwind');
  await picture(page, 'overview-after');
  expect(faults).toEqual([]);
  await context.close();
});

test('one person is planned from their own page, and the plan is cancelled there after a question', async () => {
  const { rows } = await server.ok<PanelPeople>('listPanelPeople');
  const person = rows.find(({ repair }) => repair !== null)!;
  const { page, faults, context } = await openPanel(browser, preview);
  await button(page, 'Not Matched').click();
  await page.getByRole('table', { name: 'People' }).getByRole('button', { name: person.name, exact: true }).click();
  await button(page, person.repair!.button).click();
  await button(page, 'Cancel the plan').click();
  const question = page.getByRole('alertdialog', { name: 'Cancel the plan' });
  await button(page, 'Back').last().click();
  await question.waitFor({ state: 'detached' });
  await button(page, 'Cancel the plan').click();
  await question.getByRole('button', { name: 'Cancel the plan' }).click();
  await button(page, 'Approve …').waitFor({ state: 'detached' });
  expect(await violations(page)).toEqual([]);
  // Back on the person's page it is among their repairs.
  await button(page, 'Back').click();
  await title(page).getByText(person.name).waitFor();
  await settled(page);
  expect(faults).toEqual([]);
  await context.close();
});

test('the home page shows the number and what to do, and lists that have grown old are said so everywhere', async () => {
  await server.ok('passDemoTime', { body: { hours: 24 * 9 } });
  const { banners } = await server.ok<Overview>('getOverview');
  const stale = banners.find(({ kind }) => kind === 'stale')!;
  const home = await openPanel(browser, preview, { place: 'summary' });
  await home.page.getByRole('heading', { name: 'To do for you' }).waitFor();
  await picture(home.page, 'home');
  expect(await faultsOf(home.page)).toEqual([]);
  expect(home.faults).toEqual([]);
  await home.context.close();
  const { page, faults, context } = await openPanel(browser, preview);
  await page.getByRole('status').getByText(stale.sentence).waitFor();
  await picture(page, 'stale');
  expect(faults).toEqual([]);
  await context.close();
});

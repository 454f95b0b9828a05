import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Rematch, Settings } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { contentOf, nextPage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('a cause becomes a plan, an approval, a downloaded file and a file said to be uploaded, whose proof finds it from any page', {
  timeout: 120_000,
}, async () => {
  const people = testPeople(40, (index) => index % 5 === 0);
  await server.compare(licensesCsv(people), crmCsv(people), { answers: { oddRun: 'release' } });
  const { page, faults } = await openConsole(browser, server, { width: 400 });

  await settledPage(page, '/plans');
  await page.getByRole('heading', { name: 'No repair is planned yet' }).waitFor();
  await page.getByRole('link', { name: 'See the root causes' }).click();
  await page
    .getByRole('button', { name: /^Plan the repair/u })
    .first()
    .click();

  await page.getByRole('heading', { level: 2, name: 'What will happen' }).waitFor();
  const ticks = page.getByRole('checkbox', { name: /^Leave out/u });
  await ticks.first().waitFor();
  const all = await ticks.count();
  await ticks.first().check();
  await page.getByRole('button', { name: 'Leave out 1 person' }).click();
  await page.waitForFunction((before) => document.querySelectorAll('main input[type="checkbox"]').length === before - 1, all);

  // One goes by hand, the others by their file; chosen by keyboard.
  const route = page.getByRole('combobox', { name: /reaches LinkedIn$/u }).first();
  await route.focus();
  await route.press('ArrowDown');
  await page.waitForFunction(
    () => [...document.querySelectorAll<HTMLSelectElement>('main select')].filter((one) => one.value === 'guided').length === 1,
  );
  await page.waitForFunction(() => !document.querySelector('main select:disabled'));
  expect(await faultsOf(page), 'the review with a choice for each person').toEqual([]);

  await page.getByRole('button', { name: 'Approve …' }).click();
  await page.getByRole('dialog').getByRole('button').last().click();
  await page.waitForURL(/\/job$/u);
  const open = page.locator('.job-task[data-open]');
  const link = open.getByRole('link', { name: /^Download/u });
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const uploaded = (await contentOf(download)).toString();
  expect(uploaded).toContain('@acme.example');
  await open.getByText('Downloaded').waitFor();
  await open.getByRole('button', { name: /^I uploaded it/u }).click();
  await open.getByText('Uploaded, you said').waitFor();

  // A whole export shows what really changed.
  await page.getByLabel('How many users does Admin Center show?').fill('40');
  await page
    .locator('input[type="file"][aria-label="Choose the result file or the export"]')
    .setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(licensesCsv(testPeople(40))) });
  await page.getByRole('heading', { level: 2, name: 'Proofs so far' }).waitFor();
  const job = page.url();

  // Brought anywhere else, a file finds its repair by its rows.
  await settledPage(page, '/plans');
  await page
    .locator('input[type="file"][aria-label="Bring a proof"]')
    .setInputFiles({ name: 'again.csv', mimeType: 'text/csv', buffer: Buffer.from(licensesCsv(testPeople(40))) });
  await page.getByText('“again.csv” belongs to 1 repair').waitFor();
  expect(await faultsOf(page), 'a proof brought to the list of repairs').toEqual([]);
  await settledPage(page, '/compare');
  const result = uploaded.trimEnd().split(/\r?\n/u);
  await page
    .locator('.side-card input[type="file"]')
    .first()
    .setInputFiles({
      name: 'result.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(result.map((line, index) => `${line},${index === 0 ? 'Messages' : ''}`).join('\r\n')),
    });
  await page.getByText('“result.csv” is LinkedIn’s answer to an upload').waitFor();
  expect(await faultsOf(page), 'a result file among the lists').toEqual([]);
  await page.getByRole('link', { name: 'Open its tasks' }).click();
  await page.getByRole('heading', { level: 2, name: 'Proofs so far' }).waitFor();
  const proven = page.locator('.job-task', { hasText: 'for 14 days after the proof' });
  await proven.getByRole('button', { name: /^Plan the way back/u }).click();
  await page.getByRole('heading', { level: 1, name: /^Undo / }).waitFor();

  // A person's own page leads to their repair, and to a full one.
  const { rows: repaired } = await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: job.split('/').at(-2)! } });
  await settledPage(page, `/people/${encodeURIComponent(repaired[0]!.key)}`);
  const repairs = page.getByRole('region', { name: 'Repairs of this person' });
  await repairs.getByRole('link', { name: 'Go to the tasks' }).first().click();
  await page.waitForURL(job);

  // What a full rematch needs to know is typed in once.
  await settledPage(page, '/settings');
  const form = page.getByRole('region', { name: 'Full rematches' });
  await form.getByRole('switch', { name: 'I know this month’s assignments' }).check();
  await form.getByRole('textbox', { name: 'Used' }).fill('3');
  await form.getByRole('textbox', { name: 'Of', exact: true }).fill('12');
  await form.getByLabel('Licenses that are free').fill('2');
  await form.getByRole('switch', { name: 'Take licenses in an agreed window only' }).check();
  await form.getByRole('checkbox', { name: 'Tuesday' }).uncheck();
  await form.getByRole('button', { name: /^Save/u }).click();
  await expect
    .poll(() => server.ok<Settings>('getSettings'), { timeout: 30_000 })
    .toMatchObject({
      assignments: { month: new Date().toISOString().slice(0, 7), used: 3, limit: 12 },
      freeLicenses: 2,
      removalWindow: { days: [3, 4], from: '10:00', to: '16:00' },
    });

  for (const address of ['/plans', job.replace('/job', ''), job]) {
    await nextPage(page, address);
    await page.locator('main table, main .job-task').first().waitFor();
    expect(await faultsOf(page), address).toEqual([]);
  }
  expect(faults).toEqual([]);
});

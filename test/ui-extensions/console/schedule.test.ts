import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { type ConsolePage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf, violations } from './inspect-page.ts';

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

/** Two exports in the watched folders, as if they lay there for a while. */
async function putExports(people: ReturnType<typeof testPeople>): Promise<void> {
  const time = new Date(Date.now() - 10 * 60_000);
  for (const [folder, text] of [
    ['linkedin', licensesCsv(people)],
    ['crm', crmCsv(people)],
  ] as const) {
    const file = path.join(server.dataDir, 'watched', folder, 'users.csv');
    await writeFile(file, text);
    await utimes(file, time, time);
  }
}

test('a schedule is made, run, changed, switched off and deleted, and each run says what became of it', { timeout: 120_000 }, async () => {
  const { page, faults } = view;
  await settledPage(page, '/schedule');
  await page.getByRole('heading', { name: 'Nothing runs by itself yet' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'New schedule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Every weekday at 07:00').waitFor();
  await dialog.getByText(/^Next: /u).waitFor();
  expect(await violations(page)).toEqual([]);

  // An expression of one's own begins with what was chosen, and what is wrong with it is said at once.
  await dialog.getByText('Own expression').click();
  const cron = dialog.getByLabel('Cron expression');
  expect(await cron.inputValue()).toBe('0 7 * * 1-5');
  await cron.fill('* 6 * * *');
  await dialog.getByRole('alert').filter({ hasText: 'Did you mean “0 6 * * *”?' }).waitFor();
  await cron.fill('0 6 * * *');
  await dialog.getByText('Every day at 06:00').waitFor();
  await dialog.getByLabel('Name').fill('Every morning');
  await dialog.getByRole('combobox', { name: 'Time zone' }).fill('New_York');
  await page.getByRole('option', { name: 'America/New_York' }).click();
  await dialog.getByRole('button', { name: 'New schedule' }).click();
  await page.getByText('Every day at 06:00, America/New_York').waitFor();
  await dialog.waitFor({ state: 'hidden' });

  const runs = page.getByRole('list', { name: 'Last runs of Every morning' });
  await page.getByRole('button', { name: /^Run now\s*: Every morning$/u }).click();
  await runs.getByText('There is no CSV file in “linkedin”.').waitFor();
  await putExports(testPeople(12, (index) => index === 0));
  await page.getByRole('button', { name: /^Run now\s*: Every morning$/u }).click();
  await runs.getByRole('listitem').first().getByText('Done').waitFor();
  await runs.getByRole('link', { name: 'Run 1' }).waitFor();
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: /^Change\s*: Every morning$/u }).click();
  expect(await dialog.getByLabel(/^Time( \*)?$/u).inputValue()).toBe('06:00');
  await dialog.getByLabel(/^Time( \*)?$/u).fill('05:30');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Every day at 05:30, America/New_York').waitFor();
  await dialog.waitFor({ state: 'hidden' });

  // The switch works from the keyboard.
  await page.getByRole('switch', { name: 'On: Every morning' }).focus();
  await page.keyboard.press('Space');
  await page.getByText('Switched off').waitFor();

  await page.getByRole('button', { name: /^Delete\s*: Every morning$/u }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Nothing runs by itself yet' }).waitFor();
  expect(faults).toEqual([]);
});

test('the list and the form break no accessibility rule and nothing runs over the edge', { timeout: 60_000 }, async () => {
  const body = { name: 'Weekday mornings', cron: '0 7 * * 1-5', timeZone: 'Europe/Berlin', sources: { kind: 'uploads' } };
  const { id } = await server.ok<{ id: string }>('createSchedule', { body });
  const { page, faults } = view;
  await settledPage(page, '/schedule');
  await page.getByText('Every weekday at 07:00, Europe/Berlin').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: /^Change\s*: Weekday mornings$/u }).click();
  await page.getByRole('dialog').getByText('Every weekday at 07:00').waitFor();
  await page.getByRole('button', { name: 'Ages and outages' }).click();
  await page.getByLabel('Compare files up to').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
  await server.ok('deleteSchedule', { params: { id } });
});

test('one person is checked now against newer files, and the page says what became of them', { timeout: 60_000 }, async () => {
  const before = testPeople(12, (index) => index === 0);
  await server.compare(licensesCsv(before), crmCsv(before), { answers: { oddRun: 'release' } });
  const { rows } = await server.ok<{ rows: { key: string }[] }>('listPeople', { query: { status: 'not-matched' } });
  const { page, faults } = view;
  await settledPage(page, `/people/${encodeURIComponent(rows[0]!.key)}`);
  const section = page.getByRole('region', { name: 'Check now' });
  await section.getByRole('button', { name: 'Check this person now' }).click();
  await section.getByText(/^Still: /u).waitFor();
  await section.getByText(/The same two files as in run \d+\./u).waitFor();

  await server.upload('licenses', licensesCsv(testPeople(12)));
  await section.getByRole('button', { name: 'Check this person now' }).click();
  await section.getByText(/Emails agree$/u).waitFor();
  await page.getByRole('heading', { level: 2, name: 'Emails agree' }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(faults).toEqual([]);
});

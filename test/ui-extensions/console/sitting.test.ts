import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AdminCenter, hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { advanceTo } from '../../../connectors/linkedin-files/simulator/clock.ts';
import { carryOut } from '../../../connectors/linkedin-files/simulator/commands.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { contentOf, nextPage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

/** Three people whose emails agree and whom LinkedIn shows Not Matched all the same. */
const people = testPeople(20);
const crm = crmCsv(people);
const three = people.slice(0, 3).map((person) => person.license!);

let browser: Browser;
let server: TestServer;
let center: AdminCenter;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
  center = makeAdminCenter({
    now: new Date(Date.now() - hourMs).toISOString(),
    people: peopleOfExport(licensesCsv(people)).map((person) => ({
      ...person,
      crmMatch: three.includes(person.profileEmail) ? ('not-matched' as const) : ('matched' as const),
    })),
    crmEmails: people.map((person) => person.crm!),
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const exported = (emails?: string[]): Buffer => {
  advanceTo(center, Math.max(Date.now(), center.now + 1));
  return Buffer.from(exportUsers(center, emails ? { emails } : {}).csv);
};

/** What the reader sees of a state, for whoever looks at pictures: only where a folder for them is named. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SEATMATCH_PICTURES;
  if (!folder) return;
  for (const [width, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a sitting of three people is walked from the choice to the end, and its red bar goes by itself', { timeout: 240_000 }, async () => {
  const month = new Date().toISOString().slice(0, 7);
  await server.ok('changeSettings', { body: { assignments: { month, limit: 9, used: 0 }, freeLicenses: 5 } });
  await server.compare(exported().toString(), crm, { adminCenterCount: 20 });
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { all: true, mode: 'full' } });
  const { page, faults } = await openConsole(browser, server);

  // The choice of mode says its price; the approval says it again.
  await settledPage(page, `/plans/${id}`);
  await page.getByRole('radio', { name: 'The email first, nothing else' }).check();
  await page.getByText('Nobody is left in this plan.').waitFor();
  await page.getByRole('radio', { name: 'LinkedIn’s whole procedure (full rematch)' }).check();
  await page.getByRole('row', { name: /^Leave out Anna/u }).waitFor();
  await page.getByRole('textbox', { name: 'Backup' }).fill('Bea Backup');
  await page.getByRole('button', { name: /^Save/u }).click();
  await page.getByRole('textbox', { name: 'Backup' }).and(page.locator('[value="Bea Backup"]')).waitFor();
  await picture(page, '1-plan');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Approve …' }).click();
  const approval = page.getByRole('dialog');
  await approval.getByText('3 people lose access until they accept a new invitation. 3 assignments are used.').waitFor();
  await picture(page, '2-approve');
  await approval.getByRole('button', { name: 'Approve a full rematch of 3' }).click();
  await page.waitForURL(/\/job$/u);

  // Nobody begins before somebody answered.
  const start = page.getByRole('button', { name: 'Start', exact: true });
  await start.waitFor();
  expect(await start.isDisabled()).toBe(true);
  for (const name of ['Anna Ahlund0', 'Bo Ahlund1', 'Cem Ahlund2']) {
    await page.getByRole('button', { name: `What can be done for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Answer for them' }).click();
    await page.getByRole('textbox', { name: 'How do you know?' }).fill('Told me on the phone.');
    await page.getByRole('dialog').getByRole('button', { name: 'Answer for them' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  await page.getByText('People asked: 3 of 3 confirmed').waitFor();
  await picture(page, '3-gate');
  expect(await faultsOf(page)).toEqual([]);
  await start.click();

  const open = page.locator('.job-task[data-open]');
  const bar = page.getByRole('list', { name: 'Alarms' });
  const carry = async (title: string): Promise<void> => {
    await open.getByRole('heading', { name: title }).waitFor();
    const link = open.getByRole('link', { name: /^Download/u });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    advanceTo(center, Math.max(Date.now(), center.now + 1));
    uploadFile(center, download.suggestedFilename(), await contentOf(download));
    await open.getByRole('button', { name: /^I uploaded it/u }).click();
    await open.getByText('Uploaded, you said').waitFor();
  };
  const prove = (buffer: Buffer): Promise<void> =>
    page
      .locator('input[type="file"][aria-label="Choose the result file or the export"]')
      .setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer });
  const stepNow = (sentence: string) => page.locator('.sitting-steps [aria-current="step"]', { hasText: sentence }).waitFor();

  await stepNow('Download and upload the file that takes the licenses off');
  await picture(page, '4-off');
  await carry('Take the licenses off');
  await bar.getByText('have no license since').waitFor();
  await stepNow('Proof: a filtered export of these 3');
  await picture(page, '5-red');
  expect(await faultsOf(page)).toEqual([]);

  // On every page, not only on this one.
  await nextPage(page, '/people');
  await bar.getByRole('link', { name: 'Give everyone back' }).click();
  await page.waitForURL(/\/job#give-back$/u);
  await page.waitForFunction(() => document.activeElement?.textContent === 'Give everyone back');
  await prove(exported(three));
  await carry('Give everyone back');
  await picture(page, '6-on');
  // Somebody else brings the proof while this page is elsewhere: its bar goes by itself.
  await nextPage(page, '/people');
  await bar.getByText('no license').waitFor();
  const proof = { params: { id }, query: { name: 'export.csv' }, raw: exported(three).toString() };
  await server.ok('bringProof', proof);
  await bar.getByText('no license').waitFor({ state: 'hidden' });
  await nextPage(page, `/plans/${id}/job`);
  await stepNow('Invitations open: reminders run');
  await picture(page, '7-invited');

  for (const person of three) carryOut(center, { do: 'accept', person });
  center.nextCrmJob = Date.now();
  await prove(exported(three));
  await page.getByText('repaired: Matched in LinkedIn').first().waitFor();
  await page.getByRole('button', { name: 'What can be done for Anna Ahlund0' }).click();
  await page.getByRole('menuitem', { name: 'What happened so far' }).click();
  await page.getByRole('dialog').getByText('“Told me on the phone.”').waitFor();
  await page.keyboard.press('Escape');
  await picture(page, '8-done');
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Invited, invitedExport, invitedUsers } from '../../server/invited-people.ts';
import { startTestServer, type TestServer } from '../../server/running-server.ts';
import { type ConsolePage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let browser: Browser;
let server: TestServer;
let view: ConsolePage;

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const names = ['Ana Aalto', 'Ben Bauer', 'Cleo Costa', 'Dan Dorn', 'Eva Engel', 'Finn Frei'];
const company: readonly Invited[] = names.map((name, n) => ({
  id: `${n + 1}`,
  name,
  status: n < 3 ? 'Activated' : 'Invited',
  invited: day(n < 3 ? 90 : 4 + n),
  ...(n < 3 ? { activated: day(88) } : {}),
  team: n % 2 === 0 ? 'Sales' : 'Partners',
  manager: 'Mona',
}));
const bring = async (people: readonly Invited[]) => {
  const run = await server.compare(invitedExport(people), invitedUsers(people), {
    exportedAt: new Date().toISOString(),
    adminCenterCount: people.length,
    answers: { oddRun: 'release' },
  });
  expect(run.state).toBe('done');
};

beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
  await bring(company);
  await bring(company);
  view = await openConsole(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('open invitations are sent again through the user queue, step by step, and close by the next export', async () => {
  const { page, faults } = view;
  await settledPage(page, '/invitations');
  await page.getByText('50 %').first().waitFor();
  await page.getByText('3 of 6 people with a license have activated it. 3 more make the target of 90 %.').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await page.getByRole('combobox', { name: 'Age', exact: true }).click();
  await page.getByRole('option', { name: 'Old enough to send again' }).click();
  await page.getByRole('button', { name: 'Send again: 3 people' }).click();
  await page.getByRole('menuitem', { name: /^User queue/u }).click();
  await page.getByRole('heading', { level: 1, name: 'User queue, 3 people' }).waitFor();
  for (const words of ['License status filter', 'Add to queue', '3 users in user queue', 'Resend Invite'])
    await page.getByRole('checkbox', { name: new RegExp(words, 'u') }).waitFor();
  expect(await faultsOf(page)).toEqual([]);

  const steps = page
    .getByRole('list')
    .filter({ has: page.getByRole('checkbox') })
    .getByRole('checkbox');
  const count = await steps.count();
  for (let k = 0; k < count; k++) {
    await steps.nth(k).click();
    await page.getByRole('progressbar', { name: `${k + 1} of ${count} steps are done` }).waitFor();
  }
  await page.getByText('0 of 3 seen in a list: bring a new export.').waitFor();

  await bring(company.map((person) => (person.status === 'Invited' ? { ...person, invited: day(0) } : person)));
  await page.getByText('3 of 3 seen in a list.').waitFor();
  expect(await page.getByText('LinkedIn shows a new invitation.').count()).toBe(3);
  await page.getByRole('link', { name: 'Invitations' }).first().click();
  await page.getByText('Invited today, for the 2nd time; not accepted.').first().waitFor();
  expect(faults).toEqual([]);
});

test('one person is chosen for a single resend by the keyboard alone', async () => {
  const { page, faults } = view;
  await settledPage(page, '/invitations?search=dorn');
  const box = page.getByRole('checkbox', { name: 'Choose Dan Dorn' });
  await box.focus();
  await page.keyboard.press('Space');
  const button = page.getByRole('button', { name: 'Send again: 1 person' });
  await button.focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: /^Resend to one user/u });
  await item.waitFor();
  await item.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('checkbox', { name: /Resend welcome email/u }).waitFor();
  await page.getByRole('button', { name: 'Throw it away' }).click();
  await page.getByText('Thrown away').first().waitFor();
  expect(faults).toEqual([]);
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Decisions, Mails, Person } from '../../../server/api.ts';
import { licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { contentOf, nextPage, openBrowser, openConsole, settledPage } from './console-page.ts';
import { faultsOf } from './inspect-page.ts';

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const people = testPeople(13);
/** Numbers 12 and 13 have no license; the licenses of 1 and 2 carry 12's and 11's ids: their emails say one person, the ids another. */
const licenses = licensesCsv(people.map((one) => (one.id >= '0012' ? { id: one.id, given: one.given, family: one.family } : one)))
  .replace('"E0001"', '"E0012"')
  .replace('"E0002"', '"E0011"');
const crmLine = ({ id, given, family, crm: email }: (typeof people)[number]): string =>
  [
    `0055g00000${id.padStart(5, '0')}AAA`,
    email,
    `${given} ${family}`,
    'true',
    `E${id}`,
    'Account Executive',
    'Sales North',
    'Mia Lund',
    '2026-11-20',
  ]
    .map((cell) => `"${cell}"`)
    .join(',');
const crm = ['Id,Email,Name,IsActive,EmployeeNumber,Title,Department,Manager,LastLoginDate', ...people.map(crmLine), ''].join('\n');

test('an admin says who uses a license in four ways, sees what tells people apart, and finds it all again', {
  timeout: 180_000,
}, async () => {
  await server.compare(licenses, crm);
  const { page, faults } = await openConsole(browser, server);

  await settledPage(page, `/people/${encodeURIComponent('license:LIC-0001')}`);
  const who = page.getByRole('region', { name: 'Who uses this license?' });
  await who.getByText('the ID points to them').waitFor();
  await who.getByText('Account Executive').first().waitFor();
  await who.getByText('Sales North').first().waitFor();
  await who.getByText('Mia Lund').first().waitFor();
  await who.getByText('20 Nov 2026').first().waitFor();
  await who.getByText('0055g0000000012AAA').waitFor();
  expect(await faultsOf(page)).toEqual([]);

  // Whom nobody suggests is found by what the CRM says of them, with the keyboard alone; whom the comparison did not keep, by the id.
  await who.getByRole('button', { name: 'It is somebody else' }).press('Enter');
  const find = page.getByRole('dialog');
  const linkOnly = find.getByRole('button', { name: 'Link', exact: true });
  await expect.poll(() => find.getByRole('searchbox').evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type('sales north');
  const third = find.getByRole('radio', { name: `${people[2]!.given} ${people[2]!.family}` });
  await third.waitFor();
  await find.getByText(`${people[2]!.crm} · Account Executive · Sales North · reports to Mia Lund`, { exact: false }).waitFor();
  expect([await linkOnly.isDisabled(), await faultsOf(page)]).toEqual([true, []]);
  await third.press('Space');
  await expect.poll(() => linkOnly.isEnabled()).toBe(true);
  await find.getByRole('searchbox').fill('0055g0000000099AAA');
  await find.getByRole('radio', { name: 'The CRM user with the ID 0055g0000000099AAA' }).waitFor();
  expect([await linkOnly.isDisabled(), await faultsOf(page)]).toEqual([true, []]);
  await page.keyboard.press('Escape');

  await who.getByRole('button', { name: 'Ask me later' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Her manager is away');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Save the answer' }).click();
  await who.getByText('To be asked again').waitFor();

  await who.getByRole('button', { name: `It is ${people[11]!.given} ${people[11]!.family}` }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('It is her desk');
  await page.getByRole('dialog').getByLabel('Look at it again on').fill('2099-06-01');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Link and compare again' }).click();
  await page.getByRole('heading', { name: 'Why people do or do not match' }).waitFor();
  const { finding, link } = await server.ok<Person>('getPerson', { params: { key: 'license:LIC-0001' } });
  expect(finding).toMatchObject({ reason: 'email-differs', rule: 'link', changeSide: 'license', targetEmail: people[11]!.crm });
  expect(link).toMatchObject({ note: 'It is her desk', reviewOn: '2099-06-01' });

  await nextPage(page, `/people/${encodeURIComponent('license:LIC-0002')}`);
  await page.getByRole('button', { name: 'Nobody, take it back' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Left in spring');
  await page.getByRole('dialog').getByRole('button', { name: 'Save the answer' }).click();
  await page.getByText('Nobody uses it: take the license back').waitFor();
  await page.getByRole('button', { name: 'Plan to take it back' }).click();
  await page.getByRole('heading', { level: 1, name: /^Take licenses back/u }).waitFor();

  await nextPage(page, '/');
  await page.getByRole('link', { name: /Nobody uses this license, somebody said\. Take it back\./u }).click();
  await page.getByRole('heading', { level: 1, name: 'Decisions' }).waitFor();
  await page.getByText('It is her desk').waitFor();
  await page.getByText('Left in spring').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const { rows } = await server.ok<Decisions>('listDecisions');
  expect(rows.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual(['link holds', 'nobody open']);
  expect(faults).toEqual([]);
});

test('a subscription of their own is said on the page of somebody without a license', { timeout: 180_000 }, async () => {
  await server.ok('changeSettings', { body: { seatScope: 'all' } });
  await server.compare(licenses, crm);
  const { page, faults } = await openConsole(browser, server);
  await settledPage(page, `/people/${encodeURIComponent('crm:salesforce:0055g0000000013AAA')}`);
  await page.getByRole('button', { name: 'They pay for one themselves' }).click();
  await page.getByText('Ask LinkedIn about a data transfer').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'They have none' }).waitFor();
  expect(faults).toEqual([]);
});

test('steps follow the admin pages that somebody sees, with their own link; a phone is told to open a desktop', {
  timeout: 180_000,
}, async () => {
  const own = 'https://www.linkedin.com/sales/seats-of-ours';
  const { page, faults } = await openConsole(browser, server);
  await settledPage(page, '/settings');
  const card = page.getByRole('region', { name: 'LinkedIn’s admin pages' });
  await card.getByLabel('I see Seat Management').check();
  await card.getByLabel('Users', { exact: true }).fill(own);
  await card.getByRole('button', { name: 'Save' }).click();
  await page
    .getByText(/LinkedIn’s admin pages.*saved|Saved/iu)
    .first()
    .waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await server.compare(licensesCsv([...people, ...testPeople(14, (n) => n === 13).slice(13)]), `${crm}${crmLine(testPeople(14)[13]!)}\n`);
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { all: true, route: 'guided' } });
  const { seal } = await server.ok<{ seal: string }>('getPlan', { params: { id } });
  await server.ok('approvePlan', { params: { id }, body: { seal } });
  await settledPage(page, `/plans/${id}/job`);
  const step = page.getByRole('link', { name: 'On a desktop, as an admin: Admin → Seat Management. Search for the person.' });
  await step.waitFor();
  expect(await step.getAttribute('href')).toBe(own);
  expect(await page.getByText('Open this on a desktop').isVisible()).toBe(false);

  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole('button', { name: 'Send me the link' }).click();
  await page.getByLabel('Your email address').fill('admin@acme.example');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('The link is on its way to admin@acme.example.').waitFor();
  const { rows } = await server.ok<Mails>('listMails');
  expect(rows[0]).toMatchObject({ to: { address: 'admin@acme.example' }, subject: 'Open this on a desktop' });
  expect(faults).toEqual([]);
});

test('whoever was invited is helped in, whoever came in is welcomed and asked, and support gets a packet', {
  timeout: 180_000,
}, async () => {
  const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  const [header, ...rows] = licenses.split('\n');
  const dated = rows.map((line, index) => {
    if (line === '') return line;
    return index === 4 ? `${line.replace('"Activated"', '"Invited"')},` : `${line},${index === 5 ? threeDaysAgo : '2020-01-15'}`;
  });
  await server.compare([`${header},activated_date`, ...dated].join('\n'), crm);
  const { page, faults } = await openConsole(browser, server);

  await settledPage(page, `/people/${encodeURIComponent('license:LIC-0005')}`);
  const help = page.getByRole('region', { name: 'Help them in' });
  await help.getByRole('link', { name: /Click Copy invite link/u }).waitFor();
  await help.getByRole('heading', { name: 'When it does not work' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the support packet' }).click(),
  ]);
  expect((await contentOf(download)).toString()).toContain('LIC-0005');

  await nextPage(page, '/');
  await page.getByRole('link', { name: /ask if they see their usual connections/u }).click();
  const newcomers = page.getByRole('region', { name: 'Do they see their usual connections?' });
  await newcomers.getByRole('button', { name: /^No, it is empty/u }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await newcomers.getByRole('link').click();
  const welcome = page.getByRole('region', { name: 'Welcome them' });
  await welcome.getByText('Enable CRM for them').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await welcome.getByRole('button', { name: /^Yes, the usual ones/u }).click();
  await welcome.getByText('Ask them: do they see').waitFor({ state: 'detached' });
  expect((await server.ok<Decisions>('listDecisions')).profileQuestions).toEqual([]);
  expect(faults).toEqual([]);
});

test('a change of domain says who is where and what lies ahead, and plans its next wave', { timeout: 180_000 }, async () => {
  // Four of them: fewer than would hold the comparison with a question.
  const behind = people.slice(4, 8).reduce((csv, { license }) => csv.replace(license!, license!.replace('@acme', '@old-acme')), licenses);
  expect((await server.compare(behind, crm)).state).toBe('done');
  const { page, faults } = await openConsole(browser, server);
  await settledPage(page, '/root-causes');
  await page.getByRole('link', { name: 'Change of domain' }).click();
  await page.getByText('No change of domain is under way').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Begin a change of domain' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Old domain').fill('old-acme.example');
  await dialog.getByLabel('New domain').fill('acme.example');
  await dialog.getByLabel('People in one wave at most').fill('3');
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Begin', exact: true }).click();
  const change = page.getByRole('region', { name: 'old-acme.example becomes acme.example' });
  await change.getByText('4 people can be changed now, in 2 waves of up to 3.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await change.getByRole('button', { name: 'Plan the next wave: 3 people' }).click();
  await page.getByRole('button', { name: 'Approve …' }).waitFor();
  expect(faults).toEqual([]);
});

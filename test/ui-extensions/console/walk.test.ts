import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { type ConsolePage, contentOf, openBrowser, openConsole, settledPage } from './console-page.ts';
import { violations } from './inspect-page.ts';

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

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const zone = (page: Page, name: string) => page.locator(`input[type="file"][aria-label="${name}"]`);

async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), text: (await contentOf(download)).toString() };
}

test('two files dropped on the wrong sides become a list of people Not Matched, a reason, and the file that repairs them', {
  timeout: 90_000,
}, async () => {
  const people = testPeople(40, (index) => index % 5 === 0);
  const { page, faults } = view;

  await settledPage(page, '/');
  await page.getByRole('main').getByRole('link', { name: 'Compare files' }).click();

  // Both at once, on the CRM side: recognition puts each where it belongs.
  await zone(page, 'Choose the CRM export').setInputFiles([
    file('users.csv', licensesCsv(people)),
    file('salesforce users.csv', crmCsv(people)),
  ]);
  await page.getByText('LinkedIn Admin Center export · 40 rows').waitFor();
  await page.getByText('Salesforce users · 40 rows').waitFor();
  await page.getByLabel('How many users does Admin Center show?').fill('45');
  await page.getByText('40 of 45: is this a filtered file?').waitFor();
  await page.getByLabel('How many users does Admin Center show?').fill('40');
  await page.getByText('40 rows, complete.').waitFor();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();

  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.getByRole('link', { name: /^8\s*Not Matched/u }).click();
  await page.getByText('8 people fit').waitFor();
  expect(await page.locator('.person-link').count()).toBe(8);

  // The whole state is the address.
  await page.getByRole('searchbox', { name: 'Search' }).fill('anna');
  await page.waitForURL(/search=anna/u);
  const { url, count } = { url: page.url(), count: page.locator('.person-link') };
  await page.getByText(/pe(rson|ople) fits?/u).waitFor();
  await settledPage(page, url);
  expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('anna');
  expect(await count.count()).toBeGreaterThan(0);

  await page.locator('.person-link').first().click();
  await page.getByRole('heading', { level: 2, name: 'How we got there' }).waitFor();
  const marks = await page.locator('.verdict-emails mark').allTextContents();
  expect(marks.join(' ')).toContain('differs');
  await page.goBack();
  expect(page.url()).toBe(url);

  const report = await downloaded(page, () => page.getByRole('link', { name: 'Download report (CSV)' }).click());
  expect(report.text.trim().split('\n')).toHaveLength(41);
  expect(report.text).toMatch(/^\uFEFF?status,reason,license_id,/u);

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' }).click();
  await page
    .getByRole('button', { name: /See the rows here/u })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('columnheader').first().waitFor();
  expect(await page.getByRole('dialog').getByText('8 rows').count()).toBe(1);
  await page.keyboard.press('Escape');
  const upload = await downloaded(page, () =>
    page
      .getByRole('link', { name: /^Download .*change.*\.csv/u })
      .first()
      .click(),
  );
  expect(upload.name).toMatch(/\.csv$/u);
  expect(upload.text).toContain('@acme.example');

  expect(faults).toEqual([]);
});

test('people are chosen, left alone together and taken back, planned together, and a view of them is kept', {
  timeout: 60_000,
}, async () => {
  const { page, faults } = view;
  const excepted = async () => (await server.ok<{ rows: unknown[] }>('listExceptions')).rows.length;
  await settledPage(page, '/people');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Not Matched' }).click();
  await page.getByText('8 people fit').waitFor();
  await page
    .getByRole('checkbox', { name: /^Choose (?!everybody)/u })
    .first()
    .check();
  const actions = page.getByRole('region', { name: 'With those who are chosen' });
  await actions.getByText('1 person chosen').waitFor();
  await actions.getByRole('button', { name: 'Choose all 8 that fit' }).click();
  await actions.getByText('8 people chosen').waitFor();
  expect(await violations(page)).toEqual([]);

  await actions.getByRole('button', { name: 'Leave alone until' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave 8 people alone until …' });
  await dialog.getByLabel('Reason').fill('A merger is under way');
  await dialog.getByRole('button', { name: 'Leave alone' }).click();
  const saved = page.getByRole('alert').filter({ hasText: 'Saved for 8 people.' });
  await saved.getByRole('button', { name: 'Undo' }).waitFor();
  expect(await excepted()).toBe(8);
  await saved.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone.').waitFor();
  expect(await excepted()).toBe(0);

  await page.getByRole('searchbox', { name: 'Search' }).fill('anna');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('dialog').getByLabel('Name of the view').fill('The Annas');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await settledPage(page, '/people');
  await page.getByRole('link', { name: 'The Annas' }).click();
  await page.waitForURL(/search=anna/u);
  await page.getByRole('button', { name: 'Remove the view “The Annas”' }).click();
  expect(await page.getByRole('link', { name: 'The Annas' }).count()).toBe(0);

  await page.getByRole('checkbox', { name: 'Choose everybody on this page' }).check();
  await actions.getByRole('button', { name: 'Plan the repair' }).click();
  await page.waitForURL(/\/plans\/.+/u);
  await page.getByRole('heading', { level: 1, name: /email change/u }).waitFor();
  expect(faults).toEqual([]);
});

test('a file that is cut off is refused beside the place where it was dropped, and the other file stays', async () => {
  const people = testPeople(5);
  const { page, faults } = view;
  await settledPage(page, '/compare');
  await zone(page, 'Choose the LinkedIn export').setInputFiles(file('users.csv', licensesCsv(people)));
  await page.getByText('LinkedIn Admin Center export · 5 rows').waitFor();
  await zone(page, 'Choose the CRM export').setInputFiles(file('cut.csv', `${crmCsv(people)}"0055g`));
  const refusal = page.getByRole('alert').filter({ hasText: '“cut.csv” was not taken' });
  await refusal.getByRole('paragraph').filter({ hasText: 'cut off' }).waitFor();
  expect(await page.getByRole('button', { name: 'Compare', exact: true }).isDisabled()).toBe(true);
  await page.reload();
  await page.getByText('LinkedIn Admin Center export · 5 rows').waitFor();
  expect(faults).toEqual([]);
});

test('columns with unknown names are assigned by hand', async () => {
  const { page, faults } = view;
  await settledPage(page, '/compare');
  await zone(page, 'Choose the CRM export').setInputFiles(
    file('usuarios.csv', 'Clave;Nombre;Correo\n1;Ana Lund;ana.lund@acme.example\n2;Bo Berg;bo.berg@acme.example\n'),
  );
  await page.getByText('No column holds the email.').waitFor();
  await page.getByRole('combobox', { name: 'What is the column Correo?' }).click();
  await page.getByRole('option', { name: 'Email (needed)' }).click();
  await page.getByRole('button', { name: 'Use these columns' }).click();
  await page.getByText('Nothing needed is missing').waitFor();
  expect(faults).toEqual([]);
});

test('a person links a suggested owner, and the next comparison knows it', { timeout: 60_000 }, async () => {
  const licenses = licensesCsv([{ id: '9001', given: 'Katarzyna', family: 'Nowakowska', license: 'kasia.n@private.example' }]).replace(
    '"E9001"',
    '""',
  );
  const crm = crmCsv([
    { id: '7001', given: 'Katarzyna', family: 'Nowakowska', crm: 'katarzyna.nowakowska@acme.example' },
    { id: '7002', given: 'Hugo', family: 'Santos', crm: 'hugo.santos@acme.example' },
  ]);
  const { state } = await server.compare(licenses, crm, { answers: { oddRun: 'release' } });
  expect(state).toBe('done');
  const { page, faults } = view;
  await settledPage(page, '/people?reason=owner-unconfirmed');
  await page.getByRole('link', { name: 'Katarzyna Nowakowska' }).click();
  await page
    .getByRole('button', { name: /^Link this person/u })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Link and compare again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await settledPage(page, '/people?search=Nowakowska&status=not-matched');
  await page.getByRole('link', { name: 'Katarzyna Nowakowska' }).click();
  await page.getByText('Linked by Admin').waitFor();
  await page.getByRole('button', { name: 'Undo the link' }).click();
  await page.getByText('The link is undone.').waitFor();
  expect(faults).toEqual([]);
});

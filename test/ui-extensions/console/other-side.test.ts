import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Job, Overview } from '../../../server/api.ts';
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

/** What a button does, and to whom: read out, not shown. */
const of = (action: string, what: string) => new RegExp(`^${action}\\s?: ${what.replaceAll('.', '\\.')}$`, 'u');

test('a newcomer sees that Salesforce is simulated and works, tests it, compares with it live and sees what was read', async () => {
  const { page, faults } = view;
  await settledPage(page, '/connections');
  await page.getByText('These systems are simulated').waitFor();
  const card = page.getByRole('region', { name: 'northwind-salesforce' });
  await card.getByText('Works').waitFor();
  await card.getByText('Salesforce, simulated · CRM users').waitFor();
  await card.getByRole('button', { name: /^Test/u }).click();
  await card.getByText('Salesforce lets us read its 108 users.').waitFor();
  expect(await card.getByRole('button', { name: /^Change/u }).count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);

  await settledPage(page, '/act-as-linkedin');
  const file = await downloaded(page, page.getByRole('link', { name: 'All 93 users' }));
  await settledPage(page, '/compare');
  await page.locator('section[data-side=licenses] input[type=file]').setInputFiles(file);
  await page.getByText('LinkedIn Admin Center export · 93 rows').waitFor();
  await page.getByRole('button', { name: /^Read from northwind-salesforce/u }).click();
  await page.getByText('Salesforce, simulated: Northwind Group, read when you compare').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByRole('heading', { name: 'Why people do or do not match' }).waitFor();
  const { latest, banners } = await server.ok<Overview>('getOverview');
  expect(banners.map(({ kind }) => kind)).toContain('demo');

  await settledPage(page, `/runs/${latest!.id}`);
  const proof = page.getByRole('region', { name: 'Was everything read?' });
  await proof.getByText('Complete: read to the last page').waitFor();
  await proof.getByText('northwind-salesforce').waitFor();
  await page.getByText('These people are made up, and their systems are simulated.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

test('a newcomer repairs the 37 in three clicks, one upload and one file back, and sees what LinkedIn then says', async () => {
  const { page, faults } = view;
  const before = await server.ok<Overview>('getOverview');

  await settledPage(page, '/');
  await page
    .getByRole('button', { name: /^Plan the repair\s?: 37 of /u })
    .first()
    .click();
  await page.getByRole('button', { name: 'Approve …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve: change 37 emails' }).click();
  await page.waitForURL(/\/job$/u);
  const job = page.url();
  const planId = job.split('/').at(-2)!;
  const file = await downloaded(page, page.locator('.job-task').getByRole('link', { name: /^Download/u }));
  expect(file.buffer.toString().trim().split('\n')).toHaveLength(38);
  // One file: people moved to the new domain before, so nobody has to go first.
  expect(await page.locator('.job-task').count()).toBe(1);

  await page.getByRole('main').getByRole('link', { name: 'Act as LinkedIn' }).click();
  await page.getByRole('button', { name: of('Upload it', file.name) }).waitFor();
  await page.locator('input[type="file"][aria-label="Choose the upload file"]').setInputFiles(file);
  await page.getByText('37 rows · 37 done').waitFor();
  const result = await downloaded(page, page.getByRole('link', { name: of('Download the result file', file.name) }));
  expect(result.name).toBe(file.name.replace('.csv', '-result.csv'));

  await settledPage(page, job);
  await page.locator('input[type="file"][aria-label="Choose the result file or the export"]').setInputFiles(result);
  await page.getByText(`${file.name}: 37 seen in LinkedIn.`).first().waitFor();
  await page
    .getByText(/^37 emails agree\. LinkedIn's CRM job runs daily: we ask you on .+ for a new export\. Nothing else to do\.$/u)
    .waitFor();

  await page.getByRole('navigation', { name: 'The other side' }).getByRole('link', { name: 'Act as LinkedIn' }).click();
  await page.getByRole('button', { name: 'Let a day pass' }).click();
  await page.getByText('a day ahead of today').or(page.getByText('24 hours ahead of today')).waitFor();
  await page.getByRole('button', { name: 'Compare again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

  await settledPage(page, job);
  await page.getByText('LinkedIn shows all 37 as Matched. Nothing is left to do here.').waitFor();
  expect(await server.ok<Job>('getJob', { params: { id: planId } })).toMatchObject({
    state: 'done',
    counts: [{ label: 'repaired: Matched in LinkedIn', count: 37 }],
  });
  const { headline, banners } = await server.ok<Overview>('getOverview');
  expect(headline!.seatsThatSync).toBeGreaterThanOrEqual(before.headline!.seatsThatSync + 37);
  expect(banners.map(({ kind }) => kind)).toEqual(['demo']);
  expect(faults).toEqual([]);
});

test('the other side accepts invitations, is edited by hand, and carries an export over', async () => {
  const { page, faults } = view;
  await settledPage(page, '/act-as-linkedin');
  const invited = page.getByRole('region', { name: 'Open invitations' }).getByRole('listitem');
  const open = await invited.count();
  await invited
    .first()
    .getByRole('button', { name: /^Accept with another LinkedIn profile/u })
    .click();
  await expect.poll(() => invited.count()).toBe(open - 1);

  await page.getByRole('searchbox', { name: 'Search' }).fill('fleming');
  await page.getByRole('button', { name: of('Edit', 'Noah Fleming') }).click();
  await page.getByLabel('Email').fill('noah@northwind-group.example');
  await page.getByRole('button', { name: 'Save in Admin Center' }).click();
  await page.getByText('This user is managed by your identity provider.', { exact: true }).waitFor();
  expect(faults).toEqual([]);
});

test('the other side breaks no accessibility rule and stays within its edges', async () => {
  const { page, faults } = view;
  await settledPage(page, '/act-as-linkedin');
  await page.getByRole('searchbox', { name: 'Search' }).fill('zoë');
  await page.getByRole('button', { name: of('Edit', 'Zoë Clarke') }).click();
  expect(await faultsOf(page)).toEqual([]);
  expect(faults).toEqual([]);
});

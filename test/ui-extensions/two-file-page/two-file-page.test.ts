import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOf, openBrowser } from '../console/console-page.ts';
import { faultsOf } from '../console/inspect-page.ts';

const root = resolve(import.meta.dirname, '../../..');
const built = join(root, 'ui-extensions/console/dist/two-file-page.html');
/** Whole minutes, as the page asks for them. */
const exported = new Date(Math.floor(Date.now() / 60_000 - 60) * 60_000).toISOString();
const people = 40;

/** Semicolons and Windows-1252, with a header for the email that nobody knows, and one row that lacks columns. */
const crmList = [
  'Id;FirstName;LastName;Dienstpost;IsActive;EmployeeNumber',
  ...Array.from({ length: people }, (_, n) => `0050000000000${10 + n};Jürgen${n};Müller${n};j${n}@acme.example;true;E${n}`),
  '0050000000000999;Short',
  '',
].join('\r\n');
/** Five on the old domain, two who differ otherwise, one nobody knows. */
const licenseEmail = (n: number): string =>
  n < 5 ? `j${n}@old-acme.example` : n === 5 ? 'juergen@acme.example' : n === 6 ? 'j6+sales@acme.example' : `j${n}@acme.example`;
const licenseList = [
  'invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status,license_type,license_status',
  ...Array.from(
    { length: people },
    (_, n) => `${licenseEmail(n)},Jürgen${n},Müller${n},E${n},active,Sales Navigator Advanced Plus,Activated`,
  ),
  'nobody@elsewhere.example,Zoë,Unknown,X1,active,Sales Navigator Advanced Plus,Activated',
  '',
].join('\n');

let browser: Browser;
let context: BrowserContext;
let page: Page;
const asked: string[] = [];
const faults: string[] = [];
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seatmatch-two-file-page-'));
  await writeFile(join(dir, 'benutzer.csv'), Buffer.from(crmList, 'latin1'));
  await writeFile(join(dir, 'users.csv'), licenseList);
  browser = await openBrowser();
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  await context.setOffline(true);
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(built).href);
});

afterAll(async () => {
  await browser.close();
});

const seatmatch = (command: string, ...options: string[]) =>
  promisify(execFile)(process.execPath, [join(root, 'server/cli.ts'), command, ...options], { cwd: dir });

const flags = [
  ...['--licenses', 'users.csv', '--crm', 'benutzer.csv', '--map', 'crm:Dienstpost=email', '--admin-center-count', String(people + 1)],
  ...['--exported-at', exported, '--crm-exported-at', exported, '--company-domain', 'acme.example'],
  ...['--domain-alias', 'old-acme.example=acme.example'],
];

async function download(name: string | RegExp): Promise<{ readonly name: string; readonly text: string }> {
  const [taken] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { name: taken.suggestedFilename(), text: (await contentOf(taken)).toString() };
}

test('two files compared from disk without a network give the bytes of the command line: report, rejects and upload', async () => {
  const asCommand = Promise.all([
    seatmatch('reconcile', ...flags, '--format', 'csv', '--out', 'report.csv', '--rejects', 'rejects.csv'),
    seatmatch('plan', ...flags, '--out', 'plan'),
  ]);
  const region = (name: RegExp) => page.getByRole('region', { name });
  const licenses = region(/people from LinkedIn/);
  const crm = region(/people from the CRM/);
  expect(await faultsOf(page)).toEqual([]);

  // Dropped in the wrong place, LinkedIn's list finds its own.
  await crm.locator('input[type=file]').setInputFiles(join(dir, 'users.csv'));
  await licenses.getByText('LinkedIn Admin Center export').waitFor();
  await crm.locator('input[type=file]').setInputFiles(join(dir, 'benutzer.csv'));
  await crm.getByText(/No column holds the email/).waitFor();
  await crm.getByText(/read as Windows-1252/).waitFor();
  await crm.getByLabel('What is the column Dienstpost?').selectOption('email');
  await crm.getByRole('button', { name: 'Use these columns' }).click();
  await crm.getByText('Nothing needed is missing').waitFor();
  await licenses.getByLabel(/How many users does Admin Center show/).fill(String(people + 1));
  await licenses.getByText(`${people + 1} rows, complete.`).waitFor();
  for (const side of [licenses, crm]) await side.getByLabel(/When did you/).fill(exported.slice(0, 16));
  await page.getByLabel('Company domains').fill('acme.example');
  await page.getByLabel('Domains that changed').fill('old-acme.example=acme.example');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByRole('heading', { name: 'Result' }).waitFor();

  await asCommand;
  const fromDisk = (name: string) => readFile(join(dir, name), 'utf8');
  expect((await download('Download report (CSV)')).text).toBe(await fromDisk('report.csv'));
  expect((await download('Download the rows that could not be used')).text).toBe(await fromDisk('rejects.csv'));
  const upload = await download(/^Download (domain|email)-change/);
  const planned = (await readdir(join(dir, 'plan'))).find((name) => /^(domain|email)-change/.test(name))!;
  expect(upload.text).toBe(await fromDisk(join('plan', planned)));
  expect(upload.text.split('\r\n')).toHaveLength(5);
  const withoutRun = (name: string) => name.replace(/-[0-9a-f]{8}-/, '-RUN-');
  expect(withoutRun(upload.name)).toBe(withoutRun(planned));
  expect((await download('Download left-out.csv')).text).toBe(await fromDisk(join('plan', 'left-out.csv')));
});

test('the table finds, filters and sorts people, and a person says why with the differing characters marked', async () => {
  expect(await page.getByTestId('seats-that-sync').textContent()).toBe('33 of 41');
  const table = page.getByRole('table', { name: 'People with both emails, status and next step' });
  const names = () => table.getByRole('rowheader').allTextContents();
  await expect.poll(names).toHaveLength(8);
  await page.getByLabel('Search').fill('+sales');
  await expect.poll(names).toEqual(['Jürgen6 Müller6']);
  expect(await table.locator('mark').allTextContents()).toEqual([expect.stringContaining('+sales')]);
  await page.getByLabel('Search').fill('');
  await table.getByRole('button', { name: 'Emails' }).click();
  await expect.poll(async () => (await names())[0]).toBe('Jürgen0 Müller0');
  await table.getByRole('button', { name: 'Emails' }).click();
  await expect.poll(async () => (await names())[0]).toBe('Zoë Unknown');
  expect(await faultsOf(page)).toEqual([]);

  await page
    .getByRole('button', { name: /^Jürgen0|Zoë Unknown/ })
    .first()
    .press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Zoë Unknown' });
  await dialog.getByRole('heading', { name: '1. Who is it?' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('the page asks for nothing, and could not: whatever tries to leave it is refused', async () => {
  expect(asked.filter((url) => !/^(file|blob):/.test(url))).toEqual([]);
  expect(asked.filter((url) => url.startsWith('file:'))).toEqual([pathToFileURL(built).href]);
  expect(faults).toEqual([]);
  await context.setOffline(false);
  let heard = 0;
  const server = createServer((_request, response) => {
    heard += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const refused = await page.evaluate(
    async (url) => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
      const failed = (element: HTMLElement) => new Promise((over) => element.addEventListener('error', over));
      await fetch(url).catch(() => {});
      const image = new Image();
      const script = document.createElement('script');
      const over = Promise.all([failed(image), failed(script)]);
      image.src = url;
      script.src = url;
      document.head.append(script);
      await over;
      return violations;
    },
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  );
  expect([...new Set(refused)].sort()).toEqual(['connect-src', 'img-src', 'script-src-elem']);
  expect(heard).toBe(0);
  await new Promise((closed) => server.close(closed));
});

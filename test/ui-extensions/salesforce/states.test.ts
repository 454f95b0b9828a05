import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { PanelHosts, PanelPeople } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../../server/running-server.ts';
import { openBrowser } from '../console/console-page.ts';
import { violations } from '../console/inspect-page.ts';
import { faultsOf, openPanel, orgOf, type PanelView, picture } from './panel-page.ts';
import type { Org } from './preview/apex-bridge.ts';
import { orgWith } from './preview/named-credential.ts';
import { type Preview, servePreview } from './preview/serve.ts';

// The base components are compiled here where nobody did it before: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let browser: Browser;
let server: TestServer;
let preview: Preview;
let org: Org;
beforeAll(async () => {
  browser = await openBrowser();
  server = await startTestServer();
  org = await orgOf(server);
  preview = await servePreview(org);
});
afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await server?.stop();
});
beforeEach(() => {
  org.permission = 'act';
  preview.org = org;
});

async function walk(view: PanelView, steps: (page: Page) => Promise<void>): Promise<void> {
  const { page, faults, context } = await openPanel(browser, preview, view);
  await steps(page);
  expect(faults).toEqual([]);
  await context.close();
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

// In this order: the server learns as the tests go on.

test('until the server answers the page has the shape of what comes, and says that it loads', async () => {
  const answer = Promise.withResolvers<void>();
  const send: Org['send'] = async (...asked) => {
    await answer.promise;
    return org.send(...asked);
  };
  preview.org = { ...org, send };
  await walk({ isLoading: true }, async (page) => {
    await page.getByRole('status').getByText('Loading').waitFor();
    await picture(page, 'loading');
    expect(await violations(page)).toEqual([]);
    answer.resolve();
    await page.getByText('Nothing compared yet').first().waitFor();
  });
});

test('before anything was compared the panel says what to do first', () =>
  walk({}, async (page) => {
    await page.getByText('Nothing compared yet').first().waitFor();
    await picture(page, 'empty');
    expect(await faultsOf(page)).toEqual([]);
  }));

test('where nobody is Not Matched the panel says so', async () => {
  const people = testPeople(40);
  await server.compare(licensesCsv(people), crmCsv(people));
  await walk({}, async (page) => {
    await page.getByText('Everyone is matched.').first().waitFor();
    await picture(page, 'everyone-matched');
    expect(await faultsOf(page)).toEqual([]);
  });
});

const longName = 'Wolfeschlegelsteinhausenbergerdorff';
const people = testPeople(400, (index) => index % 4 === 0);
const longest = {
  id: '9001',
  given: 'Hubert Blaine',
  family: longName,
  license: `hubert.blaine.${longName.toLowerCase()}@a-rather-long-old-name-of-a-company.example`,
  crm: `hubert.blaine.${longName.toLowerCase()}@acme.example`,
};

test('a hundred people come page by page from the server, are sorted and searched there, and the names of all fit on a phone', async () => {
  const all = [...people, longest];
  await server.compare(licensesCsv(all), crmCsv(all), { answers: { oddRun: 'release' } });
  await walk({}, async (page) => {
    await button(page, 'Not Matched').first().click();
    const rows = page.getByRole('table', { name: 'People' }).getByRole('row');
    const first = rows.nth(1).getByRole('button');
    await page.getByText('101 people', { exact: true }).waitFor();
    await button(page, 'Name').click();
    await page.getByRole('columnheader', { name: 'Name' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    const { rows: sorted } = await server.ok<PanelPeople>('listPanelPeople', { query: { sort: 'name', order: 'asc', limit: '50' } });
    await first.getByText(sorted[0]!.name, { exact: true }).waitFor();
    await button(page, 'Next').click();
    await first.getByText(sorted[25]!.name, { exact: true }).waitFor();
    await button(page, 'Previous').click();
    await first.getByText(sorted[0]!.name, { exact: true }).waitFor();
    await page.getByRole('searchbox').fill('nobody like that');
    await page.getByRole('searchbox').press('Enter');
    await page.getByText('Nobody fits this search.').waitFor();
    await picture(page, 'nobody-found');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('searchbox').fill(longName);
    await page.getByRole('searchbox').press('Enter');
    await first.getByText(longName).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await first.click();
    await page.getByRole('heading', { level: 1, name: longName }).waitFor();
    await page.getByRole('heading', { name: 'What differs' }).waitFor();
    await picture(page, 'long-name');
    expect(await faultsOf(page)).toEqual([]);
  });
});

test.each<PanelView>([{ theme: 1 }, { theme: 2, scheme: 'dark' }, { theme: 2, dir: 'rtl' }, { theme: 1, width: 360 }])(
  '%o: overview, people, person and plan are whole',
  (view) =>
    walk(view, async (page) => {
      const name = Object.values(view).join('-');
      const look = async (what: string) => {
        await picture(page, `${name}-${what}`);
        expect(await faultsOf(page), what).toEqual([]);
      };
      await page.getByRole('heading', { name: 'Root causes' }).waitFor();
      await look('overview');
      const { x, width } = (await page.locator('h1').boundingBox())!;
      const refresh = (await button(page, 'Look again').boundingBox())!;
      expect(refresh.x < x + width / 2).toBe(view.dir === 'rtl');
      await button(page, 'Not Matched').first().click();
      const person = page.locator('tbody').getByRole('button').first();
      await person.waitFor();
      await look('people');
      await person.click();
      await page.getByRole('heading', { name: 'How we got there' }).waitFor();
      await look('person');
      await button(page, 'Repair this person').click();
      await page.getByRole('heading', { name: 'What will happen' }).waitFor();
      await button(page, 'Approve …').click();
      await page.getByRole('alertdialog').waitFor();
      await look('plan');
      await page.keyboard.press('Escape');
      await button(page, 'Cancel the plan').click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the plan' }).click();
      await button(page, 'Approve …').waitFor({ state: 'detached' });
    }),
);

/** Goes on by Tab alone until the focus is on what is looked for; a keyboard that never gets there fails. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.locator('button:focus, input:focus, select:focus, a:focus').filter({ hasText: name });
  for (let steps = 0; steps < 60; steps += 1) {
    await page.keyboard.press('Tab');
    if ((await wanted.count()) > 0) return;
  }
  throw new Error(`Sixty steps of Tab do not lead to ${name}.`);
}

test('whoever has only a keyboard gets from the overview to an approval and back', () =>
  walk({}, async (page) => {
    await page.getByRole('heading', { name: 'Root causes' }).waitFor();
    await tabTo(page, 'Not Matched');
    await page.keyboard.press('Enter');
    await page.locator('h1:focus', { hasText: 'People' }).waitFor();
    await page.locator('tbody').getByRole('button').first().waitFor();
    const first = (await page.locator('tbody').getByRole('button').first().textContent())!;
    await tabTo(page, first);
    await page.keyboard.press('Enter');
    await page.locator('h1:focus', { hasText: first }).waitFor();
    await button(page, 'Repair this person').waitFor();
    await tabTo(page, 'Repair this person');
    await page.keyboard.press('Enter');
    await button(page, 'Approve …').waitFor();
    await tabTo(page, 'Approve …');
    await page.keyboard.press('Enter');
    await page.locator('[role="alertdialog"]:focus').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('button:focus', { hasText: /^Approve:/u }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('button:focus', { hasText: 'Approve …' }).waitFor();
    await page.keyboard.press('Shift+Tab');
    for (const place of [first, 'People']) {
      await button(page, 'Back').focus();
      await page.keyboard.press('Enter');
      await page.locator('h1:focus', { hasText: place }).waitFor();
    }
  }));

test('a plan over the limit says what stops it and what to do, and cannot be approved', () =>
  walk({}, async (page) => {
    await button(page, /^Repair \d+ people/u)
      .first()
      .click();
    await page.getByText(/your limit is \d+\. Nothing was changed\./u).waitFor();
    expect(await button(page, 'Approve …').isDisabled()).toBe(true);
    await picture(page, 'stopped');
    expect(await faultsOf(page)).toEqual([]);
  }));

test('a plan that somebody else cancelled meanwhile is refused with the reason, and shown as it is now', () =>
  walk({}, async (page) => {
    await button(page, 'Not Matched').first().click();
    await page.locator('tbody').getByRole('button').first().click();
    await button(page, 'Repair this person').click();
    await button(page, 'Approve …').click();
    const { rows } = await server.ok<{ rows: { id: string }[] }>('listPlans', { query: { limit: '1' } });
    await server.ok('cancelPlan', { params: { id: rows[0]!.id }, body: {} });
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Approve:/u })
      .click();
    await page.getByRole('alert').waitFor();
    await picture(page, 'refused');
    await page.getByText('Cancelled', { exact: true }).waitFor();
    await button(page, 'Approve …').waitFor({ state: 'detached' });
    expect(await violations(page)).toEqual([]);
  }));

test('on the record of a user stands their status, and a warning once Salesforce has another email than was compared', async () => {
  const { rows } = await server.ok<{ rows: { crmUser: { id: string } | null }[] }>('listPeople', {
    query: { status: 'matched', limit: '1' },
  });
  const recordId = rows[0]!.crmUser!.id;
  await walk({ place: 'record', recordId }, async (page) => {
    await page.getByText('Emails agree').or(page.getByText('Matched')).first().waitFor();
    await picture(page, 'record');
    expect(await faultsOf(page)).toEqual([]);
  });
  preview.org = { ...org, emailOf: () => 'somebody.else@acme.example' };
  await walk({ place: 'record', recordId, width: 360 }, async (page) => {
    await page.getByText(/LinkedIn stops syncing this person/u).waitFor();
    await picture(page, 'record-warning');
    expect(await violations(page)).toEqual([]);
  });
  preview.org = org;
  await walk({ place: 'record', recordId: '0055g00000nobodyAAA' }, async (page) => {
    await page.getByRole('heading', { level: 2, name: 'Seatmatch' }).waitFor();
    await picture(page, 'record-nobody');
    expect(await violations(page)).toEqual([]);
  });
});

test.each<PanelView>([{ place: 'panel' }, { place: 'summary' }, { place: 'record', recordId: '0055e000000AnnEAAW' }])(
  '%o: somebody without a permission set is told whom to ask, and the server is not',
  async (view) => {
    org.permission = 'none';
    await walk(view, async (page) => {
      await page.getByRole('alert').getByText('You have no access to Seatmatch.').waitFor();
      await picture(page, `no-access-${view.place}`);
      expect(await violations(page)).toEqual([]);
    });
  },
);

test('a server that does not answer, or a proxy that answers in its stead, is said in the panel’s own words; trying again goes on', () =>
  walk({}, async (page) => {
    for (const url of ['http://127.0.0.1:9', preview.url]) {
      preview.org = orgWith({ url, tokens: { read: 'r', act: 'a' }, orgId: '00D', userId: '005', userName: 'Ann' });
      await button(page, 'Look again').click();
      await page.getByRole('alert').getByText('Seatmatch does not answer.').waitFor();
      // What was shown stays: it was true a moment ago.
      expect(await page.getByRole('heading', { name: 'Seats that sync' }).count()).toBe(1);
      await picture(page, 'no-answer');
      expect(await violations(page)).toEqual([]);
      preview.org = org;
      await button(page, 'Try again').click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    }
  }));

test('an org whose access was taken back is told so, from the first look on', async () => {
  const { salesforce } = await server.ok<PanelHosts>('getPanelHosts');
  await server.ok('takePanelAccessBack', { params: { id: salesforce[0]!.id } });
  await walk({}, async (page) => {
    await page.getByRole('alert').getByText('The access of this Salesforce org was taken back in Seatmatch.').waitFor();
    await picture(page, 'not-connected');
    expect(await violations(page)).toEqual([]);
  });
});

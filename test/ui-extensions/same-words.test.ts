import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { PanelPersonDetail, PanelRecord } from '../../server/api.ts';
import { openBrowser, openConsole, settledPage } from './console/console-page.ts';
import { type HubSpotCompany, matched, moved, startCompany, superAdmin } from './hubspot/hubspot-company.ts';
import { type HubSpotHost, startHubSpotHost } from './hubspot/hubspot-page.ts';
import { openPanel, orgOf } from './salesforce/panel-page.ts';
import { type Preview, servePreview } from './salesforce/preview/serve.ts';

// Two panels are compiled and a company is made: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let company: HubSpotCompany;
let host: HubSpotHost;
let preview: Preview;
let browser: Browser;
beforeAll(async () => {
  [company, browser] = await Promise.all([startCompany(), openBrowser()]);
  await company.compare();
  host = await startHubSpotHost(company);
  // The console and both panels are asked by the same server, so a Salesforce org is let in to the contract of this portal.
  preview = await servePreview(await orgOf(company.server));
});
afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await host?.close();
  await company?.stop();
});

const people = {
  'Not Matched': moved,
  Matched: matched,
} as const;

test.each(Object.entries(people))(
  'somebody who is %s is told of in the same words by the console and on the pages of both panels',
  async (status, who) => {
    const { person } = await company.server.ok<PanelRecord>('getPanelRecord', { query: { crmUserId: String(who.userId) } });
    const { key, name, reason, sentence, nextStep } = person as PanelPersonDetail;
    expect(person!.status).toBe(status);

    const inConsole = await openConsole(browser, company.server);
    await settledPage(inConsole.page, `/people/${encodeURIComponent(key)}`);
    const onUser = await openPanel(browser, preview, { place: 'record', recordId: String(who.userId) });
    const onContact = await host.open(browser, { entry: 'OwnerCard', userId: superAdmin, ownerId: who.ownerId });
    const opened = [inConsole, onUser, onContact];
    if (status === 'Not Matched') {
      const inSalesforce = await openPanel(browser, preview);
      const inHubSpot = await host.open(browser, { entry: 'Home', userId: superAdmin });
      for (const { page } of [inSalesforce, inHubSpot]) {
        await page.getByRole('button', { name: 'Not Matched', exact: true }).click();
        await page.getByRole('button', { name, exact: true }).first().click();
      }
      opened.push(inSalesforce, inHubSpot);
    }
    for (const { page, faults } of opened) {
      for (const said of [reason, sentence, nextStep]) await page.getByText(said).first().waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    }
  },
);

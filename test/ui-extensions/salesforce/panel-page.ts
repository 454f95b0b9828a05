import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { PanelAccessGiven } from '../../../server/api.ts';
import { salesforceId } from '../../../server/core/salesforce-id.ts';
import type { TestServer } from '../../server/running-server.ts';
import { violations } from '../console/inspect-page.ts';
import type { Org } from './preview/apex-bridge.ts';
import { orgWith } from './preview/named-credential.ts';
import type { Preview } from './preview/serve.ts';

/** An org that this server lets in, with an admin of it who may act. */
export async function orgOf(server: Pick<TestServer, 'url' | 'ok'>): Promise<Org> {
  const orgId = salesforceId('00D5e000000ProD', '00D')!;
  const { tokens } = await server.ok<PanelAccessGiven>('givePanelAccess', { body: { orgId } });
  return orgWith({ url: server.url, tokens, orgId, userId: salesforceId('0055e000000AnnE', '005')!, userName: 'Ann Łukasz' });
}

export interface PanelView {
  readonly place?: 'panel' | 'summary' | 'record';
  readonly recordId?: string;
  readonly theme?: 1 | 2;
  readonly scheme?: 'light' | 'dark';
  readonly dir?: 'ltr' | 'rtl';
  readonly width?: number;
  /** True: come back while the server still thinks. */
  readonly isLoading?: boolean;
}

export interface PanelPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page, broken security policy, whatever could not be loaded, requests to foreign hosts. */
  readonly faults: string[];
}

export async function openPanel(browser: Browser, preview: Preview, view: PanelView = {}): Promise<PanelPage> {
  const { width = 1280, isLoading = false, ...asked } = view;
  const context = await browser.newContext({
    baseURL: preview.url,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  // So that a test can let the seconds pass after which the panel looks again.
  await page.clock.install();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== preview.url) faults.push(`asked a foreign host: ${request.url()}`);
  });
  await page.goto(`/?${new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]))}`);
  if (isLoading) await page.locator('c-seatmatch-skeleton').first().waitFor();
  else await settled(page);
  return { page, context, faults };
}

/** Waits until nothing is being loaded any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1, main h2, main [role="alert"]').first().waitFor();
  await page.locator('c-seatmatch-skeleton, main [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** What the reader sees, for whoever looks at pictures: only where a folder for them is named. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SEATMATCH_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/salesforce-${name}.png`, fullPage: true });
}

/**
 * What is wrong with the page as it stands there: accessibility rules it breaks, and what runs over the edge of its window or of a phone. Dark
 * and the other look are pages of their own here. Empty: nothing. The window is as before afterwards.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults = [...(await violations(page)), ...(await overTheEdge(page))];
  const desk = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: desk.height });
  faults.push(...(await overTheEdge(page)).map((fault) => `on a phone: ${fault}`));
  await page.setViewportSize(desk);
  return faults;
}

async function overTheEdge(page: Page): Promise<string[]> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return over > 0 ? [`runs ${over} px over the edge`] : [];
}

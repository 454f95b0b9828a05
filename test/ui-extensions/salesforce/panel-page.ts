import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestServer } from '../../server/running-server.ts';
import type { Org } from './preview/apex-bridge.ts';
import type { Preview } from './preview/serve.ts';

/** An org whose Named Credential leads to this server, as somebody with these permissions sees it. */
export function orgOf(server: Pick<TestServer, 'fetch'>): Org {
  return {
    permission: 'act',
    send: (rest, { method, headers, body }) => server.fetch(`/api/${rest}`, { method, headers, body: body ?? null }),
    emailOf: () => null,
  };
}

export interface PanelView {
  readonly place?: 'panel' | 'summary' | 'record';
  readonly recordId?: string;
  readonly theme?: 1 | 2;
  readonly scheme?: 'light' | 'dark';
  readonly dir?: 'ltr' | 'rtl';
  readonly width?: number;
}

export interface PanelPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page, broken security policy, whatever could not be loaded, requests to foreign hosts. */
  readonly faults: string[];
}

export async function openPanel(browser: Browser, preview: Preview, view: PanelView = {}): Promise<PanelPage> {
  const { width = 1280, ...asked } = view;
  const context = await browser.newContext({
    baseURL: preview.url,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== preview.url) faults.push(`asked a foreign host: ${request.url()}`);
  });
  await page.goto(`/?${new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]))}`);
  await settled(page);
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

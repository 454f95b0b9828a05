import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestServer } from '../../server/running-server.ts';

export interface ConsolePage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong behind the reader's back: errors of the page, broken security policy, requests to foreign hosts. */
  readonly faults: readonly string[];
}

export interface ConsoleView {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  /** False: nobody has signed in yet. */
  readonly signedIn?: boolean;
}

/** A browser window of its own on the running server's console. */
export async function openConsole(browser: Browser, server: TestServer, view: ConsoleView = {}): Promise<ConsolePage> {
  const { width = 1280, scheme = 'light', signedIn = true } = view;
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    acceptDownloads: true,
  });
  if (signedIn) {
    const [name, value] = server.cookie.split('=', 2) as [string, string];
    await context.addCookies([{ name, value, url: server.url }]);
  }
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // A refused upload is answered with 422, which the browser reports by itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(server.url).origin && protocol !== 'blob:') faults.push(`asked a foreign host: ${origin}`);
  });
  return { page, context, faults };
}

/** Waits until what the page reads has come. */
export async function settledPage(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => document.querySelector('main [aria-busy="true"]') === null);
}

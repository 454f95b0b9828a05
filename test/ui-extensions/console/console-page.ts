import { type Browser, type BrowserContext, chromium, type Download, type Page } from 'playwright-core';
import { inject } from 'vitest';
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

/** The browser that the test files of a run share: what is opened by this hand goes away at its `close()`. */
export function openBrowser(): Promise<Browser> {
  return chromium.connectOverCDP(inject('testBrowser'));
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
  await nothingBusy(page);
}

/** Goes to another page than the one that is shown as a link of the console does, without loading the console anew, and waits for it. */
export async function nextPage(page: Page, address: string): Promise<void> {
  await page.evaluate((wanted) => {
    document.querySelector('h1')!.dataset.left = '';
    history.pushState(null, '', wanted);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
  await page.locator('h1[data-left]').waitFor({ state: 'detached' });
  await page.locator('h1').waitFor();
  await nothingBusy(page);
}

function nothingBusy(page: Page): Promise<void> {
  return page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** What was downloaded: the browser is another process's, so its file is brought here. */
export async function contentOf(download: Download): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await download.createReadStream()) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

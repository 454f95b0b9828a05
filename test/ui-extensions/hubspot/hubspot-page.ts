import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Opened } from './host/host-contract.ts';
import { buildHost, bundle, type Entry, extension, makeProject, publicUrl, scratchFolder } from './make-bundles.ts';

/** HubSpot as far as a browser sees it: a page with our bundles, and a proxy that signs what they ask. */
export interface HubSpotHost {
  /** Opens one of the three, as this user of this portal. */
  open(browser: Browser, view: HostView): Promise<HostPage>;
  /** Where such a page is. */
  addressOf(view: Omit<HostView, 'width'>): string;
  close(): Promise<void>;
}

export interface HostView {
  readonly entry: Entry;
  readonly userId: number;
  readonly portalId?: number;
  readonly width?: number;
  /** Of the record that is open. */
  readonly ownerId?: string;
}

export interface HostPage {
  readonly page: Page;
  /** Errors of the page and its Worker. */
  readonly faults: readonly string[];
}

export interface HostOptions {
  /** Our server, which holds `address` for its public one. */
  readonly address: string;
  /** Of the app, by which requests are signed. */
  readonly clientSecret: string;
  readonly portalId: number;
}

const html =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Seatmatch in a stand-in for HubSpot</title><link rel="stylesheet" href="/host.css"></head><body><div id="host"></div><script src="/host-page.js"></script></body></html>';
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

/** Makes the project as an admin does, bundles it as HubSpot does, and serves it beside HubSpot's signing proxy. */
export async function startHubSpotHost({ address, clientSecret, portalId }: HostOptions): Promise<HubSpotHost> {
  const { folder, remove } = scratchFolder();
  const host = path.join(folder, 'host');
  await makeProject(path.join(folder, 'project'));
  await Promise.all([bundle(path.join(folder, 'project'), folder), buildHost(host)]);

  const files = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    if (pathname === '/') return response.setHeader('content-type', 'text/html').end(html);
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    const found = [host, folder, path.join(import.meta.dirname, 'host')]
      .map((place) => path.join(place, pathname))
      .find((file) => existsSync(file));
    if (!found) return response.writeHead(404).end();
    return response.setHeader('content-type', types[path.extname(found)] ?? 'text/plain').end(readFileSync(found));
  });
  files.listen(0, '127.0.0.1');
  await once(files, 'listening');
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;

  const proxy = spawn(process.execPath, [path.join(import.meta.dirname, 'sign-requests.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      // What it asks is on loopback, whatever the machine's proxy variables say.
      NO_PROXY: '*',
      no_proxy: '*',
      CLIENT_SECRET: clientSecret,
      PUBLIC_URL: publicUrl,
      SERVER_URL: address,
      PORTAL_ID: String(portalId),
      PROXY_MODULE: path.join(extension, 'node_modules/@hubspot/ui-extensions-dev-server/dist/lib/proxy/AppProxyService.js'),
    },
  });
  const [line] = (await once(proxy.stdout, 'data')) as [Buffer];
  const proxyUrl = `http://127.0.0.1:${line.toString().trim()}`;

  const addressOf: HubSpotHost['addressOf'] = ({ entry, userId, ownerId, portalId: asked = portalId }) => {
    const opened: Opened = {
      bundle: `${origin}/${entry}/${entry}.js`,
      context: {
        location: entry === 'Home' ? 'home' : entry === 'OwnerCard' ? 'crm.record.sidebar' : 'settings',
        portal: { id: asked, timezone: 'UTC' },
        user: { id: userId, email: `user-${userId}@acme.example` },
      },
      properties: ownerId === undefined ? {} : { hubspot_owner_id: ownerId },
      proxy: proxyUrl,
      place: entry === 'OwnerCard' ? 'sidebar' : 'page',
    };
    return `${origin}/#${encodeURIComponent(JSON.stringify(opened))}`;
  };

  return {
    addressOf,
    async open(browser, { width = 1280, ...view }) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
      });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      await page.goto(addressOf(view));
      return { page, faults };
    },
    async close() {
      proxy.stdin.end();
      if (proxy.exitCode === null) await once(proxy, 'exit');
      files.close();
      files.closeAllConnections();
      remove();
    },
  };
}

/** What HubSpot's components would have to stand for and nobody does. */
export const missingStandIns = (page: Page): Promise<(string | undefined)[]> =>
  page.locator('[data-missing]').evaluateAll((nodes) => nodes.map((node) => (node as HTMLElement).dataset.missing));

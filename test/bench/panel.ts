/**
 * How soon the panels in Salesforce and in HubSpot show something once the host has handed over control, with many people and with none.
 *
 *     npm run bench:panel                    10,000 people, 9 rounds
 *     npm run bench:panel -- --people 2000 --rounds 3
 *
 * The components run in Chromium with the real base components and ask a real server over the same way as an org does, save the network between
 * them; HubSpot's bundle runs in a Worker, and each request goes through HubSpot's own signing proxy and is verified. The clock starts when the
 * host calls the panel (everything is loaded then) and ends with the frame in which rows are there.
 * An empty panel in the same run is what the machine can do; the ratio to it says what the people cost.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { type HubSpotPortal, startHubSpotSimulator } from '../../connectors/hubspot/simulator.ts';
import { launchChromium } from '../chromium.ts';
import { startHubSpotHost } from '../ui-extensions/hubspot/hubspot-page.ts';
import { buildPreview, project } from '../ui-extensions/salesforce/preview/build.ts';
import { type OwnServer, startOwnServer } from '../ui-extensions/salesforce/preview/own-server.ts';
import { servePreview } from '../ui-extensions/salesforce/preview/serve.ts';
import { makeLists } from './make-lists.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '9' } } });
const people = Number(values.people);
const rounds = Number(values.rounds);
const goalMs = 300;

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** Brings both lists and waits for the comparison. */
async function compare(server: OwnServer): Promise<void> {
  const lists = makeLists(people);
  const bring = async (side: string, file: string) =>
    ((await server.ask('POST', `/api/uploads?name=${side}.csv&side=${side}`, readFileSync(file, 'utf8'))) as { id: string }).id;
  const [crm, licenses] = [await bring('crm', lists.crm), await bring('licenses', lists.licenses)];
  const { id } = (await server.ask('POST', '/api/reconciliations', { crm, licenses })) as { id: string };
  for (;;) {
    const { state } = (await server.ask('GET', `/api/reconciliations/${id}`)) as { state: string };
    if (state === 'done') return;
    if (state !== 'queued' && state !== 'running') throw new Error(`The comparison ended as ${state}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** In the page, before anything else there: notes the frame in which each selector finds something first, through all shadows. */
function watch(selectors: Readonly<Record<string, string>>): void {
  const find = Document.prototype.querySelector;
  const seen: Record<string, number> = {};
  Object.assign(window, { seen });
  const look = () => {
    for (const [name, selector] of Object.entries(selectors))
      if (!(name in seen) && find.call(document, selector)) seen[name] = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  document.addEventListener(
    'click',
    () => {
      seen.click = performance.now();
    },
    true,
  );
}

type Seen = Readonly<Record<string, number>>;

/** A panel in its host: where it is, and what of it shows that something is there. */
interface Shown {
  readonly url: string;
  readonly empty: string;
  readonly overview: string;
  readonly list: string;
}

interface Took {
  readonly overview: number;
  readonly list: number | null;
}

async function round(browser: Browser, { url, empty, overview: numbers, list }: Shown, isEmpty: boolean): Promise<Took> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch, { empty, overview: numbers, list });
    await page.goto(url);
    await page
      .locator(isEmpty ? empty : numbers)
      .first()
      .waitFor();
    const seenAt = (name: string) => page.evaluate((asked) => (window as unknown as { seen: Seen }).seen[asked]!, name);
    const handedOver = await page.evaluate(() => performance.getEntriesByName('host-handed-over')[0]!.startTime);
    const overview = (await seenAt(isEmpty ? 'empty' : 'overview')) - handedOver;
    if (isEmpty) return { overview, list: null };
    await page.getByRole('button', { name: 'Not Matched', exact: true }).first().click();
    await page.locator(list).first().waitFor();
    return { overview, list: (await seenAt('list')) - (await seenAt('click')) };
  } finally {
    await context.close();
  }
}

async function measure(browser: Browser, shown: Shown, isEmpty: boolean): Promise<Took> {
  // The first one fills the browser's and the server's caches, as the second look of a day finds them.
  await round(browser, shown, isEmpty);
  const all = [];
  for (let n = 0; n < rounds; n += 1) all.push(await round(browser, shown, isEmpty));
  return { overview: median(all.map(({ overview }) => overview)), list: isEmpty ? null : median(all.map(({ list }) => list!)) };
}

/** Measures both ways, and prints them. */
async function compareHosts(
  name: string,
  browser: Browser,
  hostOf: (server: OwnServer) => Promise<Shown & { stop(): Promise<void> }>,
): Promise<void> {
  const took: Took[] = [];
  for (const server of [none, many]) {
    const host = await hostOf(server);
    try {
      took.push(await measure(browser, host, server === none));
    } finally {
      await host.stop();
    }
  }
  const [{ overview: empty }, { overview, list }] = took as [Took, Took];
  const line = (what: string, ms: number) =>
    say(
      `  ${what.padEnd(22)} ${milliseconds(ms)}   ${(ms / empty).toFixed(2)} × the empty panel, goal ${goalMs} ms: ${ms <= goalMs ? 'met' : 'missed'}`,
    );
  say(`${name}, ${people.toLocaleString('en-US')} people, medians of ${rounds} rounds:`);
  say(`  empty panel            ${milliseconds(empty)}`);
  line('overview', overview);
  line('first rows of the list', list!);
}

async function inSalesforce({ org }: OwnServer): Promise<Shown & { stop(): Promise<void> }> {
  const { url, stop } = await servePreview(org);
  return { url, stop, empty: 'c-seatmatch-empty', overview: 'c-seatmatch-numbers li', list: 'tbody tr' };
}

/** A portal whose super admin has signed in to this server, and the home page of its panel. */
async function inHubSpot({ url, ask }: OwnServer): Promise<Shown & { stop(): Promise<void> }> {
  const clientSecret = 'bench-secret';
  const simulator = await startHubSpotSimulator({
    state: {
      app: { clientId: 'seatmatch', clientSecret, redirectUris: [`${url}/connections/callback`] },
      portals: [benchPortal],
      hasOauthV1: false,
      tellsHubId: true,
    },
  });
  const settings = {
    baseUrl: simulator.url,
    authorizeUrl: `${simulator.url}/oauth/authorize`,
    auth: { clientId: 'seatmatch', clientSecret },
  };
  const asked = { name: 'bench-hubspot', type: 'hubspot', settings };
  const { url: agree } = (await ask('POST', '/api/connections/sign-in', asked)) as { url: string };
  const back = (await fetch(agree, { redirect: 'manual' })).headers.get('location')!;
  await ask('POST', '/api/connections/sign-in/finish', { query: new URL(back).search });
  const { portalId } = benchPortal;
  const host = await startHubSpotHost({ address: url, clientSecret, portalId });
  return {
    url: host.addressOf({ entry: 'Home', userId: 1 }),
    empty: 'main .state-title',
    overview: 'main button',
    list: 'tbody button',
    async stop() {
      await host.close();
      await simulator.close();
    },
  };
}

const benchPortal: HubSpotPortal = {
  portalId: 424_242,
  accountType: 'STANDARD',
  uiDomain: 'app.hubspot.com',
  users: [{ id: '1', email: 'ann@acme.example', firstName: 'Ann', lastName: 'Example', superAdmin: true }],
  owners: [],
  scopes: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'],
  privateAppToken: null,
  refreshTokens: [],
  limit: null,
  daily: null,
};

interface Esbuild {
  transform(source: string, options: { minify: boolean }): Promise<{ code: string }>;
}

/** What a browser loads: minified, and as it travels. */
async function sizes(): Promise<string[]> {
  const { transform } = createRequire(path.join(project, 'package.json'))('esbuild') as Esbuild;
  const folder = await buildPreview();
  const files = (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => path.join(folder, name))
    .filter((file) => file.endsWith('.js') && statSync(file).isFile());
  const groups: [string, (file: string) => boolean][] = [
    ['the panel', (file) => path.basename(file) === 'panel.js'],
    ['LWC and its shadow', (file) => /\/(?:lwc|synthetic-shadow)\.js$/u.test(file)],
    ['base components', (file) => !/\/(?:panel|lwc|synthetic-shadow)\.js$/u.test(file) && !file.includes('iconSvgTemplates')],
    ['icons (on demand)', (file) => file.includes('iconSvgTemplates')],
  ];
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
  return Promise.all(
    groups.map(async ([name, belongs]) => {
      const minified = await Promise.all(
        files.filter(belongs).map(async (file) => (await transform(readFileSync(file, 'utf8'), { minify: true })).code),
      );
      const sum = (size: (code: string) => number) => kilobytes(minified.reduce((total, code) => total + size(code), 0));
      return `${name.padEnd(20)} ${sum((code) => Buffer.byteLength(code)).padStart(9)} minified ${sum((code) => gzipSync(code).length).padStart(8)} gzip`;
    }),
  );
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const milliseconds = (ms: number) => `${ms.toFixed(0)} ms`;

/** HubSpot's proxy signs the address that it calls, so it has to be known before the server starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const browser = await launchChromium();
const none = await startOwnServer({ demo: false, port: await freePort() });
const many = await startOwnServer({ demo: false, port: await freePort() });
try {
  await compare(many);
  await compareHosts('Salesforce', browser, inSalesforce);
  await compareHosts('HubSpot', browser, inHubSpot);
  for (const line of await sizes()) say(`  ${line}`);
} finally {
  await browser.close();
  await none.stop();
  await many.stop();
}

/**
 * How soon the panel in Salesforce shows something once the host has handed over control, with many people and with none.
 *
 *     npm run bench:panel                    10,000 people, 9 rounds
 *     npm run bench:panel -- --people 2000 --rounds 3
 *
 * The components run in Chromium with the real base components and ask a real server over the same way as an org does, save the network between
 * them. The clock starts when the host puts the panel into its page (everything is loaded then) and ends with the frame in which rows are there.
 * An empty panel in the same run is what the machine can do; the ratio to it says what the people cost.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
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

async function round(browser: Browser, url: string, isEmpty: boolean): Promise<{ overview: number; list: number | null }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch, { empty: 'c-seatmatch-empty', overview: 'c-seatmatch-numbers li', list: 'tbody tr' });
    await page.goto(url);
    await page
      .locator(isEmpty ? 'c-seatmatch-empty' : 'c-seatmatch-numbers li')
      .first()
      .waitFor();
    const seenAt = (name: string) => page.evaluate((asked) => (window as unknown as { seen: Seen }).seen[asked]!, name);
    const handedOver = await page.evaluate(() => performance.getEntriesByName('host-handed-over')[0]!.startTime);
    const overview = (await seenAt(isEmpty ? 'empty' : 'overview')) - handedOver;
    if (isEmpty) return { overview, list: null };
    await page.getByRole('button', { name: 'Not Matched', exact: true }).first().click();
    await page.locator('tbody tr').first().waitFor();
    return { overview, list: (await seenAt('list')) - (await seenAt('click')) };
  } finally {
    await context.close();
  }
}

async function measure(browser: Browser, server: OwnServer, isEmpty: boolean) {
  const preview = await servePreview(server.org);
  try {
    // The first one fills the browser's and the server's caches, as the second look of a day finds them.
    await round(browser, preview.url, isEmpty);
    const all = [];
    for (let n = 0; n < rounds; n += 1) all.push(await round(browser, preview.url, isEmpty));
    return { overview: median(all.map(({ overview }) => overview)), list: isEmpty ? null : median(all.map(({ list }) => list!)) };
  } finally {
    await preview.stop();
  }
}

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

const browser = await launchChromium();
const [none, many] = [await startOwnServer({ demo: false }), await startOwnServer({ demo: false })];
try {
  await compare(many);
  const empty = (await measure(browser, none, true)).overview;
  const { overview, list } = await measure(browser, many, false);
  say(`${people.toLocaleString('en-US')} people, medians of ${rounds} rounds:`);
  say(`  empty panel            ${milliseconds(empty)}`);
  say(
    `  overview               ${milliseconds(overview)}   ${(overview / empty).toFixed(2)} × the empty panel, goal ${goalMs} ms: ${overview <= goalMs ? 'met' : 'missed'}`,
  );
  say(
    `  first rows of the list ${milliseconds(list!)}   ${(list! / empty).toFixed(2)} × the empty panel, goal ${goalMs} ms: ${list! <= goalMs ? 'met' : 'missed'}`,
  );
  for (const line of await sizes()) say(`  ${line}`);
} finally {
  await browser.close();
  await none.stop();
  await many.stop();
}

/** The real browser of the browser tests: found on the machine, else installed once. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { alone, execute, installByApt, isDebianAsRoot, isProgram } from './install-by-apt.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the browser that all test files of a run share. */
    testBrowser: string;
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

function chromiumHere(): string | null {
  const folders = ['/usr/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')];
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places, chromium.executablePath()];
  return candidates.find(isProgram) ?? null;
}

async function install(): Promise<void> {
  // Fonts: without one the pages render without text.
  if (isDebianAsRoot()) return installByApt('Chromium for the browser tests', ['chromium', 'fonts-dejavu-core']);
  process.stderr.write('seatmatch: installing Chromium for the browser tests (playwright), about a minute …\n');
  // The command of the playwright that is installed here, so that the browser fits it.
  await execute(process.execPath, [resolve(import.meta.dirname, '../node_modules/playwright-core/cli.js'), 'install', 'chromium'], {
    maxBuffer: 64 * 1024 * 1024,
  });
}

/**
 * The path of a Chromium or Chrome: `CHROMIUM_PATH`, the usual places, else one that it installs.
 * Throws one sentence when there is none and none can be installed.
 */
export async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (isProgram(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, and that is not a program: correct it or unset it.`);
  }
  const here = chromiumHere();
  if (here !== null) return here;
  return alone('chromium', async () => {
    const meanwhile = chromiumHere();
    if (meanwhile !== null) return meanwhile;
    const failure = await install().catch((cause: unknown) => cause);
    const installed = chromiumHere();
    if (installed !== null) return installed;
    throw new Error('The browser tests need Chromium and it could not be installed: install Chromium or Chrome, or set CHROMIUM_PATH.', {
      cause: failure,
    });
  });
}

/**
 * What a browser for people does beside showing pages. The popup of the address bar is a page of its own, loaded for every window, and
 * costs more than most of ours. Only the last switch of this name counts, so playwright's own list, as far as it matters here, is repeated.
 */
const withoutFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
];

async function launchOptions(): Promise<LaunchOptions> {
  return {
    executablePath: await findChromium(),
    args: [
      '--headless',
      '--no-sandbox', // as root, Chromium refuses to run with it
      '--disable-gpu',
      `--disable-features=${withoutFeatures.join(',')}`,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
      '--no-proxy-server', // the pages are on loopback, whatever the machine's proxy variables say
    ],
  };
}

/** A headless browser with a profile of its own, which goes away at `close()`. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(await launchOptions());
}

/**
 * vitest's globalSetup: one browser for the whole run, installed where it is missing before the first test's clock runs, and started only
 * when a file of this run opens the console.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const filters = process.argv.slice(2).filter((argument) => argument !== 'run' && !argument.startsWith('-'));
  const { testFiles } = await project.globTestFiles(filters);
  if (!testFiles.some((file) => readFileSync(file, 'utf8').includes('/console-page.ts'))) return;
  const { args = [], ...options } = await launchOptions();
  const browser = await chromium.launchServer({ ...options, args: [...args, '--remote-debugging-port=0'] });
  project.provide('testBrowser', await ownAddress(browser));
  return () => browser.close();
}

/** Where the browser itself listens: through playwright's server every message would go through this process as well. */
async function ownAddress(browser: BrowserServer): Promise<string> {
  const flag = '--user-data-dir=';
  const profile = browser
    .process()
    .spawnargs.find((argument) => argument.startsWith(flag))!
    .slice(flag.length);
  for (;;) {
    const [port, where] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n');
    if (port && where) return `ws://127.0.0.1:${port}${where}`;
    if (browser.process().exitCode !== null) throw new Error('The browser of the tests ended as it began.');
    await setTimeout(20);
  }
}

/**
 * Makes docs/overview.png from the demo: `node_modules/.bin/node scripts/make-screenshots.ts`, after `npm start` and `npm test` were run once
 * (they build the console and find a browser). Everything else is made and thrown away here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { launchChromium } from '../test/chromium.ts';

const root = resolve(import.meta.dirname, '..');

async function addressOf(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const address = /is ready: (\S+)/u.exec(line)?.[1];
    if (address !== undefined) {
      server.stdout!.resume();
      return address;
    }
  }
  throw new Error('The demo did not start: run npm start to see why.');
}

const data = mkdtempSync(join(tmpdir(), 'seatmatch-screenshots-'));
const server = spawn(process.execPath, [join(root, 'server/main.ts'), '--port', '0'], {
  env: { ...process.env, SEATMATCH_DATA: data },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(server, 'exit');
try {
  const address = await addressOf(server);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 960 }, colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(address);
    await page.getByRole('heading', { name: 'Why people do or do not match' }).waitFor();
    await page.screenshot({ path: join(root, 'docs/overview.png'), animations: 'disabled' });
  } finally {
    await browser.close();
  }
} finally {
  server.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}

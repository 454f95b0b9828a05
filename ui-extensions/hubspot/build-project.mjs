// Makes the project that is uploaded to HubSpot, in dist/: `node build-project.mjs https://seatmatch.acme.com` (or SEATMATCH_PUBLIC_URL).
// `--callback` names where HubSpot sends an admin back to who signs in from the console, if that is not http://localhost:3000.
// Plain JavaScript, no packages, runs on Node 20: an administrator has no need to install anything for it.
//
// HubSpot bundles each page, card and settings folder alone and refuses imports from outside of it. So src/panel/, which they share, is
// copied into each of them here, and is kept once in the repository. (HubSpot's linter recommends npm workspaces instead; those are put
// together by HubSpot's servers, where nobody could try them; a folder that is complete in itself is the same everywhere.)
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const folder = dirname(fileURLToPath(import.meta.url));
const placeholder = 'https://seatmatch.example.com';
const usualCallback = 'http://localhost:3000/connections/callback';
const extensions = ['pages', 'cards', 'settings'];

/** What HubSpot can reach: its proxy speaks https only, and never to the machine somebody sits at. */
function addressOf(given) {
  const usage = 'Give the address at which HubSpot reaches your Seatmatch server: node build-project.mjs https://seatmatch.acme.com';
  if (!given) throw new Error(usage);
  if (!URL.canParse(given)) throw new Error(`"${given}" is no address. ${usage}`);
  const { protocol, hostname, origin, pathname, search, hash } = new URL(given);
  if (protocol !== 'https:') throw new Error(`${given} is not https, and HubSpot calls nothing else. ${usage}`);
  if (hostname === 'localhost' || /^[\d.]+$|^\[/u.test(hostname)) throw new Error(`HubSpot does not call ${hostname}. ${usage}`);
  if (pathname !== '/' || search || hash) throw new Error(`Only scheme and host are wanted, as ${origin}. ${usage}`);
  return origin;
}

/** The console's own page, as somebody opens it who signs in. HubSpot takes http for localhost only. */
function callbackOf(given) {
  if (/^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/localhost:\d+)\/connections\/callback$/u.test(given)) return given;
  throw new Error(`${given} is no address that HubSpot sends anybody back to. Give the console's, as ${usualCallback}`);
}

function change(file, from, to) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not say ${from}: the project is another one than this script knows.`);
  writeFileSync(file, text.replaceAll(from, to));
}

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' }, callback: { type: 'string' } } });
  const address = addressOf(positionals[0] ?? process.env.SEATMATCH_PUBLIC_URL);
  const callback = callbackOf(values.callback ?? usualCallback);
  const out = values.out ?? join(folder, 'dist');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  cpSync(join(folder, 'src', 'app'), join(out, 'app'), { recursive: true });
  change(join(out, 'app', 'app-hsmeta.json'), placeholder, address);
  change(join(out, 'app', 'app-hsmeta.json'), usualCallback, callback);
  for (const extension of extensions) {
    const there = join(out, 'app', extension);
    cpSync(join(folder, 'src', 'panel'), join(there, 'panel'), { recursive: true });
    change(join(there, 'panel', 'server-address.ts'), placeholder, address);
    for (const entry of readdirSync(there).filter((name) => name.endsWith('.tsx')))
      change(join(there, entry), "'../../panel/", "'./panel/");
  }
  process.stdout.write(`The project for ${address} is in ${resolve(out)}. Next: hs project upload, in ${folder}\n`);
} catch (error) {
  process.stderr.write(`seatmatch: ${error.message}\n`);
  process.exitCode = 1;
}

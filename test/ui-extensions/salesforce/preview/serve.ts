/** Serves the compiled panel on a page of its own, as an org's page would carry it, with the bridge to Apex beside it. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { callApex, type Org } from './apex-bridge.ts';
import { buildPreview, project } from './build.ts';

const slds = {
  1: 'design-system/assets/styles/salesforce-lightning-design-system.min.css',
  2: 'design-system-2/dist/css/bundled/slds2.cosmos.css',
};
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

/** SLDS positions its base components by inline styles, as the platform allows; scripts come from here alone and nothing is evaluated. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `?theme=1|2`, `?scheme=dark`, `?dir=rtl`; what else is asked is the page's own (`place`, `recordId`). */
function page(asked: URLSearchParams): string {
  const theme = asked.get('theme') === '1' ? 1 : 2;
  const scheme = asked.get('scheme') === 'dark' ? 'slds-color-scheme--dark' : 'slds-color-scheme--light';
  const dir = asked.get('dir') === 'rtl' ? 'rtl' : 'ltr';
  return `<!doctype html>
<html lang="en" dir="${dir}" class="${theme === 2 ? scheme : ''}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Seatmatch in Salesforce</title>
<link rel="stylesheet" href="/slds-${theme}.css">
<link rel="stylesheet" href="/page.css">
<body class="slds-scope">
<main>${asked.get('place') === null || asked.get('place') === 'panel' ? '' : '<h1 class="slds-assistive-text">The page of the org</h1>'}</main>
<script type="module" src="/panel.js"></script>
</body>
</html>
`;
}

/** The ground of an org's page, which is the host's and not the panel's. */
const ground = `body { margin: 0; background: var(--slds-g-color-surface-2, #f3f3f3); } main { padding: 1rem; max-width: 80rem; margin: 0 auto; }`;

function send(response: ServerResponse, type: string, text: string): void {
  response
    .writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' })
    .end(text);
}

function sendFile(response: ServerResponse, file: string): void {
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'max-age=600' });
  createReadStream(file).pipe(response);
}

async function bodyOf(request: IncomingMessage): Promise<{ method: string; params: Record<string, string> }> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString()) as { method: string; params: Record<string, string> };
}

export interface Preview {
  readonly url: string;
  /** Whose page it is; another one from the next call on. */
  org: Org;
  /** The calls of Apex that came in, by method. */
  readonly calls: string[];
  stop(): Promise<void>;
}

/** Compiles and serves the panel for an org. */
export async function servePreview(org: Org, port = 0): Promise<Preview> {
  const folder = await buildPreview();
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://preview');
    const theme = /^\/slds-([12])\.css$/u.exec(pathname)?.[1] as '1' | '2' | undefined;
    if (request.method === 'POST' && pathname === '/apex') {
      bodyOf(request)
        .then(async ({ method, params }) => {
          calls.push(method);
          send(response, 'application/json', JSON.stringify(await callApex(preview.org, method, params)));
        })
        .catch((error: unknown) => response.writeHead(500).end(String(error)));
    } else if (pathname === '/') send(response, 'text/html', page(searchParams));
    else if (pathname === '/favicon.ico') response.writeHead(204).end();
    else if (pathname === '/page.css') send(response, 'text/css', ground);
    else if (theme) sendFile(response, path.join(project, 'node_modules/@salesforce-ux', slds[theme]));
    else sendFile(response, path.join(folder, path.normalize(pathname)));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const preview: Preview = {
    org,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return preview;
}

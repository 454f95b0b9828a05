import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import express, { type Express, type Request, type Response } from 'express';
import { openApiDocument } from '../api.ts';
import { RequestRefused } from './problem.ts';

export interface Pages {
  readonly version: string;
  /** The built console. */
  readonly consoleDirectory: string;
  /** The one file of openapi-explorer. */
  readonly explorerFile: string;
  /** Called before a page is sent: the demo opens a session here. */
  readonly onPage: (request: Request, response: Response) => Promise<void>;
}

const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Seatmatch API</title>
<link rel="icon" href="/favicon.svg">
<style>
body { margin: 0 }
openapi-explorer { --font-regular: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; --font-mono: ui-monospace, Menlo, Consolas, monospace }
</style>
<script type="module" src="/docs/openapi-explorer.js"></script>
<body>
<openapi-explorer spec-url="/openapi.json" primary-color="#04687f" nav-bg-color="#0f2a33" nav-text-color="#d5e3e8" header-color="#10222a"></openapi-explorer>
<noscript>This page needs JavaScript; the description itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
</body>
</html>
`;

/** The API's description, its rendered page, and the console with all its addresses. */
export function mountPages(app: Express, { version, consoleDirectory, explorerFile, onPage }: Pages): void {
  let document: ReturnType<typeof openApiDocument> | undefined;
  app.get('/openapi.json', (_request, response) => {
    // Made when somebody asks: it takes a good part of a start.
    document ??= openApiDocument(version);
    response.json(document);
  });
  app.get('/docs', (_request, response) => {
    response.type('html').send(docsPage);
  });
  app.get('/docs/openapi-explorer.js', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=3600').sendFile(basename(explorerFile), { root: dirname(explorerFile) });
  });
  app.use(
    '/assets',
    // Names of built assets carry a hash of their content.
    express.static(join(consoleDirectory, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  );
  app.get('/two-file-page.html', (_request, response) => {
    // For the disk: shown from here, this server's security policy would keep its script from running.
    response.download('two-file-page.html', 'seatmatch-two-file-page.html', { root: consoleDirectory });
  });
  app.use(express.static(consoleDirectory, { index: false, maxAge: 0 }));
  // With a root, only the path below it is looked at: the project may lie in a folder that begins with a dot.
  app.get('/{*page}', async (request, response) => {
    if (!request.accepts('html')) throw new RequestRefused(404, 'There is nothing at this address.');
    if (!existsSync(join(consoleDirectory, 'index.html')))
      throw new RequestRefused(503, 'The console is not built. Run npm start, which builds it, or npm run build in ui-extensions/console.');
    await onPage(request, response);
    response.set('Cache-Control', 'no-store').sendFile('index.html', { root: consoleDirectory });
  });
}

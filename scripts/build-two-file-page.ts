// Builds the two-file page: one HTML file with everything in it, which works from disk and may ask the network for nothing.
// `node scripts/build-two-file-page.ts [FILE]`; without FILE beside the built console, from where the server offers it.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin, type Rolldown } from 'vite';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'ui-extensions', 'two-file-page', 'src');
const out = resolve(process.argv[2] ?? join(root, 'ui-extensions', 'console', 'dist', 'two-file-page.html'));

/** A browser reads files in its own way: the one module that speaks to the machine is another one here. */
const ownFileBytes: Plugin = {
  name: 'own-file-bytes',
  enforce: 'pre',
  resolveId: (specifier, importer) =>
    specifier === './file-bytes.ts' && importer?.endsWith('/connectors/csv.ts') ? join(source, 'file-bytes.ts') : null,
};

/** One bundle of one entry, with nothing beside it. */
async function bundle(entry: string): Promise<{ readonly script: string; readonly style: string }> {
  const made = (await build({
    configFile: false,
    root: source,
    mode: 'production',
    logLevel: 'warn',
    plugins: [react(), ownFileBytes],
    // Browsers give shared memory to pages of a server alone, that asks for it by headers; one thread needs none.
    define: { SharedArrayBuffer: 'ArrayBuffer', 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      cssCodeSplit: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: join(source, entry), output: { format: 'iife', codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput;
  const scripts = made.output.filter((part) => part.type === 'chunk');
  const styles = made.output.filter((part) => part.type === 'asset' && part.fileName.endsWith('.css'));
  const others = made.output.filter((part) => part.type === 'asset' && !part.fileName.endsWith('.css'));
  if (scripts.length !== 1 || others.length > 0)
    throw new Error(`${entry} became ${made.output.map(({ fileName }) => fileName).join(', ')}: the page would need files beside it.`);
  return { script: scripts[0]!.code, style: styles.map((part) => ('source' in part ? String(part.source) : '')).join('') };
}

/** Script that stands in HTML: nothing in it may end the element. */
const inHtml = (script: string): string => script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`;

// Vite takes its mode for React from here.
process.env.NODE_ENV = 'production';
const worker = inHtml((await bundle('compare-worker.ts')).script);
const page = await bundle('main.tsx');
const script = inHtml(page.script);
const policy = [
  "default-src 'none'",
  // This script and no other; the thread is made of the text below.
  `script-src ${hashOf(script)}`,
  'worker-src blob:',
  // The component library writes its colours into the page as it runs. With no images, fonts or connections, styles can reach nothing.
  "style-src 'unsafe-inline'",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');
const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Compare two files · Seatmatch</title>
<style>${page.style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<div id="root"></div>
<noscript>This page compares by JavaScript, which is switched off here.</noscript>
<script type="text/plain" id="compare-worker">${worker}</script>
<script>${script}</script>
</body>
</html>
`;
await mkdir(dirname(out), { recursive: true });
await writeFile(out, html);
process.stdout.write(`${out}: ${Math.round(Buffer.byteLength(html) / 1000)} kB\n`);

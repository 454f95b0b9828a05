import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
export const extension = path.resolve(import.meta.dirname, '../../../ui-extensions/hubspot');
/** For which the project is made in tests. */
export const publicUrl = 'https://seatmatch.acme.example';

export const entries = { Home: 'pages', OwnerCard: 'cards', Settings: 'settings' } as const;
export type Entry = keyof typeof entries;

/** What a program of the extension's own tree says. It throws with all of it where that fails. */
export async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<{ stdout: string; stderr: string }> {
  try {
    return await execute(process.execPath, [...args], {
      cwd: extension,
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** A folder inside the extension, where its packages are found. Not kept, and no part of what is uploaded. */
export function scratchFolder(): { readonly folder: string; remove(): void } {
  mkdirSync(path.join(extension, '.seatmatch'), { recursive: true });
  const folder = mkdtempSync(path.join(extension, '.seatmatch', 'test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The project as an administrator makes it. */
export async function makeProject(out: string): Promise<void> {
  await run(['build-project.mjs', publicUrl, '--out', out]);
}

const bundler = `
import { remoteBuild } from '@hubspot/ui-extensions-dev-server/build';
const [project, out, entries] = process.argv.slice(-3);
for (const [name, folder] of Object.entries(JSON.parse(entries)))
  await remoteBuild({ root: project + '/app/' + folder, entryPoint: name + '.tsx', outputDir: out + '/' + name, logLevel: 'warn', appConfig: { name, uid: name } });
`;

/** What HubSpot's servers make of a project, by HubSpot's own bundler: OUT/Home/Home.js and so on. Returns what it complained of. */
export async function bundle(project: string, out: string): Promise<string> {
  const { stdout, stderr } = await run(['--input-type=module', '--eval', bundler, '--', project, out, JSON.stringify(entries)]);
  return (stdout + stderr)
    .split('\n')
    .filter((line) => /warn|not supported|error/iu.test(line))
    .join('\n');
}

const hostBuilder = `
import { build } from 'esbuild';
const [folder, out] = process.argv.slice(-2);
await build({
  entryPoints: [folder + '/worker.ts', folder + '/host-page.tsx'],
  outdir: out,
  bundle: true,
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  // Not the root's React, which is another one.
  alias: Object.fromEntries(['react', 'react-dom', '@remote-ui'].map((name) => [name, process.cwd() + '/node_modules/' + name])),
  tsconfigRaw: {},
});
`;

/** The stand-in for HubSpot's page and Worker. */
export async function buildHost(out: string): Promise<void> {
  await run(['--input-type=module', '--eval', hostBuilder, '--', path.join(import.meta.dirname, 'host'), out]);
}

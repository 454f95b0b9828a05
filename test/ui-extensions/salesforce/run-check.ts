/** The checks of the Salesforce panel: each is a program of its own, because its packages live in a tree that only this folder has. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const execute = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');

/** The sfdx project. */
export const project = join(root, 'ui-extensions/salesforce');
/** What an admin deploys it with. */
export const manifest = join(root, 'manifests/salesforce/package.xml');

const reportSchema = z.object({
  complaints: z.array(z.object({ file: z.string(), line: z.number(), message: z.string() })),
  methods: z.record(z.string(), z.array(z.string())).optional(),
  rules: z.number().optional(),
  bundles: z.array(z.string()).optional(),
  apexMethods: z.array(z.string()).optional(),
  calls: z.array(z.object({ method: z.string(), parameters: z.array(z.string()) })).optional(),
  packaged: z.array(z.string()).optional(),
});

/** What a check said; which of the optional parts are there is said in its first lines. */
export type Report = z.infer<typeof reportSchema>;

/** Runs a program of this folder to its end. Throws where it breaks down: finding faults is no breakdown. */
export async function runCheck(script: string, ...args: string[]): Promise<Report> {
  if (!existsSync(join(import.meta.dirname, 'node_modules')))
    throw new Error(
      'What the Salesforce panel is checked with is not installed: run "npm test" once, or "npm ci" in test/ui-extensions/salesforce.',
    );
  const { stdout } = await execute(process.execPath, [join(import.meta.dirname, script), ...args], {
    maxBuffer: 64 * 1024 * 1024,
    // Java runs for seconds: its second compiler and a collector for many threads cost more than they win.
    env: { ...process.env, JAVA_TOOL_OPTIONS: `${process.env.JAVA_TOOL_OPTIONS ?? ''} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC`.trim() },
  });
  return reportSchema.parse(JSON.parse(stdout));
}

/** The complaints, short enough to compare with: file without its folder, and the message. */
export const said = ({ complaints }: Report): string[] =>
  complaints.map(({ file, message }) => `${file.replace(/^.*[\\/]/u, '')}: ${message}`);

/** A copy of the project in which a fault is made, so that one sees a check refuse it. */
export function copyProject(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'seatmatch-sfdx-'));
  cpSync(project, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

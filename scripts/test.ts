/**
 * What `npm test` runs: the linter, the type check, every test. All three run even when one fails.
 * The last line counts the tests: "N passed, N failed". A skipped or forgotten test counts as failed, so does a file that didn't load.
 * Where a few files failed among many, they run once more by themselves: a test that then passes is named as unsteady and counts as passed.
 * Arguments go to vitest: `npm test -- test/server/core`. Pictures of the walks are left in test/artefacts, or where SEATMATCH_PICTURES says.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
let running: ChildProcess | null = null;

// Hundreds of processes start in a run: each finds its modules compiled, and its entry already stripped of types.
enableCompileCache();
// What the walks through the panels and pages looked like stays there for whoever looks.
const pictures = process.env.SEATMATCH_PICTURES ?? join(root, 'test', 'artefacts');
const environment = { ...process.env, NODE_COMPILE_CACHE: getCompileCacheDir(), SEATMATCH_PICTURES: pictures };

/** Runs a program from node_modules/.bin with this Node and resolves to its exit code. */
function run(heading: string, script: string, args: readonly string[]): Promise<number> {
  process.stdout.write(`\n== ${heading}\n`);
  return new Promise((done, failed) => {
    running = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit', env: environment });
    running.on('error', failed);
    running.on('close', (code) => {
      running = null;
      done(code ?? 1);
    });
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    running?.on('close', () => process.exit(130));
    if (running) running.kill(signal);
    else process.exit(130);
  });
}

/** The part of vitest's JSON report that is read here. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** What became of one test file. */
interface FileOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly complaints: readonly string[];
  /** Full names of the tests that ran and failed. */
  readonly failedTests: readonly string[];
}

/** Runs vitest, and adds what became of each file to `files`. Resolves to whether vitest had nothing to complain of. */
async function runTests(heading: string, args: readonly string[], files: Map<string, FileOutcome>): Promise<boolean> {
  const reportFile = join(scratch, 'report.json');
  rmSync(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const code = await run(heading, 'vitest/vitest.mjs', ['run', ...reporters, ...args]);
  for (const file of reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8'))).testResults) {
    const name = relative(root, file.name);
    const namesOf = (wanted: (status: string) => boolean) => file.assertionResults.filter(({ status }) => wanted(status));
    const failedTests = namesOf((status) => status === 'failed').map(({ fullName }) => fullName);
    const notRun = namesOf((status) => status !== 'passed' && status !== 'failed');
    const complaints = notRun.map(({ fullName, status }) => `${status}, not run: ${name}: ${fullName}`);
    const asAWhole = file.status === 'failed' && failedTests.length === 0;
    if (asAWhole) complaints.push(`the file failed as a whole: ${name}`);
    const failed = failedTests.length + notRun.length + (asAWhole ? 1 : 0);
    files.set(name, { passed: file.assertionResults.length - failedTests.length - notRun.length, failed, complaints, failedTests });
  }
  return code === 0;
}

/** The most files that are worth a second try; more have a reason in common. */
const mostUnsteadyFiles = 5;

mkdirSync(pictures, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'seatmatch-test-'));
const failures: string[] = [];
const files = new Map<string, FileOutcome>();
const unsteady: string[] = [];
try {
  if ((await run('Lint and format: biome', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'])) !== 0) failures.push('lint');
  if ((await run('Types: tsc', 'typescript/bin/tsc', ['--noEmit'])) !== 0) failures.push('types');
  let clean = await runTests('Tests: vitest', process.argv.slice(2), files);
  const again = [...files].filter(([, { failedTests, complaints }]) => failedTests.length + complaints.length > 0);
  if (again.length > 0 && again.length <= Math.min(mostUnsteadyFiles, files.size / 10)) {
    clean = await runTests(
      'Tests that failed, once more by themselves: vitest',
      again.map(([name]) => name),
      files,
    );
    for (const [name, { failedTests }] of again) {
      const still = new Set(files.get(name)?.failedTests);
      unsteady.push(...failedTests.filter((test) => !still.has(test)).map((test) => `${name}: ${test}`));
    }
  }
  if (!clean) failures.push('tests');
} catch (error) {
  failures.push(`the run itself: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const sum = (part: 'passed' | 'failed') => [...files.values()].reduce((total, file) => total + file[part], 0);
const [passed, failed] = [sum('passed'), sum('failed')];
if (failed > 0 && !failures.includes('tests')) failures.push('tests');
for (const { complaints } of files.values()) for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
for (const test of unsteady) process.stdout.write(`unsteady, failed among the others and passed by itself: ${test}\n`);
if (passed + failed === 0) process.stdout.write('no test ran\n');
if (failures.length > 0) process.stdout.write(`\nFailed: ${failures.join(', ')}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failures.length > 0 || passed + failed === 0 ? 1 : 0;

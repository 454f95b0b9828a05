/**
 * What `npm test` runs: the linter, the type check, every test. All three run even when one fails.
 * The last line counts the tests: "N passed, N failed". A skipped or forgotten test counts as failed, so does a file that didn't load.
 * Arguments go to vitest: `npm test -- test/server/core`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
let running: ChildProcess | null = null;

// Hundreds of processes start in a run: each finds its modules compiled, and its entry already stripped of types.
enableCompileCache();
const environment = { ...process.env, NODE_COMPILE_CACHE: getCompileCacheDir() };

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

function count(reportFile: string): { passed: number; failed: number; complaints: string[] } {
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  const complaints: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const file of testResults) {
    const name = relative(root, file.name);
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else failed += 1;
      if (test.status !== 'passed' && test.status !== 'failed') complaints.push(`${test.status}, not run: ${name}: ${test.fullName}`);
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      failed += 1;
      complaints.push(`the file failed as a whole: ${name}`);
    }
  }
  return { passed, failed, complaints };
}

const scratch = mkdtempSync(join(tmpdir(), 'seatmatch-test-'));
const reportFile = join(scratch, 'report.json');
const failures: string[] = [];
let counts = { passed: 0, failed: 0, complaints: ['vitest left no report'] };
try {
  if ((await run('Lint and format: biome', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'])) !== 0) failures.push('lint');
  if ((await run('Types: tsc', 'typescript/bin/tsc', ['--noEmit'])) !== 0) failures.push('types');
  const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...process.argv.slice(2)];
  if ((await run('Tests: vitest', 'vitest/vitest.mjs', vitest)) !== 0) failures.push('tests');
  counts = count(reportFile);
} catch (error) {
  failures.push(`the run itself: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

if (counts.passed + counts.failed === 0) counts.complaints.push('no test ran');
if (counts.failed > 0 && !failures.includes('tests')) failures.push('tests');
for (const complaint of counts.complaints) process.stdout.write(`${complaint}\n`);
if (failures.length > 0) process.stdout.write(`\nFailed: ${failures.join(', ')}\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = failures.length > 0 || counts.passed + counts.failed === 0 ? 1 : 0;

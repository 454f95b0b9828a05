// node check-apex-semantics.mjs PROJECT JAVA: what apex-ls finds wrong, as JSON. It knows the platform's classes and our objects' fields; it does not
// look into SOQL, nor at who may see a private member.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

const project = resolve(process.argv[2]);
const engine = dirname(createRequire(import.meta.url).resolve('@salesforce/code-analyzer-pmd-engine/package.json'));
const run = spawnSync(
  process.argv[3],
  [
    '-cp',
    join(engine, 'dist/java-lib/*'),
    'io.github.apexdevtools.apexls.CheckForIssues',
    '-w',
    project,
    '-n',
    '-d',
    'warnings',
    '-f',
    'json',
  ],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
// 0: nothing found, 4: issues.
if (run.error) throw run.error;
if (run.status !== 0 && run.status !== 4) throw new Error(`apex-ls ended with ${run.status}: ${run.stderr}${run.stdout}`);
const complaints = JSON.parse(run.stdout).files.flatMap(({ path, messages }) =>
  messages.map(({ start, message }) => ({ file: relative(project, path), line: start.line, message })),
);
process.stdout.write(JSON.stringify({ complaints }));

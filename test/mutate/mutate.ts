/**
 * `npm run mutate`: changes the guards in every small way (a bound, a condition, an operator, a returned value; sentences are left alone),
 * runs their tests against each change, and fails where fewer than 90 % are noticed. Stryker stands in a package of its own, so that
 * nobody installs it who does not ask for it; vitest is the project's.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = resolve(here, '../..');

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit', shell: program === 'npm' && process.platform === 'win32' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run('npm', ['ci', '--ignore-scripts', '--silent'], here);
run(process.execPath, [join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', 'test/mutate/stryker.config.json'], root);

#!/usr/bin/env node
// The `seatmatch` command. server/cli.ts needs Node >= 24; an older Node hands over to the one in node_modules/.bin.
// Plain JavaScript, runs on Node 20.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '..', '..');
const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const cli = join(root, 'server', 'cli.ts');

if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) {
  process.stderr.write(`seatmatch: its dependencies are not installed yet. Run "npm start" or "npm test" once in ${root}.\n`);
  process.exitCode = 1;
} else if (Number.parseInt(process.versions.node, 10) >= 24) {
  // cli.ts reads process.argv from the third value on, as if it had been called by itself.
  process.argv[1] = cli;
  // Before it is loaded: an entry that was compiled before needs nothing that strips its types.
  module.enableCompileCache?.();
  await import('../server/cli.ts');
} else {
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit', shell: process.platform === 'win32' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`seatmatch: Node 24 could not be started (${error.code}). Run "npm start" or "npm test" once in ${root}.\n`);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    if (signal) {
      for (const each of signals) process.removeAllListeners(each);
      process.kill(process.pid, signal);
    } else {
      process.exitCode = code ?? 1;
    }
  });
}

/**
 * A process of its own between Seatmatch and PostgreSQL: it runs one command and ends it when its standard input ends. The system closes
 * that pipe however the owner dies, kill -9 included, so no PostgreSQL outlives its owner.
 *
 * Argument: a `WatchOrder` as JSON. Standard output: one line with the command's process number. Exit code: the command's.
 */
import { execFileSync, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import type { WatchOrder } from './run-watched.ts';

const order = JSON.parse(process.argv[2] ?? '') as WatchOrder;

// A terminal's Ctrl-C or a service manager's stop reaches the whole group: the owner decides when the database goes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const log = openSync(order.logFile, 'a', 0o600);
const child = spawn(order.command, order.args, {
  cwd: order.cwd,
  env: order.env,
  stdio: ['ignore', log, log],
  ...(order.uid === undefined ? {} : { uid: order.uid }),
  ...(order.gid === undefined ? {} : { gid: order.gid }),
});

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 127;
  process.stdin.destroy();
});
child.on('exit', (code) => process.exit(code ?? 1));
process.stdout.on('error', () => {});
if (child.pid !== undefined) process.stdout.write(`${child.pid}\n`);

process.stdin.on('end', stop).on('error', stop).resume();

function stop(): void {
  if (order.stopCommand) {
    try {
      execFileSync(order.stopCommand[0]!, order.stopCommand.slice(1), { stdio: 'ignore', env: order.env });
    } catch {
      child.kill('SIGKILL');
    }
    return;
  }
  // PostgreSQL's manual, "Shutting Down the Server": INT is fast (roll back, checkpoint, leave), QUIT is immediate (recovery on next start).
  child.kill('SIGINT');
  setTimeout(() => child.kill('SIGQUIT'), 20_000).unref();
  setTimeout(() => child.kill('SIGKILL'), 25_000).unref();
}

/** Programs that tests need and no npm package brings: installed once, where this machine can do that by itself. */
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

export const execute = promisify(execFile);

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ubuntu's apt package of a browser is only a door to snap, so Debian itself is asked for. */
export function isDebianAsRoot(): boolean {
  try {
    return process.getuid?.() === 0 && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** @param what for whom it is, for the person who waits */
export async function installByApt(what: string, packages: readonly string[]): Promise<void> {
  process.stderr.write(`seatmatch: installing ${what} (apt-get), about a minute …\n`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 };
  await execute('apt-get', ['update', '-qq'], options);
  await execute('apt-get', ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages], options);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Two test runs on one machine install one after the other; the lock of a run that was killed is taken over. */
export async function alone<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const lock = join(tmpdir(), `seatmatch-${name}.lock`);
  const owner = join(lock, 'pid');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      await wait(1_000);
      let pid = 0;
      try {
        pid = Number(readFileSync(owner, 'utf8'));
      } catch {
        // Made a moment ago and not signed yet, or just taken away.
      }
      if (pid > 0 && !isAlive(pid)) rmSync(lock, { recursive: true, force: true });
    }
  }
  try {
    writeFileSync(owner, String(process.pid));
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

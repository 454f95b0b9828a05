import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What watch.ts is told to run. */
export type WatchOrder = {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
  /** Standard output and error of the command are appended here: a pipe would end with its reader. */
  logFile: string;
  /** Ends the command where the system has no signals (Windows). */
  stopCommand?: string[];
};

/** A command under the parent-death watch. */
export type Watched = {
  /** The command's process number; undefined when it could not be started. */
  pid: number | undefined;
  /** The command's exit code, once it and its watch are gone. */
  exited: Promise<number>;
  /** Lets this process end by itself although the command runs. */
  unref(): void;
  /** Asks the command to end; follow `exited` to know when. */
  end(): void;
};

/** Starts a command that ends when this process does, in whatever way. */
export async function runWatched(order: WatchOrder): Promise<Watched> {
  const log = openSync(order.logFile, 'a', 0o600);
  const cache = getCompileCacheDir();
  const watch = spawn(process.execPath, [fileURLToPath(new URL('./watch.ts', import.meta.url)), JSON.stringify(order)], {
    cwd: order.cwd,
    // Nothing of NODE_OPTIONS and the like: the watch must start whatever the owner runs under. Where the owner keeps compiled modules
    // the watch finds itself there: it starts without what strips types, and in a third of the time.
    env: cache === undefined ? order.env : { ...order.env, NODE_COMPILE_CACHE: cache },
    stdio: ['pipe', 'pipe', log],
    // Away from the terminal's process group: Ctrl-C is for the owner.
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  const { stdin, stdout } = watch as unknown as { stdin: Socket; stdout: Socket };
  // The pipe's other end may be gone when the owner closes it.
  stdin.on('error', () => {});
  const exited = new Promise<number>((resolve, reject) => {
    watch.on('error', reject);
    watch.on('exit', (code) => resolve(code ?? 1));
  });
  const pid = await Promise.race([firstLine(stdout), exited.then(() => undefined)]);
  return {
    pid: pid === undefined ? undefined : Number(pid),
    exited,
    unref() {
      watch.unref();
      stdin.unref();
      stdout.unref();
    },
    end() {
      watch.ref();
      stdin.end();
    },
  };
}

function firstLine(stream: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
  });
}

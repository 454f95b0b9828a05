/** Servers as processes of their own on one database: to be killed, and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { signInTo, type TestClient } from './running-server.ts';

export interface ProcessOptions {
  /** A database server, one that a test made, or `embedded` in the data directory. Default: a new one of the test's own server. */
  readonly database?: TestDatabase | 'embedded';
  /** Default: a new one, removed at the end. */
  readonly dataDir?: string;
  /** Over the environment of the tests, for every process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface OneProcess {
  readonly pid: number;
  /** Everything it wrote so far, both streams. */
  output(): string;
  /** Resolves to its exit code once it has ended; null: by a signal. */
  readonly gone: Promise<number | null>;
  /** Asks it to end, and resolves to its exit code (null: ended by a signal) once it has. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** kill -9; resolves once it is gone. */
  kill(): Promise<void>;
}

export interface ServerProcess extends OneProcess, TestClient {
  readonly url: string;
}

export interface WorkerProcess extends OneProcess {
  /** Answers on /healthz. */
  readonly healthUrl: string;
}

export interface Processes {
  readonly database: TestDatabase | 'embedded';
  readonly dataDir: string;
  /** Starts `seatmatch serve` without the demo on a free port, and resolves when one is signed in there. */
  startServer(...args: string[]): Promise<ServerProcess>;
  /** Starts `seatmatch worker`, and resolves when it works. */
  startWorker(): Promise<WorkerProcess>;
  /** What was started and has not ended, ready or not. */
  running(): readonly OneProcess[];
  /** Kills what still runs, and removes the data directory. */
  stop(): Promise<void>;
}

/** As many processes as a test wants, which share a database and a data directory. */
export async function startProcesses(options: ProcessOptions = {}): Promise<Processes> {
  const database = options.database ?? (await createTestDatabase());
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'seatmatch-processes-')));
  const running = new Set<OneProcess>();
  const environment = {
    ...process.env,
    SEATMATCH_DATA: dataDir,
    DATABASE_URL: database === 'embedded' ? '' : database.appUrl,
    SEATMATCH_OWNER_DATABASE_URL: database === 'embedded' ? '' : database.url,
    ...options.environment,
  };

  async function start(entry: string, args: readonly string[], ready: RegExp): Promise<{ one: OneProcess; found: RegExpExecArray }> {
    const child = spawn(process.execPath, [entry, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let heard: () => void = () => {};
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        heard();
      });
    }
    const gone = exitOf(child).finally(() => running.delete(one));
    const end = (signal: NodeJS.Signals) => {
      child.kill(signal);
      return gone;
    };
    const one: OneProcess = {
      pid: child.pid!,
      output: () => text,
      gone,
      end: (signal = 'SIGTERM') => end(signal),
      kill: async () => void (await end('SIGKILL')),
    };
    running.add(one);
    const found = await new Promise<RegExpExecArray>((resolve, reject) => {
      heard = () => {
        const match = ready.exec(text);
        if (match) resolve(match);
      };
      gone.then((code) => reject(new Error(`${entry} ended with ${code} before it was ready: ${text}`)), reject);
    });
    return { one, found };
  }

  return {
    database,
    dataDir,
    async startServer(...args) {
      const { one, found } = await start('server/main.ts', ['--port', '0', '--no-demo', ...args], /ready: (\S+)[\s\S]*: (\S+#code=\S+)/u);
      const [, url, signInUrl] = found;
      return { ...one, ...(await signInTo(url!, signInUrl!)), url: url! };
    },
    async startWorker() {
      const { one, found } = await start('server/worker.ts', ['--health-port', '0'], /works\. Health: (\S+)/);
      return { ...one, healthUrl: found[1]! };
    },
    running: () => [...running],
    async stop() {
      await Promise.all([...running].map((one) => one.kill()));
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    // Not `exit`: what it wrote last is still on its way then.
    child.once('close', resolve);
  });

import type { Config } from '../config.ts';
import { type Listening, listen } from './listen.ts';
import { mailDesk } from './mail-desk.ts';
import { startBackend } from './start-backend.ts';
import { openDesks, queueDefinitions, tickSchedules, workQueues } from './work-queues.ts';

export interface WorkerOptions {
  readonly config: Config;
  /** Told in sentences what happens. */
  readonly log: (line: string) => void;
  readonly logError: (error: unknown) => void;
}

export interface RunningWorker {
  /** Null where no port was asked for. */
  readonly healthUrl: string | null;
  /** Resolves to a sentence when the embedded database went with the process that served it. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Does the jobs of all queues, and serves nobody. Any number of workers may share a database: a server of one's own by DATABASE_URL, or
 * the embedded one of a running `seatmatch serve` on the same data directory. All need the same directory of files.
 * @throws ListenError, PostgresUnavailableError, MigrationError: one sentence for the terminal; nothing is left running
 */
export async function startWorker({ config, log, logError }: WorkerOptions): Promise<RunningWorker> {
  const health: Listening | null = config.healthPort === null ? null : await listen({ port: config.healthPort, host: config.host });
  try {
    const backend = await startBackend({ config, embedded: 'attach', queues: queueDefinitions, log, logError });
    const stop = async () => {
      await health?.close();
      await backend.stop();
    };
    try {
      const { pool, engine, secretKey: key } = backend;
      const mail = config.publicUrl === null ? null : mailDesk(config, { pool, engine, key, ownUrl: config.publicUrl, logError });
      const desks = { ...openDesks(backend), mail };
      await workQueues(backend, desks);
      await tickSchedules(backend, desks);
      health?.serve((request, response) => {
        const say = (status: number, text: string) => response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
        if (request.url !== '/healthz') say(404, 'There is only /healthz here.\n');
        else
          pool.query('select 1').then(
            () => say(200, 'up\n'),
            () => say(503, 'The database does not answer.\n'),
          );
      });
      const broken = backend.databaseGone.then(() => 'The Seatmatch that had the database has ended: start it, then this worker again.');
      return { healthUrl: health && `${health.url}/healthz`, broken, stop };
    } catch (error) {
      await backend.stop();
      throw error;
    }
  } catch (error) {
    await health?.close();
    throw error;
  }
}

import pg from 'pg';
import { type Job as BossJob, type JobResult, PgBoss } from 'pg-boss';

const schema = 'pgboss';

/** A queue and how its jobs are tried. Times in seconds. */
export type QueueDefinition = {
  name: string;
  /** Runs after the first one. Default 5. */
  retryLimit?: number;
  /** Pause before the first retry; doubles each time, with jitter. Default 5. */
  retryDelay?: number;
  /** Longest pause between retries. Default 3,600. */
  retryDelayMax?: number;
  /** A worker silent for this long counts as dead and the job goes to another; at least 10. Default 20. */
  heartbeatSeconds?: number;
  /** A run may take this long. Default 4 hours. */
  expireInSeconds?: number;
};

/** Job payloads hold ids only: they are kept for days after the job. */
export type JobData = Record<string, string | number | boolean | null>;

export type SendOptions = {
  /** Not before this moment. Default now. */
  startAfter?: Date;
  /** Higher first. Default 0. */
  priority?: number;
};

/** `retryCount` is 0 on the first run; `signal` aborts when this run's result can no longer count. */
export type Job<Data extends JobData> = { id: string; data: Data; retryCount: number; signal: AbortSignal };

export type WorkOptions = {
  /** Jobs of this queue that this process runs at once. They are fetched together, so let long ones run alone. Default 1. */
  concurrency?: number;
};

/** The least of a pg client that sending needs: the connection that holds the caller's transaction. */
export type Transaction = { query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> };

export type Engine = {
  /** Adds a job in the caller's transaction: it exists if and only if that commits. Resolves to the job's id. */
  send(tx: Transaction, queue: string, data: JobData, options?: SendOptions): Promise<string>;
  /** Adds many jobs of one queue in the caller's transaction, in one statement. */
  sendMany(tx: Transaction, queue: string, data: JobData[], options?: SendOptions): Promise<void>;
  /**
   * Runs the handler for the queue's jobs. A throw means another try later. A job in flight at a crash runs again: handlers read before
   * they write.
   */
  work<Data extends JobData>(queue: string, handler: (job: Job<Data>) => Promise<void>, options?: WorkOptions): Promise<void>;
  /** Takes no new jobs, waits for those that run (`timeoutMs`, default 30,000; then they go back to their queue) and disconnects. */
  stop(options?: { timeoutMs?: number }): Promise<void>;
};

export type EngineOptions = {
  /** Connection of the plain role. */
  url: string;
  /** Told about faults between jobs, a lost connection for example; a job's own failure is not one. */
  onError: (error: Error) => void;
  /** Told in a sentence of what needs a look: a large backlog, a slow query. */
  onWarning?: (message: string) => void;
  /** Connections this process may hold for the engine. Default 3. */
  maxConnections?: number;
};

/**
 * Installs or updates pg-boss's tables and the queues, and lets the plain role use them. Needs the owner's connection and runs after
 * `migrate`; several processes may call it at once.
 *
 * Every queue has a partition of its own: without it one queue's backlog slows the fetches of all.
 */
export async function prepareEngine(ownerUrl: string, queues: readonly QueueDefinition[]): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema, supervise: false, schedule: false, max: 2 });
  let failure: Error | undefined;
  boss.on('error', (error) => {
    failure ??= error;
  });
  await boss.start();
  try {
    for (const queue of queues) {
      const options = {
        retryLimit: 5,
        retryDelay: 5,
        retryBackoff: true,
        retryDelayMax: 3_600,
        heartbeatSeconds: 20,
        expireInSeconds: 4 * 3_600,
        notify: true,
        ...queue,
      };
      await boss.createQueue(queue.name, { ...options, partition: true });
      await boss.updateQueue(queue.name, options);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  if (failure) throw failure;
  await grantToApp(ownerUrl);
}

/**
 * Connects this process to the queues. `prepareEngine` has run.
 *
 * @throws when the tables are missing or of another version of pg-boss
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: 'seatmatch engine',
    schema,
    max: options.maxConnections ?? 3,
    // Tables are the owner's (prepareEngine); schedules are node-cron's.
    migrate: false,
    createSchema: false,
    schedule: false,
    useListenNotify: true,
    // A dead worker's job is missed after heartbeatSeconds and found at the next look.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', options.onError);
  boss.on('warning', (warning) => options.onWarning?.(warning.message));
  await boss.start();

  return {
    async send(tx, queue, data, { startAfter, priority } = {}) {
      const id = await boss.send(queue, data, {
        db: inTransaction(tx),
        ...(startAfter ? { startAfter } : {}),
        ...(priority === undefined ? {} : { priority }),
      });
      if (id === null) throw new Error(`The job for queue ${queue} was not accepted.`);
      return id;
    },
    async sendMany(tx, queue, data, { startAfter, priority } = {}) {
      if (data.length === 0) return;
      const job = { ...(startAfter ? { startAfter } : {}), ...(priority === undefined ? {} : { priority }) };
      await boss.insert(
        queue,
        data.map((each) => ({ ...job, data: each })),
        { db: inTransaction(tx) },
      );
    },
    async work(queue, handler, { concurrency = 1 } = {}) {
      const workOptions = {
        batchSize: concurrency,
        burstWhenBatchFull: true,
        perJobResults: true,
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 1,
      } as const;
      await boss.work(queue, workOptions, (jobs: BossJob<Parameters<typeof handler>[0]['data']>[]) =>
        Promise.all(jobs.map((job) => runOne(job, handler))),
      );
    },
    async stop({ timeoutMs = 30_000 } = {}) {
      await boss.stop({ graceful: true, timeout: timeoutMs });
    },
  };
}

async function runOne<Data extends JobData>(job: BossJob<Data>, handler: (job: Job<Data>) => Promise<void>): Promise<JobResult> {
  try {
    await handler({ id: job.id, data: job.data, retryCount: job.retryCount, signal: job.signal });
    return { id: job.id, status: 'completed' };
  } catch (error) {
    return { id: job.id, status: 'failed', output: { message: error instanceof Error ? error.message : String(error) } };
  }
}

function inTransaction(tx: Transaction) {
  return { executeSql: (text: string, values?: unknown[]) => tx.query(text, values) };
}

async function grantToApp(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    // Two processes granting at once would meet "tuple concurrently updated".
    await client.query(`begin; select pg_advisory_xact_lock(hashtext('${schema} grants'));
      grant usage on schema ${schema} to seatmatch_app;
      grant select, insert, update, delete on all tables in schema ${schema} to seatmatch_app;
      grant usage on all sequences in schema ${schema} to seatmatch_app;
      grant execute on all functions in schema ${schema} to seatmatch_app;
      commit`);
  } finally {
    await client.end();
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, prepareEngine, startEngine } from '../../../server/store/engine.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres.ts';

describe('the engine', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const running: Engine[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const queues = ['atomic', 'retried', 'crashing', 'backlog', 'later', 'stopping'].map((name) => ({
      name,
      heartbeatSeconds: 10,
      retryDelay: 1,
    }));
    // Two processes may prepare at once, and a second start finds it done.
    await Promise.all([prepareEngine(database.url, queues), prepareEngine(database.url, queues)]);
    await prepareEngine(database.url, queues);
    pool = new pg.Pool({ connectionString: database.appUrl });
    return () => pool.end();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((engine) => engine.stop()));
    expect(faults.splice(0)).toEqual([]);
  });

  async function start(): Promise<Engine> {
    const engine = await startEngine({ url: database.appUrl, onError: (error) => faults.push(error.message) });
    running.push(engine);
    return engine;
  }

  async function inTransaction(end: 'commit' | 'rollback', work: (client: pg.PoolClient) => Promise<unknown>): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await work(client);
      await client.query(end);
    } finally {
      client.release();
    }
  }

  test('runs a job that was committed with its transaction, and never one that was rolled back', async () => {
    const engine = await start();
    const seen: unknown[] = [];
    await inTransaction('rollback', (tx) => engine.send(tx, 'atomic', { id: 'rolled back' }));
    await inTransaction('commit', (tx) => engine.send(tx, 'atomic', { id: 'committed' }));
    await engine.work('atomic', async ({ data }) => {
      seen.push(data);
    });
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual([{ id: 'committed' }]);
    const { rows } = await pool.query("select state::text from pgboss.job where name = 'atomic'");
    expect(rows).toHaveLength(1);
  });

  test('tries again after a failure, and one job’s failure leaves its neighbours alone', async () => {
    const engine = await start();
    const runs: string[] = [];
    await inTransaction('commit', (tx) => engine.sendMany(tx, 'retried', [{ id: 'good' }, { id: 'bad' }]));
    await engine.work<{ id: string }>(
      'retried',
      async ({ data, retryCount }) => {
        runs.push(`${data.id} ${retryCount}`);
        if (data.id === 'bad' && retryCount === 0) throw new Error('not yet');
      },
      { concurrency: 2 },
    );
    await expect.poll(() => runs.toSorted(), { timeout: 15_000 }).toEqual(['bad 0', 'bad 1', 'good 0']);
  });

  test('runs nothing before its time', async () => {
    const engine = await start();
    const seen: unknown[] = [];
    await engine.work('later', async ({ data }) => {
      seen.push(data);
    });
    await inTransaction('commit', async (tx) => {
      await engine.send(tx, 'later', { id: 'tomorrow' }, { startAfter: new Date(Date.now() + 86_400_000) });
      await engine.send(tx, 'later', { id: 'now' });
    });
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual([{ id: 'now' }]);
  });

  test('gives the job of a worker that was killed in the middle to another', { timeout: 60_000 }, async () => {
    const engine = await start();
    const worker = fileURLToPath(new URL('./engine-worker.ts', import.meta.url));
    const child = spawn(process.execPath, [worker, database.appUrl, 'crashing', 'hang'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await inTransaction('commit', (tx) => engine.send(tx, 'crashing', { id: 'survivor' }));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString()).toBe('{"id":"survivor"}\n');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const runs: unknown[] = [];
    await engine.work('crashing', async ({ data, retryCount }) => {
      runs.push({ data, retryCount });
    });
    await expect.poll(() => runs, { timeout: 45_000 }).toEqual([{ data: { id: 'survivor' }, retryCount: 1 }]);
  });

  test('works through a backlog of 50,000 jobs, each exactly once', { timeout: 60_000 }, async () => {
    const engine = await start();
    const jobs = 50_000;
    await inTransaction('commit', async (tx) => {
      for (let from = 0; from < jobs; from += 10_000) {
        await engine.sendMany(
          tx,
          'backlog',
          Array.from({ length: 10_000 }, (_, index) => ({ id: from + index })),
        );
      }
    });
    const seen = new Uint8Array(jobs);
    let runs = 0;
    await engine.work<{ id: number }>(
      'backlog',
      async ({ data }) => {
        seen[data.id]!++;
        runs++;
      },
      { concurrency: 500 },
    );
    const completed = async () => {
      const { rows } = await pool.query("select count(*)::int as count from pgboss.job where name = 'backlog' and state = 'completed'");
      return rows[0].count;
    };
    await expect.poll(completed, { timeout: 50_000, interval: 250 }).toBe(jobs);
    expect(runs).toBe(jobs);
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  test('lets a running job finish before it stops', async () => {
    const engine = await start();
    const steps: string[] = [];
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    await engine.work('stopping', async () => {
      begin();
      await gate;
      steps.push('finished');
    });
    await inTransaction('commit', (tx) => engine.send(tx, 'stopping', { id: 'last' }));
    await begun;
    const stopped = engine.stop().then(() => steps.push('stopped'));
    open();
    await stopped;
    expect(steps).toEqual(['finished', 'stopped']);
    const { rows } = await pool.query("select state::text from pgboss.job where name = 'stopping'");
    expect(rows).toEqual([{ state: 'completed' }]);
  });
});

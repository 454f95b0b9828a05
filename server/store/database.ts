import pg from 'pg';

/** What a store function needs of a pool, a client or a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

/** Whose rows: every statement names both. */
export interface Scope {
  readonly workspaceId: string;
  readonly contractId: string;
}

/**
 * A pool on one database. Errors of idle connections (the server went away) are handed to `onError`; without a listener
 * they would end the process.
 */
export function openPool(url: string, onError: (error: Error) => void, max = 10): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('error', onError);
  return pool;
}

/**
 * Runs `work` on one connection of the pool. A connection that is lost meanwhile fails the query under way, and is thrown
 * away afterwards; without a listener here the loss would end the process.
 */
export async function withClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let lost = false;
  const lose = () => {
    lost = true;
  };
  client.on('error', lose);
  try {
    return await work(client);
  } finally {
    client.off('error', lose);
    client.release(lost);
  }
}

/** Runs `work` in one transaction: all of it or nothing. */
export function transaction<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  return withClient(pool, async (client) => {
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      // Fails only where the connection is lost, which rolls back by itself.
      await client.query('rollback').catch(() => {});
      throw error;
    }
  });
}

/**
 * Waits for the lock of that name and holds it, on a connection of its own, until it is released or this process ends.
 */
export async function lockSession(url: string, name: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, application_name: 'seatmatch lock' });
  client.on('error', () => {});
  await client.connect();
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
  return () => client.end();
}

/** A place among those who wait for the lock of that name, on a connection of its own. */
export interface QueuedLock {
  readonly isHeld: boolean;
  /** False: it was left before its turn came. */
  readonly held: Promise<boolean>;
  /** Releases the lock, or waits no longer. */
  leave(): Promise<void>;
}

/** Takes the lock where it is free; else it is ours once those before us have ended. */
export async function queueForLock(url: string, name: string): Promise<QueuedLock> {
  const client = new pg.Client({ connectionString: url, application_name: 'seatmatch lock' });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as free', [name]);
  const isHeld = rows[0]!.free;
  const held = isHeld
    ? Promise.resolve(true)
    : client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]).then(
        () => true,
        () => false,
      );
  return { isHeld, held, leave: () => client.end() };
}

/**
 * Runs `work` while nobody else, in whatever process, holds the lock of that name. The lock lives as long as its connection: it goes with
 * the process at once, and where only the connection is lost, the signal that `work` is given aborts. Waits for at most `patienceMs`;
 * false: it was not to be had, and nothing ran.
 */
export function asOnlyOne(
  pool: pg.Pool,
  name: string,
  patienceMs: number,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  return withClient(pool, async (client) => {
    await client.query(`set lock_timeout = ${Math.floor(patienceMs)}`);
    try {
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === lockNotAvailable) return false;
      throw error;
    } finally {
      await client.query('reset lock_timeout');
    }
    const lost = new AbortController();
    const lose = () => lost.abort(new Error('The connection that held the lock was lost.'));
    client.on('error', lose);
    try {
      await work(lost.signal);
      return true;
    } finally {
      client.off('error', lose);
      // Fails only where the connection is lost, and the lock with it.
      await client.query('select pg_advisory_unlock_all()').catch(() => {});
    }
  });
}

/** SQLSTATE lock_not_available: lock_timeout ran out. */
const lockNotAvailable = '55P03';

/** PostgreSQL text holds no NUL; a file can. The replacement character shows where one was. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

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

/** Runs `work` in one transaction: all of it or nothing. */
export async function transaction<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollback: Error) => {
      broken = rollback;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** PostgreSQL text holds no NUL; a file can. The replacement character shows where one was. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

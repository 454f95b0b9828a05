import pg from 'pg';
import type { Queryable } from './database.ts';

/** An answer as it was sent; `body` is null where there is none. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string | null;
}

export interface AskedOnce {
  readonly workspaceId: string;
  readonly key: string;
  /** Hash of what is asked, and by whom. */
  readonly fingerprint: string;
}

export interface IdempotencyKeys {
  /**
   * Runs `work` unless its answer is kept, and keeps what it answers. What it throws is not kept: a request that was refused, or failed,
   * runs again when it is repeated. So does one whose process ended in the middle, be it before or after its effects were stored.
   *
   * `busy`: it runs at this moment, here or in another process. `other-request`: the key was used for something else.
   */
  once(asked: AskedOnce, work: () => Promise<KeptAnswer>): Promise<KeptAnswer | 'busy' | 'other-request'>;
  stop(): Promise<void>;
}

const lockKey = 'hashtextextended($1, 0)';

/**
 * Whether a request still runs is told by a lock of the session: it goes with its process, kill -9 included. All locks of a process are
 * held by one connection, opened when the first key comes; a request that took a connection of the pool for its lock, and then needs
 * another to work, could wait for itself.
 */
export function openIdempotencyKeys(pool: Queryable, url: string, onError: (error: Error) => void): IdempotencyKeys {
  /** One session may take its own lock twice, so that requests of this process are told apart here. */
  const held = new Set<string>();
  let connection: Promise<pg.Client> | null = null;

  function session(): Promise<pg.Client> {
    connection ??= connect().catch((error: unknown) => {
      connection = null;
      throw error;
    });
    return connection;
  }

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, application_name: 'seatmatch keys', keepAlive: true });
    client.on('error', (error) => {
      connection = null;
      onError(error);
    });
    await client.connect();
    return client;
  }

  async function lock(name: string): Promise<boolean> {
    const client = await session();
    const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_lock(${lockKey}) as locked`, [name]);
    return rows[0]!.locked;
  }

  async function unlock(name: string): Promise<void> {
    // Fails only where the connection is lost, and the lock with it.
    await connection?.then((client) => client.query(`select pg_advisory_unlock(${lockKey})`, [name])).catch(() => {});
  }

  return {
    async once(asked, work) {
      const name = `idempotency ${asked.workspaceId} ${asked.key}`;
      // Whoever holds the key may only be reading the answer that is kept.
      if (held.has(name)) return (await keptAnswer(pool, asked)) ?? 'busy';
      held.add(name);
      try {
        if (!(await lock(name))) return (await keptAnswer(pool, asked)) ?? 'busy';
        try {
          return await runOnce(pool, asked, work);
        } finally {
          await unlock(name);
        }
      } finally {
        held.delete(name);
      }
    },
    async stop() {
      await connection?.then((client) => client.end()).catch(() => {});
    },
  };
}

/** The answer that a key already has; null while its request is under way. */
async function keptAnswer(db: Queryable, { workspaceId, key, fingerprint }: AskedOnce): Promise<KeptAnswer | 'other-request' | null> {
  const { rows } = await db.query<{ fingerprint: string; status: number | null; response: string | null }>(
    'select fingerprint, status, response from idempotency_key where workspace_id = $1 and key = $2',
    [workspaceId, key],
  );
  const kept = rows[0];
  if (!kept || (kept.fingerprint === fingerprint && kept.status === null)) return null;
  return kept.fingerprint === fingerprint ? { status: kept.status!, body: kept.response } : 'other-request';
}

async function runOnce(
  db: Queryable,
  { workspaceId, key, fingerprint }: AskedOnce,
  work: () => Promise<KeptAnswer>,
): Promise<KeptAnswer | 'other-request'> {
  const own = [workspaceId, key];
  const { rows } = await db.query<{ fingerprint: string; status: number | null; response: string | null }>(
    `insert into idempotency_key (workspace_id, key, fingerprint) values ($1, $2, $3)
     on conflict (workspace_id, key) do update set key = excluded.key returning fingerprint, status, response`,
    [...own, fingerprint],
  );
  const kept = rows[0]!;
  if (kept.fingerprint !== fingerprint) return 'other-request';
  if (kept.status !== null) return { status: kept.status, body: kept.response };
  try {
    const answer = await work();
    await db.query('update idempotency_key set status = $3, response = $4 where workspace_id = $1 and key = $2', [
      ...own,
      answer.status,
      answer.body,
    ]);
    return answer;
  } catch (error) {
    // Where this fails as well, the key is as after a crash.
    await db.query('delete from idempotency_key where workspace_id = $1 and key = $2', own).catch(() => {});
    throw error;
  }
}

/** Forgets keys older than a day. */
export async function pruneIdempotencyKeys(db: Queryable): Promise<void> {
  await db.query("delete from idempotency_key where created_at < now() - interval '1 day'");
}

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const channel = 'seatmatch';

/** What changed: clients read the row again by its version, so a lost notice costs a moment, never the truth. */
export type Notice = { workspace: string; kind: string; id: string };

/** The least of a pg client that notifying needs. */
export type NotifyConnection = { query(text: string, values: unknown[]): Promise<unknown> };

export type Listener = {
  /** Calls back for every notice from now on; returns the way to leave. */
  subscribe(callback: (notice: Notice) => void): () => void;
  stop(): Promise<void>;
};

export type ListenOptions = {
  /** Told of lost connections; the listener connects again by itself. */
  onError: (error: Error) => void;
  /** Called after each reconnection: notices may have been missed. */
  onReconnect?: () => void;
};

/** Sends a notice with the caller's transaction: it travels when that commits. At most 8,000 bytes, so ids only. */
export async function notify(tx: NotifyConnection, notice: Notice): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [channel, JSON.stringify([notice.workspace, notice.kind, notice.id])]);
}

/**
 * This process's one listening connection, shared by all subscribers. Resolves once it listens; rejects when the first connection fails.
 * Needs a session of its own: not through a pooler in transaction mode.
 */
export async function startListening(url: string, options: ListenOptions): Promise<Listener> {
  const subscribers = new Set<(notice: Notice) => void>();
  const stopping = new AbortController();
  let client: pg.Client | undefined;

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'seatmatch listener',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 10_000,
    });
    let lost = false;
    const lose = (error: Error) => {
      // Before it is ours the failure is connect()'s own; after stop() it is what we wanted.
      if (lost || client !== next || stopping.signal.aborted) return;
      lost = true;
      options.onError(error);
      void reconnect();
    };
    next.on('error', lose);
    next.on('end', () => lose(new Error('The listening connection to the database ended.')));
    next.on('notification', ({ payload }) => {
      const notice = parseNotice(payload);
      if (notice) for (const callback of subscribers) callback(notice);
    });
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
    } catch (error) {
      await next.end().catch(() => {});
      throw error;
    }
    return next;
  }

  async function reconnect(): Promise<void> {
    for (let pause = 100; !stopping.signal.aborted; pause = Math.min(pause * 2, 10_000)) {
      try {
        client = await connect();
        if (stopping.signal.aborted) await client.end();
        else options.onReconnect?.();
        return;
      } catch (error) {
        options.onError(error as Error);
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  client = await connect();
  return {
    subscribe(callback) {
      subscribers.add(callback);
      return () => subscribers.delete(callback);
    },
    async stop() {
      stopping.abort();
      await client?.end().catch(() => {});
    },
  };
}

function parseNotice(payload: string | undefined): Notice | null {
  try {
    const [workspace, kind, id] = JSON.parse(payload ?? '') as unknown[];
    if (typeof workspace !== 'string' || typeof kind !== 'string' || typeof id !== 'string') return null;
    return { workspace, kind, id };
  } catch {
    // Anybody who may connect may notify on any channel.
    return null;
  }
}

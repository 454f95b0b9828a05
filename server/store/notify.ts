import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ChangeKind, changeKinds } from '../core/change-kinds.ts';

const channel = 'seatmatch';

/** What changed: clients read the row again by its version, so a lost notice costs a moment, never the truth. */
export type Notice = { workspace: string; kind: ChangeKind; id: string };

/** `contract`: whose pages need to look again; without it everybody's of the workspace. */
export type Change = Notice & { contract?: string };

/** The least of a pg client that notifying needs. */
export type NotifyConnection = { query(text: string, values: unknown[]): Promise<unknown> };

export type Listener = {
  /**
   * Calls back for every notice from now on, and after a time in which notices may have been missed; returns the way to leave.
   */
  subscribe(onNotice: (notice: Notice) => void, onMissed?: () => void): () => void;
  stop(): Promise<void>;
};

export type ListenOptions = {
  /** Told of lost connections; the listener connects again by itself. */
  onError: (error: Error) => void;
};

/**
 * Says what changed, with the caller's transaction: the event is kept for those who come later, and a notice travels to those who listen
 * when that commits. At most 8,000 bytes, so ids only.
 */
export async function notify(tx: NotifyConnection, { workspace, contract, kind, id }: Change): Promise<void> {
  await tx.query(
    'with kept as (insert into event (workspace_id, kind, ref, contract_id) values ($1, $2, $3, $6)) select pg_notify($4, $5)',
    [workspace, kind, id, channel, JSON.stringify([workspace, kind, id]), contract ?? null],
  );
}

/**
 * This process's one listening connection, shared by all subscribers. Resolves once it listens; rejects when the first connection fails.
 * Needs a session of its own: not through a pooler in transaction mode.
 */
export async function startListening(url: string, options: ListenOptions): Promise<Listener> {
  const subscribers = new Set<{ onNotice: (notice: Notice) => void; onMissed: (() => void) | undefined }>();
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
      if (notice) for (const { onNotice } of subscribers) onNotice(notice);
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
        else for (const { onMissed } of subscribers) onMissed?.();
        return;
      } catch (error) {
        options.onError(error as Error);
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  client = await connect();
  return {
    subscribe(onNotice, onMissed) {
      const subscriber = { onNotice, onMissed };
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
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
    const known = changeKinds.find((each) => each === kind);
    return typeof workspace === 'string' && known && typeof id === 'string' ? { workspace, kind: known, id } : null;
  } catch {
    // Anybody who may connect may notify on any channel.
    return null;
  }
}

import type pg from 'pg';
import { type ChangeKind, changeKinds } from '../core/change-kinds.ts';
import type { Queryable } from './database.ts';
import type { Listener } from './notify.ts';

/** Something changed. Ids follow the order of commits (migrations/, table `event`): below an id that was read nothing turns up later. */
export interface StoredEvent {
  readonly id: number;
  readonly workspaceId: string;
  /** Null: it concerns every contract of the workspace. */
  readonly contractId: string | null;
  readonly kind: ChangeKind;
  /** Id of what changed. */
  readonly ref: string;
}

const pageSize = 1_000;
const keptEvents = 10_000;
const retryMs = 1_000;

/** The first thousand events after that id, oldest first. */
export async function eventsAfter(db: Queryable, id: number): Promise<StoredEvent[]> {
  const { rows } = await db.query<{ event_id: string; workspace_id: string; contract_id: string | null; kind: ChangeKind; ref: string }>(
    `select event_id, workspace_id, contract_id, kind, ref from event
     where event_id > $1 and event_id > 0 and kind = any ($2) order by event_id limit ${pageSize}`,
    [id, changeKinds],
  );
  return rows.map((row) => ({
    id: Number(row.event_id),
    workspaceId: row.workspace_id,
    contractId: row.contract_id,
    kind: row.kind,
    ref: row.ref,
  }));
}

/** The oldest event that is kept (null when there was never one) and the newest, or 0. */
export async function eventBounds(db: Queryable): Promise<{ oldest: number | null; newest: number }> {
  const { rows } = await db.query<{ oldest: string | null; newest: string | null }>(
    'select min(event_id) as oldest, max(event_id) as newest from event where event_id > 0',
  );
  const { oldest, newest } = rows[0]!;
  return { oldest: oldest === null ? null : Number(oldest), newest: Number(newest ?? 0) };
}

/** Forgets events older than a day, and all but the last ten thousand. The newest stays: it says how far the ids have come. */
export async function pruneEvents(db: Queryable): Promise<void> {
  await db.query(
    `delete from event where event_id > 0 and event_id < (select max(event_id) from event) and event_id <= greatest(
       (select max(event_id) from event where at < now() - interval '1 day'),
       (select event_id from event where event_id > 0 order by event_id desc offset ${keptEvents} limit 1))`,
  );
}

/** This process's one reader of events, for all who follow along. */
export interface EventFeed {
  /** Calls back for every event after the returned `from`, in order, and at the end of the feed. */
  follow(onEvent: (event: StoredEvent) => void, onEnd: () => void): { from: number; leave: () => void };
}

/** Reads what is new whenever the listener hears of something, or may have missed it. A read that failed is tried again. */
export async function startEventFeed(
  pool: pg.Pool,
  listener: Pick<Listener, 'subscribe'>,
  onError: (error: Error) => void,
): Promise<EventFeed & { stop(): void }> {
  const followers = new Set<{ onEvent: (event: StoredEvent) => void; onEnd: () => void }>();
  let from = (await eventBounds(pool)).newest;
  let reading = false;
  let stale = false;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  async function catchUp(): Promise<void> {
    stale = true;
    if (reading) return;
    reading = true;
    try {
      while (stale && !stopped) {
        stale = false;
        const events = await eventsAfter(pool, from);
        for (const event of events) {
          from = event.id;
          for (const { onEvent } of followers) onEvent(event);
        }
        stale ||= events.length === pageSize;
      }
    } catch (error) {
      if (stopped) return;
      onError(error as Error);
      clearTimeout(retry);
      retry = setTimeout(catchUp, retryMs).unref();
    } finally {
      reading = false;
    }
  }

  const leave = listener.subscribe(catchUp, catchUp);
  // What came before we listened.
  await catchUp();
  return {
    follow(onEvent, onEnd) {
      const follower = { onEvent, onEnd };
      followers.add(follower);
      return { from, leave: () => followers.delete(follower) };
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      leave();
      for (const { onEnd } of followers) onEnd();
    },
  };
}

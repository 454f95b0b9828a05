import type { Response } from 'express';
import type pg from 'pg';
import type { ChangeEvent } from '../api.ts';
import type { Scope } from '../store/database.ts';
import { type EventFeed, eventBounds, eventsAfter, type StoredEvent } from '../store/event.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';

const heartbeatMs = 25_000;
/** Whoever reads so slowly that this much waits for them is let go; they come back and read on from where they were. */
const mostWaitingBytes = 1_000_000;

export interface Events {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly events: EventFeed;
}

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Ids are the database's, so a page may come back to
 * any process: it gets what it has not had, in order, each once. Where that is no longer known it is told to read everything again.
 */
export function eventRoutes({ pool, workspace, events }: Events): Pick<Handlers, 'getEvents'> {
  return {
    async getEvents({ request, query, response }) {
      const lastId = request.get('Last-Event-ID') ?? query.after;
      response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      response.flushHeaders();
      const stream = openStream(response, workspace);
      const waiting: StoredEvent[] = [];
      let receive = (event: StoredEvent): void => {
        waiting.push(event);
      };
      const { from, leave } = events.follow(
        (event) => receive(event),
        // The page comes back, to this server or another.
        () => response.end(),
      );
      const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
      response.on('close', () => {
        clearInterval(heartbeat);
        leave();
      });
      if (lastId === undefined) stream.begin(from);
      else await replay(pool, lastId, stream);
      receive = stream.send;
      for (const event of waiting) stream.send(event);
    },
  };
}

type Stream = ReturnType<typeof openStream>;

function openStream(response: Response, scope: Scope) {
  let sent = 0;
  const write = (id: number, event: ChangeEvent) => {
    response.write(`id: ${id}\nevent: change\ndata: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > mostWaitingBytes) response.destroy();
  };
  return {
    /** Nothing up to this id is wanted. A page that has seen no event yet knows from where to read on. */
    begin(id: number): void {
      sent = id;
      response.write(`id: ${id}\nretry: 2000\n\n`);
    },
    /** Sends an event once: the way of the replay and the way of the feed overlap. */
    send({ id, workspaceId, contractId, kind, ref }: StoredEvent): void {
      if (id <= sent) return;
      sent = id;
      if (workspaceId === scope.workspaceId && (contractId === null || contractId === scope.contractId)) write(id, { kind, id: ref });
    },
    /** Asks to read everything as of this id. */
    forget(id: number): void {
      sent = id;
      write(id, { kind: 'everything', id: 'all' });
    },
  };
}

async function replay(pool: pg.Pool, lastId: string, stream: Stream): Promise<void> {
  let after = /^\d{1,15}$/u.test(lastId) ? Number(lastId) : Number.NaN;
  stream.begin(after || 0);
  for (;;) {
    const page = Number.isNaN(after) ? [] : await eventsAfter(pool, after);
    // After the page: what was pruned before it was read shows itself here.
    const { oldest, newest } = await eventBounds(pool);
    const known = after <= newest && (oldest === null || after >= oldest - 1);
    if (!known) return stream.forget(newest);
    for (const event of page) stream.send(event);
    if (page.length === 0) return;
    after = page.at(-1)!.id;
  }
}

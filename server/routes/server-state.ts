import type pg from 'pg';
import type { ChangeEvent } from '../api.ts';
import type { Listener } from '../store/notify.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';

const heartbeatMs = 25_000;

export interface ServerState {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly notices: Pick<Listener, 'subscribe'>;
  readonly version: string;
}

const kinds: readonly string[] = ['reconciliation', 'people', 'upload', 'settings', 'decision'] satisfies ChangeEvent['kind'][];

export function serverRoutes({ pool, workspace, notices, version }: ServerState): Pick<Handlers, 'getHealth' | 'getEvents'> {
  return {
    async getHealth({ response }) {
      try {
        await pool.query('select 1');
        return { status: 'up', version, database: 'up' };
      } catch {
        response.status(503);
        return { status: 'down', version, database: 'down' };
      }
    },
    async getEvents({ request, response }) {
      response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      response.flushHeaders();
      let count = 0;
      const send = (event: ChangeEvent) => response.write(`id: ${++count}\nevent: change\ndata: ${JSON.stringify(event)}\n\n`);
      response.write('retry: 2000\n\n');
      // What was sent while the client was away is lost: it is told to read everything again.
      if (request.headers['last-event-id']) send({ kind: 'people', id: 'all' });
      const leave = notices.subscribe(({ workspace: of, kind, id }) => {
        if (of === workspace.workspaceId && kinds.includes(kind)) send({ kind: kind as ChangeEvent['kind'], id });
      });
      const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
      response.on('close', () => {
        clearInterval(heartbeat);
        leave();
      });
    },
  };
}

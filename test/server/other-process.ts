import type pg from 'pg';
import { openPool, type Scope } from '../../server/store/database.ts';
import { type Engine, startEngine } from '../../server/store/engine.ts';
import { firstWorkspace } from '../../server/store/workspace.ts';
import type { TestServer } from './running-server.ts';

export interface OtherProcess {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly scope: Scope;
  close(): Promise<void>;
}

/** What another process of the same database holds: whatever it writes the server and its pages have to notice by themselves. */
export async function openOtherProcess(server: TestServer): Promise<OtherProcess> {
  const faults: unknown[] = [];
  const pool = openPool(server.database.appUrl, (error) => faults.push(error));
  const engine = await startEngine({ url: server.database.appUrl, onError: (error) => faults.push(error) });
  const scope = await firstWorkspace(pool);
  if (!scope) throw new Error('The server has no workspace yet.');
  return {
    pool,
    engine,
    scope,
    async close() {
      await engine.stop({ timeoutMs: 1000 });
      await pool.end();
      if (faults.length > 0) throw new AggregateError(faults, 'The other process had faults.');
    },
  };
}

import type pg from 'pg';
import type { Handlers } from './endpoint.ts';

export interface ServerState {
  readonly pool: pg.Pool;
  readonly version: string;
}

export function serverRoutes({ pool, version }: ServerState): Pick<Handlers, 'getHealth'> {
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
  };
}

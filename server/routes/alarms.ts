import type pg from 'pg';
import type { Clock } from '../jobs/clock.ts';
import { listOpenAlarms } from '../store/alarm.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';

export function alarmRoutes({
  pool,
  workspace,
  clock,
}: {
  pool: pg.Pool;
  workspace: Workspace;
  clock: Clock;
}): Pick<Handlers, 'listAlarms'> {
  return {
    async listAlarms() {
      const rows = await listOpenAlarms(pool, workspace);
      return {
        now: clock.now().toISOString(),
        rows: rows.map(({ id, kind, level, sentence, label, href, since }) => ({ id, kind, level, sentence, label, href, since })),
      };
    },
  };
}

import type pg from 'pg';
import { linkedinPlanDesk } from '../../server/commands/linkedin-plan-tools.ts';
import { changePlan } from '../../server/jobs/change-plan.ts';
import type { PlanDesk } from '../../server/jobs/plan-desk.ts';
import { openPool, type Scope } from '../../server/store/database.ts';
import { type Engine, startEngine } from '../../server/store/engine.ts';
import type { TestServer } from './running-server.ts';

export interface OtherClock {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly scope: Scope;
  readonly desk: PlanDesk;
  /** Sets the clock, to so many days from the beginning. */
  setDays(days: number): void;
  /** Looks at a plan so many days from now, as the job does whose time has come. */
  lookAt(planId: string, days: number): Promise<void>;
  stop(): Promise<void>;
}

/** Another process on a server's database, whose clock can be set. */
export async function otherClock(server: TestServer): Promise<OtherClock> {
  const fail = (error: Error): void => {
    throw error;
  };
  const pool = openPool(server.database.appUrl, fail);
  const engine = await startEngine({ url: server.database.appUrl, onError: fail });
  const { rows } = await pool.query<Scope>('select workspace_id as "workspaceId", contract_id as "contractId" from contract');
  const scope = rows[0]!;
  const begun = Date.now();
  let now = new Date(begun);
  const desk = linkedinPlanDesk({ pool, engine, now: () => now, deliveries: {}, carries: async () => null });
  const setDays = (days: number): void => {
    now = new Date(begun + days * 86_400_000);
  };
  return {
    pool,
    engine,
    scope,
    desk,
    setDays,
    async lookAt(planId, days) {
      setDays(days);
      await changePlan(desk, scope, planId, 'Seatmatch', async () => {});
    },
    async stop() {
      await engine.stop({ timeoutMs: 5_000 });
      await pool.end();
    },
  };
}

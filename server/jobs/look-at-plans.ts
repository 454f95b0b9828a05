import { type Scope, transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { runningPlans } from '../store/plan.ts';
import { changePlan, planQueue } from './change-plan.ts';
import { ActionRefused, type PlanDesk, type PlanJob, planJob } from './plan-desk.ts';

/** Looks at plans whose time has come: reminders, answers that did not come, alarms. Works the queue until the engine stops. */
export async function workPlans(engine: Engine, desk: PlanDesk, logError: (error: unknown) => void): Promise<void> {
  await engine.work<PlanJob>(
    planQueue.name,
    async ({ data }) => {
      try {
        await changePlan(desk, data, data.planId, 'Seatmatch', async () => {});
      } catch (error) {
        // A plan that went with the demo needs no look any more.
        if (error instanceof ActionRefused) return;
        logError(error);
        throw error;
      }
    },
    { concurrency: 4 },
  );
}

/** Has every plan under way looked at now: after a leap of the clock, whose delayed jobs would come too late. */
export const lookAtAllPlans = ({ pool, engine }: PlanDesk, scope: Scope): Promise<void> =>
  transaction(pool, async (client) => {
    for (const { id } of await runningPlans(client, scope)) await engine.send(client, planQueue.name, planJob(scope, id));
  });

import type pg from 'pg';
import type { Scope } from '../store/database.ts';
import type { Engine, QueueDefinition } from '../store/engine.ts';
import { lockPlans } from '../store/plan.ts';
import { findReconciliation, type StoredReconciliation } from '../store/reconciliation.ts';
import { followFindings, runningRematches } from '../store/rematch.ts';
import { hideRepairs } from '../store/repair-overlay.ts';
import { findUpload } from '../store/upload.ts';
import { autoRepair } from './auto-repair.ts';
import { joinUsageAnew } from './keep-usage.ts';
import { showMoved } from './move-rematches.ts';
import type { PlanDesk } from './plan-desk.ts';
import { takeReadOf } from './take-read.ts';

/** Lets plans and usage reports learn from the license list of a comparison that is done. */
export const learnQueue: QueueDefinition = { name: 'learn-from-run', retryLimit: 20, retryDelay: 2, retryDelayMax: 300 };

type LearnJob = { workspaceId: string; contractId: string; reconciliationId: string };

/**
 * In the transaction that makes a comparison done: running repairs show in its findings as they did in those before, and the job that
 * lets plans learn from it exists if and only if it is done.
 */
export async function followRun(
  client: pg.PoolClient,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  run: StoredReconciliation,
  now: string,
): Promise<void> {
  await lockPlans(client, scope);
  await followFindings(client, scope);
  await hideRepairs(client, scope, null);
  const running = await runningRematches(client, scope);
  await showMoved(
    client,
    scope,
    running.map((rematch) => ({ rematch, state: rematch.state })),
    { at: now, crmName: run.crmName },
  );
  const job: LearnJob = { workspaceId: scope.workspaceId, contractId: scope.contractId, reconciliationId: run.id };
  await engine.send(client, learnQueue.name, job);
}

/** Works the queue until the engine stops. */
export async function workLearning(
  engine: Engine,
  desk: PlanDesk,
  pathOfUpload: (id: string) => string,
  logError: (error: unknown) => void,
): Promise<void> {
  await engine.work<LearnJob>(learnQueue.name, async ({ data }) => {
    try {
      const run = await findReconciliation(desk.pool, data, data.reconciliationId);
      if (run === null || run.state !== 'done' || run.asOf === null) return;
      await joinUsageAnew(desk.pool, data);
      if ('connection' in run.licenses) {
        // A connection's list shows no invitation and no license by its name, and what a plan's files did is told by both.
        await autoRepair(desk, data, run);
        return;
      }
      const upload = await findUpload(desk.pool, data, run.licenses.upload);
      if (upload === null) return;
      const map = upload.mapping && Object.fromEntries(upload.mapping.map(({ column, field }) => [column, field ?? 'ignore']));
      const people = await desk.readAccounts(pathOfUpload(upload.id), { name: upload.name, exportedAt: run.asOf, map: map ?? undefined });
      const { received, rejected, expected } = run.proofs!.licenses;
      const isComplete = rejected === 0 && received === expected;
      await takeReadOf(desk, data, { people, asOf: run.asOf, isComplete }, `Comparison ${run.number}`);
      await autoRepair(desk, data, run);
    } catch (error) {
      logError(error);
      throw error;
    }
  });
}

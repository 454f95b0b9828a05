import { autoRepairNotice } from '../core/messages.ts';
import { fileOut } from '../core/plan-progress.ts';
import type { Rule } from '../core/status.ts';
import { type Scope, transaction } from '../store/database.ts';
import { findAutoPlan, type StoredPlan } from '../store/plan.ts';
import { doneReconciliations, type StoredReconciliation } from '../store/reconciliation.ts';
import { lastRematches } from '../store/rematch.ts';
import { type StoredSchedule, scheduleOfRun } from '../store/schedule.ts';
import { approvePlan } from './approve-plan.ts';
import { draftAutoPlan } from './draft-plan.ts';
import type { PlanDesk } from './plan-desk.ts';
import { endAlarm, raiseAlarm } from './raise-alarm.ts';
import { remind } from './remind.ts';

/** Rules that are sure enough to act on without a person: decided by a person before, by an id, or by a declared domain. */
const sure: ReadonlySet<Rule> = new Set<Rule>(['link', 'stable-id', 'domain-alias']);

/**
 * Repairs by itself after a comparison of a schedule that may: email changes only, of people whose owner is sure, within the limits of a
 * plan. A guard that trips plans nothing, and says so as an alarm. Called again after a crash it goes on where it was.
 */
export async function autoRepair(desk: PlanDesk, scope: Scope, run: StoredReconciliation): Promise<void> {
  const { pool, engine } = desk;
  const schedule = await scheduleOfRun(pool, scope, run.id);
  if (schedule === null || !schedule.autoRepair) return;
  const by = `Schedule ${schedule.name}`;
  const made = (await findAutoPlan(pool, scope, run.id)) ?? (await draft(desk, scope, run, schedule, by));
  if (made === null) return;
  if (made.state === 'draft') await approvePlan(desk, scope, made.id, made.seal, by);
  await transaction(pool, async (client) => {
    const plan = await findAutoPlan(client, scope, run.id);
    const out = plan && fileOut(plan.progress);
    if (plan?.state !== 'running' || plan.delivered || !out) return;
    const facts = { schedule: schedule.name, count: new Set(plan.plan.files.flatMap(({ rows }) => rows)).size, file: out.name };
    await remind(
      client,
      engine,
      scope,
      {
        key: { subject: plan.id, kind: 'auto-repair', day: 0 },
        to: plan.assignee,
        message: (name) => autoRepairNotice({ ...facts, name, href: `/plans/${plan.id}/job` }),
        ref: { planId: plan.id },
      },
      desk.now().toISOString(),
    );
  });
}

/** The plan as a draft; null where nothing is to be done, or a guard stops it. */
async function draft(
  desk: PlanDesk,
  scope: Scope,
  run: StoredReconciliation,
  schedule: StoredSchedule,
  by: string,
): Promise<StoredPlan | null> {
  const { pool, engine } = desk;
  const [newest] = await doneReconciliations(pool, scope, 1);
  if (newest?.id !== run.id) return null;
  // Whoever a person put back to the old email stays there until a person says otherwise.
  const undone = (await lastRematches(pool, scope)).filter(({ state }) => state.ended === 'undone').map(({ state }) => state.licenseId);
  const wish = {
    mode: 'email-first',
    route: null,
    guided: [],
    rootCause: null,
    licenseIds: null,
    leaveOut: undone,
    assignee: schedule.createdBy,
    backup: null,
    override: null,
    auto: true,
    rules: sure,
  } as const;
  const outcome = await draftAutoPlan(desk, scope, wish, by);
  await transaction(pool, async (client) => {
    if (outcome.kind !== 'stopped') return endAlarm(client, engine, scope, 'auto-repair-stopped', schedule.id);
    return raiseAlarm(client, engine, scope, {
      kind: 'auto-repair-stopped',
      subject: schedule.id,
      level: 'orange',
      sentence: `The schedule ${schedule.name} repaired nobody. ${outcome.sentence}`,
      label: 'Open the comparison',
      href: `/runs/${run.id}`,
    });
  });
  return outcome.kind === 'made' ? findAutoPlan(pool, scope, run.id) : null;
}

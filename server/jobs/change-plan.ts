import type pg from 'pg';
import { thresholdOf } from '../core/alerts.ts';
import { list, withoutLicense } from '../core/job-view.ts';
import { sittingUnderWay } from '../core/plan-progress.ts';
import { addWorkingDays, isStuckInOnboarding, rematchDueAt } from '../core/rematch.ts';
import { endAlarm, raiseAlarm } from '../store/alarm.ts';
import { type Scope, transaction } from '../store/database.ts';
import type { QueueDefinition } from '../store/engine.ts';
import { notify } from '../store/notify.ts';
import { findPlan, lockPlans, type StoredPlan, savePlan } from '../store/plan.ts';
import { rematchesOfPlan } from '../store/rematch.ts';
import { readSettings } from '../store/setting.ts';
import { askPerson } from './ask-person.ts';
import { movePeople } from './move-rematches.ts';
import type { OpenPlan } from './open-plan.ts';
import { ActionRefused, type PlanDesk, planJob } from './plan-desk.ts';
import { nextReminderOf, remindOfPlan } from './remind-of-plan.ts';

export type { OpenPlan };

/** Looks at a plan again when something in it is due. A job too many finds nothing to do. */
export const planQueue: QueueDefinition = { name: 'look-at-plan', retryLimit: 20, retryDelay: 2, retryDelayMax: 300 };

/**
 * Runs `work` on one plan and everything that follows from it, in one transaction: people's states and findings, questions, alarms, the
 * next look. Throws ActionRefused where there is no such plan.
 */
export async function changePlan<Result>(
  desk: PlanDesk,
  scope: Scope,
  planId: string,
  by: string,
  work: (open: OpenPlan) => Promise<Result>,
): Promise<Result> {
  return transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    const plan = await findPlan(client, scope, planId);
    if (plan === null) throw new ActionRefused('not-found', 'This plan is not here (any more).');
    return changeOpenPlan(desk, client, scope, plan, by, work);
  });
}

/** As `changePlan`, inside a transaction that holds the contract's lock already. */
export async function changeOpenPlan<Result>(
  desk: PlanDesk,
  client: pg.PoolClient,
  scope: Scope,
  plan: StoredPlan,
  by: string,
  work: (open: OpenPlan) => Promise<Result>,
): Promise<Result> {
  const open = await openPlan(desk, client, scope, plan, by);
  const result = await work(open);
  await settle(desk, open);
  return result;
}

/** A plan with its people. Who only looks needs no lock; `save` and `move` do. */
export async function openPlan(desk: PlanDesk, client: pg.PoolClient, scope: Scope, plan: StoredPlan, by: string): Promise<OpenPlan> {
  const { settings } = await readSettings(client, scope);
  const context = { at: desk.now().toISOString(), by, crmName: plan.plan.crmName, crmJobHours: settings.limits.crmJobHours };
  const open: OpenPlan = {
    client,
    scope,
    context,
    plan,
    people: await rematchesOfPlan(client, scope, plan.id),
    async save(change) {
      open.plan = await savePlan(client, scope, open.plan, change);
    },
    async move(eventsOf) {
      open.people = await movePeople(client, scope, open.people, eventsOf, context);
    },
  };
  return open;
}

/** What follows from any change: time, alarms, the end of the plan, the next look, and a notice to whoever watches. */
async function settle(desk: PlanDesk, open: OpenPlan): Promise<void> {
  const { client, scope, context } = open;
  if (open.plan.state === 'running') {
    await open.move(() => [{ kind: 'time' }]);
    await askWaiting(desk, open);
    await letSuccessorGo(open);
    await remindOfPlan(desk, open);
    await endIfDone(open);
  }
  await settleAlarms(desk, open);
  const next = [...open.people.map(({ state }) => rematchDueAt(state)), open.plan.state === 'running' ? nextReminderOf(open) : null]
    .filter((at) => at !== null && at > context.at)
    .toSorted()[0];
  if (next) await desk.engine.send(client, planQueue.name, planJob(scope, open.plan.id), { startAfter: new Date(next) });
  for (const [kind, id] of [
    ['plan', open.plan.id],
    ['people', 'all'],
  ] as const)
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind, id });
}

/** Asks everybody whose turn it is, once, at their new address. */
async function askWaiting(desk: PlanDesk, open: OpenPlan): Promise<void> {
  const { client, scope, context, plan } = open;
  const waiting = open.people.filter(
    ({ state }) => state.step === 'ask-person' && state.ended === null && state.asked === null && !state.paused,
  );
  if (waiting.length === 0 || plan.paused) return;
  const { limits } = (await readSettings(client, scope)).settings;
  const until = new Date(Date.parse(context.at) + limits.answerDays * 86_400_000).toISOString();
  for (const { id, findingKey, state } of waiting)
    await askPerson(client, desk.engine, scope, {
      rematchId: id,
      planId: plan.id,
      findingKey,
      name: state.name,
      newEmail: state.newEmail,
      company: plan.plan.tenant,
      crmName: plan.plan.crmName,
      moveOn: (plan.sitting?.plannedFor ?? addWorkingDays(context.at, 1)).slice(0, 10),
      until,
    });
  const asked = new Set(waiting.map(({ id }) => id));
  await open.move(({ id }) => (asked.has(id) ? [{ kind: 'asked', until }] : []));
}

/** A license that was not taken from the leaver cannot be given on. */
async function letSuccessorGo(open: OpenPlan): Promise<void> {
  const leaver = open.people.find(({ state }) => state.purpose === 'hand-over-from')?.state;
  if (leaver === undefined || leaver.ended === null || leaver.ended === 'handed-over') return;
  const cause = `The license of ${leaver.name || 'the leaver'} was not taken, so there is none to give on.`;
  await open.move(({ state }) => (state.purpose === 'hand-over-to' && state.ended === null ? [{ kind: 'left-out', cause }] : []));
}

async function endIfDone(open: OpenPlan): Promise<void> {
  const { plan, progress } = open.plan;
  const isOver = open.people.every(({ state }) => state.ended !== null);
  if (!isOver || sittingUnderWay(plan, progress) !== null) return;
  const isOut = progress.files.some((file) => ['made', 'downloaded', 'said-to-be-uploaded', 'seen'].includes(file.state));
  if (isOut && open.people.some(({ state }) => state.ended !== 'cancelled')) return;
  await open.save({ state: 'done', endedAt: open.context.at });
}

/** Red while somebody has no license: shown at once, mailed when a license could not be given back, and after the minutes that the alert's setting names. */
async function settleAlarms(desk: PlanDesk, open: OpenPlan): Promise<void> {
  const { client, scope, context, plan } = open;
  const without = withoutLicense(
    plan.plan,
    plan.progress,
    open.people.map(({ findingKey, state }) => ({ key: findingKey, state })),
  );
  const href = `/plans/${plan.id}/job#give-back`;
  if (without === null) {
    await endAlarm(client, desk.engine, scope, 'no-license', plan.id);
    await endAlarm(client, desk.engine, scope, 'give-back-failed', plan.id);
  } else {
    const { names, since } = without;
    const { alerts } = (await readSettings(client, scope)).settings;
    const loudAt = new Date(Date.parse(since) + thresholdOf(alerts, 'seatless') * 60_000);
    const isLoud = loudAt.toISOString() <= context.at;
    const has = names.length === 1 ? 'has' : 'have';
    const alarm = { subject: plan.id, level: 'red', label: 'Give everyone back', href, since } as const;
    await raiseAlarm(client, desk.engine, scope, {
      ...alarm,
      kind: 'no-license',
      sentence: `${list(names)} ${has} no license since {since}.`,
      detail: { count: names.length },
      mail: isLoud ? 'now' : 'later',
    });
    const failed = failedToReturn(plan);
    if (failed > 0)
      await raiseAlarm(client, desk.engine, scope, {
        ...alarm,
        kind: 'give-back-failed',
        detail: { count: failed },
        sentence: `LinkedIn did not give ${failed === 1 ? 'one license' : `${failed} licenses`} back. Upload the give-back file again.`,
      });
    if (!isLoud) await desk.engine.send(client, planQueue.name, planJob(scope, plan.id), { startAfter: loudAt });
  }
  for (const { id, findingKey, state } of open.people) {
    if (state.mode !== 'full') break;
    if (isStuckInOnboarding(state, context.at))
      await raiseAlarm(client, desk.engine, scope, {
        kind: 'stuck-onboarding',
        subject: id,
        level: 'orange',
        sentence: `${state.name || state.licenseId} has not accepted the new invitation. Call them.`,
        label: 'Open the person',
        href: `/people/${encodeURIComponent(findingKey)}`,
        since: state.licenseOnAt!,
      });
    else if (state.step !== 'onboarding') await endAlarm(client, desk.engine, scope, 'stuck-onboarding', id);
  }
}

/** Rows of the last give-back file that is known of that LinkedIn refused, or that an export shows undone. */
const failedToReturn = ({ plan, progress }: StoredPlan): number =>
  progress.files
    .filter((file) => plan.files[file.file]!.kind === 'license-on' && Object.keys(file.outcomes).length > 0)
    .slice(-1)
    .flatMap((file) => Object.values(file.outcomes))
    .filter((row) => row.outcome === 'refused' || (row.outcome === 'untouched' && row.proven)).length;

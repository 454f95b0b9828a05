import { agreedWindowAt, opensSentence } from '../core/agreed-window.ts';
import { isInWindow } from '../core/guard-file.ts';
import { fileOut, sittingUnderWay, unprovenOut } from '../core/plan-progress.ts';
import { isBetweenOffAndOn, type RematchEvent } from '../core/rematch.ts';
import { writeAudit } from '../store/audit.ts';
import { type Scope, transaction } from '../store/database.ts';
import { findPlan, lockPlans } from '../store/plan.ts';
import { findRematch } from '../store/rematch.ts';
import { readSettings } from '../store/setting.ts';
import { answerForPerson, type OnAnswer } from './ask-person.ts';
import { changeOpenPlan, changePlan, type OpenPlan } from './change-plan.ts';
import { mustRun, releaseFile } from './hand-out-files.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { bringsList, gateOf } from './plan-gate.ts';
import { queueDelivery } from './queue-delivery.ts';

const audit = (open: OpenPlan, action: string, detail: object = {}): Promise<void> =>
  writeAudit(open.client, open.scope.workspaceId, { actor: open.context.by, action, subject: open.plan.id, detail });

/** No file is made while a plan is paused; giving licenses back goes on. */
export const pausePlan = (desk: PlanDesk, scope: Scope, planId: string, by: string): Promise<void> =>
  changePlan(desk, scope, planId, by, async (open) => {
    mustRun(open);
    if (open.plan.paused) return;
    await open.save({ paused: true });
    await audit(open, 'plan paused');
  });

export const resumePlan = (desk: PlanDesk, scope: Scope, planId: string, by: string): Promise<void> =>
  changePlan(desk, scope, planId, by, async (open) => {
    mustRun(open);
    if (!open.plan.paused) return;
    await open.save({ paused: false });
    await audit(open, 'plan resumed');
    await releaseFile(desk, open);
    await queueDelivery(desk, open);
  });

/**
 * Ends a plan: whoever nothing happened to yet is let go. Between off and on it means: finish giving the licenses back, then end.
 * Returns a sentence where it ends only later. A file that was downloaded keeps waiting for its proof, since it may have been uploaded.
 */
export const cancelPlan = (desk: PlanDesk, scope: Scope, planId: string, by: string): Promise<string | null> =>
  changePlan(desk, scope, planId, by, async (open) => {
    const { plan } = open;
    if (plan.state !== 'draft' && plan.state !== 'running') throw new ActionRefused('not-now', 'This plan has ended already.');
    if (sittingUnderWay(plan.plan, plan.progress) !== null) {
      if (plan.origin.handOver !== undefined)
        throw new ActionRefused('not-now', 'The license was taken from the leaver already. Give it to the successor; the plan ends then.');
      await open.move(() => [{ kind: 'cancel' }]);
      await audit(open, 'plan cancelled', { ends: 'once everybody has their license back' });
      return 'Some people have no license right now. Give everyone back; the plan ends then.';
    }
    const out = unprovenOut(plan.plan, plan.progress);
    if (out !== null && plan.plan.files[out.file]!.route === 'scim')
      throw new ActionRefused('not-now', `${out.name} is under way. Pause the plan, and bring a new export an hour later; then cancel.`);
    if (out !== null)
      throw new ActionRefused(
        'not-now',
        `${out.name} was downloaded and may have been uploaded. Throw it away, or bring its proof; then cancel.`,
      );
    await open.move(() => [{ kind: 'cancel' }]);
    await audit(open, 'plan cancelled');
    await open.save({ state: 'cancelled', endedAt: open.context.at });
    return null;
  });

/** Starts a sitting, or agrees when it is to begin. @param plannedFor ISO 8601; null starts now */
export const planSitting = (desk: PlanDesk, scope: Scope, planId: string, plannedFor: string | null, by: string): Promise<void> =>
  changePlan(desk, scope, planId, by, async (open) => {
    mustRun(open);
    const index = nextSitting(open);
    if (index === null) throw new ActionRefused('not-possible', 'No licenses are left to remove in this plan.');
    const started = plannedFor === null;
    if (!started) await mustFit(open, plannedFor);
    await open.save({
      sitting: { index, plannedFor, startedAt: started ? open.context.at : null, startedBy: started ? by : null },
    });
    await audit(open, started ? 'sitting started' : 'sitting planned', { index, plannedFor });
    if (!started) return;
    if (open.plan.delivered) {
      const file = open.plan.plan.files.find(({ sitting, kind }) => sitting === index && kind === 'license-off')!;
      const waits = (await gateOf(open, { list: bringsList(open.plan, file) ? 'later' : 'now' })).file(file);
      if (waits !== null) throw new ActionRefused('not-now', waits);
      return queueDelivery(desk, open);
    }
    const released = await releaseFile(desk, open);
    if (released.kind === 'waiting') throw new ActionRefused('not-now', released.sentence);
    if (released.kind === 'out') throw new ActionRefused('not-now', `${released.file.name} is out: bring its proof first.`);
  });

/** A sitting is agreed for a time that lies ahead, in the window in which licenses may be taken. */
async function mustFit({ client, scope, context, plan }: OpenPlan, plannedFor: string): Promise<void> {
  if (Date.parse(plannedFor) <= Date.parse(context.at))
    throw new ActionRefused('not-possible', 'That time is over. Choose one that lies ahead.');
  const { removalWindow } = (await readSettings(client, scope)).settings;
  const window = plan.plan.window ?? agreedWindowAt(removalWindow, plannedFor);
  if (window !== null && !isInWindow(window, plannedFor))
    throw new ActionRefused(
      'not-possible',
      `Licenses are only taken in the agreed window, and it is not open then. ${opensSentence(window, removalWindow?.timeZone ?? 'UTC')}`,
    );
}

/** The sitting whose off file comes next; null where all are through. */
export function nextSitting({ plan: { plan, progress } }: Pick<OpenPlan, 'plan'>): number | null {
  const made = Math.max(-1, ...progress.files.map(({ file }) => file));
  return plan.files.find((file, index) => index > made && file.kind === 'license-off')?.sitting ?? null;
}

export type PersonAction = 'pause' | 'resume' | 'cancel';

/** Steers one person of a plan. Returns a sentence where it ends only later; throws ActionRefused where it is too late. */
export const steerPerson = (desk: PlanDesk, scope: Scope, rematchId: string, action: PersonAction, by: string): Promise<string | null> =>
  withPerson(desk, scope, rematchId, by, async (open, rematch) => {
    if (rematch.state.ended !== null) throw new ActionRefused('not-now', 'Their repair has ended already.');
    if (open.plan.origin.handOver !== undefined && action !== 'resume')
      throw new ActionRefused('not-possible', 'Leaver and successor belong together. Pause or cancel the whole plan.');
    if (action === 'pause' && isBetweenOffAndOn(rematch.state))
      throw new ActionRefused('not-now', 'They have no license right now. Give it back first; then they can be paused.');
    if (action === 'cancel' && rowIsOut(open, rematch.state.licenseId) && !isBetweenOffAndOn(rematch.state))
      throw new ActionRefused('not-now', 'Their row is in a file that is out. Throw the file away, or bring its proof; then cancel.');
    await moveOne(open, rematchId, { kind: action });
    await audit(open, `person: ${action}`, { rematch: rematchId, license: rematch.state.licenseId });
    if (action === 'cancel' && isBetweenOffAndOn(rematch.state)) return 'They get their license back first; then their repair ends.';
    return null;
  });

/** What an admin saw in Admin Center of one person, on a day. */
export const observePerson = (
  desk: PlanDesk,
  scope: Scope,
  rematchId: string,
  verdict: 'matched' | 'not-matched',
  on: string,
  by: string,
): Promise<void> => withPerson(desk, scope, rematchId, by, (open) => moveOne(open, rematchId, { kind: 'observed', verdict, on }));

/** An admin's answer for the person, with a reason. */
export const answerFor = (
  desk: PlanDesk,
  scope: Scope,
  rematchId: string,
  answer: 'confirmed' | 'wrong-person' | 'not-now',
  by: string,
  reason: string,
): Promise<void> =>
  withPerson(desk, scope, rematchId, by, async (open, rematch) => {
    if (rematch.state.step !== 'ask-person') return;
    await answerForPerson(open.client, scope, { rematchId, answer, by, reason });
    await moveOne(open, rematchId, { kind: 'answered', answer, reason });
  });

/** What an answer by the link in a message does, in the transaction that keeps it. */
export const answerOf =
  (desk: PlanDesk): OnAnswer =>
  async (client, scope, { rematchId, answer, by, reason }) => {
    await lockPlans(client, scope);
    const found = await findRematch(client, scope, rematchId);
    const plan = found && (await findPlan(client, scope, found.planId));
    if (!plan) return;
    await changeOpenPlan(desk, client, scope, plan, by, async (open) => {
      await moveOne(open, rematchId, { kind: 'answered', answer, reason });
    });
  };

const moveOne = (open: OpenPlan, rematchId: string, event: RematchEvent): Promise<void> =>
  open.move(({ id }) => (id === rematchId ? [event] : []));

function rowIsOut({ plan: { plan, progress } }: OpenPlan, licenseId: string): boolean {
  const out = fileOut(progress);
  return out !== null && out.state !== 'made' && out.rows.some((row) => plan.files[out.file]!.rows[row]!.licenseId === licenseId);
}

async function withPerson<Result>(
  desk: PlanDesk,
  scope: Scope,
  rematchId: string,
  by: string,
  work: (open: OpenPlan, rematch: OpenPlan['people'][number]) => Promise<Result>,
): Promise<Result> {
  const found = await transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    return findRematch(client, scope, rematchId);
  });
  if (found === null) throw new ActionRefused('not-found', 'This repair is not here (any more).');
  return changePlan(desk, scope, found.planId, by, (open) => work(open, open.people.find(({ id }) => id === rematchId)!));
}

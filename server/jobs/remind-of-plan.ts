import { stopAfterDays, stopLeftLying } from '../core/left-lying.ts';
import { stoppedNotice } from '../core/messages.ts';
import { fileOut } from '../core/plan-progress.ts';
import { nextReminderAt, onboardingRemindersDue, planRemindersDue } from '../core/plan-reminders.ts';
import { writeAudit } from '../store/audit.ts';
import type { OpenPlan } from './open-plan.ts';
import type { PlanDesk } from './plan-desk.ts';
import { remind } from './remind.ts';

/** What the company is called where nobody gave it a name. */
const unnamed = 'your company';

const factsOf = ({ plan, people, context }: OpenPlan) => ({
  planId: plan.id,
  plan: plan.plan,
  progress: plan.progress,
  people,
  sittingAt: plan.sitting !== null && plan.sitting.startedAt === null ? plan.sitting.plannedFor : null,
  company: plan.plan.tenant || unnamed,
  now: context.at,
});

/** Sends what is due, each once; stops an email file that nobody spoke of for two weeks. */
export async function remindOfPlan(desk: PlanDesk, open: OpenPlan): Promise<void> {
  const { client, scope, context } = open;
  const isCarried = isCarriedByServer(open.plan);
  if (!isCarried) await stopIfLeft(desk, open);
  const { plan } = open;
  for (const { key, to, message } of planRemindersDue(factsOf(open))) {
    if (isCarried && key.kind === 'file-out') continue;
    const person = typeof to === 'object' ? to.address : to === 'backup' ? (plan.backup ?? plan.assignee) : plan.assignee;
    await remind(client, desk.engine, scope, { key, to: person, message, ref: { planId: plan.id } }, context.at);
  }
  await open.move(({ state }) => Array.from({ length: onboardingRemindersDue(state, context.at) }, () => ({ kind: 'reminded' })));
}

/** What a delivery carries lies with nobody; what goes by hand lies with a person in such a plan as well. */
function isCarriedByServer({ delivered, plan, progress }: OpenPlan['plan']): boolean {
  const out = fileOut(progress);
  return delivered && (out === null || plan.files[out.file]!.route !== 'guided');
}

/** When somebody has to look at this plan again for a reminder. */
export const nextReminderOf = (open: OpenPlan): string | null => nextReminderAt(factsOf(open));

async function stopIfLeft(desk: PlanDesk, open: OpenPlan): Promise<void> {
  const { client, scope, context, plan } = open;
  const stopped = stopLeftLying(plan.plan, plan.progress, context);
  if (stopped === null) return;
  const { name } = stopped.file;
  await open.save({ progress: stopped.progress });
  const cause = `Stopped: for ${stopAfterDays} days nobody said what became of the file. Nothing was removed.`;
  await open.move(({ state }) => (state.ended === null && state.step === 'update-email' ? [{ kind: 'left-out', cause }] : []));
  await writeAudit(client, scope.workspaceId, { actor: context.by, action: 'file stopped', subject: plan.id, detail: { file: name } });
  const href = `/plans/${plan.id}`;
  for (const [to, day] of [[plan.assignee, 0] as const, ...(plan.backup === null ? [] : [[plan.backup, 1] as const])])
    await remind(
      client,
      desk.engine,
      scope,
      {
        key: { subject: `${plan.id} ${name}`, kind: 'file-stopped', day },
        to,
        message: (person) => stoppedNotice({ name: person, file: name, days: stopAfterDays, href }),
        ref: { planId: plan.id },
      },
      context.at,
    );
}

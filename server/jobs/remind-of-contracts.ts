import { nextWaveReminder } from '../core/messages.ts';
import { watchedContracts } from '../store/alert-facts.ts';
import { type Scope, transaction } from '../store/database.ts';
import { partlyApproved } from '../store/plan.ts';
import type { PlanDesk } from './plan-desk.ts';
import { remind } from './remind.ts';

const dayMs = 86_400_000;

/** How long after the month's reset a wave is still spoken of. */
const waveDays = 7;

/** What is due for contracts as a whole: people for whom a new month has assignments. */
export async function remindOfContracts(desk: PlanDesk): Promise<void> {
  const now = desk.now().toISOString();
  for (const scope of await watchedContracts(desk.pool)) await remindOfWaves(desk, scope, now);
}

async function remindOfWaves(desk: PlanDesk, scope: Scope, now: string): Promise<void> {
  for (const plan of await partlyApproved(desk.pool, scope, 'ledger', new Date(Date.parse(now) - 62 * dayMs).toISOString())) {
    const waiting = plan.plan.leftOut.filter(({ code, until }) => code === 'ledger' && until !== null && until <= now);
    const until = waiting[0]?.until;
    if (!until || Date.parse(now) - Date.parse(until) > waveDays * dayMs) continue;
    const month = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(new Date(plan.createdAt));
    await transaction(desk.pool, (client) =>
      remind(
        client,
        desk.engine,
        scope,
        {
          key: { subject: plan.id, kind: 'next-wave', day: 0 },
          to: plan.assignee,
          message: (name) => nextWaveReminder({ name, count: waiting.length, month, nextOn: until, href: `/plans/${plan.id}` }),
          ref: { planId: plan.id },
        },
        now,
      ),
    );
  }
}

import { nextWaveReminder, staleExportReminder } from '../core/messages.ts';
import { type Scope, transaction } from '../store/database.ts';
import { partlyApproved } from '../store/plan.ts';
import { newestLists } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import type { PlanDesk } from './plan-desk.ts';
import { remind } from './remind.ts';

const dayMs = 86_400_000;

/** Days past the age at which a list is too old: then somebody is told, once each. */
const staleDays = [1, 7, 21] as const;

/** How long after the month's reset a wave is still spoken of. */
const waveDays = 7;

/** What is due for contracts as a whole: a list that grew too old, and people for whom a new month has assignments. */
export async function remindOfContracts(desk: PlanDesk): Promise<void> {
  const now = desk.now().toISOString();
  for (const { scope, asOf } of await newestLists(desk.pool)) {
    await remindOfList(desk, scope, asOf, now);
    await remindOfWaves(desk, scope, now);
  }
}

async function remindOfList(desk: PlanDesk, scope: Scope, asOf: string, now: string): Promise<void> {
  const age = Math.floor((Date.parse(now) - Date.parse(asOf)) / dayMs);
  const { limits } = (await readSettings(desk.pool, scope)).settings;
  const day = staleDays.findLast((days) => age >= limits.staleAfterDays + days);
  if (day === undefined) return;
  await transaction(desk.pool, (client) =>
    remind(
      client,
      desk.engine,
      scope,
      {
        key: { subject: asOf, kind: 'stale-export', day },
        to: null,
        message: (name) => staleExportReminder({ name, days: age, href: '/compare' }),
      },
      now,
    ),
  );
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

import type pg from 'pg';
import { mayNotRemind, type RemindContext } from '../core/may-remind.ts';
import { invitationReminder } from '../core/messages.ts';
import { quietUntil } from '../core/quiet-hours.ts';
import { type Queryable, type Scope, transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { activationTrend, findInvitations, type StoredInvitation, tellInvitations } from '../store/invitation.ts';
import { contractsThatRemind, insertReminder, invitationsToRemind, remindersOf } from '../store/invitation-reminder.ts';
import { queueMail } from '../store/mail.ts';
import { type ContractSettings, readSettings } from '../store/setting.ts';

export interface RemindDesk {
  readonly pool: pg.Pool;
  readonly engine: Pick<Engine, 'send'>;
  readonly now: () => Date;
}

const dayMs = 86_400_000;
/** So many in one look, a minute apart: a first switch-on does not fill the outbox at once. */
const mostAtOnce = 200;

/** Who reminders that nobody asked for are from. */
const byItself = 'Seatmatch';

/** What the rules look at beside the person. */
export async function remindContext(
  db: Queryable,
  scope: Scope,
  settings: ContractSettings,
  now: string,
  byHand: boolean,
): Promise<RemindContext> {
  const newest = (await activationTrend(db, scope, {}, 1))[0];
  return { rules: settings.invitations, now, newestAsOf: newest?.asOf ?? null, staleAfterDays: settings.limits.staleAfterDays, byHand };
}

/** Writes to everybody whose time has come, in contracts that remind by themselves; in quiet hours nobody is. */
export async function remindInvited({ pool, engine, now }: RemindDesk): Promise<void> {
  const at = now().toISOString();
  for (const scope of await contractsThatRemind(pool)) {
    const { settings } = await readSettings(pool, scope);
    if (quietUntil(settings.quietHours, at) !== null) continue;
    const context = await remindContext(pool, scope, settings, at, false);
    if (context.newestAsOf === null) continue;
    const { rules } = context;
    const before = (days: number) => new Date(Date.parse(at) - days * dayMs).toISOString();
    const wanted = {
      invitedBy: before(rules.firstAfterDays),
      remindedBy: before(rules.cooldownDays),
      most: rules.mostReminders,
      seenAt: context.newestAsOf,
    };
    for (const id of await invitationsToRemind(pool, scope, wanted, mostAtOnce))
      await transaction(pool, (tx) => remindOne(tx, engine, scope, id, { context, settings, by: byItself }));
  }
}

/** Writes to one person, once; says why not where the rules do not let it. In the caller's transaction. */
export async function remindOne(
  tx: pg.PoolClient,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  invitationId: string,
  { context, settings, by }: { readonly context: RemindContext; readonly settings: ContractSettings; readonly by: string },
): Promise<{ readonly person: StoredInvitation | null; readonly refusal: string | null; readonly mailId: string | null }> {
  // Two who remind the same person at once take turns: the second one meets the first one's row.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`remind ${invitationId}`]);
  const [person] = await findInvitations(tx, scope, [invitationId]);
  if (!person) return { person: null, refusal: 'There is no such invitation.', mailId: null };
  const sent = (await remindersOf(tx, scope, [invitationId])).get(invitationId);
  const reminders = sent?.count ?? 0;
  const refusal = mayNotRemind({ ...person, reminders, lastReminderAt: sent?.lastAt ?? null }, context);
  if (refusal !== null) return { person, refusal, mailId: null };
  const number = reminders + 1;
  const mailId = await queueMail(tx, engine, scope, {
    kind: 'reminder',
    to: { address: person.email, name: person.name },
    ...invitationReminder({ name: person.name, number, invitedAt: person.invitedAt, universalLink: settings.universalInviteLink }),
    ref: { findingKey: `license:${person.licenseId}` },
  });
  await insertReminder(tx, scope, { invitationId, number, mailId, by, at: context.now });
  await tellInvitations(tx, scope);
  return { person, refusal: null, mailId };
}

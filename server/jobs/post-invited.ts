import type pg from 'pg';
import { mayNotRemind, type RemindContext } from '../core/may-remind.ts';
import { invitationPost } from '../core/messages.ts';
import type { Scope } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { findInvitations, tellInvitations } from '../store/invitation.ts';
import { insertReminder, remindersOf } from '../store/invitation-reminder.ts';
import { queueMail } from '../store/mail.ts';

/**
 * Names people in the team's chat, in the caller's transaction: those whom the rules let write to, which makes sure that each of them was
 * added in Admin Center, as the link lets in nobody else. Counts as a reminder of each.
 */
export async function postInvited(
  tx: pg.PoolClient,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  ids: readonly string[],
  post: { readonly channel: string; readonly universalLink: string; readonly context: RemindContext; readonly by: string },
): Promise<{ readonly named: readonly string[]; readonly skipped: readonly { readonly name: string; readonly sentence: string }[] }> {
  // As for mail, and in one order for everybody who posts.
  for (const id of [...ids].sort()) await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`remind ${id}`]);
  const people = await findInvitations(tx, scope, ids);
  const sent = await remindersOf(tx, scope, ids);
  const skipped: { name: string; sentence: string }[] = [];
  const named = people.filter((person) => {
    const before = sent.get(person.id);
    const refusal = mayNotRemind({ ...person, reminders: before?.count ?? 0, lastReminderAt: before?.lastAt ?? null }, post.context);
    if (refusal !== null) skipped.push({ name: person.name, sentence: refusal });
    return refusal === null;
  });
  if (named.length === 0) return { named: [], skipped };
  const names = named.map(({ name }) => name);
  const mailId = await queueMail(tx, engine, scope, {
    kind: 'post',
    channel: 'chat',
    to: { address: post.channel },
    ...invitationPost({ names, universalLink: post.universalLink }),
  });
  for (const { id } of named)
    await insertReminder(tx, scope, {
      invitationId: id,
      number: (sent.get(id)?.count ?? 0) + 1,
      mailId,
      by: post.by,
      at: post.context.now,
    });
  await tellInvitations(tx, scope);
  return { named: names, skipped };
}

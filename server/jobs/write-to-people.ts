import type pg from 'pg';
import { mayNotWrite } from '../core/may-write.ts';
import { addressFirstMessage, invitationReminder, type Message, noteMessage } from '../core/messages.ts';
import { quietUntil } from '../core/quiet-hours.ts';
import type { MailingKind } from '../core/status.ts';
import { latestAddressQuestions } from '../store/address-question.ts';
import type { Queryable, Scope } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { openInvitationsOf, tellInvitations } from '../store/invitation.ts';
import { remindersOf } from '../store/invitation-reminder.ts';
import { queueMail } from '../store/mail.ts';
import { insertMailing, insertRecipients, type LeftOutOfMailing, lastMailings } from '../store/mailing.ts';
import { type HolderFilter, listHolders, listUnlicensed } from '../store/person-detail.ts';
import type { ContractSettings } from '../store/setting.ts';
import { askAddress } from './ask-address.ts';
import { ActionRefused } from './plan-desk.ts';
import { remindContext, remindOne } from './remind-invited.ts';

/** Who is written to, and what. */
export interface MailingWish {
  readonly kind: MailingKind;
  /** License holders of a list, or, before a first invitation, people of the CRM without a license. */
  readonly to: HolderFilter | { readonly withoutLicense: readonly string[] };
  /** An admin's own words. */
  readonly note: { readonly subject: string; readonly text: string; readonly on: string | null } | null;
}

/** So many get one message; beyond it an admin narrows the list down. */
export const mostRecipients = 2_000;

/** How long the link of a question works. */
const answerDays = 30;
const dayMs = 86_400_000;

interface Recipient {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly crmUserId: string;
  readonly invitationId: string | null;
  readonly message: Message;
}

export interface LookedAtMailing {
  readonly recipients: readonly Recipient[];
  readonly leftOut: readonly LeftOutOfMailing[];
  /** ISO 8601: nothing leaves before; null: no quiet hours hold. */
  readonly quietUntil: string | null;
}

interface Person {
  readonly key: string;
  readonly licenseId: string | null;
  readonly crmUserId: string;
  readonly name: string;
  readonly email: string;
  readonly state: 'invited' | 'activated' | 'assigned' | null;
}

async function peopleOf(db: Queryable, scope: Scope, { kind, to }: MailingWish): Promise<readonly Person[]> {
  if ('withoutLicense' in to) {
    const wanted = new Set(to.withoutLicense);
    const people = (await listUnlicensed(db, scope)).filter(({ key, reason }) => wanted.has(key) && reason === 'no-license');
    if (people.length < wanted.size)
      throw new ActionRefused('not-possible', 'Somebody of these has a license by now, or is in no list. Look at the list again.');
    return people.map((person) => ({ ...person, licenseId: null, state: null }));
  }
  if (kind === 'address')
    throw new ActionRefused('not-possible', 'This is asked before a first invitation. Choose people without a license.');
  const { rows, total } = await listHolders(db, scope, to, { after: null, limit: mostRecipients });
  if (total > mostRecipients)
    throw new ActionRefused(
      'not-possible',
      `${total} people are too many for one message: ${mostRecipients} at most. Narrow the list down by group, team or manager.`,
    );
  return rows.map(({ key, licenseId, name, email, license }) => ({ key, licenseId, crmUserId: '', name, email, state: license.state }));
}

/** Who would get a message, what it says to each, and who is left out and why. Nothing is sent. */
export async function lookAtMailing(
  db: Queryable,
  scope: Scope,
  wish: MailingWish,
  { settings, now }: { readonly settings: ContractSettings; readonly now: string },
): Promise<LookedAtMailing> {
  const { kind, note } = wish;
  if ((kind === 'note') !== (note !== null))
    throw new ActionRefused('not-possible', 'Write a subject and a text, or choose a message that is there.');
  const people = await peopleOf(db, scope, wish);
  const context = await remindContext(db, scope, settings, now, true);
  const invitations = await openInvitationsOf(
    db,
    scope,
    people.flatMap(({ licenseId }) => licenseId ?? []),
  );
  const sent = await remindersOf(
    db,
    scope,
    [...invitations.values()].map(({ id }) => id),
  );
  const last = await lastMailings(
    db,
    scope,
    kind,
    people.map(({ key }) => key),
  );
  const questions = await latestAddressQuestions(
    db,
    scope,
    people.map(({ crmUserId }) => crmUserId),
  );
  const guarded = new Set(settings.protectedPeople);
  const recipients: Recipient[] = [];
  const leftOut: LeftOutOfMailing[] = [];
  for (const { key, licenseId, crmUserId, name, email, state } of people) {
    const invitation = (licenseId === null ? undefined : invitations.get(licenseId)) ?? null;
    const before = invitation === null ? undefined : sent.get(invitation.id);
    const sentence = mayNotWrite(
      kind,
      {
        email,
        isProtected: licenseId !== null && guarded.has(licenseId),
        state,
        invitation: invitation && { ...invitation, reminders: before?.count ?? 0, lastReminderAt: before?.lastAt ?? null },
        lastAt: last.get(key) ?? null,
        question: questions.get(crmUserId) ?? null,
      },
      context,
    );
    if (sentence !== null) leftOut.push({ key, name: name || email, sentence });
    else
      recipients.push({
        key,
        name,
        email,
        crmUserId,
        invitationId: invitation?.id ?? null,
        message:
          note !== null
            ? noteMessage({ name: name || null, ...note })
            : kind === 'address'
              ? addressFirstMessage({ name: name || null, until: untilOf(now), href: '/answer/…' })
              : invitationReminder({
                  name: name || null,
                  number: (before?.count ?? 0) + 1,
                  invitedAt: invitation?.invitedAt ?? null,
                  universalLink: settings.universalInviteLink,
                }),
      });
  }
  return { recipients, leftOut, quietUntil: quietUntil(settings.quietHours, now) };
}

const untilOf = (at: string): string => new Date(Date.parse(at) + answerDays * dayMs).toISOString();

/** Writes to everybody who may be written to, each a mail of their own in the outbox, all or nobody: in the caller's transaction. */
export async function writeToPeople(
  tx: pg.PoolClient,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  wish: MailingWish,
  {
    settings,
    now,
    by,
    audience,
  }: { readonly settings: ContractSettings; readonly now: string; readonly by: string; readonly audience: string },
): Promise<string> {
  // Two who write at once take turns: the second one meets the first one's cooldown.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`write ${scope.contractId}`]);
  const { recipients, leftOut } = await lookAtMailing(tx, scope, wish, { settings, now });
  if (recipients.length === 0) throw new ActionRefused('not-possible', 'Nobody is left who may be written to.');
  const { kind } = wish;
  const context = await remindContext(tx, scope, settings, now, true);
  const written: { key: string; mailId: string }[] = [];
  const left = [...leftOut];
  for (const { key, name, email, crmUserId, invitationId, message } of recipients) {
    if (kind === 'reminder') {
      const { mailId, refusal } = await remindOne(tx, engine, scope, invitationId!, { context, settings, by });
      if (mailId === null) left.push({ key, name, sentence: refusal! });
      else written.push({ key, mailId });
    } else if (kind === 'address') {
      const person = { findingKey: key, crmUserId, name, email, by, at: now, until: untilOf(now) };
      written.push({ key, mailId: await askAddress(tx, engine, scope, person) });
    } else {
      const mail = { kind: 'note' as const, to: { address: email, name }, ...message, ref: { findingKey: key } };
      written.push({ key, mailId: await queueMail(tx, engine, scope, mail) });
    }
  }
  const { subject } = recipients[0]!.message;
  const id = await insertMailing(tx, scope, { kind, subject, audience, leftOut: left, author: by, at: now });
  await insertRecipients(tx, scope, id, now, written);
  await tellInvitations(tx, scope);
  return id;
}

import { viewCrmInvitation } from '../core/crm-invitation-view.ts';
import { activationRate, activationSentence, type InvitationRules, viewInvitation } from '../core/invitation-view.ts';
import { nextReminder } from '../core/may-remind.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { activationTrend, listCrmInvitations, listInvitations, openInvitationOf, type StoredInvitation } from '../store/invitation.ts';
import { openBatchesOf } from '../store/invitation-batch.ts';
import { remindersOf } from '../store/invitation-reminder.ts';
import type { ContractSettings } from '../store/setting.ts';
import { remindContext } from './remind-invited.ts';

/** Open invitations with who must act now, in the order given. `now` is ISO 8601. */
export async function invitationRows(
  db: Queryable,
  scope: Scope,
  people: readonly StoredInvitation[],
  rules: InvitationRules,
  now: string,
) {
  const ids = people.map(({ id }) => id);
  const [batches, reminders] = await Promise.all([openBatchesOf(db, scope, ids), remindersOf(db, scope, ids)]);
  return people.map((person) => {
    const batch = batches.get(person.id) ?? null;
    const sent = reminders.get(person.id);
    return {
      id: person.id,
      key: `license:${person.licenseId}`,
      name: person.name,
      email: person.email,
      team: person.team,
      manager: person.manager,
      invitedAt: person.invitedAt,
      since: person.since,
      times: person.times,
      ...viewInvitation({ ...person, batch }, rules, now),
      reminders: sent?.count ?? 0,
      lastReminderAt: sent?.lastAt ?? null,
      muted: person.muted,
      batchId: batch?.id ?? null,
    };
  });
}

/** The open invitation of one license holder, and when they are written to next; null: none is open. */
export async function lookAtInvitation(db: Queryable, scope: Scope, licenseId: string, settings: ContractSettings, now: string) {
  const person = await openInvitationOf(db, scope, licenseId);
  if (person === null) return null;
  const [[row], context] = await Promise.all([
    invitationRows(db, scope, [person], settings.invitations, now),
    remindContext(db, scope, settings, now, false),
  ]);
  return { ...row!, nextReminder: nextReminder({ ...person, ...row! }, context) };
}

/** So many at most are looked at for a number on the overview. */
const mostLookedAt = 2_000;

/** What the overview says of invitations: the rate, and whom somebody has to invite again. Null: no list says who accepted. */
export async function lookAtActivation(db: Queryable, scope: Scope, { invitations: rules }: ContractSettings, now: string) {
  const [[latest], open, crm] = await Promise.all([
    activationTrend(db, scope, {}, 1),
    listInvitations(db, scope, {}, { after: null, limit: mostLookedAt }),
    listCrmInvitations(db, scope),
  ]);
  const toReinvite = Map.groupBy(
    crm.filter((one) => !one.active || viewCrmInvitation(one, one.crmName, now).expired),
    ({ crmName }) => crmName,
  );
  return {
    activation: latest && {
      percent: activationRate(latest),
      targetPercent: rules.targetPercent,
      sentence: activationSentence(latest, rules.targetPercent),
      open: open.length,
      asOf: latest.asOf,
    },
    toResend: (await invitationRows(db, scope, open, rules, now)).filter(({ age, actor }) => age !== 'fresh' && actor === 'linkedin-admin')
      .length,
    toReinvite: [...toReinvite].map(([crmName, users]) => ({ crmName, users: users.length })),
  };
}

import type { Queryable, Scope } from './database.ts';

export interface RemindersSent {
  readonly count: number;
  readonly lastAt: string | null;
}

/** Keeps that somebody was written to, in the transaction that writes. False when that one went out before: then nothing is sent. */
export async function insertReminder(
  db: Queryable,
  scope: Scope,
  reminder: { readonly invitationId: string; readonly number: number; readonly mailId: string; readonly by: string; readonly at: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into invitation_reminder (workspace_id, contract_id, invitation_id, number, mail_id, by, sent_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [scope.workspaceId, scope.contractId, reminder.invitationId, reminder.number, reminder.mailId, reminder.by, reminder.at],
  );
  return rowCount === 1;
}

/** What each of these invitations was reminded of. */
export async function remindersOf(
  db: Queryable,
  scope: Scope,
  invitationIds: readonly string[],
): Promise<ReadonlyMap<string, RemindersSent>> {
  const { rows } = await db.query<{ invitation_id: string; count: number; last_at: Date }>(
    `select invitation_id, count(*)::int as count, max(sent_at) as last_at from invitation_reminder
     where workspace_id = $1 and contract_id = $2 and invitation_id = any($3) group by invitation_id`,
    [scope.workspaceId, scope.contractId, invitationIds],
  );
  return new Map(rows.map((row) => [row.invitation_id, { count: row.count, lastAt: row.last_at.toISOString() }]));
}

/** Open invitations that the rules may want reminded now, the oldest first; the caller asks the rules once more, person by person. */
export async function invitationsToRemind(
  db: Queryable,
  scope: Scope,
  rules: { readonly invitedBy: string; readonly remindedBy: string; readonly most: number; readonly seenAt: string },
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select i.invitation_id as id from invitation i
     left join lateral (select count(*) as count, max(sent_at) as last_at from invitation_reminder r
       where r.workspace_id = i.workspace_id and r.invitation_id = i.invitation_id) r on true
     where i.workspace_id = $1 and i.contract_id = $2 and i.ended is null and i.muted_by is null and i.since <= $3
       and (r.last_at is null or r.last_at <= $4) and r.count < $5 and i.last_seen_at >= $6
       and not exists (select from rematch m where m.workspace_id = i.workspace_id and m.contract_id = i.contract_id
         and m.license_id = i.license_id and m.ended is null)
     order by i.since, i.invitation_id limit $7`,
    [scope.workspaceId, scope.contractId, rules.invitedBy, rules.remindedBy, rules.most, rules.seenAt, limit],
  );
  return rows.map(({ id }) => id);
}

/** Contracts that remind by themselves. */
export async function contractsThatRemind(db: Queryable): Promise<Scope[]> {
  const { rows } = await db.query<{ workspace_id: string; contract_id: string }>(
    `select s.workspace_id, s.contract_id from setting s join contract c using (workspace_id, contract_id)
     where s.name = 'invitations' and s.value->>'remind' = 'true' and c.archived_at is null`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, contractId: row.contract_id }));
}

/** Takes back what still waits in the outbox for people who have activated or are gone. A post names others too, so it stays. */
export async function withdrawReminders(db: Queryable, scope: Scope): Promise<void> {
  await db.query(
    `update mail m set state = 'failed', settled_at = now(), fault = 'Not sent: their invitation is open no more.'
     where m.workspace_id = $1 and m.contract_id = $2 and m.state = 'queued' and m.kind = 'reminder' and exists (
       select from invitation_reminder r join invitation i using (workspace_id, invitation_id)
       where r.workspace_id = m.workspace_id and r.mail_id = m.mail_id and i.ended is not null)`,
    [scope.workspaceId, scope.contractId],
  );
}

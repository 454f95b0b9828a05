import { randomUUID } from 'node:crypto';
import type { MailingKind } from '../core/status.ts';
import { type Queryable, type Scope, storable } from './database.ts';
import type { MailState } from './mail.ts';

export interface LeftOutOfMailing {
  readonly key: string;
  readonly name: string;
  readonly sentence: string;
}

export interface NewMailing {
  readonly kind: MailingKind;
  readonly subject: string;
  readonly audience: string;
  readonly leftOut: readonly LeftOutOfMailing[];
  readonly author: string;
  readonly at: string;
}

export interface StoredMailing extends NewMailing {
  readonly id: string;
  readonly people: number;
  /** How many of its mails are where. */
  readonly states: Readonly<Record<MailState, number>>;
  readonly stopped: { readonly by: string; readonly at: string } | null;
}

export async function insertMailing(db: Queryable, scope: Scope, message: NewMailing): Promise<string> {
  const id = randomUUID();
  await db.query(
    `insert into mailing (workspace_id, contract_id, mailing_id, kind, subject, audience, left_out, author, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      scope.workspaceId,
      scope.contractId,
      id,
      message.kind,
      storable(message.subject),
      storable(message.audience),
      storable(JSON.stringify(message.leftOut)),
      message.author,
      message.at,
    ],
  );
  return id;
}

export async function insertRecipients(
  db: Queryable,
  scope: Scope,
  messageId: string,
  at: string,
  recipients: readonly { readonly key: string; readonly mailId: string }[],
): Promise<void> {
  await db.query(
    `insert into mailing_recipient (workspace_id, contract_id, mailing_id, key, mail_id, at)
     select $1, $2, $3, key, mail_id, $4::timestamptz from json_to_recordset($5::json) as n(key text, mail_id uuid)`,
    [
      scope.workspaceId,
      scope.contractId,
      messageId,
      at,
      storable(JSON.stringify(recipients.map(({ key, mailId }) => ({ key, mail_id: mailId })))),
    ],
  );
}

/** When a message of this kind last went to each of these people; what was stopped before it left counts for nothing. */
export async function lastMailings(
  db: Queryable,
  scope: Scope,
  kind: MailingKind,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ key: string; at: Date }>(
    `select r.key, max(r.at) as at from mailing_recipient r join mailing m using (workspace_id, mailing_id)
       join mail using (workspace_id, mail_id)
     where r.workspace_id = $1 and r.contract_id = $2 and m.kind = $3 and r.key = any($4) and mail.state <> 'failed' group by r.key`,
    [scope.workspaceId, scope.contractId, kind, keys],
  );
  return new Map(rows.map(({ key, at }) => [key, at.toISOString()]));
}

interface Row {
  mailing_id: string;
  kind: MailingKind;
  subject: string;
  audience: string;
  left_out: LeftOutOfMailing[];
  author: string;
  at: Date;
  stopped_by: string | null;
  stopped_at: Date | null;
  people: number;
  states: Partial<Record<MailState, number>>;
}

/** The newest first; with `id` that one alone. */
export async function listMailings(
  db: Queryable,
  scope: Scope,
  page: { readonly id?: string; readonly limit: number },
): Promise<StoredMailing[]> {
  const { rows } = await db.query<Row>(
    `select m.*, coalesce(sum(s.count), 0)::int as people, coalesce(json_object_agg(s.state, s.count) filter (where s.state is not null), '{}') as states
     from mailing m left join lateral (
       select mail.state, count(*)::int as count from mailing_recipient r join mail using (workspace_id, mail_id)
       where r.workspace_id = m.workspace_id and r.mailing_id = m.mailing_id group by mail.state) s on true
     where m.workspace_id = $1 and m.contract_id = $2 and ($3::uuid is null or m.mailing_id = $3)
     group by m.workspace_id, m.mailing_id order by m.at desc, m.mailing_id limit $4`,
    [scope.workspaceId, scope.contractId, page.id ?? null, page.limit],
  );
  return rows.map((row) => ({
    id: row.mailing_id,
    kind: row.kind,
    subject: row.subject,
    audience: row.audience,
    leftOut: row.left_out,
    author: row.author,
    at: row.at.toISOString(),
    people: row.people,
    states: { queued: 0, sending: 0, sent: 0, captured: 0, failed: 0, ...row.states },
    stopped: row.stopped_by === null ? null : { by: row.stopped_by, at: row.stopped_at!.toISOString() },
  }));
}

/**
 * Takes back what of a message still waits in the outbox, with what was kept because of it: whom nothing reached may be written to again.
 * Returns how many there were; null where it was stopped before.
 */
export async function stopMailing(
  db: Queryable,
  scope: Scope,
  id: string,
  by: { readonly name: string; readonly at: string },
): Promise<number | null> {
  const { rowCount } = await db.query(
    `update mailing set stopped_by = $4, stopped_at = $5 where workspace_id = $1 and contract_id = $2 and mailing_id = $3 and stopped_by is null`,
    [scope.workspaceId, scope.contractId, id, by.name, by.at],
  );
  if (!rowCount) return null;
  const { rows } = await db.query<{ mail_id: string }>(
    `update mail set state = 'failed', settled_at = now(), fault = $4
     where workspace_id = $1 and contract_id = $2 and state = 'queued' and mail_id in (
       select mail_id from mailing_recipient where workspace_id = $1 and mailing_id = $3) returning mail_id`,
    [scope.workspaceId, scope.contractId, id, `Not sent: ${by.name} stopped this message.`],
  );
  const mails = rows.map(({ mail_id }) => mail_id);
  await db.query('delete from invitation_reminder where workspace_id = $1 and contract_id = $2 and mail_id = any($3)', [
    scope.workspaceId,
    scope.contractId,
    mails,
  ]);
  // The link of a question stood in the mail alone: a question whose mail never left can be answered by nobody.
  await db.query(
    `delete from address_question q using mailing m, mailing_recipient r, finding f
     where m.workspace_id = $1 and m.mailing_id = $3 and m.kind = 'address' and r.workspace_id = $1 and r.mailing_id = $3 and r.mail_id = any($4)
       and f.workspace_id = $1 and f.contract_id = $2 and f.key = r.key and q.workspace_id = $1 and q.contract_id = $2
       and q.crm_user_id = f.crm_user_id and q.asked_at = m.at and q.answer is null`,
    [scope.workspaceId, scope.contractId, id, mails],
  );
  return mails.length;
}

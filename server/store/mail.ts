import { randomUUID } from 'node:crypto';
import { addressOfContract } from './contract.ts';
import { type Queryable, type Scope, storable } from './database.ts';
import type { Engine, QueueDefinition, Transaction } from './engine.ts';
import { notify } from './notify.ts';

/**
 * Sends mail. A failed try is planned again by the row itself (`due_at`), so the queue's own retries are for a process that died or a
 * database that was away.
 */
export const mailQueue: QueueDefinition = { name: 'send-mail', retryLimit: 20, retryDelay: 1, retryDelayMax: 60, expireInSeconds: 300 };

export type MailKind = 'alarm' | 'alarm-ended' | 'question' | 'reminder' | 'note' | 'post' | 'test';

/** Chat: an incoming webhook; the recipient is its channel. Webhook: a signed one, whose text is the JSON of its body. */
export type MailChannel = 'mail' | 'chat' | 'webhook';

/** Sent: a mail server took it. Captured: no mail server is set up, it is only kept here. */
export type MailState = 'queued' | 'sending' | 'sent' | 'captured' | 'failed';

/** What a mail is about: each part is a link in the outbox. */
export interface MailRef {
  readonly planId?: string;
  readonly rematchId?: string;
  readonly findingKey?: string;
  /** Whom it is about, where that is not the recipient. */
  readonly name?: string;
}

/** The one link of a mail: a page of the console ("/plans/…") or a whole address. */
export interface MailAction {
  readonly label: string;
  readonly href: string;
}

export interface NewMail {
  readonly kind: MailKind;
  /** Default mail. */
  readonly channel?: MailChannel;
  readonly to: { readonly address: string; readonly name?: string };
  readonly subject: string;
  /** Plain text; a blank line parts paragraphs. The HTML part is made from it. */
  readonly text: string;
  readonly action?: MailAction;
  /** The link lets whoever has it answer: it is not shown outside the demo, and not kept once the mail has left. */
  readonly secret?: boolean;
  readonly ref?: MailRef;
  /** Goes out in quiet hours as well. */
  readonly urgent?: boolean;
  /** Of alerts over whose webhook it leaves; a chat without one is the contract's. */
  readonly channelId?: string;
  /** The alarm that it tells of. */
  readonly alarmId?: string;
}

export interface StoredMail {
  readonly scope: Scope;
  readonly id: string;
  /** Counts up: the order of the outbox. */
  readonly number: number;
  readonly kind: MailKind;
  readonly channel: MailChannel;
  readonly to: { readonly address: string; readonly name: string };
  readonly subject: string;
  readonly text: string;
  /** `href` null: it was secret, and has left. */
  readonly action: { readonly label: string; readonly href: string | null } | null;
  readonly secret: boolean;
  readonly ref: MailRef;
  readonly urgent: boolean;
  readonly state: MailState;
  readonly attempts: number;
  readonly cutOff: number;
  readonly dueAt: string;
  /** Given with the first sending, and kept: a repeat is recognised by it. */
  readonly messageId: string | null;
  readonly baseUrl: string | null;
  readonly fault: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
  readonly channelId: string | null;
  readonly alarmId: string | null;
}

interface MailRow {
  workspace_id: string;
  contract_id: string;
  mail_id: string;
  number: string;
  kind: MailKind;
  channel: MailChannel;
  recipient: string;
  recipient_name: string;
  subject: string;
  body: string;
  action: { label: string; href?: string } | null;
  secret: boolean;
  ref: MailRef;
  urgent: boolean;
  state: MailState;
  attempts: number;
  cut_off: number;
  due_at: Date;
  message_id: string | null;
  base_url: string | null;
  fault: string | null;
  created_at: Date;
  settled_at: Date | null;
  alert_channel_id: string | null;
  alarm_id: string | null;
}

const toMail = (row: MailRow): StoredMail => ({
  scope: { workspaceId: row.workspace_id, contractId: row.contract_id },
  id: row.mail_id,
  number: Number(row.number),
  kind: row.kind,
  channel: row.channel,
  to: { address: row.recipient, name: row.recipient_name },
  subject: row.subject,
  text: row.body,
  action: row.action && { label: row.action.label, href: row.action.href ?? null },
  secret: row.secret,
  ref: row.ref,
  urgent: row.urgent,
  state: row.state,
  attempts: row.attempts,
  cutOff: row.cut_off,
  dueAt: row.due_at.toISOString(),
  messageId: row.message_id,
  baseUrl: row.base_url,
  fault: row.fault,
  createdAt: row.created_at.toISOString(),
  settledAt: row.settled_at?.toISOString() ?? null,
  channelId: row.alert_channel_id,
  alarmId: row.alarm_id,
});

/** One address and nothing else: no list, no name, no space, nothing that ends a header line (RFC 5321 §4.1.2, without quoted local parts). */
const plainAddress = /^[^\s\p{Cc}@<>()[\]\\,;:"]{1,64}@[^\s\p{Cc}@<>()[\]\\,;:"]{1,255}$/u;

/** One line of a header: a name in a CRM may hold line breaks, and a second line would be a header of its own. */
const oneLine = (text: string) =>
  storable(text)
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .slice(0, 300);

/**
 * Writes a mail and sends its job, both in the caller's transaction. Returns the mail's id. An address that is none makes a mail that has
 * failed, with the reason, instead of an exception: what the caller does besides is worth keeping.
 */
export async function queueMail(tx: Transaction & Queryable, engine: Pick<Engine, 'send'>, scope: Scope, mail: NewMail): Promise<string> {
  const id = randomUUID();
  const { action } = mail;
  // Who is asked answers at the link's own address; a page of the console is one of this contract.
  const isPage = action?.href.startsWith('/') && !action.href.startsWith('/answer/');
  const href = action && (isPage ? `${await addressOfContract(tx, scope)}${action.href}` : action.href);
  const channel = mail.channel ?? 'mail';
  const usable = channel !== 'mail' || plainAddress.test(mail.to.address);
  await tx.query(
    `insert into mail (workspace_id, contract_id, mail_id, kind, recipient, recipient_name, subject, body, action, secret, ref, urgent,
       state, due_at, fault, settled_at, channel, alert_channel_id, alarm_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), $14, $15, $16, $17, $18)`,
    [
      scope.workspaceId,
      scope.contractId,
      id,
      mail.kind,
      oneLine(mail.to.address),
      oneLine(mail.to.name ?? ''),
      oneLine(mail.subject),
      storable(mail.text),
      action ? JSON.stringify({ ...action, href }) : null,
      mail.secret ?? false,
      JSON.stringify(mail.ref ?? {}),
      mail.urgent ?? false,
      usable ? 'queued' : 'failed',
      usable ? null : 'The address of the recipient is not an email address. Correct it and send this again.',
      usable ? null : new Date(),
      channel,
      mail.channelId ?? null,
      mail.alarmId ?? null,
    ],
  );
  if (usable) await sendMailJob(tx, engine, scope, id);
  await notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'mail', id });
  return id;
}

/** The job that sends one mail, not before `startAfter`. One too many is harmless: it finds nothing to do. */
export async function sendMailJob(
  tx: Transaction,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  id: string,
  startAfter?: Date,
): Promise<void> {
  const data = { workspaceId: scope.workspaceId, contractId: scope.contractId, id };
  await engine.send(tx, mailQueue.name, data, startAfter ? { startAfter } : {});
}

export async function findMail(db: Queryable, scope: Scope, id: string): Promise<StoredMail | null> {
  const { rows } = await db.query<MailRow>('select * from mail where workspace_id = $1 and contract_id = $2 and mail_id = $3', [
    scope.workspaceId,
    scope.contractId,
    id,
  ]);
  return rows[0] ? toMail(rows[0]) : null;
}

/** The outbox, newest first; `before` is the number to go on from. @param page alerts: of these, and of tests of their channels, alone */
export async function listMails(
  db: Queryable,
  scope: Scope,
  page: { before: number | null; limit: number; alerts?: boolean },
): Promise<StoredMail[]> {
  const { rows } = await db.query<MailRow>(
    `select * from mail where workspace_id = $1 and contract_id = $2 and ($3::bigint is null or number < $3)
       ${page.alerts ? 'and (alarm_id is not null or alert_channel_id is not null)' : ''}
     order by number desc limit $4`,
    [scope.workspaceId, scope.contractId, page.before, page.limit],
  );
  return rows.map(toMail);
}

/** Locks a mail that is still to be sent and due; null when it is not. */
export async function findMailToSend(db: Queryable, scope: Scope, id: string): Promise<StoredMail | null> {
  const { rows } = await db.query<MailRow>(
    `select * from mail where workspace_id = $1 and contract_id = $2 and mail_id = $3
       and state in ('queued', 'sending') and due_at <= now() for update`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? toMail(rows[0]) : null;
}

/** Every mail that is due, of every workspace, as the data of its job. */
export async function mailsToSend(db: Queryable): Promise<{ workspaceId: string; contractId: string; id: string }[]> {
  const { rows } = await db.query<Pick<MailRow, 'workspace_id' | 'contract_id' | 'mail_id'>>(
    `select workspace_id, contract_id, mail_id from mail where state in ('queued', 'sending') and due_at <= now() order by number`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, contractId: row.contract_id, id: row.mail_id }));
}

/** Says that it is about to be handed over. Returns its Message-ID: the first one it was given. */
export async function claimMail(
  db: Queryable,
  scope: Scope,
  id: string,
  claim: { messageId: string; baseUrl: string; wasCutOff: boolean },
): Promise<string> {
  const { rows } = await db.query<{ message_id: string }>(
    `update mail set state = 'sending', attempts = attempts + 1, cut_off = cut_off + $5, base_url = $6,
       message_id = coalesce(message_id, $4)
     where workspace_id = $1 and contract_id = $2 and mail_id = $3 returning message_id`,
    [scope.workspaceId, scope.contractId, id, claim.messageId, claim.wasCutOff ? 1 : 0, claim.baseUrl],
  );
  return rows[0]!.message_id;
}

/** Puts a mail off; its job goes with it. `cutOff`: the try before may have arrived. */
export async function postponeMail(
  db: Queryable,
  scope: Scope,
  id: string,
  { until, fault, cutOff }: { until: Date; fault: string | null; cutOff: boolean },
): Promise<void> {
  await db.query(
    `update mail set state = 'queued', due_at = $4, fault = coalesce($5, fault), cut_off = cut_off + $6
     where workspace_id = $1 and contract_id = $2 and mail_id = $3`,
    [scope.workspaceId, scope.contractId, id, until, fault, cutOff ? 1 : 0],
  );
}

/** The end of a mail's way. A secret link is forgotten once it has left. */
export async function settleMail(
  db: Queryable,
  scope: Scope,
  id: string,
  state: 'sent' | 'captured' | 'failed',
  fault: string | null,
  baseUrl: string | null = null,
): Promise<void> {
  await db.query(
    `update mail set state = $4, fault = $5, settled_at = now(), base_url = coalesce($6, base_url),
       action = case when secret and $4 = 'sent' then action - 'href' else action end
     where workspace_id = $1 and contract_id = $2 and mail_id = $3`,
    [scope.workspaceId, scope.contractId, id, state, fault, baseUrl],
  );
}

/** The newest message over each channel of alerts. */
export async function lastOverChannels(db: Queryable, scope: Scope): Promise<Map<string, StoredMail>> {
  const { rows } = await db.query<MailRow>(
    `select distinct on (alert_channel_id) * from mail where workspace_id = $1 and contract_id = $2 and alert_channel_id is not null
     order by alert_channel_id, number desc`,
    [scope.workspaceId, scope.contractId],
  );
  return new Map(rows.map((row) => [row.alert_channel_id!, toMail(row)]));
}

/** A mail that was given up starts anew, and an alert that was sent goes once more. False when it is neither. */
export async function requeueMail(db: Queryable, scope: Scope, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update mail set state = 'queued', attempts = 0, cut_off = 0, due_at = now(), fault = null, settled_at = null
     where workspace_id = $1 and contract_id = $2 and mail_id = $3
       and (state = 'failed' or (state in ('sent', 'captured') and (alarm_id is not null or alert_channel_id is not null)))`,
    [scope.workspaceId, scope.contractId, id],
  );
  return Boolean(rowCount);
}

/** Dates the mail written since a moment as of another one: the demo's past is written in a minute. */
export async function dateMails(db: Queryable, scope: Scope, since: Date, at: Date): Promise<void> {
  await db.query(
    `update mail set created_at = $4, settled_at = case when settled_at is not null then $4::timestamptz end
     where workspace_id = $1 and contract_id = $2 and created_at >= $3`,
    [scope.workspaceId, scope.contractId, since, at],
  );
}

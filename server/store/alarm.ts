import { randomUUID } from 'node:crypto';
import { alarmEndedMessage, alarmMessage } from '../core/messages.ts';
import { writeAudit } from './audit.ts';
import type { Queryable, Scope } from './database.ts';
import type { Engine, Transaction } from './engine.ts';
import { queueMail } from './mail.ts';
import { notify } from './notify.ts';
import { readSettings } from './setting.ts';

export type AlarmKind =
  | 'no-license'
  | 'give-back-failed'
  | 'stuck-onboarding'
  | 'conflict'
  | 'no-run'
  | 'auto-repair-stopped'
  | 'mail-failed'
  | 'delivery-failed';

/** Red: somebody cannot work, mail goes out at any hour. Orange: somebody has to look today. */
export type AlarmLevel = 'red' | 'orange';

export interface NewAlarm {
  readonly kind: AlarmKind;
  /** What it is about: the id of a rematch, a plan, a schedule. One alarm of a kind and subject is open at a time. */
  readonly subject: string;
  readonly level: AlarmLevel;
  /** One sentence. "{since}" in it is shown as time and minutes that count on: "Anna has no license since {since}." */
  readonly sentence: string;
  /** What the button says, and the page of the console that does it. */
  readonly label: string;
  readonly href: string;
  /** When it began, where that was before now. ISO 8601. */
  readonly since?: string;
  /** `later`: shown only, until it is raised again with `now`. Default now. */
  readonly mail?: 'now' | 'later';
}

export interface StoredAlarm {
  readonly id: string;
  readonly kind: AlarmKind;
  readonly subject: string;
  readonly level: AlarmLevel;
  readonly sentence: string;
  readonly label: string;
  readonly href: string;
  readonly since: string;
  readonly raisedAt: string;
  readonly mailedAt: string | null;
}

interface AlarmRow {
  alarm_id: string;
  kind: AlarmKind;
  subject: string;
  level: AlarmLevel;
  sentence: string;
  label: string;
  href: string;
  since: Date;
  raised_at: Date;
  mailed_at: Date | null;
}

const toAlarm = (row: AlarmRow): StoredAlarm => ({
  id: row.alarm_id,
  kind: row.kind,
  subject: row.subject,
  level: row.level,
  sentence: row.sentence,
  label: row.label,
  href: row.href,
  since: row.since.toISOString(),
  raisedAt: row.raised_at.toISOString(),
  mailedAt: row.mailed_at?.toISOString() ?? null,
});

/**
 * Raises an alarm, once for its kind and subject while it is open: a repeat brings its words up to date and nothing more. It is mailed
 * once to the contract's alarm recipients. Everything happens in the caller's transaction.
 */
export async function raiseAlarm(tx: Transaction & Queryable, engine: Pick<Engine, 'send'>, scope: Scope, alarm: NewAlarm): Promise<void> {
  const { rows } = await tx.query<{ alarm_id: string; made: boolean }>(
    `insert into alarm as a (workspace_id, contract_id, alarm_id, kind, subject, level, sentence, label, href, since)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10::timestamptz, now()))
     on conflict (workspace_id, contract_id, kind, subject) where ended_at is null
     do update set level = excluded.level, sentence = excluded.sentence, label = excluded.label, href = excluded.href,
       since = least(a.since, excluded.since)
     where (a.level, a.sentence, a.label, a.href) is distinct from (excluded.level, excluded.sentence, excluded.label, excluded.href)
       or excluded.since < a.since
     returning alarm_id, xmax = 0 as made`,
    [
      scope.workspaceId,
      scope.contractId,
      randomUUID(),
      alarm.kind,
      alarm.subject,
      alarm.level,
      alarm.sentence,
      alarm.label,
      alarm.href,
      alarm.since ?? null,
    ],
  );
  const written = rows[0];
  if (written) await notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'alarm', id: written.alarm_id });
  if (written?.made) await audit(tx, scope, 'alarm raised', alarm.kind, alarm.subject, alarm.sentence);
  if (alarm.mail !== 'later') await mailAlarm(tx, engine, scope, alarm);
}

async function mailAlarm(tx: Transaction & Queryable, engine: Pick<Engine, 'send'>, scope: Scope, alarm: NewAlarm): Promise<void> {
  const { alarmRecipients } = (await readSettings(tx, scope)).settings;
  if (alarmRecipients.length === 0) return;
  const { rows } = await tx.query<AlarmRow>(
    `update alarm set mailed_at = now() where workspace_id = $1 and contract_id = $2 and kind = $3 and subject = $4
       and ended_at is null and mailed_at is null returning *`,
    [scope.workspaceId, scope.contractId, alarm.kind, alarm.subject],
  );
  const open = rows[0] && toAlarm(rows[0]);
  if (!open) return;
  const sentence = withTime(open);
  for (const address of alarmRecipients) {
    await queueMail(tx, engine, scope, {
      kind: 'alarm',
      to: { address },
      ...alarmMessage({ ...open, sentence }),
      urgent: open.level === 'red',
    });
  }
}

/** Ends the open alarm of this kind and subject; whoever got mail of it is told once that it is over. False when none was open. */
export async function endAlarm(
  tx: Transaction & Queryable,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  kind: AlarmKind,
  subject: string,
): Promise<boolean> {
  const { rows } = await tx.query<AlarmRow>(
    `update alarm set ended_at = now() where workspace_id = $1 and contract_id = $2 and kind = $3 and subject = $4
       and ended_at is null returning *`,
    [scope.workspaceId, scope.contractId, kind, subject],
  );
  const ended = rows[0] && toAlarm(rows[0]);
  if (!ended) return false;
  await notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'alarm', id: ended.id });
  await audit(tx, scope, 'alarm ended', kind, subject, ended.sentence);
  if (ended.mailedAt === null) return true;
  const sentence = withTime(ended);
  for (const address of (await readSettings(tx, scope)).settings.alarmRecipients) {
    await queueMail(tx, engine, scope, {
      kind: 'alarm-ended',
      to: { address },
      ...alarmEndedMessage({ ...ended, sentence }),
      urgent: ended.level === 'red',
    });
  }
  return true;
}

/** Red ones first, then the oldest. */
export async function listOpenAlarms(db: Queryable, scope: Scope): Promise<StoredAlarm[]> {
  const { rows } = await db.query<AlarmRow>(
    `select * from alarm where workspace_id = $1 and contract_id = $2 and ended_at is null order by level = 'orange', since, kind <> 'no-license', alarm_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toAlarm);
}

/** A mail doesn't count on: it names the time. */
const withTime = ({ sentence, since }: StoredAlarm) => sentence.replaceAll('{since}', `${since.slice(11, 16)} UTC`);

const audit = (tx: Queryable, scope: Scope, action: string, kind: string, subject: string, sentence: string) =>
  writeAudit(tx, scope.workspaceId, { actor: 'Seatmatch', action, subject, detail: { kind, sentence } });

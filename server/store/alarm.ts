import { randomUUID } from 'node:crypto';
import type { AlarmKind, AlertDetail } from '../core/alerts.ts';
import type { Queryable, Scope } from './database.ts';
import { notify } from './notify.ts';

/** Red: somebody cannot work, mail goes out at any hour. Orange: somebody has to look today. Watch: an alert, shown on its own page alone. */
export type AlarmLevel = 'red' | 'orange' | 'watch';

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
  readonly detail?: AlertDetail;
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
  /** When it was decided to tell of it. */
  readonly mailedAt: string | null;
  /** What it says has been away since; null: it holds. */
  readonly goneSince: string | null;
  readonly endedAt: string | null;
  readonly detail: AlertDetail;
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
  gone_since: Date | null;
  ended_at: Date | null;
  detail: AlertDetail;
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
  goneSince: row.gone_since?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  detail: row.detail,
});

/** Opens an alarm, or brings the words of the open one up to date. @returns its id, and whether it was not open before; null: nothing changed */
export async function openAlarm(tx: Queryable, scope: Scope, alarm: NewAlarm): Promise<{ id: string; made: boolean } | null> {
  const { rows } = await tx.query<{ alarm_id: string; made: boolean }>(
    `insert into alarm as a (workspace_id, contract_id, alarm_id, kind, subject, level, sentence, label, href, since, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10::timestamptz, now()), $11)
     on conflict (workspace_id, contract_id, kind, subject) where ended_at is null
     do update set level = excluded.level, sentence = excluded.sentence, label = excluded.label, href = excluded.href,
       since = least(a.since, excluded.since), detail = excluded.detail, gone_since = null
     where (a.level, a.sentence, a.label, a.href) is distinct from (excluded.level, excluded.sentence, excluded.label, excluded.href)
       or excluded.since < a.since or a.gone_since is not null
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
      JSON.stringify(alarm.detail ?? {}),
    ],
  );
  const written = rows[0];
  if (!written) return null;
  await notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'alarm', id: written.alarm_id });
  return { id: written.alarm_id, made: written.made };
}

/** Marks an open alarm as told. Null: it was before, or is open no more. */
export async function markTold(tx: Queryable, scope: Scope, kind: AlarmKind, subject: string): Promise<StoredAlarm | null> {
  const { rows } = await tx.query<AlarmRow>(
    `update alarm set mailed_at = now() where workspace_id = $1 and contract_id = $2 and kind = $3 and subject = $4
       and ended_at is null and mailed_at is null returning *`,
    [scope.workspaceId, scope.contractId, kind, subject],
  );
  return rows[0] ? toAlarm(rows[0]) : null;
}

/** Closes the open alarm of this kind and subject. Null: none was open. */
export async function closeAlarm(tx: Queryable, scope: Scope, kind: AlarmKind, subject: string): Promise<StoredAlarm | null> {
  const { rows } = await tx.query<AlarmRow>(
    `update alarm set ended_at = now() where workspace_id = $1 and contract_id = $2 and kind = $3 and subject = $4
       and ended_at is null returning *`,
    [scope.workspaceId, scope.contractId, kind, subject],
  );
  const ended = rows[0] && toAlarm(rows[0]);
  if (!ended) return null;
  await notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'alarm', id: ended.id });
  return ended;
}

/** What it says is away, and may come back. */
export async function noteGone(tx: Queryable, scope: Scope, id: string, at: string): Promise<void> {
  await tx.query('update alarm set gone_since = $3 where workspace_id = $1 and alarm_id = $2 and gone_since is null', [
    scope.workspaceId,
    id,
    at,
  ]);
  await notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'alarm', id });
}

/** All that are open, alerts among them, and those that ended last, the newest first. */
export async function listAlarmHistory(db: Queryable, scope: Scope, limit: number): Promise<StoredAlarm[]> {
  const { rows } = await db.query<AlarmRow>(
    `(select * from alarm where workspace_id = $1 and contract_id = $2 and ended_at is null)
     union all (select * from alarm where workspace_id = $1 and contract_id = $2 and ended_at is not null and mailed_at is not null
       order by raised_at desc limit $3)
     order by raised_at desc, alarm_id`,
    [scope.workspaceId, scope.contractId, limit],
  );
  return rows.map(toAlarm);
}

/** Dates what happened to alarms since a moment as of another one: the demo's past is written in a minute. */
export async function dateAlarms(db: Queryable, scope: Scope, since: Date, at: Date): Promise<void> {
  await db.query(
    `update alarm set raised_at = case when raised_at >= $3 then $4 else raised_at end,
       mailed_at = case when mailed_at >= $3 then $4 else mailed_at end, ended_at = case when ended_at >= $3 then $4 else ended_at end
     where workspace_id = $1 and contract_id = $2 and greatest(raised_at, mailed_at, ended_at) >= $3`,
    [scope.workspaceId, scope.contractId, since, at],
  );
}

/** Alarms that cry on every page: red ones first, then the oldest. */
export async function listOpenAlarms(db: Queryable, scope: Scope): Promise<StoredAlarm[]> {
  const { rows } = await db.query<AlarmRow>(
    `select * from alarm where workspace_id = $1 and contract_id = $2 and ended_at is null and level <> 'watch' order by level = 'orange', since, kind <> 'no-license', alarm_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toAlarm);
}

import { randomUUID } from 'node:crypto';
import { type AlarmKind, type AlertDetail, alarmEvents, alertPayload, namelessSentence, recipientsChannel } from '../core/alerts.ts';
import { alarmEndedMessage, alarmMessage } from '../core/messages.ts';
import { type AlertChannel, listAlertChannels } from './alert-channel.ts';
import { writeAudit } from './audit.ts';
import { findContract } from './contract.ts';
import type { Queryable, Scope } from './database.ts';
import type { Engine, Transaction } from './engine.ts';
import { type MailKind, type NewMail, queueMail } from './mail.ts';
import { notify } from './notify.ts';
import { readSettings } from './setting.ts';

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

/**
 * Raises an alarm, once for its kind and subject while it is open: a repeat brings its words up to date and nothing more. It is told
 * once over the channels of its event. Everything happens in the caller's transaction.
 */
export async function raiseAlarm(tx: Transaction & Queryable, engine: Pick<Engine, 'send'>, scope: Scope, alarm: NewAlarm): Promise<void> {
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
  if (written) await notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'alarm', id: written.alarm_id });
  if (written?.made) await audit(tx, scope, 'alarm raised', alarm.kind, alarm.subject, alarm.sentence);
  if (alarm.mail !== 'later') await mailAlarm(tx, engine, scope, alarm);
}

async function mailAlarm(tx: Transaction & Queryable, engine: Pick<Engine, 'send'>, scope: Scope, alarm: NewAlarm): Promise<void> {
  const places = await placesOf(tx, scope, alarm.kind, 'raised');
  if (places.length === 0) return;
  const { rows } = await tx.query<AlarmRow>(
    `update alarm set mailed_at = now() where workspace_id = $1 and contract_id = $2 and kind = $3 and subject = $4
       and ended_at is null and mailed_at is null returning *`,
    [scope.workspaceId, scope.contractId, alarm.kind, alarm.subject],
  );
  const open = rows[0] && toAlarm(rows[0]);
  if (open) await tell(tx, engine, scope, open, 'raised', places);
}

type Place = { readonly address: string } | AlertChannel;

/** Where an alarm is told; nowhere where its event is off. That it is over is told even so: somebody may be waiting for it. */
async function placesOf(tx: Queryable, scope: Scope, kind: AlarmKind, state: 'raised' | 'recovered'): Promise<Place[]> {
  const { alarmRecipients, alerts } = (await readSettings(tx, scope)).settings;
  const event = alarmEvents[kind];
  const rule = event === null ? null : alerts.events[event];
  if (state === 'raised' && rule?.on === false) return [];
  const goesTo = (id: string) => rule === null || rule.channels === null || rule.channels.includes(id);
  const channels = event === null ? [] : await listAlertChannels(tx, scope);
  return [
    ...(goesTo(recipientsChannel) ? alarmRecipients.map((address) => ({ address })) : []),
    ...channels.filter(({ id }) => goesTo(id)),
  ];
}

/** One message for each place, in the caller's transaction. */
async function tell(
  tx: Transaction & Queryable,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  alarm: StoredAlarm,
  state: 'raised' | 'recovered',
  places: readonly Place[],
): Promise<void> {
  const { namePeople } = (await readSettings(tx, scope)).settings.alerts;
  const count = alarm.detail.count ?? 1;
  const named = withTime(alarm, alarm.sentence);
  const nameless = namePeople ? named : withTime(alarm, namelessSentence(alarm.kind, alarm.sentence, count));
  const urgent = alarm.level === 'red';
  const kind: MailKind = state === 'raised' ? 'alarm' : 'alarm-ended';
  const written = (sentence: string) => ({
    kind,
    ...(state === 'raised' ? alarmMessage({ ...alarm, sentence }) : alarmEndedMessage({ ...alarm, sentence })),
    urgent,
    alarmId: alarm.id,
  });
  for (const place of places) {
    if ('address' in place) {
      const message = written(named);
      await queueMail(tx, engine, scope, { ...message, to: place });
      continue;
    }
    const message = { ...written(nameless), channelId: place.id };
    switch (place.kind) {
      case 'email':
        await queueMail(tx, engine, scope, { ...message, to: { address: place.target, name: place.name } });
        break;
      case 'slack':
      case 'teams':
        await queueMail(tx, engine, scope, { ...message, channel: 'chat', to: { address: place.name } });
        break;
      case 'webhook': {
        const contract = await findContract(tx, scope.workspaceId, scope.contractId);
        const body = alertPayload({
          alarmId: alarm.id,
          event: alarmEvents[alarm.kind]!,
          state,
          contract: { id: scope.contractId, name: contract?.name ?? '' },
          since: alarm.since,
          at: new Date().toISOString(),
          count,
          sentence: nameless,
        });
        await queueSigned(tx, engine, scope, message, place.name, body);
        break;
      }
      default:
        place.kind satisfies never;
    }
  }
}

/** A body for a signed webhook. A program does not sleep: quiet hours are people's. */
export const queueSigned = (
  tx: Transaction & Queryable,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  { text: _, ...message }: Omit<NewMail, 'to' | 'channel'>,
  name: string,
  body: object,
): Promise<string> =>
  queueMail(tx, engine, scope, { ...message, channel: 'webhook', to: { address: name }, urgent: true, ...asText(body) });

const asText = (body: object) => ({ text: JSON.stringify(body) });

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
  if (ended.mailedAt !== null) await tell(tx, engine, scope, ended, 'recovered', await placesOf(tx, scope, kind, 'recovered'));
  return true;
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

/** A mail doesn't count on: it names the time. */
const withTime = ({ since }: StoredAlarm, sentence: string) => sentence.replaceAll('{since}', `${since.slice(11, 16)} UTC`);

const audit = (tx: Queryable, scope: Scope, action: string, kind: string, subject: string, sentence: string) =>
  writeAudit(tx, scope.workspaceId, { actor: 'Seatmatch', action, subject, detail: { kind, sentence } });

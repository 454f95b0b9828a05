import { type AlarmKind, alarmEvents, alertPayload, namelessSentence, recipientsChannel } from '../core/alerts.ts';
import { alarmEndedMessage, alarmMessage } from '../core/messages.ts';
import { closeAlarm, markTold, type NewAlarm, openAlarm, type StoredAlarm } from '../store/alarm.ts';
import { type AlertChannel, listAlertChannels } from '../store/alert-channel.ts';
import { writeAudit } from '../store/audit.ts';
import { findContract } from '../store/contract.ts';
import type { Queryable, Scope } from '../store/database.ts';
import type { Engine, Transaction } from '../store/engine.ts';
import { type MailKind, type NewMail, queueMail } from '../store/mail.ts';
import { readSettings } from '../store/setting.ts';

/**
 * Raises an alarm, once for its kind and subject while it is open: a repeat brings its words up to date and nothing more. It is told
 * once over the channels of its event. Everything happens in the caller's transaction.
 */
export async function raiseAlarm(tx: Transaction & Queryable, engine: Pick<Engine, 'send'>, scope: Scope, alarm: NewAlarm): Promise<void> {
  const written = await openAlarm(tx, scope, alarm);
  if (written?.made) await audit(tx, scope, 'alarm raised', alarm.kind, alarm.subject, alarm.sentence);
  if (alarm.mail !== 'later') await mailAlarm(tx, engine, scope, alarm);
}

async function mailAlarm(tx: Transaction & Queryable, engine: Pick<Engine, 'send'>, scope: Scope, alarm: NewAlarm): Promise<void> {
  const places = await placesOf(tx, scope, alarm.kind, 'raised');
  if (places.length === 0) return;
  const open = await markTold(tx, scope, alarm.kind, alarm.subject);
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
  const ended = await closeAlarm(tx, scope, kind, subject);
  if (!ended) return false;
  await audit(tx, scope, 'alarm ended', kind, subject, ended.sentence);
  if (ended.mailedAt !== null) await tell(tx, engine, scope, ended, 'recovered', await placesOf(tx, scope, kind, 'recovered'));
  return true;
}

/** A mail doesn't count on: it names the time. */
const withTime = ({ since }: StoredAlarm, sentence: string) => sentence.replaceAll('{since}', `${since.slice(11, 16)} UTC`);

const audit = (tx: Queryable, scope: Scope, action: string, kind: string, subject: string, sentence: string) =>
  writeAudit(tx, scope.workspaceId, { actor: 'Seatmatch', action, subject, detail: { kind, sentence } });

import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Alerts } from '../api.ts';
import { notASignedWebhook } from '../channels/signed-webhook.ts';
import { alarmEvents, alertWords, recipientsChannel, testPayload, thresholdOf } from '../core/alerts.ts';
import { notAWebhook } from '../core/chat-address.ts';
import { parseEmail } from '../core/email.ts';
import { testMessage, testPost } from '../core/messages.ts';
import { alertEvents } from '../core/status.ts';
import type { Clock } from '../jobs/clock.ts';
import { listAlarmHistory, listOpenAlarms, queueSigned, type StoredAlarm } from '../store/alarm.ts';
import { deleteAlertChannel, insertAlertChannel, listAlertChannels } from '../store/alert-channel.ts';
import { writeAudit } from '../store/audit.ts';
import { findContract } from '../store/contract.ts';
import { transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { lastOverChannels, queueMail } from '../store/mail.ts';
import { notify } from '../store/notify.ts';
import type { SecretKey } from '../store/seal-secret.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

/** So many that are over are shown beside those that are open. */
const keptInView = 30;

const noKey = 'This server has no key to seal the address with. Set SEATMATCH_SECRET_KEY where it is started.';

export function alarmRoutes({
  pool,
  engine,
  workspace,
  clock,
  key,
  loopbackWebhooks,
}: {
  pool: pg.Pool;
  engine: Engine;
  workspace: Workspace;
  clock: Clock;
  key: () => Promise<SecretKey | null>;
  /** Signed webhooks may go to this machine by plain http. */
  loopbackWebhooks: boolean;
}): Pick<Handlers, 'listAlarms' | 'getAlerts' | 'createAlertChannel' | 'deleteAlertChannel' | 'testAlertChannel'> {
  const tell = (tx: pg.PoolClient, id: string) =>
    notify(tx, { workspace: workspace.workspaceId, contract: workspace.contractId, kind: 'alarm', id });

  return {
    async listAlarms() {
      const rows = await listOpenAlarms(pool, workspace);
      return {
        now: clock.now().toISOString(),
        rows: rows.map(({ id, kind, level, sentence, label, href, since }) => ({
          id,
          kind,
          // Those that are only watched stand on the page of alerts.
          level: level === 'red' ? 'red' : 'orange',
          sentence,
          label,
          href,
          since,
        })),
      };
    },
    async getAlerts() {
      const [history, channels, last, sealing, { settings }] = await Promise.all([
        listAlarmHistory(pool, workspace, keptInView),
        listAlertChannels(pool, workspace),
        lastOverChannels(pool, workspace),
        key(),
        readSettings(pool, workspace),
      ]);
      const { alerts, alarmRecipients } = settings;
      return {
        events: alertEvents.map((event) => {
          const { label, meaning, raised, recovered, threshold, setIn } = alertWords[event];
          const { on, channels: chosen } = alerts.events[event];
          return {
            event,
            label,
            meaning,
            types: { raised, recovered },
            on,
            threshold: threshold && { ...threshold, value: thresholdOf(alerts, event) },
            setIn,
            channels: chosen,
            states: statesOf(history.filter(({ kind }) => alarmEvents[kind] === event)),
          };
        }),
        channels: [
          {
            id: recipientsChannel,
            kind: 'email',
            name: 'Alarm recipients',
            target: alarmRecipients.join(', '),
            canDelete: false,
            last: null,
          },
          ...channels.map(({ id, kind, name, target }) => {
            const mail = last.get(id);
            return {
              id,
              kind,
              name,
              target,
              canDelete: true,
              last: mail ? { mailId: mail.id, state: mail.state, at: mail.settledAt ?? mail.createdAt, fault: mail.fault } : null,
            };
          }),
        ],
        raised: history.filter((alarm) => alarmEvents[alarm.kind] !== null && stateOf(alarm) === 'raised').length,
        debounceMinutes: alerts.debounceMinutes,
        namePeople: alerts.namePeople,
        canKeep: sealing !== null,
      };
    },
    async createAlertChannel({ body, actor }) {
      const { kind, name, target } = body;
      const refusal = refusalOf(kind, target, loopbackWebhooks);
      if (refusal !== null) throw new RequestRefused(422, refusal);
      const sealing = await key();
      if (kind !== 'email' && sealing === null) throw new RequestRefused(422, noKey);
      const id = randomUUID();
      // As standardwebhooks.com wants it: 24 to 64 random bytes.
      const secret = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : null;
      await transaction(pool, async (tx) => {
        const made = { id, kind, name, target, secret, by: actor.name, at: clock.now().toISOString() };
        if (!(await insertAlertChannel(tx, workspace, sealing, made)))
          throw new RequestRefused(409, `A channel is called ${name} already. Give this one another name.`);
        await writeAudit(tx, workspace.workspaceId, {
          actor: actor.name,
          action: 'alert channel made',
          subject: id,
          detail: { kind, name },
        });
        await tell(tx, id);
      });
      return { id, secret };
    },
    async deleteAlertChannel({ params, actor }) {
      await transaction(pool, async (tx) => {
        if (!(await deleteAlertChannel(tx, workspace, params.id))) throw notFound('This channel');
        await writeAudit(tx, workspace.workspaceId, { actor: actor.name, action: 'alert channel deleted', subject: params.id });
        await tell(tx, params.id);
      });
    },
    async testAlertChannel({ params, actor }) {
      const test = { kind: 'test', urgent: true } as const;
      return transaction(pool, async (tx) => {
        if (params.id === recipientsChannel) {
          const { alarmRecipients } = (await readSettings(tx, workspace)).settings;
          if (alarmRecipients.length === 0) throw new RequestRefused(409, 'Nobody gets alarms yet. Name somebody under Settings, alarms.');
          const sent: { id: string }[] = [];
          for (const address of alarmRecipients)
            sent.push({ id: await queueMail(tx, engine, workspace, { ...test, to: { address }, ...testMessage(actor.name) }) });
          return sent;
        }
        const channel = (await listAlertChannels(tx, workspace)).find(({ id }) => id === params.id);
        if (!channel) throw notFound('This channel');
        const { id: channelId, name } = channel;
        switch (channel.kind) {
          case 'email': {
            const to = { address: channel.target, name };
            return [{ id: await queueMail(tx, engine, workspace, { ...test, to, channelId, ...testMessage(actor.name) }) }];
          }
          case 'slack':
          case 'teams': {
            const to = { address: name };
            return [{ id: await queueMail(tx, engine, workspace, { ...test, channel: 'chat', to, channelId, ...testPost(actor.name) }) }];
          }
          case 'webhook': {
            const contract = await findContract(tx, workspace.workspaceId, workspace.contractId);
            const body = testPayload({ id: workspace.contractId, name: contract?.name ?? '' }, new Date().toISOString());
            const id = await queueSigned(tx, engine, workspace, { ...test, channelId, ...testPost(actor.name) }, name, body);
            return [{ id }];
          }
        }
      });
    },
  };
}

function refusalOf(kind: Alerts['channels'][number]['kind'], target: string, allowLoopback: boolean): string | null {
  switch (kind) {
    case 'email':
      return parseEmail(target).kind === 'address' ? null : `“${target}” is not an email address. Correct it, then save again.`;
    case 'slack':
    case 'teams':
      return notAWebhook(kind, target);
    case 'webhook':
      return notASignedWebhook(target, { allowLoopback });
  }
}

const stateOf = ({ endedAt, mailedAt, goneSince, level }: StoredAlarm): Alerts['events'][number]['states'][number]['state'] =>
  endedAt !== null ? 'recovered' : goneSince !== null ? 'recovering' : mailedAt === null && level === 'watch' ? 'waiting' : 'raised';

/** Those that are open, and the last one that is over. */
function statesOf(alarms: readonly StoredAlarm[]): Alerts['events'][number]['states'] {
  const lastEnded = alarms.find(({ endedAt }) => endedAt !== null);
  return alarms
    .filter((alarm) => alarm.endedAt === null || alarm === lastEnded)
    .map((alarm) => ({
      id: alarm.id,
      state: stateOf(alarm),
      sentence: alarm.sentence,
      label: alarm.label,
      href: alarm.href,
      since: alarm.since,
      endedAt: alarm.endedAt,
    }));
}

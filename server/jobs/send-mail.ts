import type pg from 'pg';
import { type MailFault, MailNotSent } from '../../connectors/errors.ts';
import { mailFailedSentence, mailServerSentence } from '../core/messages.ts';
import { quietUntil } from '../core/quiet-hours.ts';
import { renderMail } from '../core/render-mail.ts';
import { endAlarm, raiseAlarm } from '../store/alarm.ts';
import { type Scope, transaction, withClient } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import {
  claimMail,
  findMailToSend,
  mailQueue,
  mailsToSend,
  postponeMail,
  type StoredMail,
  sendMailJob,
  settleMail,
} from '../store/mail.ts';
import { notify } from '../store/notify.ts';
import { readSettings } from '../store/setting.ts';

/** Hands one mail to a mail server. Throws MailNotSent. */
export type SendMail = (
  mail: {
    readonly messageId: string;
    readonly to: { readonly address: string; readonly name: string };
    readonly subject: string;
    readonly text: string;
    readonly html: string;
  },
  options: { signal: AbortSignal },
) => Promise<void>;

export type PostToChat = (
  /** `channelId`: a channel of alerts; null: the contract's own chat. */
  to: Scope & { readonly channelId: string | null },
  post: { readonly subject: string; readonly text: string; readonly action: { readonly label: string; readonly href: string } | null },
  options: { signal: AbortSignal },
) => Promise<void>;

/** Posts a body over a signed webhook of the contract. Throws MailNotSent. */
export type PostSigned = (
  to: Scope & { readonly channelId: string | null },
  message: { readonly id: string; readonly body: string },
  options: { signal: AbortSignal },
) => Promise<void>;

export interface MailDesk {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  /** Null: no mail server is set up, mail stays in the outbox. */
  readonly smtp: { readonly send: SendMail; readonly from: string } | null;
  /** Posts to a contract's chat. Throws MailNotSent, also where it has none any more. Null: nothing is posted, it stays in the outbox. */
  readonly chat?: PostToChat | null;
  /** The same of signed webhooks. */
  readonly webhook?: PostSigned | null;
  /** What links begin with. */
  readonly baseUrl: string;
  readonly now: () => Date;
  readonly logError: (error: unknown) => void;
  /** Seconds before the second try, the third … After the last one it is given up. */
  readonly pauses?: readonly number[];
}

/** Seven tries over some eight and a half hours: docs/alerts.md and the pages say so. */
const usualPauses = [10, 60, 300, 1800, 7200, 21_600];

/** No receiver puts us off for longer. */
const longestWaitMs = 24 * 3_600_000;

/** Sendings that were cut off in the middle and may have arrived: one is repeated, a second one is not. */
const mostCutOff = 1;

/** These are about the server: one alarm for all mail, which ends when a mail goes out again. */
const serverFaults: readonly MailFault[] = ['unreachable', 'sign-in-refused', 'not-encrypted', 'sender-refused'];
/** Trying again would not help. */
const finalFaults: readonly MailFault[] = ['address-refused', 'refused'];

/** Sends a job for every mail that is due, without waiting until a dead process is missed. */
export function takeUpMail(pool: pg.Pool, engine: Engine): Promise<number> {
  return transaction(pool, async (tx) => {
    const waiting = await mailsToSend(tx);
    await engine.sendMany(tx, mailQueue.name, waiting);
    return waiting.length;
  });
}

/** Sends mail from the queue. When `stopping` aborts, sendings under way end. */
export async function workMail(desk: MailDesk, stopping: AbortSignal): Promise<void> {
  await desk.engine.work<{ workspaceId: string; contractId: string; id: string }>(
    mailQueue.name,
    async (job) => {
      try {
        await sendOne(desk, job.data, job.data.id, AbortSignal.any([job.signal, stopping]));
      } catch (error) {
        if (!stopping.aborted) desk.logError(error);
        throw error;
      }
    },
    { concurrency: 3 },
  );
}

/**
 * Sends one mail, if it still has to be.
 *
 * The rule for a repeat: before a mail is offered to the server its row says `sending`, in a transaction of its own. A row that is found so
 * belongs to a process that died, or a connection that broke, between offering and the server's answer: nobody can know whether it arrived.
 * Such a mail is sent once more under the same Message-ID, by which mail servers and programs recognise a repeat, and if that is cut off
 * too it is given up, with a sentence that says it may have arrived. So a person gets a mail at most twice, and never twice unless
 * something broke in those milliseconds. A mail that the server refused, or that was never offered, is not counted: it is tried again.
 */
async function sendOne(desk: MailDesk, scope: Scope, id: string, signal: AbortSignal): Promise<void> {
  const { pool } = desk;
  await withClient(pool, async (lock) => {
    // Held while it is sent: another process that comes for the same mail leaves it, a dead one's lock is gone.
    const key = `mail ${id}`;
    const { rows } = await lock.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as mine', [key]);
    if (!rows[0]?.mine) return;
    try {
      const mail = await prepare(desk, scope, id);
      if (!mail) return;
      try {
        await handOver(desk, mail, signal);
      } catch (error) {
        if (!(error instanceof MailNotSent)) throw error;
        await recordFault(desk, mail, error);
        return;
      }
      await transaction(pool, async (tx) => {
        await settleMail(tx, scope, id, 'sent', null);
        if (mail.channel === 'mail') await endAlarm(tx, desk.engine, scope, 'mail-failed', 'server');
        await tell(tx, scope, id);
      });
    } finally {
      await lock.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch(() => {});
    }
  });
}

async function handOver(desk: MailDesk, mail: StoredMail & { messageId: string }, signal: AbortSignal): Promise<void> {
  const { smtp, chat, webhook, baseUrl } = desk;
  const { action, channelId } = mail;
  const href = action?.href ?? null;
  const address = href?.startsWith('/') ? `${baseUrl}${href}` : href;
  const to = { ...mail.scope, channelId };
  if (mail.channel === 'chat') {
    const button = address === null ? null : { label: action!.label, href: address };
    await chat?.(to, { subject: mail.subject, text: mail.text, action: button }, { signal });
    return;
  }
  if (mail.channel === 'webhook') {
    const { data, ...rest } = JSON.parse(mail.text) as { readonly data: object };
    await webhook?.(to, { id: `msg_${mail.id}`, body: JSON.stringify({ ...rest, data: { ...data, url: address } }) }, { signal });
    return;
  }
  const { text, html } = renderMail(mail, baseUrl);
  await smtp?.send({ messageId: mail.messageId, to: mail.to, subject: mail.subject, text, html }, { signal });
}

/** Reads the row and claims it. Null where there is nothing to send now. */
function prepare(desk: MailDesk, scope: Scope, id: string): Promise<(StoredMail & { messageId: string }) | null> {
  const { pool, engine, smtp, baseUrl } = desk;
  const ways = { mail: smtp, chat: desk.chat, webhook: desk.webhook } as const;
  return transaction(pool, async (tx) => {
    const mail = await findMailToSend(tx, scope, id);
    // Not due: the job for that moment was sent when it was put off.
    if (!mail) return null;
    if (!ways[mail.channel]) {
      await settleMail(tx, scope, id, 'captured', null, baseUrl);
      await tell(tx, scope, id);
      return null;
    }
    const wasCutOff = mail.state === 'sending';
    if (wasCutOff && mail.cutOff >= mostCutOff) {
      await giveUp(tx, engine, mail, 'It was cut off twice while it was handed over. It may have arrived.');
      return null;
    }
    const quiet = mail.urgent ? null : quietUntil((await readSettings(tx, scope)).settings.quietHours, desk.now().toISOString());
    if (quiet) {
      await putOff(tx, engine, mail, new Date(quiet), null, wasCutOff);
      return null;
    }
    const messageId = await claimMail(tx, scope, id, {
      messageId: `<${id}@${domainOf(smtp?.from ?? 'seatmatch.invalid')}>`,
      baseUrl,
      wasCutOff,
    });
    await tell(tx, scope, id);
    return { ...mail, messageId, cutOff: mail.cutOff + (wasCutOff ? 1 : 0) };
  });
}

function recordFault(desk: MailDesk, mail: StoredMail, { code, sentence, retryAfterMs }: MailNotSent): Promise<void> {
  const { pool, engine } = desk;
  const pause = (desk.pauses ?? usualPauses)[mail.attempts];
  const cutOff = code === 'cut-off';
  return transaction(pool, async (tx) => {
    if (serverFaults.includes(code) && (mail.attempts > 0 || pause === undefined)) {
      await raiseAlarm(tx, engine, mail.scope, {
        kind: 'mail-failed',
        subject: 'server',
        level: 'orange',
        sentence: mailServerSentence(sentence),
        label: 'Open the outbox',
        href: '/outbox',
        // By mail it would not arrive.
        mail: 'later',
      });
    }
    if (pause === undefined || finalFaults.includes(code) || (cutOff && mail.cutOff >= mostCutOff)) {
      await giveUp(tx, engine, mail, sentence, serverFaults.includes(code));
    } else {
      const wait = Math.max(pause * 1000, Math.min(retryAfterMs ?? 0, longestWaitMs));
      await putOff(tx, engine, mail, new Date(desk.now().getTime() + wait), sentence, cutOff);
    }
  });
}

type Tx = pg.PoolClient;

async function putOff(tx: Tx, engine: Engine, mail: StoredMail, until: Date, fault: string | null, cutOff: boolean): Promise<void> {
  await postponeMail(tx, mail.scope, mail.id, { until, fault, cutOff });
  await sendMailJob(tx, engine, mail.scope, mail.id, until);
  await tell(tx, mail.scope, mail.id);
}

async function giveUp(tx: Tx, engine: Engine, mail: StoredMail, fault: string, isServers = false): Promise<void> {
  await settleMail(tx, mail.scope, mail.id, 'failed', fault);
  await tell(tx, mail.scope, mail.id);
  // The server's own alarm says it for all of them.
  if (isServers) return;
  await raiseAlarm(tx, engine, mail.scope, {
    kind: 'mail-failed',
    subject: mail.id,
    level: 'orange',
    sentence: mailFailedSentence(mail.channel, mail.to.name || mail.to.address, fault),
    label: 'Open the mail',
    href: `/outbox/${mail.id}`,
    mail: 'later',
  });
}

const tell = (tx: Tx, scope: Scope, id: string) =>
  notify(tx, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'mail', id });

/** Of `Name <local@domain>` or `local@domain`. */
const domainOf = (from: string) => from.replace(/^.*@/u, '').replace(/>.*$/u, '');

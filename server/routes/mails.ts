import type pg from 'pg';
import type { Mail, MailRow } from '../api.ts';
import { messageKinds } from '../core/message-kinds.ts';
import { openOnDesktopMessage, testMessage } from '../core/messages.ts';
import { type MailContent, renderMail } from '../core/render-mail.ts';
import { endAlarm } from '../store/alarm.ts';
import { writeAudit } from '../store/audit.ts';
import { transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { findMail, listMails, queueMail, requeueMail, type StoredMail, sendMailJob } from '../store/mail.ts';
import { notify } from '../store/notify.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

/** How mail leaves this server. */
export interface MailDelivery {
  /** Who mail is from; null: it is captured, nothing leaves this machine. */
  readonly from: string | null;
  /** What the links of mail begin with. */
  readonly baseUrl: string;
}

export interface MailParts {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly workspace: Workspace;
  /** Null outside the demo. There links that only their recipient should have are shown: nobody else could try them. */
  readonly demoActor: string | null;
  readonly mail: MailDelivery;
}

type MailEndpoint = 'listMails' | 'listMessages' | 'getMail' | 'settleMail' | 'sendTestMail' | 'sendLink';

const toRow = (mail: StoredMail): MailRow => ({
  id: mail.id,
  kind: mail.kind,
  channel: mail.channel,
  state: mail.state,
  to: mail.to,
  subject: mail.subject,
  createdAt: mail.createdAt,
  settledAt: mail.settledAt,
  nextTryAt: mail.state === 'queued' ? mail.dueAt : null,
  attempts: mail.attempts,
  fault: mail.fault,
  about: {
    planId: mail.ref.planId ?? null,
    rematchId: mail.ref.rematchId ?? null,
    findingKey: mail.ref.findingKey ?? null,
    name: mail.ref.name ?? null,
  },
});

export function mailRoutes(parts: MailParts): Pick<Handlers, MailEndpoint> {
  const { pool, engine, workspace, demoActor } = parts;
  const isDemo = demoActor !== null;

  async function find(id: string): Promise<StoredMail> {
    const mail = await findMail(pool, workspace, id);
    if (!mail) throw notFound('This mail');
    return mail;
  }

  function toMail(mail: StoredMail): Mail {
    const shown: MailContent = mail.secret && !isDemo && mail.action ? { ...mail, action: { ...mail.action, href: null } } : mail;
    const baseUrl = mail.baseUrl ?? parts.mail.baseUrl;
    const href = shown.action?.href ?? null;
    return { ...toRow(mail), ...renderMail(shown, baseUrl), link: href && (href.startsWith('/') ? `${baseUrl}${href}` : href) };
  }

  return {
    async listMails({ query }) {
      const before = query.cursor === undefined ? null : Number(query.cursor);
      if (before !== null && !(Number.isSafeInteger(before) && before > 0)) {
        throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.');
      }
      const rows = await listMails(pool, workspace, { before, limit: query.limit + 1, alerts: query.of === 'alerts' });
      const shown = rows.slice(0, query.limit);
      return {
        rows: shown.map(toRow),
        next: rows.length > shown.length ? String(shown.at(-1)!.number) : null,
        from: parts.mail.from,
        captured: parts.mail.from !== null ? null : isDemo ? 'demo' : 'no-server',
      };
    },
    async listMessages() {
      return {
        rows: Object.entries(messageKinds).map(([name, { label, to, when, channel, example }]) => ({
          name,
          label,
          to,
          when,
          channel,
          subject: example.subject,
          ...renderMail(example, parts.mail.baseUrl),
        })),
      };
    },
    async getMail({ params }) {
      return toMail(await find(params.id));
    },
    async settleMail({ params, body, actor }) {
      const { id } = await find(params.id);
      const again = body.answer === 'send-again';
      await transaction(pool, async (tx) => {
        if (again) {
          if (!(await requeueMail(tx, workspace, id))) throw new RequestRefused(409, 'This mail has not failed, so it is not sent again.');
          await sendMailJob(tx, engine, workspace, id);
        }
        await endAlarm(tx, engine, workspace, 'mail-failed', id);
        await writeAudit(tx, workspace.workspaceId, { actor: actor.name, action: again ? 'mail sent again' : 'mail left', subject: id });
        await notify(tx, { workspace: workspace.workspaceId, contract: workspace.contractId, kind: 'mail', id });
      });
      return toMail(await find(id));
    },
    async sendLink({ body, actor }) {
      const message = openOnDesktopMessage(actor.name, body.path);
      const id = await transaction(pool, (tx) =>
        queueMail(tx, engine, workspace, { kind: 'reminder', to: { address: body.to }, ...message, urgent: true }),
      );
      return { id };
    },
    async sendTestMail({ body, actor }) {
      const id = await transaction(pool, (tx) =>
        queueMail(tx, engine, workspace, { kind: 'test', to: { address: body.to }, ...testMessage(actor.name), urgent: true }),
      );
      return { id };
    },
  };
}

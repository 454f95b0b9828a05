import type pg from 'pg';
import type { FirstInvitations } from '../api.ts';
import { notAWebhook } from '../core/chat-address.ts';
import type { Finding } from '../core/finding.ts';
import { type FirstInvitationFacts, viewFirstInvitation } from '../core/first-invitation.ts';
import { mayNotAsk } from '../core/may-write.ts';
import { addressFirstMessage, invitationPost, invitationReminder, testPost } from '../core/messages.ts';
import { renderMail } from '../core/render-mail.ts';
import { askAddress, keepAnswer } from '../jobs/ask-address.ts';
import type { Clock } from '../jobs/clock.ts';
import { postInvited } from '../jobs/post-invited.ts';
import { remindContext, remindOne } from '../jobs/remind-invited.ts';
import { latestAddressQuestions, type StoredAddressQuestion } from '../store/address-question.ts';
import { writeAudit } from '../store/audit.ts';
import { deleteWebhook, findWebhook, saveWebhook } from '../store/chat-webhook.ts';
import { transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { listPeople } from '../store/finding.ts';
import { firstInvitationsOf, goOnWithout } from '../store/first-invitation.ts';
import { findInvitations, tellInvitations } from '../store/invitation.ts';
import { queueMail } from '../store/mail.ts';
import { latestRun } from '../store/reconciliation.ts';
import type { SecretKey } from '../store/seal-secret.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import type { MailDelivery } from './mails.ts';
import { notFound, RequestRefused } from './problem.ts';

type FollowEndpoint =
  | 'remindInvited'
  | 'postInvited'
  | 'previewInvitation'
  | 'listFirstInvitations'
  | 'askFirst'
  | 'answerFirst'
  | 'goOnFirst'
  | 'getChatWebhook'
  | 'setChatWebhook'
  | 'deleteChatWebhook'
  | 'testChatWebhook';

export interface FollowParts {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly mail: MailDelivery;
  /** Null: this server keeps no secrets. */
  readonly key: () => Promise<SecretKey | null>;
}

const dayMs = 86_400_000;
/** How long the link of a question works. */
const answerDays = 30;
const examples = ['Anna Ahlund', 'Bo Berger'];
const noKey = 'This server has no key to seal secrets with, so it keeps no webhook. Set SEATMATCH_SECRET_KEY and start it again.';

/** Everything that is written to people about invitations. */
export function followInvitationRoutes({ pool, engine, workspace, clock, mail, key }: FollowParts): Pick<Handlers, FollowEndpoint> {
  const now = () => clock.now().toISOString();

  async function byHand() {
    const { settings } = await readSettings(pool, workspace);
    return { settings, context: await remindContext(pool, workspace, settings, now(), true) };
  }

  async function webhook() {
    return { webhook: await findWebhook(pool, workspace), canKeep: (await key()) !== null };
  }

  /** CRM users without a license, by key. */
  async function withoutLicense(search: string | undefined, cursor: string | undefined, limit: number) {
    const run = await latestRun(pool, workspace);
    if (!run) return { rows: [], total: 0, next: null };
    const after = cursor === undefined ? null : { value: cursor.split('~')[0] ?? '', key: cursor.split('~').slice(1).join('~') };
    return listPeople(pool, workspace, run, { reason: ['no-license'], search }, { sort: 'name', order: 'asc', after, limit });
  }

  /** These CRM users without a license, by key. Refuses where one of them has one. */
  async function withoutLicenseOf(keys: readonly string[]): Promise<ReadonlyMap<string, Finding>> {
    const wanted = new Set(keys);
    const found = new Map<string, Finding>();
    for (let cursor: string | undefined; found.size < wanted.size; ) {
      const page = await withoutLicense(undefined, cursor, 500);
      for (const finding of page.rows) if (wanted.has(finding.key)) found.set(finding.key, finding);
      if (!page.next) break;
      cursor = `${page.next.value}~${page.next.key}`;
    }
    if (found.size < wanted.size) throw notFound('Somebody of these who has no license');
    return found;
  }

  return {
    async remindInvited({ body, actor }) {
      const { settings, context } = await byHand();
      const skipped: { name: string; sentence: string }[] = [];
      let sent = 0;
      for (const id of new Set(body.ids)) {
        const { person, refusal } = await transaction(pool, (tx) =>
          remindOne(tx, engine, workspace, id, { context, settings, by: actor.name }),
        );
        if (person === null) throw notFound('One of these invitations');
        if (refusal === null) sent++;
        else skipped.push({ name: person.name, sentence: refusal });
      }
      await writeAudit(pool, workspace.workspaceId, {
        actor: actor.name,
        action: 'people reminded of their invitation',
        subject: workspace.contractId,
        detail: { sent },
      });
      return { sent, skipped };
    },
    async postInvited({ body, actor }) {
      const { settings, context } = await byHand();
      const { universalInviteLink } = settings;
      if (universalInviteLink === null)
        throw new RequestRefused(422, 'A post carries the universal invite link. Copy it from Admin Center into the settings first.');
      const chat = await findWebhook(pool, workspace);
      if (!chat) throw new RequestRefused(422, 'No chat is set up. Give its incoming webhook in the settings first.');
      const { named, skipped } = await transaction(pool, async (tx) => {
        const post = { channel: chat.label, universalLink: universalInviteLink, context, by: actor.name };
        const told = await postInvited(tx, engine, workspace, [...new Set(body.ids)], post);
        const detail = { people: told.named.length };
        await writeAudit(tx, workspace.workspaceId, {
          actor: actor.name,
          action: 'invitations posted',
          subject: workspace.contractId,
          detail,
        });
        return told;
      });
      return { sent: named.length, skipped: [...skipped] };
    },
    async previewInvitation({ query }) {
      const { settings } = await readSettings(pool, workspace);
      const people = query.ids === undefined ? [] : await findInvitations(pool, workspace, query.ids);
      const [first] = people;
      const names = people.length > 0 ? people.map(({ name }) => name) : examples;
      const name = names[0]!;
      const message = {
        reminder: () =>
          invitationReminder({
            name,
            number: 1,
            invitedAt: first?.invitedAt ?? null,
            universalLink: settings.universalInviteLink,
          }),
        post: () => invitationPost({ names, universalLink: settings.universalInviteLink ?? 'https://www.linkedin.com/sales' }),
        address: () => addressFirstMessage({ name, until: untilOf(now()), href: '/answer/…' }),
      }[query.kind]();
      return { subject: message.subject, ...renderMail(message, mail.baseUrl) };
    },
    async listFirstInvitations({ query }) {
      const page = await withoutLicense(query.search, query.cursor, query.limit);
      const users = page.rows.map(({ crmUser }) => crmUser?.id).filter((id) => id !== undefined);
      const [questions, facts] = await Promise.all([
        latestAddressQuestions(pool, workspace, users),
        firstInvitationsOf(pool, workspace, users),
      ]);
      return {
        rows: page.rows.flatMap((finding) => {
          const id = finding.crmUser?.id ?? '';
          return firstRow(finding, questions.get(id), facts(id));
        }),
        total: page.total,
        next: page.next && `${page.next.value}~${page.next.key}`,
      };
    },
    async askFirst({ body, actor }) {
      const at = now();
      const found = await withoutLicenseOf(body.keys);
      const { settings } = await readSettings(pool, workspace);
      const skipped: { name: string; sentence: string }[] = [];
      let sent = 0;
      await transaction(pool, async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`ask address ${workspace.contractId}`]);
        const users = [...found.values()].flatMap(({ crmUser }) => (crmUser ? [crmUser] : []));
        const before = await latestAddressQuestions(
          tx,
          workspace,
          users.map(({ id }) => id),
        );
        for (const [findingKey, { crmUser }] of found) {
          if (!crmUser) continue;
          const refusal = mayNotAsk(before.get(crmUser.id) ?? null, settings.invitations.cooldownDays, at);
          if (refusal !== null) {
            skipped.push({ name: crmUser.name, sentence: refusal });
            continue;
          }
          const person = { findingKey, crmUserId: crmUser.id, name: crmUser.name, email: crmUser.email };
          await askAddress(tx, engine, workspace, { ...person, by: actor.name, at, until: untilOf(at) });
          sent++;
        }
        const detail = { sent };
        await writeAudit(tx, workspace.workspaceId, {
          actor: actor.name,
          action: 'asked to add the work email',
          subject: workspace.contractId,
          detail,
        });
        await tellInvitations(tx, workspace);
      });
      return { sent, skipped };
    },
    async answerFirst({ body, actor }) {
      const answer = { answer: body.answer, by: actor.name, at: now() };
      if (!(await transaction(pool, (tx) => keepAnswer(tx, workspace, body.crmUserId, answer))))
        throw notFound('An open question to this person');
    },
    async goOnFirst({ body: { keys, reason }, actor }) {
      const users = [...(await withoutLicenseOf(keys)).values()].flatMap(({ crmUser }) => (crmUser ? [crmUser.id] : []));
      await transaction(pool, async (tx) => {
        await goOnWithout(tx, workspace, users, reason === null ? null : { reason, author: actor.name, at: now() });
        await writeAudit(tx, workspace.workspaceId, {
          actor: actor.name,
          action: reason === null ? 'first invitations held again' : 'first invitations without an answer',
          subject: workspace.contractId,
          detail: { crmUserIds: users, reason },
        });
        await tellInvitations(tx, workspace);
      });
    },
    getChatWebhook: webhook,
    async setChatWebhook({ body, actor }) {
      const refusal = notAWebhook(body.kind, body.url);
      if (refusal !== null) throw new RequestRefused(422, refusal);
      const sealing = await key();
      if (sealing === null) throw new RequestRefused(422, noKey);
      await transaction(pool, async (tx) => {
        await saveWebhook(tx, workspace, sealing, { ...body, by: actor.name, at: now() });
        const detail = { kind: body.kind, label: body.label };
        await writeAudit(tx, workspace.workspaceId, { actor: actor.name, action: 'chat set up', subject: workspace.contractId, detail });
        await tellInvitations(tx, workspace);
      });
      return webhook();
    },
    async deleteChatWebhook({ actor }) {
      await transaction(pool, async (tx) => {
        if (!(await deleteWebhook(tx, workspace))) throw notFound('A chat');
        await writeAudit(tx, workspace.workspaceId, { actor: actor.name, action: 'chat taken away', subject: workspace.contractId });
        await tellInvitations(tx, workspace);
      });
    },
    async testChatWebhook({ actor }) {
      const chat = await findWebhook(pool, workspace);
      if (!chat) throw notFound('A chat');
      const id = await transaction(pool, (tx) =>
        queueMail(tx, engine, workspace, {
          kind: 'test',
          channel: 'chat',
          to: { address: chat.label },
          ...testPost(actor.name),
          urgent: true,
        }),
      );
      return { id };
    },
  };
}

const untilOf = (at: string): string => new Date(Date.parse(at) + answerDays * dayMs).toISOString();

function firstRow(
  { key, crmUser }: Finding,
  question: StoredAddressQuestion | undefined,
  facts: FirstInvitationFacts,
): FirstInvitations['rows'] {
  if (!crmUser) return [];
  const { ready, sentence, held } = viewFirstInvitation(facts);
  return [
    {
      key,
      crmUserId: crmUser.id,
      name: crmUser.name,
      email: crmUser.email,
      asked: question ? { by: question.askedBy, at: question.askedAt, until: question.expiresAt } : null,
      answer: question?.answer ?? null,
      goOn: facts.goOn,
      ready,
      canGoOn: held !== null && held.code !== 'wrong-person',
      sentence,
    },
  ];
}

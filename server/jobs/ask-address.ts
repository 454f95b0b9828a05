import type pg from 'pg';
import type { AddressAnswer } from '../core/first-invitation.ts';
import { addressFirstMessage } from '../core/messages.ts';
import {
  answerAddressQuestions,
  createAddressQuestion,
  findAddressQuestion,
  type StoredAddressQuestion,
} from '../store/address-question.ts';
import { writeAudit } from '../store/audit.ts';
import { type Scope, transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { tellInvitations } from '../store/invitation.ts';
import { queueMail } from '../store/mail.ts';
import { byThePerson } from './ask-person.ts';

/** Asks one CRM user to add their work email to LinkedIn before the first invitation. In the caller's transaction. Returns the mail's id. */
export async function askAddress(
  tx: pg.PoolClient,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  person: {
    readonly findingKey: string;
    readonly crmUserId: string;
    readonly name: string;
    readonly email: string;
    readonly by: string;
    readonly at: string;
    readonly until: string;
  },
): Promise<string> {
  const { crmUserId, name, email, by, at, until } = person;
  const token = await createAddressQuestion(tx, scope, { crmUserId, name, sentTo: email, askedBy: by, askedAt: at, expiresAt: until });
  return queueMail(tx, engine, scope, {
    kind: 'question',
    to: { address: email, name },
    ...addressFirstMessage({ name, until, href: `/answer/${token}` }),
    secret: true,
    ref: { findingKey: person.findingKey },
  });
}

export type AddressAnswered =
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'expired' | 'already' | 'open' | 'answered'; readonly question: StoredAddressQuestion };

/** What the link's page shows. Reading changes nothing: mail scanners follow links. */
export async function lookAtAddressQuestion(pool: pg.Pool, workspaceId: string, token: string, now: Date): Promise<AddressAnswered> {
  const question = await findAddressQuestion(pool, workspaceId, token);
  if (!question) return { outcome: 'unknown' };
  if (question.answer) return { outcome: 'already', question };
  return { outcome: Date.parse(question.expiresAt) <= now.getTime() ? 'expired' : 'open', question };
}

/** Keeps the person's answer, once; a repeat changes nothing. */
export async function answerAddressByLink(
  pool: pg.Pool,
  workspaceId: string,
  token: string,
  answer: AddressAnswer,
  now: Date,
): Promise<AddressAnswered> {
  const seen = await lookAtAddressQuestion(pool, workspaceId, token, now);
  const found = await findAddressQuestion(pool, workspaceId, token);
  if (seen.outcome !== 'open' || !found) return seen;
  const answered = await transaction(pool, (tx) =>
    keepAnswer(tx, found.scope, found.crmUserId, { answer, by: byThePerson, at: now.toISOString() }),
  );
  return answered ? { outcome: 'answered', question: seen.question } : lookAtAddressQuestion(pool, workspaceId, token, now);
}

/** Their answer, by their own link or by an admin. False when nobody was asked, or the question is answered. */
export async function keepAnswer(
  tx: pg.PoolClient,
  scope: Scope,
  crmUserId: string,
  answer: { readonly answer: AddressAnswer; readonly by: string; readonly at: string },
): Promise<boolean> {
  if (!(await answerAddressQuestions(tx, scope, crmUserId, answer))) return false;
  await writeAudit(tx, scope.workspaceId, {
    actor: answer.by,
    action: 'said of the work email',
    subject: crmUserId,
    detail: { answer: answer.answer },
  });
  await tellInvitations(tx, scope);
  return true;
}

import type pg from 'pg';
import { askPersonMessage } from '../core/messages.ts';
import { writeAudit } from '../store/audit.ts';
import { type Scope, transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { queueMail } from '../store/mail.ts';
import { answerQuestions, createQuestion, findQuestion, type QuestionAnswer, type StoredQuestion } from '../store/question.ts';

/** How an answer counts that came by the link. */
export const byThePerson = 'the person';

export interface PersonToAsk {
  readonly rematchId: string;
  readonly planId: string;
  readonly findingKey: string;
  readonly name: string;
  /** Where the question goes: their click proves that this mailbox is read. */
  readonly newEmail: string;
  readonly company: string;
  readonly crmName: string;
  /** The day on which the license moves, YYYY-MM-DD. */
  readonly moveOn: string;
  /** The link works until then, ISO 8601. */
  readonly until: string;
}

/** Writes the question and its mail in the caller's transaction. Asking again is harmless: the link before keeps working. */
export async function askPerson(tx: pg.PoolClient, engine: Pick<Engine, 'send'>, scope: Scope, person: PersonToAsk): Promise<void> {
  const { rematchId, planId, findingKey, name, newEmail, company, crmName, moveOn, until } = person;
  const { token } = await createQuestion(tx, scope, { rematchId, name, company, moveOn, sentTo: newEmail, expiresAt: until });
  const message = askPersonMessage({ name, company, crmName, moveOn, until, href: `/answer/${token}` });
  await queueMail(tx, engine, scope, {
    kind: 'question',
    to: { address: newEmail, name },
    ...message,
    secret: true,
    ref: { planId, rematchId, findingKey },
  });
}

/** What an answer does to the rematch; runs in the transaction that keeps the answer. */
export type OnAnswer = (
  tx: pg.PoolClient,
  scope: Scope,
  answer: { readonly rematchId: string; readonly answer: QuestionAnswer; readonly by: string; readonly reason: string | null },
) => Promise<void>;

/** What became of a click. `question` says what the page may show. */
export type Answered =
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'expired' | 'already' | 'open' | 'answered'; readonly question: StoredQuestion };

/** What the link's page shows before anything is answered. Reading changes nothing: mail scanners follow links. */
export async function lookAtQuestion(pool: pg.Pool, workspaceId: string, token: string, now: Date): Promise<Answered> {
  const question = await findQuestion(pool, workspaceId, token);
  if (!question) return { outcome: 'unknown' };
  if (question.answer) return { outcome: 'already', question };
  return { outcome: Date.parse(question.expiresAt) <= now.getTime() ? 'expired' : 'open', question };
}

/** Thrown to roll back what `onAnswer` did, where another click was quicker. */
class AnsweredMeanwhile extends Error {}

/** Keeps the person's answer and what follows from it, once; a repeat changes nothing. */
export async function answerByLink(
  pool: pg.Pool,
  workspaceId: string,
  token: string,
  answer: QuestionAnswer,
  onAnswer: OnAnswer,
  now: Date,
): Promise<Answered> {
  const seen = await lookAtQuestion(pool, workspaceId, token, now);
  if (seen.outcome !== 'open') return seen;
  const question = await findQuestion(pool, workspaceId, token);
  if (!question) return { outcome: 'unknown' };
  const { scope, rematchId } = question;
  try {
    await transaction(pool, async (tx) => {
      // First what takes the contract's lock, then the question's rows: in this order everybody does it.
      await onAnswer(tx, scope, { rematchId, answer, by: byThePerson, reason: null });
      if (!(await answerQuestions(tx, scope, rematchId, { answer, by: byThePerson, reason: null }))) throw new AnsweredMeanwhile();
      await writeAudit(tx, workspaceId, { actor: byThePerson, action: 'question answered', subject: rematchId, detail: { answer } });
    });
  } catch (error) {
    if (!(error instanceof AnsweredMeanwhile)) throw error;
    return lookAtQuestion(pool, workspaceId, token, now);
  }
  return { outcome: 'answered', question };
}

/**
 * An admin's answer for the person, with a reason; closes the open questions, so that a later click of theirs changes nothing. The caller
 * changes the rematch in the same transaction.
 */
export async function answerForPerson(
  tx: pg.PoolClient,
  scope: Scope,
  { rematchId, answer, by, reason }: { rematchId: string; answer: QuestionAnswer; by: string; reason: string },
): Promise<void> {
  await answerQuestions(tx, scope, rematchId, { answer, by, reason });
  await writeAudit(tx, scope.workspaceId, {
    actor: by,
    action: 'question answered for the person',
    subject: rematchId,
    detail: { answer, reason },
  });
}

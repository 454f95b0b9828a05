import { randomUUID } from 'node:crypto';
import { type Queryable, type Scope, storable } from './database.ts';
import { hashSecret, newSecret } from './hash-secret.ts';

export type QuestionAnswer = 'confirmed' | 'wrong-person' | 'not-now';

export interface StoredQuestion {
  readonly id: string;
  readonly rematchId: string;
  readonly name: string;
  readonly company: string;
  /** The day on which the license moves, YYYY-MM-DD. */
  readonly moveOn: string;
  readonly sentTo: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly answer: { readonly answer: QuestionAnswer; readonly at: string; readonly by: string; readonly reason: string | null } | null;
}

interface QuestionRow {
  question_id: string;
  rematch_id: string;
  name: string;
  company: string;
  move_on: string;
  sent_to: string;
  asked_at: Date;
  expires_at: Date;
  answered_at: Date | null;
  answer: QuestionAnswer | null;
  answered_by: string | null;
  reason: string | null;
}

const columns = `question_id, rematch_id, name, company, move_on::text as move_on, sent_to, asked_at, expires_at, answered_at, answer,
  answered_by, reason`;

const toQuestion = (row: QuestionRow): StoredQuestion => ({
  id: row.question_id,
  rematchId: row.rematch_id,
  name: row.name,
  company: row.company,
  moveOn: row.move_on,
  sentTo: row.sent_to,
  askedAt: row.asked_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  answer:
    row.answered_at && row.answer && row.answered_by
      ? { answer: row.answer, at: row.answered_at.toISOString(), by: row.answered_by, reason: row.reason }
      : null,
});

/** Writes a question and returns the token of its link, which is kept nowhere here. */
export async function createQuestion(
  db: Queryable,
  scope: Scope,
  question: { rematchId: string; name: string; company: string; moveOn: string; sentTo: string; expiresAt: string },
): Promise<{ id: string; token: string }> {
  const id = randomUUID();
  const token = newSecret();
  await db.query(
    `insert into question (workspace_id, contract_id, question_id, rematch_id, token_hash, name, company, move_on, sent_to, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      scope.workspaceId,
      scope.contractId,
      id,
      question.rematchId,
      hashSecret(token),
      storable(question.name),
      storable(question.company),
      question.moveOn,
      storable(question.sentTo),
      question.expiresAt,
    ],
  );
  return { id, token };
}

/**
 * The question a link belongs to. Somebody asked twice has two links: once either is answered, both are, so the answer is the rematch's.
 */
export async function findQuestion(db: Queryable, workspaceId: string, token: string): Promise<(StoredQuestion & { scope: Scope }) | null> {
  const { rows } = await db.query<QuestionRow & { contract_id: string }>(
    `select ${columns}, contract_id from question where workspace_id = $1 and token_hash = $2`,
    [workspaceId, hashSecret(token)],
  );
  return rows[0] ? { ...toQuestion(rows[0]), scope: { workspaceId, contractId: rows[0].contract_id } } : null;
}

/** Answers every open question of a rematch. False when there was none: nobody was asked, or somebody answered before. */
export async function answerQuestions(
  db: Queryable,
  scope: Scope,
  rematchId: string,
  answer: { answer: QuestionAnswer; by: string; reason: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update question set answered_at = now(), answer = $4, answered_by = $5, reason = $6
     where workspace_id = $1 and contract_id = $2 and rematch_id = $3 and answered_at is null`,
    [scope.workspaceId, scope.contractId, rematchId, answer.answer, answer.by, answer.reason && storable(answer.reason)],
  );
  return Boolean(rowCount);
}

/** The last question of each of these rematches, by rematch id. */
export async function latestQuestions(
  db: Queryable,
  scope: Scope,
  rematchIds: readonly string[],
): Promise<ReadonlyMap<string, StoredQuestion>> {
  const { rows } = await db.query<QuestionRow>(
    `select distinct on (rematch_id) ${columns} from question
     where workspace_id = $1 and contract_id = $2 and rematch_id = any($3) order by rematch_id, asked_at desc`,
    [scope.workspaceId, scope.contractId, rematchIds],
  );
  return new Map(rows.map((row) => [row.rematch_id, toQuestion(row)]));
}

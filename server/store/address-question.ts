import { randomUUID } from 'node:crypto';
import type { AddressAnswer } from '../core/first-invitation.ts';
import { type Queryable, type Scope, storable } from './database.ts';
import { hashSecret, newSecret } from './hash-secret.ts';

export interface StoredAddressQuestion {
  readonly id: string;
  readonly crmUserId: string;
  readonly name: string;
  readonly sentTo: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly answer: { readonly answer: AddressAnswer; readonly at: string; readonly by: string } | null;
}

interface Row {
  contract_id: string;
  question_id: string;
  crm_user_id: string;
  name: string;
  sent_to: string;
  asked_by: string;
  asked_at: Date;
  expires_at: Date;
  answer: AddressAnswer | null;
  answered_at: Date | null;
  answered_by: string | null;
}

const toQuestion = (row: Row): StoredAddressQuestion => ({
  id: row.question_id,
  crmUserId: row.crm_user_id,
  name: row.name,
  sentTo: row.sent_to,
  askedBy: row.asked_by,
  askedAt: row.asked_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  answer:
    row.answer && row.answered_at && row.answered_by
      ? { answer: row.answer, at: row.answered_at.toISOString(), by: row.answered_by }
      : null,
});

/** Writes a question and returns the token of its link, which is kept nowhere here. */
export async function createAddressQuestion(
  db: Queryable,
  scope: Scope,
  question: Pick<StoredAddressQuestion, 'crmUserId' | 'name' | 'sentTo' | 'askedBy' | 'askedAt' | 'expiresAt'>,
): Promise<string> {
  const token = newSecret();
  await db.query(
    `insert into address_question (workspace_id, contract_id, question_id, crm_user_id, name, sent_to, token_hash, asked_by, asked_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      scope.workspaceId,
      scope.contractId,
      randomUUID(),
      question.crmUserId,
      storable(question.name),
      storable(question.sentTo),
      hashSecret(token),
      question.askedBy,
      question.askedAt,
      question.expiresAt,
    ],
  );
  return token;
}

/** The question a link belongs to; somebody asked twice has two links, and the answer to either is theirs. */
export async function findAddressQuestion(
  db: Queryable,
  workspaceId: string,
  token: string,
): Promise<(StoredAddressQuestion & { readonly scope: Scope }) | null> {
  const { rows } = await db.query<Row>('select * from address_question where workspace_id = $1 and token_hash = $2', [
    workspaceId,
    hashSecret(token),
  ]);
  return rows[0] ? { ...toQuestion(rows[0]), scope: { workspaceId, contractId: rows[0].contract_id } } : null;
}

/** Answers every open question to one person. False when there was none. */
export async function answerAddressQuestions(
  db: Queryable,
  scope: Scope,
  crmUserId: string,
  { answer, by, at }: { readonly answer: AddressAnswer; readonly by: string; readonly at: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update address_question set answer = $4, answered_by = $5, answered_at = $6
     where workspace_id = $1 and contract_id = $2 and crm_user_id = $3 and answer is null`,
    [scope.workspaceId, scope.contractId, crmUserId, answer, by, at],
  );
  return Boolean(rowCount);
}

/** The last question to each of these CRM users. */
export async function latestAddressQuestions(
  db: Queryable,
  scope: Scope,
  crmUserIds: readonly string[],
): Promise<ReadonlyMap<string, StoredAddressQuestion>> {
  const { rows } = await db.query<Row>(
    `select distinct on (crm_user_id) * from address_question where workspace_id = $1 and contract_id = $2 and crm_user_id = any($3)
     order by crm_user_id, asked_at desc`,
    [scope.workspaceId, scope.contractId, crmUserIds],
  );
  return new Map(rows.map((row) => [row.crm_user_id, toQuestion(row)]));
}

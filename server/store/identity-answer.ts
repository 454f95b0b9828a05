import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable, transaction } from './database.ts';
import { notify } from './notify.ts';

/** What somebody answered to "who uses this license?" other than with a person, who would be a link. */
export interface StoredIdentityAnswer {
  readonly id: string;
  readonly licenseId: string;
  readonly answer: 'nobody' | 'later';
  readonly reason: string;
  /** When it is asked again: YYYY-MM-DD. */
  readonly reviewOn: string | null;
  readonly author: string;
  readonly at: string;
}

interface AnswerRow {
  identity_answer_id: string;
  license_id: string;
  answer: 'nobody' | 'later';
  reason: string;
  review_on: string | null;
  author: string;
  created_at: Date;
}

const columns = 'identity_answer_id, license_id, answer, reason, review_on::text as review_on, author, created_at';

const toAnswer = (row: AnswerRow): StoredIdentityAnswer => ({
  id: row.identity_answer_id,
  licenseId: row.license_id,
  answer: row.answer,
  reason: row.reason,
  reviewOn: row.review_on,
  author: row.author,
  at: row.created_at.toISOString(),
});

/** The answers that hold now, oldest first. */
export async function listIdentityAnswers(db: Queryable, scope: Scope): Promise<StoredIdentityAnswer[]> {
  const { rows } = await db.query<AnswerRow>(
    `select ${columns} from identity_answer where workspace_id = $1 and contract_id = $2 and ended_at is null
     order by created_at, identity_answer_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toAnswer);
}

export async function findIdentityAnswerOf(db: Queryable, scope: Scope, licenseId: string): Promise<StoredIdentityAnswer | null> {
  const { rows } = await db.query<AnswerRow>(
    `select ${columns} from identity_answer where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null`,
    [scope.workspaceId, scope.contractId, licenseId],
  );
  return rows[0] ? toAnswer(rows[0]) : null;
}

/** Keeps an answer; the one before ends, and so does a link: it said that somebody uses the license. */
export const createIdentityAnswer = (
  pool: pg.Pool,
  scope: Scope,
  author: string,
  answer: Pick<StoredIdentityAnswer, 'licenseId' | 'answer' | 'reason' | 'reviewOn'>,
): Promise<StoredIdentityAnswer> =>
  transaction(pool, async (client) => {
    const licenseId = storable(answer.licenseId);
    await endIdentityAnswersOf(client, scope, author, licenseId);
    const ended = await client.query<{ link_id: string }>(
      `update link set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null and $5 = 'nobody' returning link_id`,
      [scope.workspaceId, scope.contractId, licenseId, author, answer.answer],
    );
    const { rows } = await client.query<AnswerRow>(
      `insert into identity_answer (workspace_id, contract_id, identity_answer_id, license_id, answer, reason, review_on, author)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${columns}`,
      [scope.workspaceId, scope.contractId, randomUUID(), licenseId, answer.answer, storable(answer.reason), answer.reviewOn, author],
    );
    const made = toAnswer(rows[0]!);
    await writeAudit(client, scope.workspaceId, {
      actor: author,
      action: 'identity answered',
      subject: licenseId,
      detail: { ...made, endedLinks: ended.rows.map((row) => row.link_id) },
    });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id: made.id });
    return made;
  });

/** In the caller's transaction: whoever decides anew takes the answer before back. */
export async function endIdentityAnswersOf(client: Queryable, scope: Scope, actor: string, licenseId: string): Promise<void> {
  await client.query(
    `update identity_answer set ended_by = $4, ended_at = now()
     where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null`,
    [scope.workspaceId, scope.contractId, licenseId, actor],
  );
}

/** Takes an answer back; false when none of that id holds. */
export const endIdentityAnswer = (pool: pg.Pool, scope: Scope, actor: string, id: string): Promise<boolean> =>
  transaction(pool, async (client) => {
    const { rows } = await client.query<{ license_id: string }>(
      `update identity_answer set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and identity_answer_id = $3 and ended_at is null returning license_id`,
      [scope.workspaceId, scope.contractId, id, actor],
    );
    if (!rows[0]) return false;
    await writeAudit(client, scope.workspaceId, {
      actor,
      action: 'identity answer ended',
      subject: rows[0].license_id,
      detail: { answer: id },
    });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id });
    return true;
  });

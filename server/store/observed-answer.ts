import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable, transaction } from './database.ts';
import { notify } from './notify.ts';

/** What somebody saw in LinkedIn for one person on a day (YYYY-MM-DD). */
export interface StoredObservedAnswer {
  readonly id: string;
  readonly licenseId: string;
  readonly verdict: 'matched' | 'not-matched';
  readonly on: string;
  readonly author: string;
  readonly at: string;
}

interface AnswerRow {
  observed_answer_id: string;
  license_id: string;
  verdict: 'matched' | 'not-matched';
  observed_on: string;
  author: string;
  created_at: Date;
}

const columns = 'observed_answer_id, license_id, verdict, observed_on::text as observed_on, author, created_at';

const toAnswer = (row: AnswerRow): StoredObservedAnswer => ({
  id: row.observed_answer_id,
  licenseId: row.license_id,
  verdict: row.verdict,
  on: row.observed_on,
  author: row.author,
  at: row.created_at.toISOString(),
});

/** The newest answer for each license holder. */
export async function latestObservedAnswers(db: Queryable, scope: Scope): Promise<StoredObservedAnswer[]> {
  const { rows } = await db.query<AnswerRow>(
    `select distinct on (license_id) ${columns} from observed_answer
     where workspace_id = $1 and contract_id = $2 order by license_id, observed_answer.observed_on desc, created_at desc`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toAnswer);
}

/** All answers for one license holder, newest first. */
export async function observedAnswersOf(db: Queryable, scope: Scope, licenseId: string): Promise<StoredObservedAnswer[]> {
  const { rows } = await db.query<AnswerRow>(
    `select ${columns} from observed_answer where workspace_id = $1 and contract_id = $2 and license_id = $3
     order by observed_answer.observed_on desc, created_at desc`,
    [scope.workspaceId, scope.contractId, licenseId],
  );
  return rows.map(toAnswer);
}

export async function createObservedAnswer(
  pool: pg.Pool,
  scope: Scope,
  author: string,
  answer: { licenseId: string; verdict: 'matched' | 'not-matched'; on: string },
): Promise<StoredObservedAnswer> {
  return transaction(pool, async (client) => {
    const licenseId = storable(answer.licenseId);
    const { rows } = await client.query<AnswerRow>(
      `insert into observed_answer (workspace_id, contract_id, observed_answer_id, license_id, verdict, observed_on, author)
       values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
      [scope.workspaceId, scope.contractId, randomUUID(), licenseId, answer.verdict, answer.on, author],
    );
    const made = toAnswer(rows[0]!);
    await writeAudit(client, scope.workspaceId, { actor: author, action: 'observed answer', subject: licenseId, detail: made });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id: made.id });
    return made;
  });
}

import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable, transaction } from './database.ts';
import { notify } from './notify.ts';

/** A person's decision to leave somebody alone. `until` is the last day, YYYY-MM-DD. */
export interface StoredException {
  readonly id: string;
  readonly licenseId: string;
  readonly reason: string;
  readonly until: string;
  readonly author: string;
  readonly at: string;
}

interface ExceptionRow {
  exception_id: string;
  license_id: string;
  reason: string;
  until: string;
  author: string;
  created_at: Date;
}

// A date is read as text: as a Date it would move with the time zone of the process.
const columns = 'exception_id, license_id, reason, until::text as until, author, created_at';

const toException = (row: ExceptionRow): StoredException => ({
  id: row.exception_id,
  licenseId: row.license_id,
  reason: row.reason,
  until: row.until,
  author: row.author,
  at: row.created_at.toISOString(),
});

/** The exceptions nobody ended, oldest first; those past their day are among them. */
export async function listExceptions(db: Queryable, scope: Scope): Promise<StoredException[]> {
  const { rows } = await db.query<ExceptionRow>(
    `select ${columns} from exception where workspace_id = $1 and contract_id = $2 and ended_at is null order by created_at, exception_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toException);
}

export async function findExceptionOf(db: Queryable, scope: Scope, licenseId: string): Promise<StoredException | null> {
  const { rows } = await db.query<ExceptionRow>(
    `select ${columns} from exception where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null`,
    [scope.workspaceId, scope.contractId, licenseId],
  );
  return rows[0] ? toException(rows[0]) : null;
}

/** Makes an exception; one that held before for the same person ends. */
export async function createException(
  pool: pg.Pool,
  scope: Scope,
  author: string,
  exception: { licenseId: string; reason: string; until: string },
): Promise<StoredException> {
  return transaction(pool, async (client) => {
    const licenseId = storable(exception.licenseId);
    await client.query(
      `update exception set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null`,
      [scope.workspaceId, scope.contractId, licenseId, author],
    );
    const { rows } = await client.query<ExceptionRow>(
      `insert into exception (workspace_id, contract_id, exception_id, license_id, reason, until, author)
       values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
      [scope.workspaceId, scope.contractId, randomUUID(), licenseId, storable(exception.reason), exception.until, author],
    );
    const made = toException(rows[0]!);
    await writeAudit(client, scope.workspaceId, { actor: author, action: 'exception made', subject: licenseId, detail: made });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id: made.id });
    return made;
  });
}

/** Ends an exception; false when none of that id holds. */
export async function endException(pool: pg.Pool, scope: Scope, actor: string, id: string): Promise<boolean> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<{ license_id: string }>(
      `update exception set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and exception_id = $3 and ended_at is null returning license_id`,
      [scope.workspaceId, scope.contractId, id, actor],
    );
    if (!rows[0]) return false;
    await writeAudit(client, scope.workspaceId, {
      actor,
      action: 'exception ended',
      subject: rows[0].license_id,
      detail: { exception: id },
    });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id });
    return true;
  });
}
